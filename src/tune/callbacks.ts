/**
 * Where a run goes, and what it says on its way.
 *
 * @module
 */

import type { Machine } from "../train/memory_check.ts";
import type { Results } from "../run/records/results.ts";
import type { TaskScore } from "../run/records/part_result.ts";

/** Where a run reads and writes. */
export interface TunePlace {
  /** The run's folder. */
  out: string;
  /** Go on with the run in `out`. */
  resume: boolean;
  /** Share the run in `out` with other processes, and begin it if none has; `resume` is not needed then. */
  join?: boolean;
  /** The package's folder, where the base checkpoints ship. */
  root: string;
  /** Versions to be kept in run.json. */
  versions: Record<string, string>;
  /** What the machine has; this one, as far as it is known, if left out. */
  machine?: Machine;
}

/** Something to say while a run goes on. */
export type TuneEvent =
  /** Something that the run decided by itself, or that one should know. */
  | { kind: "note"; text: string }
  /** What happens before the parts: "drawing scenes", "reading images". */
  | { kind: "setup"; doing: string; done: number; total: number }
  /** A part goes on. */
  | {
    kind: "progress";
    part: string;
    /** Its place in the plan, from 1. */
    index: number;
    parts: number;
    doing: "training" | "answering" | "validating";
    /** Steps or questions. */
    step: number;
    steps: number;
    /** Loss of the last step, in nats a token; null while questions are answered. */
    loss: number | null;
    /** Of the whole run; null before anything was measured. */
    secondsLeft: number | null;
  }
  /** A part is finished; `scores` are empty for parts without. */
  | {
    kind: "part";
    part: string;
    index: number;
    parts: number;
    scores: TaskScore[];
    /** By an earlier sitting. */
    before: boolean;
    /** By another process that shares the run. */
    elsewhere?: true;
  };

/** What a run calls and obeys. */
export interface TuneCallbacks {
  /** Called with everything there is to say. */
  event?: (event: TuneEvent) => void;
  /** Called once results.json is written, before another process that shares the run may go on; it may write the page. */
  finish?: (results: Results) => Promise<void>;
  /** Whether all that `finish` writes is there: a process may have been killed between results.json and that. True if left out. */
  finished?: () => Promise<boolean>;
  /** When it fires, the part at hand saves its state and {@linkcode Interrupted} is thrown. */
  signal?: AbortSignal;
}

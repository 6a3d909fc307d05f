/**
 * What parts share while they are carried out.
 *
 * @module
 */

import type { Made, RunFiles } from "../../run/run_files.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import type { MetricsLine } from "../../run/records/metrics_line.ts";
import type { CheckpointFiles } from "../../train/checkpoint_files.ts";
import type { Engine } from "../../train/engine.ts";
import type { StepProfiler } from "../../train/profile_steps.ts";
import type { Prepared } from "../data/prepare.ts";

/** What parts share. */
export interface PartContext extends RunFiles {
  /** Makes sure, before a part's own file is written, that no other process has taken over the part, nor will. */
  seal?: (() => Promise<void>) | undefined;
  /** Says who makes a part's result. */
  made?: (() => Promise<Made>) | undefined;
  /** Where the model runs. */
  engine: Engine;
  /** The base checkpoint. */
  checkpoint: CheckpointFiles;
  /** The dataset made ready. */
  prepared: Prepared;
  /** What decides what is computed. */
  options: ResolvedOptions;
  /** How often a part's state is saved, in seconds. */
  stateEverySeconds: number;
  /** Whether TensorBoard's event files are written. */
  tensorboard: boolean;
  /** Times some steps; undefined where nobody asked. */
  profiler?: StepProfiler | undefined;
  /** What is told on the way. */
  callbacks: PartCallbacks;
}

/** What a part calls and obeys. */
export interface PartCallbacks {
  /** A part begins to train; `done` steps were done by earlier sittings. */
  start?: (part: string, done: number, steps: number, tokens: number) => void;
  /** Steps were trained, up to the line's. */
  trained?: (part: string, line: MetricsLine, steps: number) => void;
  /** So many of the questions of a look in the middle of a tuning were answered. */
  looked?: (part: string, done: number, questions: number) => void;
  /** Questions were answered. */
  answered?: (part: string, questions: number, seconds: number) => void;
  /** Something that one should know. */
  note?: ((text: string) => void) | undefined;
  /** When it fires, the part saves its state and stops. */
  signal?: AbortSignal | undefined;
}

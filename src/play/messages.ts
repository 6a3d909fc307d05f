/**
 * What a page and the worker that trains for it tell each other.
 *
 * @module
 */

import type { StepLog } from "../lmm/trainer/trainer.ts";
import type { LossPoint } from "../report/kit/loss_panel.ts";
import type { Answer } from "../run/records/part_result.ts";
import type { LiveSettings } from "./train/live_training.ts";

/** Which training something belongs to: all tasks alike, or the visitor's weights. */
export type RunName = "equal" | "yours";

/** A training that is asked for. */
export interface AskedRun extends LiveSettings {
  /** Which it is. */
  name: RunName;
}

/** What a page asks its worker for. */
export type Request =
  | {
    kind: "train";
    /**
     * `PackedModels` as JSON, of which the first is trained; needed the first time, and kept. It is a text, as reading it
     * takes time, which the worker has.
     */
    models?: string;
    /** `PackedData` as JSON: what is trained on; scenes that are drawn, if left out. */
    data?: string | undefined;
    /** The trainings, one after the other. */
    runs: AskedRun[];
  }
  | { kind: "stop" };

/** What a worker tells its page. */
export type Report =
  | { kind: "doing"; what: string; done?: number; of?: number }
  | { kind: "answers"; of: "base" | RunName; answers: Answer[] }
  | { kind: "step"; run: RunName; log: StepLog }
  | { kind: "look"; run: RunName; point: LossPoint }
  | { kind: "done" }
  | { kind: "stopped"; what: string }
  | { kind: "failed"; what: string; adapter: boolean };

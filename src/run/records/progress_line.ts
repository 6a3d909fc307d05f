/**
 * progress.jsonl: what a run said on its way, for those who watch it. Nothing is computed from it.
 *
 * @module
 */

/** Name of the file, in the run's folder. */
export const PROGRESS_FILE = "progress.jsonl";

/** Seconds between two signs of life, at most: the file's time of modification moves where there is nothing to say. */
export const SIGN_OF_LIFE = 5;

/** How a sitting ended. */
export type SittingEnd = "finished" | "interrupted" | "failed";

/** What a line says. */
export type ProgressSaid =
  /** A sitting begins. */
  | { kind: "sitting"; run: string; process: number; host?: string }
  /** Something that the run decided by itself, or that one should know. */
  | { kind: "note"; text: string }
  /** What happens before the parts. */
  | { kind: "setup"; doing: string; done: number; total: number }
  /** A part goes on: steps or questions; seconds left of the whole run, null before anything was measured. */
  | {
    kind: "progress";
    part: string;
    doing: "training" | "answering" | "validating";
    step: number;
    steps: number;
    secondsLeft: number | null;
  }
  /** A part is finished. */
  | { kind: "part"; part: string }
  /** The sitting ends; a killed one has no such line. */
  | { kind: "end"; how: SittingEnd; error?: string };

/** A line of progress.jsonl. */
export type ProgressLine = ProgressSaid & {
  /** When it was said, in ms since 1970. */
  at: number;
  /** What the process that said it calls itself: lines of several may take turns. Not in older runs. */
  from?: string;
};

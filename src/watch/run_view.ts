/**
 * A run as it stands, for a page.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import type { LossPoint } from "./loss_curves.ts";

/** How it goes with a run. */
export type RunState =
  /** Its folder is not there, or empty, or was left before there was a run.json. */
  | "waiting"
  /** A process reads and draws what it needs; there is no run.json yet, or the sitting has said nothing yet. */
  | "preparing"
  | "running"
  /** A process is there, but nothing was heard for a while: it was killed, or is busy. */
  | "silent"
  /** No process works on it: it was interrupted, or killed. */
  | "stopped"
  /** The last sitting ended with an error. */
  | "failed"
  | "finished"
  /** run.json is damaged, or of another version. */
  | "unreadable";

/** A part of the plan. */
export interface PartView {
  /** Its name. */
  id: string;
  /** What it does. */
  kind: Part["kind"];
  /** Whether it is finished; damaged: it is carried out again with --resume. */
  state: "open" | "at hand" | "finished" | "damaged";
  /** Points of every task; null where it has none. */
  scores: (number | null)[];
  /** Seconds of training and answering; null where it is not known. */
  seconds: number | null;
}

/** A run as it stands. */
export interface RunView {
  /** The run's folder. */
  folder: string;
  /** How it goes. */
  state: RunState;
  /** When it was last heard of, in ms since 1970; null if never. */
  heard: number | null;
  /** What is wrong: why it failed, or cannot be read; null if nothing. */
  error: string | null;
  /** Names of the tasks. */
  tasks: string[];
  /** Ids of the methods. */
  methods: string[];
  /** Every seed. */
  seeds: number[];
  /** When its first sitting began, as run.json says it; null before. */
  began: string | null;
  /** How many sittings it had. */
  sittings: number;
  /** The plan. */
  parts: PartView[];
  /** What the part at hand does of which there was word last, or what comes before the parts; null where nothing is known. */
  doing: { part: string | null; what: string; done: number; of: number } | null;
  /** Seconds left of the whole run as it said itself; null where it is not running, or has not said. */
  secondsLeft: number | null;
  /** Losses of the training at hand, or of the last one; null before the first. */
  losses: { part: string; step: number; points: LossPoint[] } | null;
  /** What it said, the latest last. */
  log: { at: number; text: string }[];
}

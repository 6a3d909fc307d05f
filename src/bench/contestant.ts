/** What every library brings to a workload: its results, and runs that can be timed. @module */
import type { Workload } from "./workloads/workload.ts";

/** Results by name, in the layout that {@linkcode Workload} gives, row by row. */
export type Results = Record<string, Float32Array>;

/** A library that is ready to run one workload. */
export interface Contestant {
  /** Whose it is, such as `jax-webgpu`. */
  readonly name: string;
  /** Most runs that may be queued before a wait; default 4,096. */
  readonly mostQueued?: number;
  /** Runs from the starting state and reads the results; called once, before every {@linkcode Contestant.run}. */
  results(): Promise<Results>;
  /** Queues one run. */
  run(): void | Promise<void>;
  /** Waits for all that is queued; throws if the device reported an error. */
  wait(): Promise<void>;
  /** Milliseconds from the start of a run to its submit, in the middle of all runs; where it is known. */
  hostMs?(): number;
  /** Frees what it holds. */
  destroy(): void;
}

/** A library that was opened. */
export interface Peer {
  /** Such as `tfjs`. */
  readonly name: string;
  /**
   * Prepares a workload.
   *
   * @returns Ready to run; or why it does not take part.
   */
  prepare(workload: Workload): Contestant | string;
}

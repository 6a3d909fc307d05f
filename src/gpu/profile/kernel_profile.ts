/** A profile beside the roofline, for one run of what was profiled. @module */
import type { ProfileRow } from "./profile.ts";
import { type Rates, rates, type Roofline } from "./roofline.ts";

/** One kernel in one variant; dispatches, time, bytes and operations are those of one run. */
export interface KernelRow extends ProfileRow, Rates {}

/** The kernels of one run. */
export interface KernelProfile {
  /** Dispatches. */
  dispatches: number;
  /** Time on the device, ms. */
  ms: number;
  /** Bytes bound. */
  bytes: number;
  /** The longest time first. */
  rows: KernelRow[];
}

/**
 * Shares a profile out among the runs that it is of.
 *
 * @param rows Of all runs together, the longest time first.
 * @param runs How many there were.
 * @param roofline The adapter's.
 * @returns The mean of a run.
 *
 * @example Two runs
 * ```ts
 * import { kernelProfile } from "./kernel_profile.ts";
 * const roofline = { flops: 1e12, bandwidth: 1e11, kernelBandwidth: 1e11 };
 * const row = { kernel: "copy", variant: "", dispatches: 2, ms: 2, bytes: 1e8, operations: null };
 * const { ms, rows } = kernelProfile([row], 2, roofline);
 * if (ms !== 1 || rows[0]!.fraction !== 0.5) throw new Error(`${ms} ${rows[0]!.fraction}`);
 * ```
 */
export function kernelProfile(rows: readonly ProfileRow[], runs: number, roofline: Roofline): KernelProfile {
  const total = (of: (row: ProfileRow) => number) => rows.reduce((sum, row) => sum + of(row), 0) / runs;
  return {
    dispatches: total(({ dispatches }) => dispatches),
    ms: total(({ ms }) => ms),
    bytes: total(({ bytes }) => bytes),
    rows: rows.map(({ dispatches, ms, bytes, operations, ...row }) => ({
      ...row,
      dispatches: dispatches / runs,
      ms: ms / runs,
      bytes: bytes / runs,
      operations: operations === null ? null : operations / runs,
      ...rates({ ms, bytes, operations }, roofline),
    })),
  };
}

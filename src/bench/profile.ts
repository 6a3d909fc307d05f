/** Where the time of one of our workloads goes, kernel by kernel. @module */
import type { Gpu } from "../gpu/gpu.ts";
import { type KernelProfile, kernelProfile } from "../gpu/profile/kernel_profile.ts";
import { profiled } from "../gpu/profile/profile.ts";
import type { Roofline } from "../gpu/profile/roofline.ts";
import type { Contestant } from "./contestant.ts";
import { label, type Workload } from "./workloads/workload.ts";

/** The kernels of a workload. */
export interface WorkloadProfile extends KernelProfile {
  /** The workload. */
  name: string;
  /** Its sizes. */
  shape: string;
  /** Runs that the rows are the mean of. */
  runs: number;
}

/** How long the profiled runs take together, in ms, if {@linkcode MOST_RUNS} allow. */
const FILL_MS = 250;
const MOST_RUNS = 20;

/**
 * Profiles a contestant of ours.
 *
 * @param gpu The device.
 * @param workload What it runs.
 * @param contestant Ready, and run before.
 * @param options The adapter's roofline; time of a run in ms, about.
 * @returns Its kernels.
 * @throws {InputError} If the adapter has no timestamps.
 */
export async function profileWorkload(
  gpu: Gpu,
  workload: Workload,
  contestant: Contestant,
  options: { roofline: Roofline; ms: number },
): Promise<WorkloadProfile> {
  const runs = Math.max(1, Math.min(MOST_RUNS, Math.ceil(FILL_MS / options.ms)));
  const { rows } = await profiled(gpu, async () => {
    for (let i = 0; i < runs; i++) await contestant.run();
    await contestant.wait();
  });
  const { name, shape } = label(workload);
  return { name, shape, runs, ...kernelProfile(rows, runs, options.roofline) };
}

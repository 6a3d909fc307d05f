/**
 * What commands need that carry out parts of a run: the device, and where the run is.
 *
 * @module
 */

import { createGpu, type GpuOptions } from "../../src/gpu/gpu.ts";
import type { Engine } from "../../src/train/engine.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import type { TunePlace } from "../../src/tune/callbacks.ts";
import { inPackage, packageVersion } from "./package.ts";

/**
 * Does work with a device that is open meanwhile.
 *
 * @typeParam T What the work gives.
 * @param options Which adapter.
 * @param work The work.
 * @returns What it gives.
 */
export async function onGpu<T>(
  options: GpuOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const gpu = await createGpu(options);
  try {
    return await work(gpuEngine(gpu));
  } finally {
    gpu.destroy();
  }
}

/**
 * Where a run is.
 *
 * @param out Its folder.
 * @param how Whether it goes on, or is shared.
 */
export function placeOf(out: string, how: Pick<TunePlace, "resume" | "join">): TunePlace {
  return { out, ...how, root: inPackage(""), versions: { cotbal: packageVersion, ...Deno.version } };
}

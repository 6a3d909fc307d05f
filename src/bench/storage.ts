/** What storing activations in 16 bits does to the training step: time, memory, losses. @module */
import { checkStorage } from "../autograd/tape.ts";
import type { StorageType } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { difference } from "./compare.ts";
import { measure } from "./measure.ts";
import { openStep, stepContestant } from "./ours/step.ts";
import { LLAVA } from "./workloads/workload.ts";

/** The step workload in one way of storage. */
export interface StorageRow {
  /** How activations are stored. */
  storage: StorageType;
  /** Milliseconds a step, the median. */
  ms: number;
  /** The least and the greatest. */
  range: [number, number];
  /** Times that the median is of. */
  count: number;
  /** The most bytes of intermediate tensors alive at one time. */
  largestNeed: number;
  /** Largest difference of the first five losses and gradient norms from float64, relative to the largest of them. */
  error: number;
}

/**
 * Times the step in both ways, in turns, on one device.
 *
 * @param gpu The device.
 * @param options Times that each median is of; what stops it between two.
 * @returns f32, then f16.
 * @throws {InputError} If the adapter has no `shader-f16`.
 */
export async function measureStorage(
  gpu: Gpu,
  options: { repeat: number; signal?: AbortSignal },
): Promise<StorageRow[]> {
  checkStorage(gpu, "f16");
  const opened = [];
  try {
    for (const storage of ["f32", "f16"] as const) opened.push({ storage, ...openStep(gpu, storage) });
    const steps = opened.map((open) => ({ ...open, contestant: stepContestant(open) }));
    const errors: number[] = [];
    for (const { contestant } of steps) {
      errors.push(difference((await contestant.results()).trace!, LLAVA.reference.trace));
    }
    const times = await measure(steps.map(({ contestant }) => contestant), options);
    return steps.map(({ storage, trainer }, i) => {
      const { median, min, max, count } = times[i]!;
      const { largestNeed } = trainer.memory;
      return { storage, ms: median, range: [min, max], count, largestNeed, error: errors[i]! };
    });
  } finally {
    for (const open of opened.reverse()) open.destroy();
  }
}

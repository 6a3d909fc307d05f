/** Whether a training step keeps to its memory: many steps, live bytes before and after. @module */
import { RunError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { MOST_QUEUED, openStep } from "./ours/step.ts";

/** What {@linkcode measureMemory} finds; all sizes in bytes. */
export interface MemoryRow {
  /** Steps between before and after. */
  steps: number;
  /** Live bytes of the device, buffers and textures, once the step is recorded. */
  liveBefore: number;
  /** Live bytes at the end. */
  liveAfter: number;
  /** The most that were live after any step. */
  liveMost: number;
  /** The arena, in which all intermediate tensors lie. */
  arenaBytes: number;
  /** The textures that operands are copied into. */
  textureBytes: number;
  /** What intermediate results take at most: arena and textures. */
  peakBytes: number;
  /** The most bytes of intermediate tensors alive at one time: no arena can be smaller. */
  largestNeed: number;
  /** The peak over the need. */
  ratio: number;
  /** Milliseconds from the start of a replayed step to its submit, the median. */
  hostMs: number;
  /** Milliseconds a step, the mean. */
  stepMs: number;
}

/** Largest ratio of the peak to the need that is accepted. */
export const MOST_RATIO = 1.3;

/**
 * Runs the step workload many times.
 *
 * @param gpu A device on which nothing else has run: the arena is shared by all programs of a device.
 * @param options How many steps; what stops it between two; what is told of the steps done.
 * @returns What the memory did.
 */
export async function measureMemory(
  gpu: Gpu,
  options: { steps: number; signal?: AbortSignal; onStep?: (done: number) => void },
): Promise<MemoryRow> {
  const { steps, signal, onStep } = options;
  const { trainer, step, hostMs, destroy } = openStep(gpu);
  try {
    step();
    await trainer.log();
    const liveBefore = gpu.liveBytes;
    let liveMost = liveBefore;
    const start = performance.now();
    for (let done = 1; done <= steps; done++) {
      signal?.throwIfAborted();
      step();
      liveMost = Math.max(liveMost, gpu.liveBytes);
      if (done % MOST_QUEUED === 0 || done === steps) {
        await trainer.log();
        onStep?.(done);
      }
    }
    const stepMs = (performance.now() - start) / steps;
    const { arenaBytes, largestNeed } = trainer.memory;
    const peakBytes = gpu.sharedBytes; // neither arena nor textures shrink
    return {
      steps,
      liveBefore,
      liveAfter: gpu.liveBytes,
      liveMost,
      arenaBytes,
      textureBytes: peakBytes - arenaBytes,
      peakBytes,
      largestNeed,
      ratio: peakBytes / largestNeed,
      hostMs: hostMs(),
      stepMs,
    };
  } finally {
    destroy();
  }
}

/**
 * Looks at what was found.
 *
 * @param row From {@linkcode measureMemory}.
 * @throws {RunError} If live bytes changed, or arena and textures are over 1.3 times the need.
 */
export function checkMemory({ steps, liveBefore, liveAfter, liveMost, ratio }: MemoryRow) {
  if (liveAfter !== liveBefore || liveMost !== liveBefore) {
    throw new RunError(
      `live GPU bytes over ${steps} steps: expected ${liveBefore} throughout, found up to ${liveMost} and ` +
        `${liveAfter} at the end`,
    );
  }
  if (!(ratio <= MOST_RATIO)) {
    throw new RunError(
      `arena and textures: expected at most ${MOST_RATIO} times the largest need, found ${ratio.toFixed(2)}`,
    );
  }
}

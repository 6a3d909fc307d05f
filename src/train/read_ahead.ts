/**
 * The images of coming steps, made ready while the device computes.
 *
 * @module
 */

import type { TrainStep } from "../lmm/trainer/train_step.ts";
import type { Readied } from "./image_inputs.ts";
import type { Order } from "./order.ts";

/** An order whose images are read ahead. */
export interface OrderAhead extends Order {
  /**
   * Waits until a step can be queued, and begins with what comes after it. The images of earlier steps are let go.
   *
   * @param step The step, counted from 1; no smaller one is asked for later.
   * @returns Seconds that were spent waiting for images to be read.
   */
  ready(step: number): Promise<number>;
  /** Lets all images go. */
  close(): void;
}

/** Steps whose images are ready or coming, at most. */
const STEPS = 16;
/** Memory that the images of coming steps may take, in bytes; those of the next one may take more. */
const BYTES = 128 << 20;

/**
 * Reads ahead.
 *
 * @param order What each step reads.
 * @param ready Makes the images of a step ready.
 * @param bytesOf Memory that they take.
 * @returns The order.
 */
export function readAhead(
  order: Order,
  ready: (step: TrainStep) => Readied,
  bytesOf: (step: TrainStep) => number,
): OrderAhead {
  const coming = new Map<number, { dealt: TrainStep; bytes: number; readied: Readied }>();
  let bytes = 0, next = 1;
  const drop = (before: number) => {
    for (const [step, one] of coming) {
      if (step >= before) continue;
      one.readied.release();
      bytes -= one.bytes;
      coming.delete(step);
    }
  };
  const fill = (from: number) => {
    next = Math.max(next, from);
    // Half of them at a time: what is read together is computed together.
    if (next > from && coming.size > STEPS / 2 && bytes < BYTES / 2) return;
    for (; next <= order.steps && next < from + STEPS; next++) {
      const dealt = order.step(next), more = bytesOf(dealt);
      if (next > from && bytes + more > BYTES) break;
      const readied = ready(dealt);
      readied.done.catch(() => {}); // heard when it is the step's turn
      coming.set(next, { dealt, bytes: more, readied });
      bytes += more;
    }
  };
  return {
    steps: order.steps,
    step: (step) => coming.get(step)?.dealt ?? order.step(step),
    async ready(step) {
      drop(step);
      fill(step);
      const { readied } = coming.get(step)!;
      const start = performance.now();
      await readied.read;
      const waited = (performance.now() - start) / 1000;
      await readied.done;
      return waited;
    },
    close: () => drop(Infinity),
  };
}

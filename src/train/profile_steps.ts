/**
 * Times the kernels of a few training steps of a run.
 *
 * @module
 */

import { kernelProfile } from "../gpu/profile/kernel_profile.ts";
import type { Engine } from "./engine.ts";
import type { StepProfile } from "../run/records/profile.ts";

/** Steps of a part that run before the first that is timed: kernels are compiled, the arena grows. */
const WARM_UP = 20;

/** Steps that are timed. */
const TIMED = 10;

/** Times steps, once a run. */
export interface StepProfiler {
  /** A part begins to train; `done` of its steps were done by earlier sittings. */
  start(part: string, done: number, steps: number): void;
  /** Queues a step by calling `train`; after the last one that is timed, hands the profile on. */
  queue(step: number, train: () => void): Promise<void>;
  /** Gives its memory back. */
  destroy(): void;
}

/**
 * Times steps of the first part that is trained: ten after twenty others, or its last ones where it is shorter.
 *
 * @param engine What trains, idle: what the adapter can do at most is measured before.
 * @param taken Called once, with the profile; awaited before the next step.
 * @returns What the parts of the run are to call.
 * @throws {InputError} If the adapter's clock cannot be used.
 */
export async function openStepProfiler(
  engine: Engine,
  taken: (profile: StepProfile) => Promise<void>,
): Promise<StepProfiler> {
  const profiler = await engine.profiler();
  let part: string | undefined;
  let from = 0, last = 0;
  return {
    start(id, done, steps) {
      if (part !== undefined || done === steps) return;
      part = id;
      from = Math.max(done + 1, Math.min(done + WARM_UP + 1, steps - TIMED + 1));
      last = Math.min(from + TIMED - 1, steps);
    },
    async queue(step, train) {
      if (step < from || step > last) return train();
      profiler.time(train);
      if (step < last) return;
      const { rows, arenaBytes, textureBytes, liveBytes } = await profiler.read();
      const steps = last - from + 1;
      last = 0;
      await taken({
        format: 1,
        part: part!,
        from,
        steps,
        adapter: engine.adapter,
        roofline: profiler.roofline,
        arenaBytes,
        textureBytes,
        liveBytes,
        ...kernelProfile(rows, steps, profiler.roofline),
      });
    },
    destroy: () => profiler.destroy(),
  };
}

/** Learning-rate schedules. @module */

/** The shape of a schedule after its warm-up. */
export type ScheduleKind = "cosine" | "linear" | "constant";

/**
 * The learning rate of a step: linear warm-up, then cosine or linear to 0, or constant.
 *
 * @param step Steps done before this one, from 0.
 * @param options `peak` rate, `steps` in all, `warmup` as a fraction of them, and the shape.
 * @returns The rate.
 *
 * @example The middle of a cosine is half of its peak
 * ```ts
 * import { learningRate } from "./schedule.ts";
 * const rate = learningRate(50, { peak: 1e-3, steps: 100, warmup: 0, kind: "cosine" });
 * if (Math.abs(rate - 5e-4) > 1e-9) throw new Error(String(rate));
 * ```
 */
export function learningRate(
  step: number,
  options: { peak: number; steps: number; warmup: number; kind: ScheduleKind },
): number {
  const { peak, steps, warmup, kind } = options;
  const rising = Math.round(warmup * steps);
  if (step < rising) return peak * (step + 1) / rising;
  const done = Math.min(1, (step - rising) / Math.max(1, steps - rising));
  if (kind === "constant") return peak;
  return kind === "linear" ? peak * (1 - done) : peak * 0.5 * (1 + Math.cos(Math.PI * done));
}

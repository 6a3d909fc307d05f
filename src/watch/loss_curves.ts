/**
 * Losses a task over the steps of a training, in few points however long it is.
 *
 * @module
 */

import type { LossPoint } from "../report/kit/loss_panel.ts";
import type { MetricsLine } from "../run/records/metrics_line.ts";

/** Most points of a curve. */
const POINTS = 120;

interface Stretch {
  step: number;
  steps: number;
  nats: number[];
  tokens: number[];
}

/**
 * Gathers losses as they come: two neighbouring stretches become one wherever there are too many.
 *
 * @example Two steps
 * ```ts
 * import { LossCurves } from "./loss_curves.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curves = new LossCurves();
 * curves.add({ step: 1, taskLoss: [2, 0], taskTokens: [10, 0] });
 * curves.add({ step: 2, taskLoss: [1, 3], taskTokens: [10, 5] });
 * assertEquals(curves.points(), [{ step: 1, loss: [2, null] }, { step: 2, loss: [1, 3] }]);
 * ```
 */
export class LossCurves {
  #stretches: Stretch[] = [];
  /** Steps of a full stretch. */
  #steps = 1;
  #last = 0;

  /** The last step that was told of. */
  get step(): number {
    return this.#last;
  }

  /**
   * Tells of a step.
   *
   * @param line Its line; one that repeats a step adds nothing.
   */
  add({ step, taskLoss, taskTokens }: Pick<MetricsLine, "step" | "taskLoss" | "taskTokens">) {
    if (step <= this.#last) return;
    this.#last = step;
    const nats = taskTokens.map((n, i) => n > 0 ? n * (taskLoss[i] ?? 0) : 0);
    const fresh: Stretch = { step, steps: 1, nats, tokens: [...taskTokens] };
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.steps < this.#steps) join(last, fresh);
    else this.#stretches.push(fresh);
    if (this.#stretches.length <= POINTS) return;
    this.#steps *= 2;
    const all = this.#stretches.splice(0);
    for (let i = 0; i < all.length; i += 2) {
      const first = all[i]!, second = all[i + 1];
      if (second !== undefined) join(first, second);
      this.#stretches.push(first);
    }
  }

  /** The points so far. */
  points(): LossPoint[] {
    return this.#stretches.map(({ step, nats, tokens }) => ({
      step,
      loss: nats.map((sum, i) => tokens[i]! > 0 ? sum / tokens[i]! : null),
    }));
  }
}

function join(first: Stretch, second: Stretch) {
  first.step = second.step;
  first.steps += second.steps;
  second.nats.forEach((sum, i) => first.nats[i]! += sum);
  second.tokens.forEach((n, i) => first.tokens[i]! += n);
}

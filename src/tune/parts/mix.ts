/**
 * How often a part draws each task.
 *
 * @module
 */

import { mixQuotas, normalised } from "../../data/draw/mix.ts";
import type { TunePart } from "../../run/part.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";

/**
 * How many conversations of each task a pass of a part draws.
 *
 * Mixing weights hold where a part is tuned on all conversations of several tasks: of final tunings, and of trials of
 * weights, which stand for them. Subsets of probes are drawn at one rate for all tasks, which is what they measure.
 *
 * @param part The part.
 * @param sizes Conversations of each task that it is tuned on; 0 for one that it is not.
 * @param options The run's tasks and mixing weights.
 * @param lambda The weights that the part draws by, where it does.
 * @returns As many in all as there are; undefined where every conversation is drawn once.
 */
export function quotasOf(
  part: Pick<TunePart, "data" | "sampling">,
  sizes: readonly number[],
  { tasks, mix, fixed = {} }: Pick<ResolvedOptions, "tasks" | "mix" | "fixed">,
  lambda?: readonly number[],
): number[] | undefined {
  const whole = Object.values(part.data).every((share) => share === "all");
  const present = sizes.flatMap((size, i) => size > 0 ? [i] : []);
  if (!whole || present.length < 2 || part.sampling === "size") return undefined;
  if (mix === undefined && part.sampling === undefined) return undefined;
  const weights = present.map((i) => {
    const name = tasks[i]!;
    // The fixed weight of a task is that of its tokens, and not one of its draws too.
    const own = lambda === undefined || Object.hasOwn(fixed, name) ? 1 : lambda[i]!;
    return own * (mix === undefined ? sizes[i]! : mix[name]!);
  });
  const own = mixQuotas(
    present.map((i) => sizes[i]!),
    normalised(weights),
    present.map((i) => tasks[i]!),
  );
  const quotas = sizes.map(() => 0);
  present.forEach((i, k) => quotas[i] = own[k]!);
  return quotas;
}

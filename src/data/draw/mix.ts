/**
 * Mixing weights: how often conversations of a task are drawn, whatever its size.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { Random } from "../../random.ts";

/**
 * Temperature-scaled mixing: shares of tasks by their sizes.
 *
 * ```
 * p_i = n_i^(1/T) / Σ_j n_j^(1/T)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | n_i | conversations of task i |
 * | T | 1: in proportion to the sizes; the larger, the more alike the shares |
 *
 * Source: Raffel et al. 2020 (T5, arXiv 1910.10683, 3.5.2), without its artificial limit on sizes; mT5 (arXiv 2010.11934)
 * writes α for 1/T and takes 0.3.
 *
 * @param sizes n, one number a task.
 * @param temperature T, above 0.
 * @returns p, one number a task; they sum to 1.
 *
 * @example A task of a hundredth of the size gets a tenth of the draws with T = 2
 * ```ts
 * import { temperatureShares } from "../mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [small = 0, large = 0] = temperatureShares([10, 1000], 2);
 * assertAlmostEquals(large / small, 10);
 * ```
 */
export function temperatureShares(sizes: readonly number[], temperature: number): number[] {
  // Of the largest: a power of a size by itself may be beyond what a number holds.
  const most = Math.max(...sizes);
  const power = Math.min(1 / temperature, Number.MAX_VALUE); // 1 to the power of infinity is no number
  return normalised(sizes.map((n) => (n / most) ** power));
}

/**
 * Makes numbers sum to 1.
 *
 * @param values None below 0, one above.
 */
export function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((a, b) => a + b, 0);
  if (sum === Infinity) return normalised(values.map((value) => value / Math.max(...values) / values.length));
  return values.map((value) => value / sum);
}

/**
 * How many conversations of each task a pass draws: shares of as many as there are, rounded by largest remainders
 * (Hamilton's method), so that they sum to that number.
 *
 * @param sizes Conversations of each task.
 * @param shares p, one a task; they sum to 1.
 * @param names The tasks' names, for messages.
 * @returns One number a task, none below 1.
 * @throws {InputError} If a share is so small that its task would never be drawn.
 *
 * @example
 * ```ts
 * import { mixQuotas } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mixQuotas([10, 30], [0.5, 0.5], ["vqa", "chart"]), [20, 20]);
 * ```
 */
export function mixQuotas(
  sizes: readonly number[],
  shares: readonly number[],
  names: readonly string[],
): number[] {
  const total = sizes.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => share * total);
  const quotas = exact.map(Math.floor);
  const left = total - quotas.reduce((a, b) => a + b, 0);
  const byRemainder = [...exact.keys()].sort((i, j) => exact[j]! % 1 - exact[i]! % 1 || i - j);
  for (const i of byRemainder.slice(0, left)) quotas[i]!++;
  const never = quotas.findIndex((quota) => quota < 1);
  if (never < 0) return quotas;
  throw new InputError(
    `the share of task ${
      names[never]
    }: expected at least one draw in a pass of ${total} conversations, found ` +
      `${shares[never]}; give it more, or leave the task out with --tasks`,
  );
}

/** A task's conversations as an endless, even stream. */
export interface MixStream {
  /**
   * What a pass draws.
   *
   * @param pass Counted from 0.
   * @returns Indices of the task's conversations.
   */
  draw(pass: number): number[];
}

/**
 * Draws a task's conversations pass by pass.
 *
 * One shuffled round over all of them follows another, and each pass takes the next `quota`: none comes a second time
 * before all have come once, over the whole training. Where a round begins within a pass, what the pass has had of the
 * round before comes last, so that a pass below the task's size has nobody twice, and a longer one nobody more than
 * once more than another.
 *
 * @param size Conversations of the task.
 * @param quota How many a pass draws.
 * @param seed Another seed gives another stream; pass p depends on nothing else.
 * @returns The stream.
 *
 * @example Three passes of four over six
 * ```ts
 * import { mixStream } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stream = mixStream(6, 4, "seed");
 * const drawn = [0, 1, 2].flatMap((pass) => stream.draw(pass));
 * assertEquals(drawn.sort(), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
 * ```
 */
export function mixStream(size: number, quota: number, seed: number | string): MixStream {
  const random = new Random(seed);
  const rounds: number[][] = [];
  const round = (k: number): number[] => {
    while (rounds.length <= k) {
      const next = rounds.length;
      const shuffled = random.fork(`round ${next}`).shuffle(Array.from({ length: size }, (_, i) => i));
      const begin = Math.floor(next * size / quota) * quota; // of the pass in which the round begins
      const first = Math.floor(begin / size);
      const had = new Set(first < next && begin > first * size ? rounds[first]!.slice(begin % size) : []);
      rounds.push([...shuffled.filter((i) => !had.has(i)), ...shuffled.filter((i) => had.has(i))]);
    }
    return rounds[k]!;
  };
  return {
    draw: (pass) =>
      Array.from({ length: quota }, (_, i) => {
        const at = pass * quota + i;
        return round(Math.floor(at / size))[at % size]!;
      }),
  };
}

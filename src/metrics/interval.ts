/**
 * How far a score depends on the choice of questions.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { Random } from "../random.ts";

/** How an interval is drawn. */
export interface IntervalOptions {
  /** Decides what is drawn; 0 if left out. */
  seed?: number | string;
  /** Times that the questions are drawn anew; 2000 if left out. */
  rounds?: number;
  /** The share of the drawn means that lies inside; 0.95 if left out. */
  level?: number;
}

/** The ends of an interval, in the unit of what it was drawn from. */
export interface Interval {
  /** Its lower end. */
  low: number;
  /** Its upper end. */
  high: number;
}

/**
 * The percentile bootstrap interval of a mean (Efron, Bootstrap Methods: Another Look at the Jackknife, 1979).
 *
 * ```
 * m_b = mean of n values drawn with replacement from the n values,  b = 1 … rounds
 * low, high = the (1 − level)/2 and (1 + level)/2 quantiles of m_1 … m_rounds, interpolated linearly
 * ```
 *
 * Every score here is the mean of its `perItem`, so one function serves all metrics. CIDEr-D's weights stay those of
 * the whole set: the interval says how the mean depends on the questions, with the weights as they are. Questions are
 * drawn one by one; where several are asked of one image they hang together and the true interval is wider.
 *
 * The same values and seed give the same interval on every machine, whatever the order of the values. Where all values
 * are equal, it has no width: from 20 right answers of 20 the bootstrap cannot know that wrong ones exist.
 *
 * @param values One number a question, such as `Score.perItem`.
 * @param options Seed, rounds, level.
 * @returns The ends.
 * @throws {InputError} If there is no value, one is not finite, or an option is out of range.
 *
 * @example
 * ```ts
 * import { bootstrapInterval } from "./interval.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const points = Array.from({ length: 400 }, (_, i) => i % 4 === 0 ? 0 : 100); // 75 of 100 right
 * const { low, high } = bootstrapInterval(points, { seed: 1 });
 * assert(low > 70 && low < 72 && high > 78 && high < 80);
 * assertEquals(bootstrapInterval(points, { seed: 1 }), { low, high });
 * ```
 */
export function bootstrapInterval(values: readonly number[], options: IntervalOptions = {}): Interval {
  const { seed = 0, rounds = 2000, level = 0.95 } = options;
  const n = values.length;
  if (n === 0) throw new InputError("interval: expected one value or more, found none");
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new InputError(
      `interval, value ${wrong + 1}: expected a finite number, found ${
        values[wrong]
      }; leave it out or mend it`,
    );
  }
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InputError(`interval: expected rounds to be an integer from 1, found ${rounds}`);
  }
  if (!(level > 0 && level < 1)) {
    throw new InputError(`interval: expected level to be between 0 and 1, found ${level}`);
  }

  const sorted = Float64Array.from(values).sort();
  if (sorted[0] === sorted[n - 1]) return { low: sorted[0]!, high: sorted[0]! };
  const random = new Random(seed).fork("interval");
  const means = new Float64Array(rounds);
  for (let b = 0; b < rounds; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += sorted[random.int(n)]!;
    means[b] = sum / n;
  }
  means.sort();
  const quantile = (q: number): number => {
    const place = q * (rounds - 1);
    const below = Math.floor(place);
    const [a, b] = [means[below]!, means[Math.min(below + 1, rounds - 1)]!];
    return a + (place - below) * (b - a);
  };
  return { low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
}

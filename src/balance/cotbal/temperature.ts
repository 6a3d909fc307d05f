/**
 * The temperature, chosen by the paper's rule.
 *
 * @module
 */

import { type Alpha, mixWeights } from "./mix_weights.ts";
import { softmaxWeights } from "./softmax.ts";

/** The band the paper keeps task weights in. */
export const WEIGHT_BAND: readonly [number, number] = [0.5, 2];

/** The paper's temperature. It also tries 1 and 2. */
export const DEFAULT_TEMPERATURE = 0.5;

/** One value a task for each of the three softmaxes; `null` where undefined. */
export interface BalanceValues {
  /** C_out (4). */
  out: readonly (number | null)[];
  /** C_in (5), with its own sign: the softmax takes −C_in. */
  in: readonly (number | null)[];
  /** D (7). */
  difficulty: readonly (number | null)[];
}

/**
 * λ_out, λ_in and λ_D at a temperature, and their mix: equations (4), (5), (7) and (8) in a row.
 *
 * @param values C_out, C_in and D.
 * @param alpha The shares of the mix.
 * @param temperature T.
 * @returns The three lists of weights and their mix, each with sum N.
 * @throws {InputError} If temperature, shares or values are not usable.
 *
 * @example Equal values give weight 1 to all
 * ```ts
 * import { weightsAtTemperature } from "./temperature.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const values = { out: [0.3, 0.3], in: [0.1, 0.1], difficulty: [0.5, 0.5] };
 * const { lambda } = weightsAtTemperature(values, { out: 0.25, in: 0.25, difficulty: 0.5 }, 0.5);
 * assertEquals(lambda, [1, 1]);
 * ```
 */
export function weightsAtTemperature(values: BalanceValues, alpha: Alpha, temperature: number): {
  out: number[];
  in: number[];
  difficulty: number[];
  lambda: number[];
} {
  const weights = {
    out: softmaxWeights(values.out, temperature),
    in: softmaxWeights(values.in.map((x) => x === null ? null : -x), temperature),
    difficulty: softmaxWeights(values.difficulty, temperature),
  };
  return { ...weights, lambda: mixWeights(weights, alpha) };
}

/**
 * The lowest temperature that keeps every weight in the band: the paper's rule for choosing T.
 *
 * With S the largest spread of a value between two tasks, every T ≥ S / ln 2 keeps every weight in [0.5, 2], since
 * all weights of a softmax lie between exp(−S/T) and exp(S/T). From there the search goes down until a weight
 * leaves the band. A mixture can leave the band and come back into it, so the answer is the lowest T from which
 * on *every* temperature keeps the band. Few tasks may keep the band at every temperature, when different values
 * favour different tasks: the search then ends at S / 1000.
 *
 * @param values C_out, C_in and D.
 * @param alpha The shares of the mix. A value with share 0 has no say.
 * @param band Lowest and highest weight allowed; the paper's [0.5, 2] without it.
 * @returns T, rounded up to four digits; the paper's default 0.5 where all values are equal or undefined, so that
 * every T gives the same weights.
 * @throws {InputError} If shares or values are not usable.
 *
 * @example One hard task among three
 * ```ts
 * import { lowestTemperature, weightsAtTemperature } from "./temperature.ts";
 * import { assert } from "@std/assert";
 *
 * const values = { out: [0, 0, 0], in: [0, 0, 0], difficulty: [0.1, 0.2, 0.9] };
 * const alpha = { out: 0, in: 0, difficulty: 1 };
 * const T = lowestTemperature(values, alpha);
 * assert(weightsAtTemperature(values, alpha, T).lambda.every((w) => w >= 0.5 && w <= 2));
 * assert(weightsAtTemperature(values, alpha, T * 0.99).lambda.some((w) => w < 0.5 || w > 2));
 * ```
 */
export function lowestTemperature(
  values: BalanceValues,
  alpha: Alpha,
  band: readonly [number, number] = WEIGHT_BAND,
): number {
  const inBand = (T: number) =>
    weightsAtTemperature(values, alpha, T).lambda.every((w) => w >= band[0] - 1e-12 && w <= band[1] + 1e-12);
  const spread = Math.max(
    ...(["out", "in", "difficulty"] as const).map((name) => alpha[name] === 0 ? 0 : spreadOf(values[name])),
  );
  if (spread === 0) return DEFAULT_TEMPERATURE;

  let above = spread / Math.log(Math.min(band[1], 1 / band[0]));
  const least = spread * 1e-3;
  let below = above;
  while (below > least && inBand(below)) {
    above = below;
    below *= 0.98;
  }
  for (let i = 0; i < 40 && below > least; i++) {
    const middle = (above + below) / 2;
    if (inBand(middle)) above = middle;
    else below = middle;
  }
  return roundUp(above);
}

function spreadOf(values: readonly (number | null)[]): number {
  const known = values.filter((x) => x !== null);
  return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
}

/** Up to four significant digits. */
function roundUp(x: number): number {
  const unit = 10 ** (Math.floor(Math.log10(x)) - 3);
  return Number((Math.ceil(x / unit) * unit).toPrecision(4));
}

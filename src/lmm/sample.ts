/** Drawing a token from logits. @module */
import { RunError } from "../errors.ts";
import type { Random } from "../random.ts";

/** How a token is drawn. */
export interface SamplingOptions {
  /** Divides the logits; 0 takes the largest. */
  temperature: number;
  /** Only so many of the largest are considered, and what equals the last of them; 0 or left out: all. */
  topK?: number;
  /** Only the largest that together reach this probability; 1 or left out: all (Holtzman et al. 2020). */
  topP?: number;
}

/** Tokens that can be drawn. */
export interface Candidates {
  /** Their ids, the likeliest first; of equals the lower id. */
  ids: number[];
  /** Their shares, which add up to `whole`. */
  shares: number[];
  /** What the shares add up to. */
  whole: number;
}

/**
 * The tokens that can be drawn: logits divided by the temperature, then top-k, then top-p of what is left, in the order
 * in which Hugging Face's transformers applies them.
 *
 * @param logits [vocabulary]
 * @param options Temperature (above 0), top-k, top-p.
 * @returns At least one token.
 * @throws {RunError} If the largest logit is not finite.
 *
 * @example Two of three
 * ```ts
 * import { candidates } from "./sample.ts";
 * const { ids } = candidates([0, 3, 1], { temperature: 1, topK: 2 });
 * if (ids.join() !== "1,2") throw new Error("not the two largest");
 * ```
 */
export function candidates(logits: ArrayLike<number>, options: SamplingOptions): Candidates {
  const { temperature, topK = 0, topP = 1 } = options;
  const z = Float32Array.from(logits);
  const order = descending(z);
  const most = z[order[0]!]!;
  if (!Number.isFinite(most)) {
    throw new RunError(`expected finite logits, found ${most} for token ${order[0]}`);
  }
  const least = topK > 0 && topK < order.length ? z[order[topK - 1]!]! : -Infinity;
  const ids: number[] = [], shares: number[] = [];
  let sum = 0;
  for (const id of order) {
    if (z[id]! < least) break;
    const share = Math.exp((z[id]! - most) / temperature);
    ids.push(id);
    shares.push(share);
    sum += share;
  }
  let count = 0, whole = 0;
  while (count < ids.length && (count === 0 || whole < topP * sum)) whole += shares[count++]!;
  return { ids: ids.slice(0, count), shares: shares.slice(0, count), whole };
}

/**
 * Draws a token.
 *
 * @param logits [vocabulary]
 * @param options Temperature, top-k, top-p.
 * @param random The stream to draw from.
 * @returns The token's id.
 *
 * @example A temperature near 0 takes the largest
 * ```ts
 * import { sample } from "./sample.ts";
 * import { Random } from "../random.ts";
 * if (sample([0, 3, 1], { temperature: 0.01 }, new Random(1)) !== 1) throw new Error("not the largest");
 * ```
 */
export function sample(logits: ArrayLike<number>, options: SamplingOptions, random: Random): number {
  if (options.temperature <= 0) {
    let best = 0;
    for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
    return best;
  }
  const { ids, shares, whole } = candidates(logits, options);
  let rest = random.next() * whole;
  for (let i = 0; i < ids.length; i++) if ((rest -= shares[i]!) < 0) return ids[i]!;
  return ids.at(-1)!;
}

/** Ids below this fit beside a float's 32 bits into the 53 of a double. */
const MOST_IDS = 2 ** 21;

/**
 * Ids in the order of their logits, the largest first, of equals the lower id. A sort of plain numbers, which takes a
 * fraction of one with a comparison of ours: a float32's order and the id in one number.
 */
function descending(logits: Float32Array): Uint32Array {
  const count = logits.length;
  if (count > MOST_IDS) throw new RangeError(`expected at most ${MOST_IDS} logits, found ${count}`);
  const bits = new Int32Array(logits.map((z) => z === 0 ? 0 : z).buffer);
  const keys = new Float64Array(count);
  for (let id = 0; id < count; id++) {
    // As whole numbers, floats ascend with their bits, and negative ones descend.
    const rank = bits[id]! >= 0 ? -1 - bits[id]! : bits[id]! & 0x7fffffff;
    keys[id] = rank * MOST_IDS + id;
  }
  keys.sort();
  return Uint32Array.from(keys, (key) => key - Math.floor(key / MOST_IDS) * MOST_IDS);
}

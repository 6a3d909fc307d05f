/** Drawing a token from logits. @module */
import type { Random } from "../random.ts";

/** How a token is drawn. */
export interface SamplingOptions {
  /** Divides the logits; 0 takes the largest. */
  temperature: number;
  /** Only so many of the largest are considered; 0 or left out: all. */
  topK?: number;
  /** Only the largest that together reach this probability; 1 or left out: all (Holtzman et al. 2020). */
  topP?: number;
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
  const { temperature, topK = 0, topP = 1 } = options;
  const ids = Array.from({ length: logits.length }, (_, id) => id).sort((a, b) =>
    logits[b]! - logits[a]! || a - b
  );
  if (temperature <= 0) return ids[0]!;
  const kept = topK > 0 ? ids.slice(0, topK) : ids;
  const most = logits[kept[0]!]!;
  const shares = kept.map((id) => Math.exp((logits[id]! - most) / temperature));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let count = 0, reached = 0;
  while (count < shares.length && (count === 0 || reached < topP * whole)) reached += shares[count++]!;
  let rest = random.next() * reached;
  for (let i = 0; i < count; i++) if ((rest -= shares[i]!) < 0) return kept[i]!;
  return kept[count - 1]!;
}

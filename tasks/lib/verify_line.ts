/** A quantity of `deno task verify` as a line. @module */

import type { Quantity } from "../../src/verify/measure.ts";

/**
 * A line: whether it passes, the name, the error and its tolerance, the median of several, where the worst is.
 *
 * @param found The quantity.
 * @returns The line, such as `ok    gradients    1.3e-6  (at most 2.0e-5, median of 61 2.1e-7)  vision_tower.…`.
 */
export function verifyLine({ name, error, tolerance, unit, where, ok, count, median }: Quantity): string {
  const say = (value: number) =>
    unit === "relative" ? value.toExponential(1) : `${Number(value.toPrecision(3))}`;
  const kind = unit === "relative" ? "" : ` ${unit}`;
  const middle = median === undefined ? "" : `, median of ${count} ${say(median)}`;
  const cells = [ok ? "ok   " : "WRONG", name.padEnd(26), `${say(error)}${kind}`.padStart(8)];
  return `${cells.join("  ")}  (at most ${say(tolerance)}${kind}${middle})  ${where}`.trimEnd();
}

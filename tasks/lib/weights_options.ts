/**
 * The values of `deno task weights`: text to what the library takes.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import type { Alpha } from "../../src/balance/cotbal/mix_weights.ts";

/** @returns T, or "auto". */
export function temperature(text: string): number | "auto" {
  if (text === "auto") return "auto";
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number above 0, or auto.");
}

/** @returns Three shares; fractions such as 1/3 will do. */
export function alpha(text: string): Alpha {
  const shares = text.split(",").map((share) => {
    const [top, bottom, ...rest] = share.split("/").map(decimal);
    return rest.length > 0 ? NaN : top! / (bottom ?? 1);
  });
  const [out, inward, difficulty] = shares;
  const sum = shares.reduce((a, b) => a + b, 0);
  if (shares.length !== 3 || shares.some((x) => !(x >= 0)) || Math.abs(sum - 1) > 1e-6) {
    throw new InvalidArgumentError(
      "Expected three shares of 0 or more that sum to 1, such as 0.25,0.25,0.5.",
    );
  }
  return { out: out!, in: inward!, difficulty: difficulty! };
}

/** @returns Tasks and their weights. */
export function fixed(text: string): Record<string, number> {
  const entries = text.split(",").map((entry): [string, number] => {
    const at = entry.lastIndexOf("=");
    const weight = decimal(entry.slice(at + 1));
    const name = entry.slice(0, Math.max(0, at)).trim();
    if (name === "" || !(weight >= 0) || !Number.isFinite(weight)) {
      throw new InvalidArgumentError("Expected task=weight, or several separated by commas, such as chat=1.");
    }
    return [name, weight];
  });
  return Object.fromEntries(entries);
}

/** @returns Numbers. */
export function numbers(text: string): number[] {
  const values = text.split(",").map(decimal);
  if (values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError("Expected numbers separated by commas.");
}

function decimal(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}

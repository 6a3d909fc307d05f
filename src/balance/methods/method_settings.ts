/**
 * What the user may set about weighting methods.
 *
 * @module
 */

import type { Alpha } from "../cotbal/mix_weights.ts";

/** What the user may set about methods. */
export interface MethodSettings {
  /** T of CoTBal's softmaxes. */
  temperature?: number | "auto";
  /** Shares of CoTBal's three weights. */
  alpha?: Alpha;
  /** Tunings of the search over weights. */
  searchBudget?: number;
  /** Merged models that are scored. */
  mergeBudget?: number;
}

/**
 * The settings of methods among other options.
 *
 * @param options Options that hold them.
 * @returns The settings, nothing else.
 *
 * @example
 * ```ts
 * import { methodSettings } from "./method_settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { seeds: [1], temperature: 0.5 };
 * assertEquals(methodSettings(options), { temperature: 0.5 });
 * ```
 */
export function methodSettings(options: MethodSettings): MethodSettings {
  const { temperature, alpha, searchBudget, mergeBudget } = options;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(alpha && { alpha }),
    ...(searchBudget !== undefined && { searchBudget }),
    ...(mergeBudget !== undefined && { mergeBudget }),
  };
}

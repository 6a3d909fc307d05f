/**
 * What the user may set about weighting methods.
 *
 * @module
 */

import type { Alpha } from "../cotbal/mix_weights.ts";

/**
 * How CoTBal's probes are tuned.
 *
 * | value | a probe |
 * |---|---|
 * | full | is tuned from the base on all of its data: the paper's |
 * | continued | with a large subset goes on from the mini probe, on those samples of it that are in no mini subset |
 * | third | makes a third of the passes, with a schedule of that length |
 * | early | ends once the loss on validation questions no longer falls; its model is that of the lowest loss |
 *
 * The last three are not in the paper: they cost less and measure something else. A continued probe no longer hears of the
 * other tasks and may forget them, which lowers contributions. `deno task tune --scale 0.1 --methods
 * ew,cotbal,cotbal-chat,cotbal-precise` takes 59% fewer tokens for its probes with `continued`, 65% fewer with `third`. What
 * `early` saves is known only afterwards: where a rate that falls over all steps makes the loss fall to the end, nothing. How
 * far the weights differ says `src/balance/compare/probe_error.ts`.
 */
export type ProbeKind = "full" | "continued" | "third" | "early";

/** The kinds of probes, the paper's first. */
export const PROBE_KINDS: readonly ProbeKind[] = ["full", "continued", "third", "early"];

/** What the user may set about methods. */
export interface MethodSettings {
  /** T of CoTBal's softmaxes. */
  temperature?: number | "auto";
  /** Shares of CoTBal's three weights. */
  alpha?: Alpha;
  /** Task -> weight, for the weights given by hand. */
  lambda?: Readonly<Record<string, number>>;
  /** Groups of tasks that CoTBal balances as one: name -> tasks. A task in none is balanced by itself. */
  groups?: Readonly<Record<string, readonly string[]>>;
  /** Tasks outside the balancing, of every method, and their weights. */
  fixed?: Readonly<Record<string, number>>;
  /** How CoTBal's probes are tuned; full without it. */
  probes?: ProbeKind;
  /** Draws of the probes, for methods that average over several. */
  probeSeeds?: number;
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
  const { temperature, alpha, lambda, groups, fixed, probes, probeSeeds, searchBudget, mergeBudget } =
    options;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(alpha && { alpha }),
    ...(lambda && { lambda }),
    ...(groups && { groups }),
    ...(fixed && { fixed }),
    ...(probes && { probes }),
    ...(probeSeeds !== undefined && { probeSeeds }),
    ...(searchBudget !== undefined && { searchBudget }),
    ...(mergeBudget !== undefined && { mergeBudget }),
  };
}

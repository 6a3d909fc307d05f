/**
 * The registry of weighting methods. A new one is a file beside this one, an import here and its name in the list.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { coba } from "./coba.ts";
import { cotbal } from "./cotbal.ts";
import { cotbalMix } from "./cotbal_mix.ts";
import { cotbalChat } from "./cotbal_chat.ts";
import { cotbalPrecise } from "./cotbal_precise.ts";
import { dwa } from "./dwa.ts";
import { ew } from "./ew.ts";
import { ewBudget } from "./ew_budget.ts";
import { ewNatural } from "./ew_natural.ts";
import { famo } from "./famo.ts";
import { fixed } from "./fixed.ts";
import { igbv1 } from "./igbv1.ts";
import { inverseSize } from "./inverse_size.ts";
import { merge } from "./merge.ts";
import type { WeightingMethod } from "./method.ts";
import { noiseAware } from "./noise_aware.ts";
import { regret } from "./regret.ts";
import { rlw } from "./rlw.ts";
import { search } from "./search.ts";
import { sensitivity } from "./sensitivity.ts";
import { stl } from "./stl.ts";
import { tla } from "./tla.ts";
import { uw } from "./uw.ts";

/** All methods, in the order in which they are listed and tried as the base of a comparison. */
export const METHODS: readonly WeightingMethod[] = [
  stl,
  ew,
  ewBudget,
  ewNatural,
  tla,
  rlw,
  dwa,
  igbv1,
  uw,
  famo,
  coba,
  inverseSize,
  fixed,
  cotbal,
  cotbalMix,
  cotbalChat,
  cotbalPrecise,
  noiseAware,
  merge,
  regret,
  sensitivity,
  search,
];

/** The methods that a run tunes with where none are asked for. */
export const DEFAULT_METHODS: readonly string[] = [ew.id, cotbal.id];

/**
 * A method by its id.
 *
 * @param id The id.
 * @param methods Where it is looked up.
 * @returns The method; undefined if there is none.
 *
 * @example
 * ```ts
 * import { findMethod } from "./registry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findMethod("tla")?.name, "TLA");
 * assertEquals(findMethod("mystery"), undefined);
 * ```
 */
export function findMethod(
  id: string,
  methods: readonly WeightingMethod[] = METHODS,
): WeightingMethod | undefined {
  return methods.find((method) => method.id === id);
}

/**
 * A method by its id, which must be known.
 *
 * @param id The id.
 * @param methods Where it is looked up.
 * @returns The method.
 * @throws {InputError} If there is none.
 *
 * @example
 * ```ts
 * import { methodById } from "./registry.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => methodById("mystery"), Error, 'found "mystery"');
 * ```
 */
export function methodById(id: string, methods: readonly WeightingMethod[] = METHODS): WeightingMethod {
  const method = findMethod(id, methods);
  if (method !== undefined) return method;
  const known = methods.map(({ id }) => id).join(", ");
  throw new InputError(`--methods: expected some of ${known}, found "${id}"`);
}

/**
 * The methods whose weights come from CoTBal's probes.
 *
 * @param ids Ids of methods; those that the registry does not hold are passed over.
 * @param methods Where they are looked up.
 * @returns The methods among them, in their order.
 *
 * @example
 * ```ts
 * import { methodsWithProbes } from "./registry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(methodsWithProbes(["ew", "cotbal"]).map(({ name }) => name), ["CoTBal"]);
 * ```
 */
export function methodsWithProbes(
  ids: readonly string[],
  methods: readonly WeightingMethod[] = METHODS,
): WeightingMethod[] {
  return ids.flatMap((id) => {
    const method = findMethod(id, methods);
    return method?.needs === "probes" ? [method] : [];
  });
}

/**
 * The method that the others of a run are compared with: STL if it ran, else EW.
 *
 * @param ids Ids of the run's methods.
 * @param methods Where they are looked up.
 * @returns The first of the registry that ran and may be a base; undefined if none did.
 *
 * @example
 * ```ts
 * import { baseMethod } from "./registry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(baseMethod(["cotbal", "ew", "stl"])?.id, "stl");
 * assertEquals(baseMethod(["cotbal"]), undefined);
 * ```
 */
export function baseMethod(
  ids: readonly string[],
  methods: readonly WeightingMethod[] = METHODS,
): WeightingMethod | undefined {
  return methods.find(({ id, asBase }) => asBase !== undefined && ids.includes(id));
}

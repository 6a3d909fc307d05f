/**
 * What a run measured before its methods tuned, in words.
 *
 * @module
 */

import { findMethod } from "../../balance/methods/registry.ts";

/**
 * What the parts in `probes/` are called.
 *
 * @param methods Ids of the run's methods.
 * @returns The beginning of a sentence.
 */
export function measuredWords(methods: readonly string[]): string {
  const tries = methods.map((id) => findMethod(id)).some((method) =>
    method?.measure !== undefined && method.needs !== "probes"
  );
  return tries ? "What was measured before the tunings, by probes and trials," : "The probes";
}

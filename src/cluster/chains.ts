/**
 * Chains: parts that follow one another and nothing else, which one job carries out.
 *
 * @module
 */

import type { Part } from "../run/part.ts";

/** Names of parts, each of which needs the one before. */
export type Chain = readonly string[];

/**
 * Joins parts into chains. A part joins the one before it where nothing else waits for that one and it waits for nothing
 * else itself: as jobs of their own they would wait in the queue again, and set up again, and start no sooner. What
 * follows anyway from other needs is no need of its own here, so that a search, whose every proposal reads all
 * tries before it, is one chain.
 *
 * @param plan The run's parts, each after those it needs.
 * @param open Names of the parts that are to be carried out.
 * @param underWay Names of parts that something else carries out; all others are done.
 * @returns The chains, in the order of their first parts; every open part is in one of them.
 *
 * @example The probes are chains of one part; their weights and the tuning with these are one chain
 * ```ts
 * import { chainParts } from "./chains.ts";
 * import { planRun } from "../run/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planRun({ tasks: ["vqa", "caption"], methods: ["ew", "cotbal"], seeds: [1] });
 * assertEquals(chainParts(plan, new Set(plan.map(({ id }) => id))), [
 *   ["methods/base"],
 *   ["probes/base"],
 *   ["probes/mini"],
 *   ["probes/plus-vqa"],
 *   ["probes/plus-caption"],
 *   ["balance", "methods/cotbal"],
 *   ["methods/ew", "methods/ew-blank"],
 * ]);
 * ```
 */
export function chainParts(
  plan: readonly Part[],
  open: ReadonlySet<string>,
  underWay: ReadonlySet<string> = new Set(),
): Chain[] {
  const before = directNeeds(plan, new Set([...open, ...underWay]));
  const followers = new Map<string, number>();
  for (const ids of before.values()) {
    for (const id of ids) followers.set(id, (followers.get(id) ?? 0) + 1);
  }
  const chainOf = new Map<string, string[]>();
  const chains: string[][] = [];
  for (const [id, needs] of before) {
    if (!open.has(id)) continue;
    const [only, ...others] = needs;
    const joins = only !== undefined && open.has(only) && others.length === 0 && followers.get(only) === 1;
    const chain = joins ? chainOf.get(only)! : [];
    if (!joins) chains.push(chain);
    chain.push(id);
    chainOf.set(id, chain);
  }
  return chains;
}

/**
 * The open parts that each open part waits for itself: not those that another of them waits for as well.
 *
 * @param plan The run's parts, each after those it needs.
 * @param open Names of the parts that are to be carried out.
 * @returns Names of parts by part, in the plan's order.
 */
export function directNeeds(plan: readonly Part[], open: ReadonlySet<string>): Map<string, string[]> {
  const makerOf = new Map(plan.filter(({ id }) => open.has(id)).map(({ file, id }) => [file, id]));
  /** All that a part waits for, however far back. */
  const all = new Map<string, ReadonlySet<string>>();
  const direct = new Map<string, string[]>();
  for (const { id, needs } of plan) {
    if (!open.has(id)) continue;
    const makers = [...new Set(needs.flatMap((file) => makerOf.get(file) ?? []))];
    const further = new Set(makers.flatMap((maker) => [...all.get(maker)!]));
    all.set(id, new Set([...makers, ...further]));
    direct.set(id, makers.filter((maker) => !further.has(maker)));
  }
  return direct;
}

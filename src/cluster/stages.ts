/**
 * Stages: what of a run may go on side by side, and what follows what.
 *
 * @module
 */

import type { Part } from "../run/part.ts";
import { type Chain, chainParts, directNeeds } from "./chains.ts";

/** Chains that need nothing of one another. */
export interface Stage {
  /** What it is called: "1", or "seed-2-1" where a run has several seeds. */
  name: string;
  /** What is carried out side by side. */
  chains: readonly Chain[];
  /** The stages that must have ended well before: their places in the list. */
  after: readonly number[];
  /** Names of parts outside the list that it waits for: other jobs carry them out already. */
  awaits: readonly string[];
}

/**
 * Puts the open parts of a plan into stages, from their needs alone: a chain is in the stage behind the last of those
 * that it waits for. Seeds have stages of their own, so that none waits for, or falls with, another.
 *
 * @param plan The run's parts, each after those it needs.
 * @param open Names of the parts that are to be carried out.
 * @param underWay Names of parts that other jobs carry out; their needs are not waited for again.
 * @returns The stages, each after those it waits for.
 *
 * @example Probes and EW, then CoTBal
 * ```ts
 * import { planStages } from "./stages.ts";
 * import { planRun } from "../run/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planRun({ tasks: ["vqa"], methods: ["ew", "cotbal"], seeds: [1] });
 * const stages = planStages(plan, new Set(plan.map(({ id }) => id)));
 * assertEquals(stages.map(({ name, chains, after }) => [name, chains.length, after]), [
 *   ["1", 5, []],
 *   ["2", 1, [0]],
 * ]);
 * ```
 */
export function planStages(
  plan: readonly Part[],
  open: ReadonlySet<string>,
  underWay: ReadonlySet<string> = new Set(),
): Stage[] {
  const part = new Map(plan.map((part) => [part.id, part]));
  const severalSeeds = new Set(plan.map(({ seed }) => seed)).size > 1;
  const needs = directNeeds(plan, open);
  const waited = directNeeds(plan, new Set([...open, ...underWay]));
  const chains = chainParts(plan, open, underWay);
  const chainOf = new Map(chains.flatMap((chain) => chain.map((id) => [id, chain])));
  /** How many stages come before a chain's. */
  const depth = new Map<Chain, number>();
  const depthOf = (chain: Chain): number => {
    const known = depth.get(chain);
    if (known !== undefined) return known;
    const behind = needs.get(chain[0]!)!.map((id) => depthOf(chainOf.get(id)!) + 1);
    depth.set(chain, Math.max(0, ...behind));
    return depth.get(chain)!;
  };
  const members = new Map<string, { depth: number; chains: Chain[] }>();
  for (const chain of chains) {
    const depth = depthOf(chain), { seed } = part.get(chain[0]!)!;
    const name = `${severalSeeds ? `seed-${seed}-` : ""}${depth + 1}`;
    const stage = members.get(name) ?? { depth, chains: [] };
    members.set(name, stage);
    stage.chains.push(chain);
  }
  const ordered = [...members].sort(([, a], [, b]) => a.depth - b.depth);
  const place = new Map(ordered.flatMap(([, { chains }], i) => chains.map((chain) => [chain, i])));
  return ordered.map(([name, { chains }]) => {
    const after = chains.flatMap(([first]) => needs.get(first!)!.map((id) => place.get(chainOf.get(id)!)!));
    const awaits = chains.flat().flatMap((id) => waited.get(id)!.filter((maker) => underWay.has(maker)));
    return { name, chains, after: distinct(after).sort((a, b) => a - b), awaits: distinct(awaits) };
  });
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

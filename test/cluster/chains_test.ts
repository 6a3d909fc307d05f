import { assert, assertEquals } from "@std/assert";
import { METHODS } from "../../src/balance/methods/registry.ts";
import { chainParts, directNeeds } from "../../src/cluster/chains.ts";
import { planStages } from "../../src/cluster/stages.ts";
import { planRun } from "../../src/run/plan.ts";

const everything = planRun({
  tasks: ["a", "b", "c"],
  methods: METHODS.map(({ id }) => id).filter((id) => id !== "fixed"),
  seeds: [1, 2],
  searchBudget: 7,
  mergeBudget: 5,
  zeroShot: { tasks: ["z"] },
});
const all = new Set(everything.map(({ id }) => id));

Deno.test("chainParts has every open part once, whatever the methods, each behind those of its chain that it needs", () => {
  const open = new Set([...all].filter((_, i) => i % 3 !== 0));
  const chains = chainParts(everything, open);
  assertEquals(chains.flat().toSorted(), [...open].toSorted());
  const needs = directNeeds(everything, open);
  for (const chain of chains) {
    chain.slice(1).forEach((id, i) => assertEquals(needs.get(id), [chain[i]]));
  }
});

Deno.test("chainParts makes one chain of a search whose every proposal reads all tries before it", () => {
  const chains = chainParts(everything, all);
  const search = chains.find((chain) => chain.includes("seed-1/methods/search"))!;
  const proposals = (chain: readonly string[]) => chain.filter((id) => /search.*propose$/.test(id)).length;
  assertEquals(chains.filter((chain) => chain[0]!.startsWith("seed-1/") && proposals(chain) > 0).length, 1);
  assert(search.includes("seed-1/probes/search") && proposals(search) > 2, search.join(" "));
});

Deno.test("planStages carries out every part behind all it needs, and lets no seed wait for another but for what they share", () => {
  const stages = planStages(everything, all);
  const done = new Map<string, number>();
  stages.forEach(({ chains }, i) => chains.flat().forEach((id) => done.set(id, i)));
  assertEquals(done.size, all.size);
  const makers = new Map(everything.map(({ file, id }) => [file, id]));
  const reach = (stage: number): Set<number> =>
    new Set([stage, ...stages[stage]!.after.flatMap((before) => [...reach(before)])]);
  for (const { id, needs } of everything) {
    for (const need of needs) {
      const [before, at] = [done.get(makers.get(need)!)!, done.get(id)!];
      assert(before === at || reach(at).has(before), `${id} does not wait for ${need}`);
    }
  }
  const seeds = new Map(everything.map(({ id, seed }) => [id, seed]));
  const shared = new Set(["methods/base", "methods/base-zero-shot", "probes/base"]);
  for (const { after, chains } of stages) {
    const seed = seeds.get(chains[0]![0]!);
    for (const before of after) {
      const parts = stages[before]!.chains.flat();
      assert(parts.every((id) => seeds.get(id) === seed) || parts.some((id) => shared.has(id)));
    }
  }
});

Deno.test("planStages waits for what other jobs carry out, and does not repeat it", () => {
  const plan = planRun({ tasks: ["a"], methods: ["ew", "cotbal"], seeds: [1] });
  const open = new Set(["balance", "methods/cotbal", "methods/ew-blank"]);
  const stages = planStages(plan, open, new Set(["probes/plus-a", "methods/ew"]));
  assertEquals(stages, [{
    name: "1",
    chains: [["balance", "methods/cotbal"], ["methods/ew-blank"]],
    after: [],
    awaits: ["probes/plus-a", "methods/ew"],
  }]);
});

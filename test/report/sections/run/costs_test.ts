import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { viewOf } from "../../../../src/report/kit/section.ts";
import { costsSection, validationCosts } from "../../../../src/report/sections/run/costs.ts";
import { believableRun } from "../../fixture.ts";

Deno.test("validationCosts says what a method paid, over its seeds", () => {
  const part = (id: string, validation?: { seconds: number; tokens: number }) => ({
    part: id,
    conversations: 1,
    steps: 1,
    tokens: 1,
    answerTokens: 1,
    trainSeconds: 60,
    evaluateSeconds: 1,
    ...(validation && { validation }),
  });
  const costs = [
    part("seed-1/methods/ew"),
    part("seed-1/methods/coba", { seconds: 10, tokens: 2000 }),
    part("seed-2/methods/coba", { seconds: 20, tokens: 3000 }),
  ];
  assertEquals(validationCosts({ costs }, (id) => id.toUpperCase()), [
    "COBA validated while it tuned: 30 s of its 2 min 00 s of training, for 5 k tokens beside those it was trained on.",
  ]);
  assertEquals(validationCosts({ costs: costs.slice(0, 1) }, (id) => id), []);
});

Deno.test("costs: the paper's estimate beside what was measured, and the gain for all tokens", () => {
  const run = believableRun({ methods: ["ew", "cotbal"] });
  const probes = run.results.costs.filter(({ part }) => part.startsWith("probes/"));
  for (const cost of probes) cost.tokens = 0;
  probes[0]!.tokens = 2 * 412_300;
  run.results.costs.push({ ...run.results.costs[0]!, part: "methods/ew-zero-shot" });
  const text = costsSection(viewOf(run)).text.replaceAll(/\s+/g, " ");
  assertStringIncludes(
    text,
    "the probes cost 2.00 final tunings; the paper’s estimate R_large + N·R_mini is 1.38",
  );
  assertMatch(
    text,
    /CoTBal<\/th> <td>[\d.]+<\/td><td>\+[\d.]+<\/td><td>412,300<\/td><td>824,600<\/td><td>1,236,900</,
  );
  assertStringIncludes(text, "EW, tasks never tuned on");
});

Deno.test("costs without probes make no estimate", () => {
  const text = costsSection(viewOf(believableRun({ methods: ["ew", "tla"] }))).text;
  assertMatch(text, /^(?![\s\S]*paper’s estimate)/);
});

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { noiseAware } from "../../../src/balance/methods/noise_aware.ts";
import type { NoiseWeights } from "../../../src/balance/cotbal/noise/weights.ts";
import { InputError } from "../../../src/errors.ts";
import { planRun } from "../../../src/run/plan.ts";
import { checkOptions } from "../../../src/tune/options/check_options.ts";

const tasks = ["a", "b"];

Deno.test("its first draw is the paper's probes, the others have subsets of their own", () => {
  const plan = planRun({ tasks, methods: ["cotbal", "noise-aware"], seeds: [1, 2], probeSeeds: 2 });
  const ofSeed = plan.filter(({ id }) => id.startsWith("seed-2/"));
  assertEquals(ofSeed.map(({ id }) => id.slice(7)), [
    "probes/mini",
    "probes/plus-a",
    "probes/plus-b",
    "balance",
    "probes/mini-blank",
    "probes/draw-2/mini",
    "probes/draw-2/plus-a",
    "probes/draw-2/plus-b",
    "probes/draw-2/mini-blank",
    "methods/noise-aware/weights",
    "methods/cotbal",
    "methods/noise-aware",
  ]);
  const drawSeeds = plan.flatMap((part) => part.kind === "tune" ? [part.drawSeed ?? part.seed] : []);
  assertEquals(new Set(drawSeeds), new Set([1, 2, 1 + 2 ** 20, 2 + 2 ** 20]));
  const blank = ofSeed.find(({ id }) => id.endsWith("draw-2/mini-blank"))!;
  assert(blank.kind === "evaluate" && blank.blank && blank.split === "val");
  assertEquals(
    planRun({ tasks, methods: ["noise-aware"], seeds: [1] }).filter(({ id }) => id.endsWith("/mini")).length,
    3,
  );
});

Deno.test("it weighs points of all draws and seeds, and says which it lacks", () => {
  const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
  const mini = [right(10), right(20)];
  const plus = [[right(40), right(22)], [right(12), right(40)]];
  const blank = [right(0), right(10)];
  const points = { base: mini, mini, plus, blank, "mini-2": mini, "plus-2": plus, "blank-2": blank };
  const weights = noiseAware.weigh!([{ tasks }], {}, [points, points]) as NoiseWeights;
  assertEquals(weights.draws, 4);
  assertEquals(weights.rawDifficulty, [0.75, 1 - 20 / 60]);
  assertEquals(weights.scores.blank, [0, 20]);
  assertEquals(noiseAware.intervals!([{ tasks }], {}, [points]).draws, 2);
  assertThrows(
    () => noiseAware.weigh!([{ tasks }], {}),
    InputError,
    "expected the points of single questions",
  );
  const { "plus-2": _, ...lacking } = points;
  assertThrows(() => noiseAware.weigh!([{ tasks }], {}, [lacking]), InputError, "plus-2");
});

Deno.test("the temperature is at least what is set", () => {
  const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
  const points = { mini: [right(10), right(20)], plus: [[right(40), right(22)], [right(12), right(40)]] };
  for (const [temperature, least] of [["auto", 0.5], [0.5, 0.5], [0.9, 0.9]] as const) {
    assertEquals(
      (noiseAware.weigh!([{ tasks }], { temperature }, [points]) as NoiseWeights).temperature,
      least,
    );
  }
});

Deno.test("its probes are of the kind that is set, shared with CoTBal", () => {
  const settings = { tasks, methods: ["cotbal", "noise-aware"], seeds: [1], probeSeeds: 2 };
  const tunings = (probes: "continued" | "third") =>
    planRun({ ...settings, probes }).filter((part) => part.kind === "tune" && part.split === "val");
  const continued = tunings("continued").map((part) => part.kind === "tune" && [part.from, part.drawSeed]);
  const draw = 1 + 2 ** 20;
  assertEquals(continued, [
    [undefined, undefined],
    ["probes/mini", undefined],
    ["probes/mini", undefined],
    [undefined, draw],
    ["probes/draw-2/mini", draw],
    ["probes/draw-2/mini", draw],
  ]);
  assert(tunings("third").every((part) => part.kind === "tune" && part.passes === 1 / 3));
});

Deno.test("a group has one probe a draw, a fixed task none; their weights and intervals follow", () => {
  const many = ["a", "b", "c", "f"];
  const units = { groups: { ac: ["a", "c"] }, fixed: { f: 0.7 } };
  checkOptions({ methods: ["cotbal", "noise-aware"], ...units });
  const plan = planRun({ tasks: many, methods: ["noise-aware"], seeds: [1], probeSeeds: 2, ...units });
  const probes = plan.flatMap((part) => part.kind === "tune" && part.split === "val" ? [part] : []);
  assertEquals(probes.map(({ id }) => id), [
    "probes/mini",
    "probes/plus-ac",
    "probes/plus-b",
    "probes/draw-2/mini",
    "probes/draw-2/plus-ac",
    "probes/draw-2/plus-b",
  ]);
  assertEquals(probes[4]!.data, { a: "large", b: "mini", c: "large", f: "mini" });
  const weigh = plan.find(({ kind }) => kind === "balance")!;
  assert(weigh.kind === "balance");
  const plus = (at: string) =>
    ["plus-ac", "plus-b", "plus-ac", "mini"].map((name) => `${at}/${name}/eval.json`);
  assertEquals(weigh.scores["plus-2"], plus("probes/draw-2"));

  const right = (n: number) => Array.from({ length: 50 }, (_, q) => q < n ? 100 : 0);
  const mini = [10, 20, 15, 5].map(right);
  const group = [40, 22, 30, 5].map(right);
  const rows = [group, [12, 40, 16, 5].map(right), group, mini];
  const points = { mini, plus: rows, blank: mini.map(() => right(0)) };
  const weights = noiseAware.weigh!([{ tasks: many }], units, [points]) as NoiseWeights;
  assertEquals([weights.lambda[0], weights.lambda[3]], [weights.lambda[2], 0.7]);
  assertAlmostEquals(weights.lambda[0]! + weights.lambda[1]! + weights.lambda[2]!, 3);
  assertAlmostEquals(weights.rawDifficulty[0]!, ((1 - 10 / 40) + (1 - 15 / 30)) / 2);
  const intervals = noiseAware.intervals!([{ tasks: many }], units, [points]);
  assertEquals([intervals.lambda[0], intervals.lambda[3]], [intervals.lambda[2], [0.7, 0.7]]);
});

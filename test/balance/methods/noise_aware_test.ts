import { assert, assertEquals, assertThrows } from "@std/assert";
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

Deno.test("its probes are of the kind that is set, shared with CoTBal; groups and fixed weights are refused", () => {
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
  const { methods } = settings;
  assertThrows(() => checkOptions({ methods, fixed: { a: 1 } }), InputError, "--fixed: expected without");
  assertThrows(() => checkOptions({ methods: ["merge"], fixed: { a: 1 } }), InputError, "the method merge");
  assertThrows(
    () => checkOptions({ methods, groups: { c: tasks } }),
    InputError,
    "--groups: expected without",
  );
});

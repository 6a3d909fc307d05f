import { assertAlmostEquals, assertEquals } from "@std/assert";
import { probeCost } from "../../src/balance/compare/cost.ts";
import { SUBSETS } from "../../src/study/design.ts";
import { presetByName } from "../../src/train/presets.ts";
import { passesBefore } from "../../src/study/cost.ts";

Deno.test("what methods read before they tune, as passes over the training samples", () => {
  const probes = probeCost({ large: 1 / 2, mini: 1 / 8, tasks: 9 });
  const expected = {
    ew: 0,
    stl: 0,
    "ew-budget": 0,
    tla: 0,
    cotbal: probes,
    "noise-aware": 3 * probes,
    "cotbal-chat": 1 / 2 + 1 / 8,
    "cotbal-precise": probes + 1 / 2 + 1 / 8,
    merge: 1,
    regret: 3, // EW twice, and STL
    sensitivity: 1 + 9,
    search: 1 + 12,
    fixed: 4 * 13, // four searches found them
  };
  for (const [method, passes] of Object.entries(expected)) {
    assertAlmostEquals(passesBefore(method, 9), passes, 1e-12, method);
  }
  assertEquals(passesBefore("cotbal", 7), 1.375);
  const { mini, large } = presetByName("tiny").tune;
  assertEquals({ mini, large }, { ...SUBSETS }); // else records of other subsets are mixed with these
});

import { assertEquals, assertThrows } from "@std/assert";
import { probeCost } from "../../../src/balance/compare/cost.ts";
import { InputError } from "../../../src/errors.ts";
import { planRun } from "../../../src/run/plan.ts";

Deno.test("probeCost is what the plan's probes read, in samples", () => {
  const sizes: Record<string, number> = { a: 800, b: 1600, c: 160 };
  const shares = { all: 1, large: 1 / 2, mini: 1 / 8, rest: 3 / 8 };
  const tasks = Object.keys(sizes);
  let read = 0;
  for (const part of planRun({ tasks, methods: ["cotbal"], seeds: [1] })) {
    if (part.kind !== "tune" || part.split !== "val") continue;
    for (const [task, share] of Object.entries(part.data)) read += shares[share] * sizes[task]!;
  }
  const once = Object.values(sizes).reduce((a, b) => a + b, 0);
  assertEquals(read / once, probeCost({ large: 1 / 2, mini: 1 / 8, tasks: 3 }));
});

Deno.test("probeCost refuses what is no share", () => {
  assertThrows(() => probeCost({ large: 2, mini: 0.1, tasks: 3 }), InputError, "large share");
  assertThrows(() => probeCost({ large: 1, mini: NaN, tasks: 3 }), InputError, "mini share");
  assertThrows(() => probeCost({ large: 1, mini: 0.1, tasks: 0 }), InputError, "number of tasks");
});

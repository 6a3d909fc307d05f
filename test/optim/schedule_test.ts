import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { learningRate, type ScheduleKind } from "../../src/optim/schedule.ts";

const rates = (kind: ScheduleKind, warmup: number, steps = 10) =>
  Array.from({ length: steps }, (_, step) => learningRate(step, { peak: 2, steps, warmup, kind }));

Deno.test("warm-up rises in equal parts to the peak", () => {
  for (const kind of ["cosine", "linear", "constant"] as const) {
    const found = rates(kind, 0.4);
    [0.5, 1, 1.5, 2, 2].forEach((expected, step) => assertAlmostEquals(found[step]!, expected, 1e-12));
  }
});

Deno.test("cosine and linear fall towards 0, never below; constant stays", () => {
  for (const kind of ["cosine", "linear"] as const) {
    const found = rates(kind, 0.2);
    for (let step = 3; step < 10; step++) assert(found[step]! < found[step - 1]!);
    assert(found.at(-1)! > 0);
    assertEquals(learningRate(10, { peak: 2, steps: 10, warmup: 0.2, kind }), 0);
    assertEquals(learningRate(99, { peak: 2, steps: 10, warmup: 0.2, kind }), 0);
  }
  assertEquals(rates("constant", 0), new Array(10).fill(2));
});

Deno.test("the cosine's quarters", () => {
  const at = (step: number) => learningRate(step, { peak: 1, steps: 100, warmup: 0, kind: "cosine" });
  assertEquals(at(0), 1);
  assertAlmostEquals(at(25), 0.5 + Math.SQRT1_2 / 2, 1e-12);
  assertAlmostEquals(at(50), 0.5, 1e-12);
});

Deno.test("one step, and nothing but warm-up", () => {
  assertEquals(rates("cosine", 0, 1), [2]);
  assertEquals(rates("linear", 1, 4), [0.5, 1, 1.5, 2]);
});

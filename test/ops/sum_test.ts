import { assertAlmostEquals, assertEquals } from "@std/assert";
import { sum, sumAll } from "../../src/ops/sum.ts";
import { Random } from "../../src/random.ts";
import { constant, draw, Lab } from "./_lab.ts";

Deno.test("sum", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradient", async () => {
    for (const shape of [[1], [3, 5], [1023], [1024], [1025], [7, 300]]) {
      const x = draw(new Random(`${shape}`), shape);
      await lab.verify(`sum of [${shape}]`, { x }, (tape, t) => sum(tape, t.x), {
        y: [x.values.reduce((a, b) => a + b, 0)],
        backward: (dy) => ({ x: x.values.map(() => dy[0]!) }),
      }, { tolerance: 1e-5 });
    }
  });
  await t.step("ones are counted exactly past every limit", async () => {
    for (const count of [65_535, 65_536, 65_537, 1_048_576, 1_048_577, 5_000_011]) {
      const x = constant({ shape: [count], values: new Float32Array(count).fill(1) });
      const found = await lab.run({ x }, (tape, t) => sumAll(tape, t.x));
      assertEquals(found.y[0], count);
    }
  });
  await t.step("squares", async () => {
    for (const count of [1, 1025, 70_001]) {
      const x = constant(draw(new Random(count), [count]));
      const found = await lab.run({ x }, (tape, t) => sumAll(tape, t.x, true));
      const expected = x.values.reduce((a, b) => a + b * b, 0);
      assertAlmostEquals(found.y[0]!, expected, 1e-5 * expected);
    }
  });
  lab.close();
});

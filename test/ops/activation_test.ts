import { assertLess } from "@std/assert";
import { activate } from "../../src/ops/activation.ts";
import { Random } from "../../src/random.ts";
import * as reference from "../reference/activation.ts";
import { draw, Lab } from "./_lab.ts";

Deno.test("activation", async (t) => {
  const lab = await Lab.open();
  for (const activation of ["gelu", "gelu_tanh", "quick_gelu", "silu"] as const) {
    await t.step(activation, async () => {
      const random = new Random(activation);
      for (const shape of [[1], [3, 5], [7, 2, 11]]) {
        const x = draw(random, shape, 2);
        await lab.verify(`${activation} [${shape}]`, { x }, (tape, t) => activate(tape, activation, t.x), {
          y: x.values.map((value) => reference.activate(activation, value)),
          backward: (dy) => ({ x: dy.map((g, i) => g * reference.derivative(activation, x.values[i]!)) }),
        });
      }
    });
    await t.step(`${activation} far out`, async () => {
      const values = [-1e4, -100, -30, -12, -6, -1e-3, -1e-20, 0, 1e-20, 1e-3, 6, 12, 30, 100, 1e4];
      const x = { shape: [values.length], values };
      const dy = values.map(() => 1);
      const found = await lab.run({ x }, (tape, t) => activate(tape, activation, t.x), dy);
      values.forEach((value, i) => {
        const allowed = 4e-7 * Math.max(1, Math.abs(value));
        assertLess(Math.abs(found.y[i]! - reference.activate(activation, value)), allowed, `y at ${value}`);
        const slope = found.gradients.x![i]!;
        assertLess(
          Math.abs(slope - reference.derivative(activation, value)),
          2e-6,
          `slope at ${value}: ${slope}`,
        );
      });
    });
  }
  lab.close();
});

import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { swiglu } from "../../src/ops/swiglu.ts";
import { Random } from "../../src/random.ts";
import * as reference from "../reference/swiglu.ts";
import { close, draw, Lab } from "./_lab.ts";

Deno.test("swiglu", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradient", async () => {
    const random = new Random("swiglu");
    for (const [rows, width] of [[1, 1], [3, 5], [7, 13], [2, 64]]) {
      const x = draw(random, [rows!, 2 * width!]);
      const expected = reference.swiglu(x.values, width!);
      await lab.verify(`swiglu [${x.shape}]`, { x }, (tape, t) => swiglu(tape, t.x), expected);
    }
  });
  await t.step("leading sizes are rows", async () => {
    const x = draw(new Random("leading"), [2, 3, 10]);
    const expected = reference.swiglu(x.values, 5);
    await lab.verify("swiglu [2,3,10]", { x }, (tape, t) => {
      const y = swiglu(tape, t.x);
      assertEquals(y.shape, [2, 3, 5]);
      return y;
    }, expected);
  });
  await t.step("gates far out", async () => {
    const x = { shape: [4, 2], values: [-200, 3, 200, 3, -88.8, 1, 0, 7] };
    const { y, backward } = reference.swiglu(x.values, 1);
    const found = await lab.run({ x }, (tape, t) => swiglu(tape, t.x), [1, 1, 1, 1]);
    close(found.y, y, "y");
    close(found.gradients.x!, backward(Float64Array.of(1, 1, 1, 1)).x, "d x");
  });
  await t.step("an odd size has no two halves", () => {
    const tape = new Tape(lab.gpu);
    assertThrows(
      () => swiglu(tape, tape.empty([4, 7], "x")),
      Error,
      "swiglu: the last size must be even, found shape [4,7]",
    );
  });
  lab.close();
});

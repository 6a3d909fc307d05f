import { assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { add } from "../../src/ops/add.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { Random } from "../../src/random.ts";
import { draw, Lab, parameter } from "./_lab.ts";

Deno.test("add and multiply", async (t) => {
  const lab = await Lab.open();
  const random = new Random("elementwise");
  const shapes = [[1], [3], [2, 3, 5], [64], [70_001]];

  await t.step("two tensors", async () => {
    for (const shape of shapes) {
      const a = draw(random, shape), b = parameter(draw(random, shape));
      await lab.verify(`product [${shape}]`, { a, b }, (tape, t) => multiply(tape, t.a, t.b), {
        y: a.values.map((x, i) => x * b.values[i]!),
        backward: (dy) => ({ a: dy.map((g, i) => g * b.values[i]!), b: dy.map((g, i) => g * a.values[i]!) }),
      }, shape[0] === 70_001 ? { differences: false } : {});
      await lab.verify(`sum [${shape}]`, { a, b }, (tape, t) => add(tape, t.a, t.b), {
        y: a.values.map((x, i) => x + b.values[i]!),
        backward: (dy) => ({ a: dy, b: dy }),
      }, shape[0] === 70_001 ? { differences: false } : {});
    }
  });
  await t.step("the same tensor twice", async () => {
    const a = draw(random, [7]);
    await lab.verify("a·a", { a }, (tape, t) => multiply(tape, t.a, t.a), {
      y: a.values.map((x) => x * x),
      backward: (dy) => ({ a: dy.map((g, i) => 2 * g * a.values[i]!) }),
    });
    await lab.verify("a + a", { a }, (tape, t) => add(tape, t.a, t.a), {
      y: a.values.map((x) => 2 * x),
      backward: (dy) => ({ a: dy.map((g) => 2 * g) }),
    });
  });
  await t.step("a tensor and a view of it", async () => {
    const a = draw(random, [6]);
    await lab.verify("a·view", { a }, (tape, t) => multiply(tape, t.a.view([2, 3]), t.a.view([2, 3])), {
      y: a.values.map((x) => x * x),
      backward: (dy) => ({ a: dy.map((g, i) => 2 * g * a.values[i]!) }),
    });
  });
  await t.step("a tensor used three times, intermediate results used again", async () => {
    const a = draw(random, [5]), b = draw(random, [5]);
    const value = (x: number, y: number) => (x * y + x) * x + (x * y + x) + y;
    await lab.verify("((ab + a)·a + (ab + a)) + b", { a, b }, (tape, t) => {
      const inner = add(tape, multiply(tape, t.a, t.b), t.a);
      return add(tape, add(tape, multiply(tape, inner, t.a), inner), t.b);
    }, {
      y: a.values.map((x, i) => value(x, b.values[i]!)),
      backward: (dy) => ({
        a: dy.map((g, i) => g * (2 * a.values[i]! * (b.values[i]! + 1) + b.values[i]! + 1)),
        b: dy.map((g, i) => g * (a.values[i]! ** 2 + a.values[i]! + 1)),
      }),
    });
  });
  await t.step("sums of sums share no memory by mistake", async () => {
    const a = draw(random, [5]), b = parameter(draw(random, [5])), c = draw(random, [5]);
    await lab.verify("((a + b) + (a + c)) + ((a + b) + a)", { a, b, c }, (tape, t) => {
      const left = add(tape, t.a, t.b);
      return add(tape, add(tape, left, add(tape, t.a, t.c)), add(tape, left, t.a));
    }, {
      y: a.values.map((x, i) => 4 * x + 2 * b.values[i]! + c.values[i]!),
      backward: (dy) => ({ a: dy.map((g) => 4 * g), b: dy.map((g) => 2 * g), c: dy }),
    });
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const a = tape.empty([2, 3], "a"), b = tape.empty([3, 2], "b");
    assertThrows(() => add(tape, a, b), Error, "add: b must have shape [2,3], found [3,2]");
    assertThrows(() => multiply(tape, a, b), Error, "multiply: b must have shape [2,3], found [3,2]");
  });
  lab.close();
});

import { assert, assertAlmostEquals, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { accumulate, broadcast, copy, fill, product } from "../../src/autograd/elementwise.ts";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { activate } from "../../src/ops/activation.ts";
import { add } from "../../src/ops/add.ts";
import { linear } from "../../src/ops/linear.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { sum } from "../../src/ops/sum.ts";

Deno.test("tape", async (t) => {
  const gpu = await createGpu();
  const of = (values: number[], requiresGrad = true) => {
    const tensor = Tensor.of(gpu, [values.length], values);
    tensor.requiresGrad = requiresGrad;
    return tensor;
  };

  /** Runs what was recorded on poisoned memory and reads tensors. */
  async function read(tape: Tape, ...tensors: (Tensor | undefined)[]): Promise<number[][]> {
    for (const tensor of tensors) tape.output(tensor!);
    const program = tape.compile();
    program.poison();
    program.run();
    const values = await Promise.all(tensors.map((tensor) => tensor!.read(gpu)));
    program.destroy();
    return values.map((array) => [...array]);
  }

  await t.step("parameter gradients add over runs, activation gradients are assigned", async () => {
    const x = of([1, 2, 3]), p = of([4, 5, 6]);
    p.gradient = Tensor.of(gpu, [3], [100, 100, 100]);
    const tape = new Tape(gpu);
    tape.backward(sum(tape, multiply(tape, x, p)));
    const dx = tape.output(tape.gradient(x)!);
    assertStrictEquals(tape.gradient(p), p.gradient);
    const program = tape.compile();
    program.run(3);
    assertEquals([...await dx.read(gpu)], [4, 5, 6]);
    assertEquals([...await p.gradient.read(gpu)], [103, 106, 109]);
    program.destroy();
  });
  await t.step("a seed starts backward and is left as it is", async () => {
    const x = of([1, 2, 3]), y = of([7, 7, 7]), seed = of([1, 10, 100], false);
    const tape = new Tape(gpu);
    // The sum hands its gradient on, to which the product then adds.
    tape.backward(add(tape, x, multiply(tape, x, y)), seed);
    const [dx, dy] = await read(tape, tape.gradient(x), tape.gradient(y));
    assertEquals(dx, [8, 80, 800]);
    assertEquals(dy, [1, 20, 300]);
    assertEquals([...await seed.read(gpu)], [1, 10, 100]);
  });
  await t.step("a checkpoint gives the gradients of what it computes again, in less memory", async () => {
    const measured = async (checkpoint: boolean) => {
      const x = of([1, 2, 3]), p = of([4, 5, 6]), idle = of([1, 1, 1], false), seed = of([1, 10, 100], false);
      p.gradient = Tensor.of(gpu, [3], [100, 100, 100]);
      const tape = new Tape(gpu, { checkpoint });
      let times = 0;
      // x and p are read inside and outside, the piece's result twice, its gradient is handed on to x by the sum.
      const piece = (from: Tensor) =>
        tape.checkpoint(() => {
          times++;
          const inner = tape.checkpoint(() => multiply(tape, multiply(tape, from, p), from));
          return add(tape, from, inner);
        });
      const first = piece(x);
      const second = piece(first);
      const frozen = tape.checkpoint(() => multiply(tape, idle, idle));
      assertEquals([frozen.requiresGrad, second.requiresGrad], [false, true]);
      const last = piece(add(tape, second, multiply(tape, first, p)));
      tape.backward(last, seed);
      const dx = tape.gradient(x)!;
      const [values] = await read(tape, dx);
      return { times, values, p: [...await p.gradient.read(gpu)], seed: [...await seed.read(gpu)] };
    };
    const kept = await measured(false), again = await measured(true);
    assertEquals([kept.times, again.times], [3, 6]);
    assertEquals({ ...again, times: 0 }, { ...kept, times: 0 });
    assertEquals(again.seed, [1, 10, 100]);

    const need = (checkpoint: boolean) => {
      const tape = new Tape(gpu, { checkpoint });
      let x = activate(tape, "gelu", of(new Array<number>(1024).fill(1)));
      for (let layer = 0; layer < 6; layer++) {
        const before = x;
        x = tape.checkpoint(() => {
          let y = before;
          for (let k = 0; k < 5; k++) y = activate(tape, "gelu", y);
          return y;
        });
      }
      tape.backward(sum(tape, x));
      return tape.need().largestNeed;
    };
    assert(need(true) < 0.6 * need(false), `${need(true)} of ${need(false)}`);
  });
  await t.step("a tensor has one gradient through all of its views", async () => {
    const x = of([1, 2, 3, 4]), factors = of([1, 10, 100, 1000], false);
    const tape = new Tape(gpu);
    const square = multiply(tape, x, x); // an intermediate result, seen in two shapes
    const left = sum(tape, multiply(tape, square.view([2, 2]), factors.view([2, 2])));
    tape.backward(add(tape, left, sum(tape, square.view([1, 4]))));
    const [dx] = await read(tape, tape.gradient(x));
    assertEquals(dx, [4, 44, 606, 8008]);
    assertEquals(tape.gradient(x.view([2, 2]))?.shape, [2, 2]);
  });
  await t.step("gradients that intermediate results hand on are not read as their own", async () => {
    const x = of([1, 2]), y = of([3, 4]);
    const tape = new Tape(gpu);
    const s = add(tape, x, y);
    tape.backward(sum(tape, add(tape, s, multiply(tape, x, x))));
    assertEquals(tape.gradient(s), undefined);
    const [dx, dy] = await read(tape, tape.gradient(x), tape.gradient(y));
    assertEquals(dx, [3, 5]);
    assertEquals(dy, [1, 1]);
  });
  await t.step("a residual's gradient and its branch's", async () => {
    const x = of([1, 2]).view([1, 2]), w = Tensor.of(gpu, [2, 2], [1, 2, 3, 4]);
    const tape = new Tape(gpu);
    const h = linear(tape, x, w, { residual: x });
    const z = linear(tape, activate(tape, "silu", h), w, { residual: h });
    tape.backward(z, Tensor.of(gpu, [1, 2], [1, 1]));
    const [dx] = await read(tape, tape.gradient(x));
    const silu = (v: number) => v / (1 + Math.exp(-v));
    const slope = (v: number) => (silu(v + 1e-6) - silu(v - 1e-6)) / 2e-6;
    const dh = [1 + 4 * slope(6), 1 + 6 * slope(13)]; // h = x + W·x = [6, 13]
    assertAlmostEquals(dx![0]!, dh[0]! * 2 + dh[1]! * 3, 1e-4);
    assertAlmostEquals(dx![1]!, dh[0]! * 2 + dh[1]! * 5, 1e-4);
  });
  await t.step("noGrad records no rule, and nothing reaches what needs no gradient", () => {
    const x = of([1, 2]), tape = new Tape(gpu);
    const y = tape.noGrad(() => multiply(tape, x, x));
    assertEquals(y.requiresGrad, false);
    assertThrows(
      () => tape.backward(sum(tape, y)),
      Error,
      "backward: the loss does not depend on a tensor that requires a gradient",
    );
    const constant = of([1, 2], false);
    tape.backward(sum(tape, multiply(tape, x, constant)));
    assert(tape.gradient(x));
    assertEquals(tape.gradient(constant), undefined);
  });
  await t.step("only a scalar starts backward by itself", () => {
    const x = of([1, 2]), tape = new Tape(gpu);
    assertThrows(
      () => tape.backward(multiply(tape, x, x)),
      Error,
      "backward: the loss must be a scalar, found shape [2]",
    );
  });
  await t.step("inputs are filled by name", async () => {
    const tape = new Tape(gpu);
    const a = tape.input("a", [3]), b = tape.input("b", [3]);
    const y = tape.output(add(tape, a, b));
    const program = tape.compile();
    program.upload({ a: Float32Array.of(1, 2, 3), b: Float32Array.of(10, 20, 30) });
    program.run();
    assertEquals([...await y.read(gpu)], [11, 22, 33]);
    program.upload({ b: Float32Array.of(5) }); // what is not given stays
    program.run();
    assertEquals([...await y.read(gpu)], [6, 22, 33]);
    program.destroy();
  });
  await t.step("element by element, ragged and long", async () => {
    for (const count of [1, 3, 5, 64, 1025]) {
      const values = Array.from({ length: count }, (_, i) => i - 2),
        x = of(values, false),
        tape = new Tape(gpu);
      const [filled, copied, spread, times] = ["filled", "copied", "spread", "times"].map((name) =>
        tape.empty([count], name)
      ) as [Tensor, Tensor, Tensor, Tensor];
      fill(tape, filled, 0.5);
      copy(tape, copied, x);
      accumulate(tape, copied, filled);
      broadcast(tape, spread, x, false);
      broadcast(tape, spread, x, true);
      product(tape, times, x, copied, false);
      product(tape, times, x, copied, true);
      const found = await read(tape, filled, copied, spread, times);
      assertEquals(found, [
        values.map(() => 0.5),
        values.map((v) => v + 0.5),
        values.map(() => -4),
        values.map((v) => 2 * v * (v + 0.5)),
      ]);
    }
  });
  gpu.destroy();
});

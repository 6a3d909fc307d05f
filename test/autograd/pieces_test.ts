import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fill, product } from "../../src/autograd/elementwise.ts";
import { pieces } from "../../src/autograd/pieces.ts";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu, type Gpu } from "../../src/gpu/gpu.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { sumAll } from "../../src/ops/sum.ts";
import { AdamW, SCALARS } from "../../src/optim/adamw.ts";
import { Random } from "../../src/random.ts";

/** Bytes of the smallest binding that is handled. */
const SMALL = 65_536 * 4;

Deno.test("tensors larger than a binding are handled in pieces, to the same bits", async (t) => {
  const gpu = await createGpu();
  const whole = gpu.largestBinding;
  const both = async (run: (gpu: Gpu) => Promise<Float32Array>) => {
    gpu.largestBinding = whole;
    const expected = await run(gpu);
    gpu.largestBinding = SMALL;
    const found = await run(gpu);
    gpu.largestBinding = whole;
    assertEquals(found, expected);
    return found;
  };
  const random = new Random("pieces");
  const values = Float32Array.from({ length: 200_003 }, () => random.normal());

  await t.step("the parts cover all elements once", () => {
    gpu.largestBinding = SMALL + 1000;
    const parts = pieces(gpu, 200_003);
    gpu.largestBinding = whole;
    assertEquals(parts.map(({ first }) => first), [0, 65_536, 131_072, 196_608]);
    assertEquals(parts.reduce((sum, { count }) => sum + count, 0), 200_003);
    gpu.largestBinding = 1000;
    assertThrows(() => pieces(gpu, 10), Error, "too small");
    gpu.largestBinding = whole;
  });

  await t.step("sums of squares", async () => {
    const found = await both(async (gpu) => {
      const x = Tensor.of(gpu, [values.length], values);
      const tape = new Tape(gpu);
      const y = tape.output(sumAll(tape, x, true));
      const program = tape.compile();
      program.run();
      const result = await y.read(gpu);
      program.destroy();
      x.destroy(gpu);
      return result;
    });
    const exact = values.reduce((sum, x) => sum + x * x, 0);
    assertAlmostEquals(found[0]! / exact, 1, 1e-5);
  });

  await t.step("fill and product", async () => {
    const found = await both(async (gpu) => {
      const x = Tensor.of(gpu, [values.length], values);
      const tape = new Tape(gpu);
      const two = tape.empty([values.length], "two"), y = tape.output(tape.empty([values.length], "y"));
      fill(tape, two, 2);
      product(tape, y, x, two, false);
      const program = tape.compile();
      program.run();
      const result = await y.read(gpu);
      program.destroy();
      x.destroy(gpu);
      return result;
    });
    assertEquals(found, values.map((x) => 2 * x));
  });

  await t.step("AdamW with clipping", async () => {
    await both(async (gpu) => {
      const start = { constant: 1 };
      const parameters = new Parameters(gpu, [
        { name: "a", groups: [[{ name: "a.weight", shape: [300, 301], init: start }]] },
        { name: "b", groups: [[{ name: "b.bias", shape: [70_001], init: start }]] },
      ]);
      const all = new Float32Array(parameters.size);
      all.set(values.subarray(0, Math.min(values.length, all.length)));
      parameters.values.write(gpu, all);
      parameters.gradients.write(gpu, all);
      const optimiser = new AdamW(parameters, { rates: { a: 1, b: 0.5 }, weightDecay: 0.1 });
      const scalars = Tensor.of(gpu, [SCALARS.count]), ring = Tensor.of(gpu, [1, 4]);
      const host = new Float32Array(SCALARS.count);
      optimiser.fillScalars(host, 1, 0.01);
      scalars.write(gpu, host);
      const tape = new Tape(gpu);
      optimiser.update(tape, scalars, ring);
      const program = tape.compile();
      program.run();
      const result = await parameters.values.read(gpu);
      program.destroy();
      optimiser.destroy();
      parameters.destroy();
      scalars.destroy(gpu);
      ring.destroy(gpu);
      return result;
    });
  });

  await t.step("what no piece can hold is said, with kernel and tensor", () => {
    gpu.largestBinding = SMALL;
    const tape = new Tape(gpu);
    const x = tape.empty([100_000], "far too long");
    assertThrows(() => tape.dispatch(wide, {}, [x]), Error, "far too long");
    gpu.largestBinding = whole;
  });
  gpu.destroy();
});

const wide = {
  name: "wide",
  wgsl: "",
  constants: () => ({}),
  bindings: () => ["x"],
  params: () => [0],
  groups: () => [1, 1, 1] as const,
};

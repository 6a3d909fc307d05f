import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { RunError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { BLOCK, type Bundle, type ModuleSpec, Parameters } from "../../src/nn/parameters.ts";
import { AdamW, SCALARS } from "../../src/optim/adamw.ts";
import { linear } from "../../src/ops/linear.ts";
import { sum } from "../../src/ops/sum.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { Random } from "../../src/random.ts";

const MODULES: ModuleSpec[] = [
  {
    name: "first",
    bundles: [
      [{ name: "q", shape: [3, 5], init: { normal: 2 } }, { name: "k", shape: [2, 5], init: { normal: 1 } }],
      [{ name: "norm", shape: [7], init: { constant: 1 } }],
    ],
  },
  { name: "second", bundles: [[{ name: "last", shape: [65], init: { constant: -3 }, idle: true }]] },
];

Deno.test("parameters", async (t) => {
  const gpu = await createGpu();
  const parameters = new Parameters(gpu, MODULES);
  const values = Parameters.initial(parameters, MODULES, new Random(1));
  parameters.values.write(gpu, values);

  await t.step("groups lie without a gap and begin at blocks", () => {
    const offsets = [...parameters.places.values()].map((
      { name, offset, size, idle },
    ) => [name, offset, size, idle]);
    assertEquals(offsets, [["q", 0, 15, false], ["k", 15, 10, false], ["norm", 64, 7, false], [
      "last",
      128,
      65,
      true,
    ]]);
    assertEquals([...parameters.modules], [["first", { start: 0, end: 128 }], ["second", {
      start: 128,
      end: 256,
    }]]);
    assertEquals([parameters.size, parameters.count, BLOCK], [256, 97, 64]);
  });
  await t.step("starting values", () => {
    assertEquals([...parameters.of(values, "norm")], new Array(7).fill(1));
    assertEquals([...parameters.of(values, "last")], new Array(65).fill(-3));
    assert(parameters.of(values, "q").every((x) => x !== 0));
    assertEquals(values.subarray(25, 64), new Float32Array(39), "gaps are 0");
    // A parameter's values depend on the seed and its own name, not on what else the model has.
    const other = new Parameters(gpu, MODULES.slice(0, 1));
    const fewer = Parameters.initial(other, MODULES.slice(0, 1), new Random(1));
    assertEquals(fewer, values.subarray(0, 128));
    other.destroy();
  });
  await t.step("a group serves as one matrix, and its gradient reaches each part", async () => {
    const tape = new Tape(gpu);
    const both = parameters.tensor(["q", "k"], true);
    assertEquals([both.shape, both.requiresGrad], [[5, 5], true]);
    const x = tape.input("x", [1, 5]);
    tape.backward(sum(tape, linear(tape, x, both)));
    const program = tape.compile();
    program.upload({ x: Float32Array.of(1, 2, 3, 4, 5) });
    program.run();
    const gradients = await parameters.gradients.read(gpu);
    assertEquals([...parameters.of(gradients, "q")], [1, 2, 3].flatMap(() => [1, 2, 3, 4, 5]));
    assertEquals([...parameters.of(gradients, "k")], [1, 2].flatMap(() => [1, 2, 3, 4, 5]));
    assertEquals(gradients.subarray(25), new Float32Array(231));
    program.destroy();
  });
  await t.step("what is not trained has no gradient", () => {
    const norm = parameters.tensor(["norm"], false);
    assertEquals([norm.requiresGrad, norm.gradient], [false, undefined]);
  });
  await t.step(
    "modules that cannot be trained have no gradients, and their matrices may be held in 16 bits",
    async () => {
      const live = gpu.liveBytes;
      const half = new Parameters(gpu, MODULES, { trainable: ["second"], storage: "f16" });
      // 64 + 128 floats; 25 values of two bytes, rounded up to 16.
      assertEquals(gpu.liveBytes - live, 4 * 192 + 64);
      half.values.write(gpu, values);
      const both = half.tensor(["q", "k"], false);
      assertEquals([both.dtype, both.shape, both.requiresGrad], ["f16", [5, 5], false]);
      assertEquals(await both.read(gpu), values.subarray(0, 25).map(Math.f16round));
      assertEquals(half.tensor(["norm"], false).dtype, "f32");
      assertEquals(
        await half.values.read(gpu),
        values.map((x, i) => i < 25 ? Math.f16round(x) : x),
      );
      assertThrows(() => half.tensor(["norm"], true), Error, "the module first has no gradients");
      assertThrows(() => half.stretches(["first", "second"]), Error, "made to train second");
      assertEquals(gpu.liveBytes - live, 4 * 192 + 64, "nobody asked for gradients yet");
      assert(half.tensor(["last"], true).gradient);
      assertEquals(gpu.liveBytes - live, 4 * (192 + 128) + 64);
      half.destroy();
      assertEquals(gpu.liveBytes, live);
    },
  );
  await t.step("only whole groups can be had", () => {
    assertThrows(() => parameters.tensor(["q"], false), Error, "no parameters q");
    assertThrows(() => parameters.tensor(["k", "q"], false), Error, "no parameters k + q");
  });
  parameters.destroy();
  assertEquals(gpu.liveBytes, gpu.sharedBytes);
  gpu.destroy();
});

/** Sizes that put the ends of buffers everywhere: within a span of the norm's sums, and many spans apart. */
const LARGE: ModuleSpec[] = ["a", "b", "c"].map((name, m) => ({
  name,
  bundles: [
    ...Array.from({ length: 9 }, (_, i): Bundle => [
      { name: `${name}.${i}.weight`, shape: [3 + 40 * m + i, 100 + 7 * i], init: { normal: 1 } },
      { name: `${name}.${i}.more`, shape: [2, 100 + 7 * i], init: { normal: 1 } },
    ]),
    [{ name: `${name}.table`, shape: [400, 181], init: { normal: 1 } }],
    [{ name: `${name}.norm`, shape: [65], init: { constant: 1 } }],
  ],
}));

Deno.test("parameters in several buffers: the same bits as in one", async (t) => {
  const gpu = await createGpu();
  const most = gpu.largestBuffer, binding = gpu.largestBinding;

  /** Values, moments and the gradient's norm after three steps. */
  async function steps(limit: number, rates: Record<string, number>) {
    gpu.largestBuffer = limit;
    const parameters = new Parameters(gpu, LARGE);
    gpu.largestBuffer = most;
    const random = new Random("buffers");
    parameters.values.write(gpu, Parameters.initial(parameters, LARGE, random));
    const optimiser = new AdamW(parameters, { rates, weightDecay: 0.1 });
    const scalars = Tensor.of(gpu, [SCALARS.count]), ring = Tensor.of(gpu, [1, 4]);
    const tape = new Tape(gpu);
    optimiser.update(tape, scalars, ring);
    const program = tape.compile();
    const norms: number[] = [];
    for (let step = 1; step <= 3; step++) {
      const host = new Float32Array(SCALARS.count);
      optimiser.fillScalars(host, step, 0.01);
      scalars.write(gpu, host);
      const gradient = new Float32Array(parameters.size);
      for (const { offset, size } of parameters.places.values()) {
        for (let i = offset; i < offset + size; i++) gradient[i] = random.normal();
      }
      parameters.gradients.write(gpu, gradient);
      program.poison();
      program.run();
      norms.push((await ring.read(gpu))[1]!);
    }
    const buffers = new Set(parameters.bundles.map(({ tensor }) => tensor.slot.buffer)).size;
    const found = {
      norms,
      values: await parameters.values.read(gpu),
      m: await optimiser.m.read(gpu),
      v: await optimiser.v.read(gpu),
    };
    program.destroy();
    optimiser.destroy();
    parameters.destroy();
    for (const tensor of [scalars, ring]) tensor.destroy(gpu);
    assertEquals(gpu.liveBytes, gpu.sharedBytes);
    return { buffers, found };
  }

  for (const rates of [{ a: 1, b: 1, c: 0.5 }, { b: 1, c: 2 }, { a: 1, c: 1 }, { c: 1 }] as const) {
    await t.step(`modules ${Object.keys(rates).join(", ")}`, async () => {
      const whole = await steps(most, rates);
      assertEquals(whole.buffers, 1);
      for (const limit of [600_000, 400_016, 320_000]) {
        const parts = await steps(limit, rates);
        assert(parts.buffers > 2, `${parts.buffers} buffers`);
        assertEquals(parts.found, whole.found, `buffers of ${limit} bytes`);
      }
      gpu.largestBinding = 262_144;
      assertEquals((await steps(600_000, rates)).found, whole.found, "and small bindings");
      gpu.largestBinding = binding;
    });
  }
  await t.step("a bundle that fits no buffer is named", () => {
    gpu.largestBuffer = 160_000;
    assertThrows(() => new Parameters(gpu, LARGE), RunError, "a.table: 289792 bytes are over");
    assertEquals(gpu.liveBytes, gpu.sharedBytes, "memory that was not given back");
    const half = new Parameters(gpu, LARGE.slice(0, 1), { trainable: [], storage: "f16" });
    half.destroy();
    gpu.largestBuffer = most;
  });
  gpu.destroy();
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { BLOCK, type ModuleSpec, Parameters } from "../../src/nn/parameters.ts";
import { linear } from "../../src/ops/linear.ts";
import { sum } from "../../src/ops/sum.ts";
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
  await t.step("only whole groups can be had", () => {
    assertThrows(() => parameters.tensor(["q"], false), Error, "no parameters q");
    assertThrows(() => parameters.tensor(["k", "q"], false), Error, "no parameters k + q");
  });
  parameters.destroy();
  assertEquals(gpu.liveBytes, gpu.sharedBytes);
  gpu.destroy();
});

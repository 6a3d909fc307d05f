import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { layerNorm, rmsNorm } from "../../../src/ops/norm/norm.ts";
import { Random } from "../../../src/random.ts";
import { norm } from "../../reference/norm.ts";
import { draw, Lab, parameter } from "../_lab.ts";

Deno.test("norms", async (t) => {
  const lab = await Lab.open();
  const eps = 1e-5;
  const sizes: [number, number][] = [
    [1, 1],
    [5, 1],
    [7, 3],
    [3, 5],
    [13, 64],
    [37, 96],
    [1, 4],
    [70, 20],
    [9, 512],
    [6, 516],
    [3, 1100],
    [2, 2052],
    [1100, 8],
  ];

  await t.step("RMSNorm", async () => {
    for (const [rows, width] of sizes) {
      const random = new Random(`rms ${rows} ${width}`);
      const x = draw(random, [rows, width]), weight = parameter(draw(random, [width]));
      const expected = norm(x.values, weight.values, undefined, eps);
      const build = lab.verify<"x" | "weight">;
      await build.call(
        lab,
        `rms norm [${x.shape}]`,
        { x, weight },
        (tape, t) => rmsNorm(tape, t.x, t.weight, eps),
        expected,
        // The gradient of x/|x| in one dimension is zero but for eps: no scale to compare with.
        { differences: width > 1 ? {} : false, tolerance: width > 1 ? 3e-6 : 3e-2 },
      );
    }
  });
  await t.step("LayerNorm", async () => {
    for (const [rows, width] of sizes) {
      const random = new Random(`layer ${rows} ${width}`);
      const x = draw(random, [rows, width], 3), weight = parameter(draw(random, [width]));
      const bias = parameter(draw(random, [width]));
      await lab.verify(
        `layer norm [${x.shape}]`,
        { x, weight, bias },
        (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
        norm(x.values, weight.values, bias.values, eps),
        { tolerance: 3e-6, differences: { step: 0.04 } },
      );
    }
  });
  await t.step("a mean far from zero", async () => {
    const random = new Random("mean");
    const x = draw(random, [5, 64]), weight = draw(random, [64]), bias = draw(random, [64]);
    for (let i = 0; i < x.values.length; i++) x.values[i] = Math.fround(x.values[i]! + 1000);
    await lab.verify(
      "layer norm around 1000",
      { x, weight, bias },
      (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
      norm(x.values, weight.values, bias.values, eps),
      { tolerance: 2e-4, differences: false }, // 1000 in float32 leaves 1e-4 of a deviation of 1
    );
  });
  await t.step("more rows than one chunk of the weight's gradient, and past 65,535", async () => {
    for (const rows of [33, 1000, 70_001]) {
      const random = new Random(`rows ${rows}`);
      const x = draw(random, [rows, 3]),
        weight = parameter(draw(random, [3])),
        bias = parameter(draw(random, [3]));
      await lab.verify(
        `layer norm [${x.shape}]`,
        { x, weight, bias },
        (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
        norm(x.values, weight.values, bias.values, eps),
        { tolerance: 1e-5, differences: false, ...(rows > 1000 && { twice: false }) },
      );
    }
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => rmsNorm(tape, tensor(2, 3), tensor(4), eps),
      Error,
      "rms norm: weight must have shape [3], found [4]",
    );
    assertThrows(
      () => layerNorm(tape, tensor(2, 3), tensor(3), tensor(1, 3), eps),
      Error,
      "layer norm: bias must have shape [3], found [1,3]",
    );
  });
  lab.close();
});

import { layerNorm, rmsNorm } from "../../src/ops/norm.ts";
import { Random } from "../../src/random.ts";
import { norm } from "../reference/norm.ts";
import { draw, Lab, parameter } from "./_lab.ts";

Deno.test("norms in the forms for GPUs", async (t) => {
  const lab = await Lab.open();
  lab.gpu.facts.isFallbackAdapter = false;
  const eps = 1e-5;

  async function verify(rows: number, width: number, tolerance = 3e-6) {
    const random = new Random(`${rows} ${width}`);
    const x = draw(random, [rows, width], 3), weight = parameter(draw(random, [width]));
    const bias = parameter(draw(random, [width]));
    await lab.verify<"x" | "weight">(
      `rms norm [${x.shape}]`,
      { x, weight },
      (tape, t) => rmsNorm(tape, t.x, t.weight, eps),
      norm(x.values, weight.values, undefined, eps),
      { tolerance, differences: false },
    );
    await lab.verify(
      `layer norm [${x.shape}]`,
      { x, weight, bias },
      (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
      norm(x.values, weight.values, bias.values, eps),
      { tolerance, differences: false },
    );
  }

  await t.step("32 lanes a row, some or all of them in use", async () => {
    for (const [rows, width] of [[1, 4], [7, 20], [5, 96], [9, 128], [3, 512]]) await verify(rows!, width!);
  });
  await t.step("more lanes, whose sums are added up in two steps", async () => {
    for (const width of [516, 1024, 1100, 2048, 2052, 3000, 4096]) await verify(5, width);
  });
  await t.step("rows so wide that a workgroup takes two or one at a time", async () => {
    for (const width of [5000, 8192, 10_000]) await verify(3, width);
  });
  await t.step("several blocks of rows a workgroup", async () => {
    await verify(5003, 8, 1e-5);
    await verify(4099, 516, 1e-5);
  });
  await t.step("widths that have no form of their own", async () => {
    for (const width of [3, 17, 16_388]) await verify(5, width);
  });
  await t.step("a mean far from zero", async () => {
    for (const width of [64, 1024]) {
      const random = new Random("mean");
      const x = draw(random, [5, width]), weight = draw(random, [width]), bias = draw(random, [width]);
      for (let i = 0; i < x.values.length; i++) x.values[i] = Math.fround(x.values[i]! + 1000);
      await lab.verify(
        `layer norm [5,${width}] around 1000`,
        { x, weight, bias },
        (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
        norm(x.values, weight.values, bias.values, eps),
        { tolerance: 2e-4, differences: false }, // 1000 in float32 leaves 1e-4 of a deviation of 1
      );
    }
  });
  lab.close();
});

import { assert, assertEquals } from "@std/assert";
import { layerNorm, rmsNorm } from "../../../src/ops/norm/norm.ts";
import { dealRows } from "../../../src/ops/norm/norm_rows.ts";
import { Random } from "../../../src/random.ts";
import { norm } from "../../reference/norm.ts";
import { draw, Lab, parameter } from "../_lab.ts";

Deno.test("how rows are dealt on GPUs", () => {
  const deal = (width: number, rows = 4096) => dealRows(rows, width, "tiled");
  assertEquals(deal(64), { lanes: 32, held: 1, tile: 4, blocks: 1, groups: 1024 });
  assertEquals(deal(512), { lanes: 32, held: 4, tile: 2, blocks: 1, groups: 2048 });
  assertEquals(deal(1024), { lanes: 64, held: 4, tile: 2, blocks: 2, groups: 1024 });
  assertEquals(deal(4096), { lanes: 256, held: 4, tile: 2, blocks: 8, groups: 256 });
  for (let width = 4; width <= 16_384; width += 4) {
    for (const rows of [1, 5, 40_960]) {
      const { lanes, held, tile, blocks, groups } = deal(width, rows)!;
      assert(
        lanes * held >= width / 4 && lanes * (held - 1) < width / 4,
        `every column has a lane: ${width}`,
      );
      assert(tile * held <= 8 || tile === 1, `few values in registers: ${width}`);
      assert(
        groups * blocks * tile >= rows && groups * lanes <= 65_536,
        `every row has a workgroup: ${width}`,
      );
    }
  }
  for (const width of [1, 6, 16_388]) assertEquals(deal(width), undefined);
});

Deno.test("norms in the forms for GPUs", async (t) => {
  const lab = await Lab.open();
  lab.gpu.facts.isFallbackAdapter = false;
  const eps = 1e-5;

  async function verify(rows: number, width: number, large = false) {
    const options = large
      ? { tolerance: 1e-5, differences: false, twice: false } as const
      : { tolerance: 3e-6, differences: false } as const;
    const random = new Random(`${rows} ${width}`);
    const x = draw(random, [rows, width], 3), weight = parameter(draw(random, [width]));
    const bias = parameter(draw(random, [width]));
    await lab.verify<"x" | "weight">(
      `rms norm [${x.shape}]`,
      { x, weight },
      (tape, t) => rmsNorm(tape, t.x, t.weight, eps),
      norm(x.values, weight.values, undefined, eps),
      options,
    );
    await lab.verify(
      `layer norm [${x.shape}]`,
      { x, weight, bias },
      (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, eps),
      norm(x.values, weight.values, bias.values, eps),
      options,
    );
  }

  await t.step("32 lanes a row, some or all of them in use", async () => {
    for (const [rows, width] of [[1, 4], [7, 20], [9, 128], [3, 512]]) await verify(rows!, width!);
  });
  await t.step("more lanes, whose sums are added up in two steps", async () => {
    for (const width of [516, 1024, 1100, 3000]) await verify(5, width);
  });
  await t.step("rows so wide that a workgroup takes one at a time", async () => {
    for (const width of [5000, 10_000]) await verify(3, width);
  });
  await t.step("several blocks of rows a workgroup", async () => {
    await verify(9001, 8, true);
    await verify(4099, 516, true);
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

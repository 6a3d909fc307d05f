import { assert, assertEquals } from "@std/assert";
import { attention } from "../../src/ops/attention/attention.ts";
import { linear } from "../../src/ops/linear.ts";
import { Random } from "../../src/random.ts";
import { draw, index, Lab, parameter } from "../ops/_lab.ts";

Deno.test("operands through textures give the same bits as from buffers", async (t) => {
  const lab = await Lab.open();
  const { gpu } = lab;
  gpu.facts.isFallbackAdapter = true; // only CPU drivers read operands through textures
  const most = gpu.largestTexture;

  /** Runs with textures, then without. */
  async function both(run: () => Promise<{ y: Float32Array; gradients: Record<string, Float64Array> }>) {
    const through = await run();
    const textures = gpu.sharedBytes - gpu.arena(16).size;
    assert(textures > 0, "no texture was used");
    gpu.largestTexture = 0;
    const from = await run();
    gpu.largestTexture = most;
    assertEquals(from, through);
  }
  await t.step("products", () => {
    const random = new Random("linear");
    const x = draw(random, [150, 96]), weight = parameter(draw(random, [72, 96]));
    const bias = parameter(draw(random, [72])), dy = draw(random, [150, 72]).values;
    return both(() => lab.run({ x, weight, bias }, (tape, t) => linear(tape, t.x, t.weight, t), dy));
  });
  await t.step("attention", () => {
    const random = new Random("attention"), rows = 40;
    const qkv = draw(random, [rows, 4 * 16]), dy = draw(random, [rows, 2 * 16]).values;
    const span = index(Int32Array.from({ length: 2 * rows }, (_, i) => i % 2 * rows), [rows, 2]);
    const heads = { heads: 2, groups: 1, headSize: 16 };
    return both(() => lab.run({ qkv, span }, (tape, t) => attention(tape, t.qkv, t.span, heads, true), dy));
  });
  lab.close();
});

import { assertEquals } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { Recording, type Slice } from "../../../src/gpu/program/program.ts";
import { planTextures } from "../../../src/gpu/program/textures.ts";

const slice = (bytes: number, f16 = false): Slice => ({
  slot: { label: `${bytes}`, bytes, offset: 0 },
  offset: 0,
  bytes,
  f16,
});

/** y = x, x read through a texture. */
const through: Kernel<{ count: number }> = {
  name: "through",
  wgsl: `
@group(0) @binding(0) var x: x_texture;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> count: vec4u;
@compute @workgroup_size(8) fn through(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < count.x) { y[id.x] = textureLoad(x, vec2u(id.x & 255u, id.x >> 8u)); }
}`,
  constants: () => ({}),
  bindings: () => ["x", "y"],
  textures: () => ["x"],
  params: ({ count }) => [count],
  groups: ({ count }) => [Math.ceil(count / 8), 1, 1],
};

Deno.test("textures are dealt to operands", async (t) => {
  await t.step("a copy serves until its memory is bound as a buffer", () => {
    const x = slice(8192), y = slice(64), z = slice(16);
    const reads = (out: Slice) => ({ slices: [x, out], textured: [0] });
    const { needs, uses } = planTextures([reads(y), reads(z), { slices: [x], textured: [] }, reads(y)]);
    assertEquals(needs, [{ format: "rgba32float", rows: 2 }]);
    assertEquals(uses.map(({ copies }) => copies.length), [1, 0, 0, 1]);
    assertEquals(uses.map(({ textures }) => textures), [[0, undefined], [0, undefined], [undefined], [
      0,
      undefined,
    ]]);
  });
  await t.step("the least recently used goes first, and never one of the same dispatch", () => {
    const operands = Array.from({ length: 6 }, (_, i) => slice(4096 * (i + 1)));
    const pairs = [[0, 1], [2, 1], [2, 3], [0, 4, 5]].map((pair) => ({
      slices: pair.map((i) => operands[i]!),
      textured: pair.map((_, binding) => binding),
    }));
    const { needs, uses } = planTextures(pairs);
    assertEquals(uses.map(({ textures }) => textures), [[0, 1], [0, 1], [0, 1], [0, 1, 2]]);
    assertEquals(uses.map(({ copies }) => copies.length), [2, 1, 1, 3]);
    assertEquals(needs.map(({ rows }) => rows), [3, 5, 6]);
  });
  await t.step("16 bits have textures of their own", () => {
    const { needs } = planTextures([{ slices: [slice(2048, true), slice(2048)], textured: [0, 1] }]);
    assertEquals(needs, [{ format: "rgba16float", rows: 1 }, { format: "rgba32float", rows: 1 }]);
  });
});

Deno.test("what is read through a texture is what was written", async () => {
  const gpu = await createGpu();
  // Less than a row; rows and a rest, in a buffer that ends with them; a growing texture between two programs.
  for (const count of [1, 256, 300, 5000]) {
    const values = Float32Array.from({ length: 4 * count }, (_, i) => i - 0.5);
    const recording = new Recording(gpu);
    const input = recording.input("x", values.byteLength), output = recording.slot(values.byteLength, "y");
    recording.output(output);
    const all = (slot: typeof input) => ({ slot, offset: 0, bytes: values.byteLength });
    recording.dispatch(through, { count }, [all(input), all(output)]);
    const program = recording.compile();
    for (const scale of [1, 2]) {
      const scaled = values.map((x) => scale * x);
      program.upload({ x: scaled });
      program.run();
      assertEquals(new Float32Array(await gpu.read(output.buffer!, 0, values.byteLength)), scaled);
    }
    program.destroy();
  }
  assertEquals(gpu.liveBytes, gpu.sharedBytes);
  gpu.destroy();
  assertEquals(gpu.liveBytes, 0);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  cacheKey,
  f32,
  type Kernel,
  kernelSource,
  source,
  spread,
  WORKGROUP,
} from "../../../src/gpu/kernel/kernel.ts";

Deno.test("workgroups for invocations", () => {
  assertEquals(spread(0, 64), [1, 1, 1]);
  assertEquals(spread(1, 64), [1, 1, 1]);
  assertEquals(spread(64, 64), [1, 1, 1]);
  assertEquals(spread(65, 64), [2, 1, 1]);
  assertEquals(spread(65_535 * 8, 8), [65_535, 1, 1]);
});

Deno.test("what is too long for one dimension folds and leaves nobody out", () => {
  for (const threads of [65_535 * 8 + 1, 10_000_019, 123_456_789]) {
    const [x, y, z] = spread(threads, 8);
    assert(x <= 65_535 && y <= 65_535 && z === 1);
    assert(8 * x * y >= threads, `${threads}: ${x} by ${y}`);
    assert(8 * x * (y - 1) < threads, "no row of workgroups without work");
  }
});

Deno.test("bits of floats", () => {
  assertEquals(f32(1), 0x3f800000);
  assertEquals(f32(-0.1), 0xbdcccccd);
});

Deno.test("types of bindings stand in front of the source, and in the key of its pipeline", () => {
  const kernel: Kernel<number> = {
    name: "twice",
    wgsl: "y[0] = y_t(${N} * f32(x[0]));",
    constants: (N) => ({ N }),
    bindings: () => ["x", "y"],
    f16: ["x", "y"],
    params: () => [],
    groups: () => [1, 1, 1],
  };
  const all = (x: string, y: string) => `${x}\n${y}\ny[0] = y_t(2 * f32(x[0]));`;
  const f32 = all("alias x_t = f32; alias x_t4 = vec4f;", "alias y_t = f32; alias y_t4 = vec4f;");
  assertEquals(source(kernel, 2), f32);
  const mixed = all("alias x_t = f16; alias x_t4 = vec4<f16>;", "alias y_t = f32; alias y_t4 = vec4f;");
  assertEquals(source(kernel, 2, ["x"]), `enable f16;\n${mixed}`);
  const keys = [[], ["x"], ["y"], ["x", "y"]].map((f16) => cacheKey(kernel, 2, f16));
  assertEquals(new Set(keys).size, 4);
});

Deno.test("a kernel that cares for no number of invocations a workgroup is told one, in its source and its groups", () => {
  const kernel: Kernel<number> = {
    name: "each",
    wgsl: "@compute @workgroup_size(${WORKGROUP}) fn each() {}",
    constants: () => ({}),
    bindings: () => [],
    params: () => [],
    groups: (count, workgroup) => spread(count, workgroup),
  };
  for (const size of [WORKGROUP.cpu, WORKGROUP.gpu]) {
    assertEquals(source(kernel, 100, [], size), `@compute @workgroup_size(${size}) fn each() {}`);
    assertEquals(kernel.groups(100, size), [Math.ceil(100 / size), 1, 1]);
  }
});

/** y = x, four at a time, in workgroups of `workgroup`, or any. */
const through: Kernel<{ textured?: boolean; workgroup?: number; fail?: boolean }> = {
  name: "through",
  wgsl: `//#include spread
@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
struct Params { count: u32 }
@group(0) @binding(2) var<uniform> p: Params;
@compute @workgroup_size(\${WORKGROUP})
fn through(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i < p.count) { y[i] = load_x(i); }
  //#if FAIL
  \${NOTHING}
  //#end FAIL
}`,
  f16: ["x"],
  constants: ({ fail }): Record<string, number> => fail ? { FAIL: 1 } : { FAIL: 0, NOTHING: 0 },
  bindings: () => ["x", "y"],
  textures: ({ textured }) => textured ? ["x"] : [],
  workgroup: ({ workgroup }) => workgroup,
  params: () => [],
  groups: (_, workgroup) => spread(100, workgroup),
};

Deno.test("a kernel reads by load_NAME, of a buffer or a texture", () => {
  const buffer = source(through, {}, ["x"]), texture = source(through, { textured: true });
  assert(buffer.includes("fn load_x(i: u32) -> vec4f { return vec4f(x[i]); }"), buffer);
  assert(!buffer.includes("load_y"));
  assert(texture.includes("var x: x_texture;"), texture);
  assert(texture.includes("alias x_texture = texture_storage_2d<rgba32float, read>;"), texture);
  assert(texture.includes("return textureLoad(x, vec2u(i & 255u, i >> 8u)); }"), texture);
});

Deno.test("every line knows where it was written", () => {
  for (const stored of [false, true]) {
    for (const textured of [false, true]) {
      const { code, places } = kernelSource(through, { textured }, [], 8, stored);
      const lines = code.split("\n");
      assertEquals(lines.length, places.length);
      const at = (text: string) => places[lines.findIndex((line) => line.includes(text))];
      assertEquals(at("let i = item_index"), { file: "kernels/through.wgsl", line: 8 });
      assertEquals(at("fn item_index")?.file, "kernels/blocks/spread.wgsl");
      assertEquals(places.at(-1), { file: "kernels/through.wgsl", line: 13 });
    }
  }
});

Deno.test("a mistake in a template is told with file, line and shape", () => {
  assertThrows(
    () => source(through, { fail: true, workgroup: 4 }),
    Error,
    "kernel through (fail workgroup 4): kernels/through.wgsl:11: no value for NOTHING",
  );
});

Deno.test("the key of a pipeline holds all that its source depends on", () => {
  const keys = [
    cacheKey(through, {}),
    cacheKey(through, {}, ["x"]),
    cacheKey(through, { textured: true }),
    cacheKey(through, { textured: true }, ["x"]),
    cacheKey(through, {}, [], 8),
    cacheKey(through, {}, [], 8, true),
    cacheKey(through, { workgroup: 16 }),
    cacheKey({ ...through, name: "other" }, {}),
    cacheKey({ ...through, bindings: () => ["x", "z"] }, {}),
  ];
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(cacheKey(through, { workgroup: 64 }, [], 8), cacheKey(through, {}, [], 64));
});

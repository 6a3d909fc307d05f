import { assert, assertEquals } from "@std/assert";
import { cacheKey, f32, type Kernel, line, source, WORKGROUP } from "../../src/gpu/kernel.ts";

Deno.test("workgroups in a line", () => {
  assertEquals(line(0, 64), [1, 1, 1]);
  assertEquals(line(1, 64), [1, 1, 1]);
  assertEquals(line(64, 64), [1, 1, 1]);
  assertEquals(line(65, 64), [2, 1, 1]);
  assertEquals(line(65_535 * 8, 8), [65_535, 1, 1]);
});

Deno.test("a line too long for one dimension folds and leaves nobody out", () => {
  for (const threads of [65_535 * 8 + 1, 10_000_019, 123_456_789]) {
    const [x, y, z] = line(threads, 8);
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
    groups: (count, workgroup) => line(count, workgroup),
  };
  for (const size of [WORKGROUP.software, WORKGROUP.gpu]) {
    assertEquals(source(kernel, 100, [], size), `@compute @workgroup_size(${size}) fn each() {}`);
    assertEquals(kernel.groups(100, size), [Math.ceil(100 / size), 1, 1]);
  }
});

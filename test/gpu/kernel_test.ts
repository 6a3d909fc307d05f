import { assert, assertEquals } from "@std/assert";
import { f32, line } from "../../src/gpu/kernel.ts";

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

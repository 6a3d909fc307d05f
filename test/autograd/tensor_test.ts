import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { elements, expectShape, Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";

Deno.test("tensor", async (t) => {
  const gpu = await createGpu();
  await t.step("values go in and come out", async () => {
    const floats = Tensor.of(gpu, [2, 3], [1, 2.5, -3, 0, 1e-30, 6]);
    assertEquals([...await floats.read(gpu)], [1, 2.5, -3, 0, Math.fround(1e-30), 6]);
    const integers = Tensor.of(gpu, [3], [-1, 7, 2 ** 20 + 1], "i32");
    assertEquals([...await integers.read(gpu)], [-1, 7, 2 ** 20 + 1]);
    const zeros = Tensor.of(gpu, [5]);
    assertEquals([...await zeros.read(gpu)], [0, 0, 0, 0, 0]);
    zeros.write(gpu, Float32Array.of(9, 8));
    assertEquals([...await zeros.read(gpu)], [9, 8, 0, 0, 0]);
    const nothing = Tensor.of(gpu, [0, 4], []);
    assertEquals([...await nothing.read(gpu)], []);
    for (const tensor of [floats, integers, zeros, nothing]) tensor.destroy(gpu);
    assertEquals(gpu.liveBytes, 0);
  });
  await t.step("views and rows are the same memory", async () => {
    const x = Tensor.of(gpu, [3, 64], Float32Array.from({ length: 192 }, (_, i) => i));
    assertEquals([...(await x.rows(1, 2).read(gpu)).subarray(0, 3)], [64, 65, 66]);
    assertEquals(x.view([2, 96]).size, 192);
    assertEquals([...await x.view([192]).rows(128, 2).read(gpu)], [128, 129]);
    x.rows(2, 1).write(gpu, Float32Array.of(-1));
    assertEquals((await x.read(gpu))[128], -1);
    assertThrows(() => x.view([5]), Error, "cannot view [3,64] as [5]");
    assertThrows(() => x.view([192]).rows(3, 1), Error, "rows: offset 12 bytes is not a multiple of 256");
    x.destroy(gpu);
  });
  await t.step(
    "16 bits: values are rounded to the nearest, ties to even, and infinite beyond the largest",
    async () => {
      const values = [1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -0.1, 65_519, 65_520, -1e6, 2 ** -24, 2 ** -26, 0];
      const x = Tensor.of(gpu, [2, 5], values, "f16");
      assertEquals([x.bytes, x.slot.bytes], [20, 20]);
      const rounded = [1, 1, 1 + 2 ** -9, Math.f16round(-0.1), 65_504, Infinity, -Infinity, 2 ** -24, 0, 0];
      assertEquals([...await x.read(gpu)], rounded);
      const odd = Tensor.of(gpu, [3], [1, 2, 3], "f16");
      odd.write(gpu, Float32Array.of(4, 5, 6));
      assertEquals([...await odd.read(gpu)], [4, 5, 6]);
      assertThrows(
        () => odd.write(gpu, Float32Array.of(1)),
        Error,
        "expected 3 values for the whole of it, found 1",
      );
      const rows = Tensor.of(gpu, [3, 128], Float32Array.from({ length: 384 }, (_, i) => i), "f16");
      assertEquals([...(await rows.rows(1, 2).read(gpu)).subarray(0, 2)], [128, 129]);
      assertThrows(
        () => rows.view([6, 64]).rows(1, 1),
        Error,
        "rows: offset 128 bytes is not a multiple of 256",
      );
      for (const tensor of [x, odd, rows]) tensor.destroy(gpu);
      assertEquals(gpu.liveBytes, 0);
    },
  );
  await t.step("what cannot be", async () => {
    assertThrows(
      () => Tensor.of(gpu, [2, 2], [1, 2, 3]),
      Error,
      "expected 4 values for shape [2,2], found 3",
    );
    const intermediate = new Tape(gpu).empty([3], "hidden");
    await assertRejects(
      () => intermediate.read(gpu),
      Error,
      'tensor "hidden" is intermediate: name it as an output',
    );
  });
  gpu.destroy();
});

Deno.test("shapes", () => {
  assertEquals(elements([]), 1);
  assertEquals(elements([3, 0, 5]), 0);
  expectShape("op", "x", [2, 3], [-1, 3]);
  assertThrows(
    () => expectShape("op", "x", [2, 3], [2, 4]),
    Error,
    "op: x must have shape [2,4], found [2,3]",
  );
  assertThrows(() => expectShape("op", "x", [2, 3], [-1]), Error, "op: x must have shape [*], found [2,3]");
});

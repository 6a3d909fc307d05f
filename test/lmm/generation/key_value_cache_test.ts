import { assertEquals, assertThrows } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { cacheBytes, cacheRows, KeyValueCache } from "../../../src/lmm/generation/key_value_cache.ts";
import { loadCase, readCase } from "../_case.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

test("key-value cache: its bytes, and what it holds stays when it grows", async () => {
  const gpu = await createGpu();
  const model = await loadCase(gpu, await readCase("llava"));
  const own = () => gpu.liveBytes - gpu.sharedBytes;
  const before = own();
  const { groups, headSize } = model.heads;
  const width = 2 * groups * headSize;
  const cache = new KeyValueCache(model, 1, 5);
  assertEquals(cache.bytes, model.layers * 5 * width * 4);
  assertEquals(own() - before, cache.bytes);
  const held = Array.from(
    { length: model.layers },
    (_, layer) => Float32Array.from({ length: 5 * width }, (_, i) => layer + i / 100),
  );
  held.forEach((values, layer) => cache.layer(layer).write(gpu, values));
  cache.grow(11);
  assertEquals([cache.length, cache.bytes], [11, cacheBytes(model, 1, 11)]);
  assertEquals(own() - before, cache.bytes);
  for (const [layer, values] of held.entries()) {
    const found = await cache.layer(layer).read(gpu);
    assertEquals(found.subarray(0, 5 * width), values);
    assertEquals(found.subarray(5 * width), new Float32Array(6 * width));
  }
  cache.destroy();
  const two = new KeyValueCache(model, 2, 3);
  assertEquals(two.layer(0).shape, [6, width]);
  assertThrows(() => two.grow(9), Error, "a cache of one sequence can grow, found one of 2");
  two.destroy();
  assertEquals(own(), before);
  gpu.largestBinding = 7 * width * 4;
  assertEquals([cacheRows(model, 1), cacheRows(model, 3), cacheRows(model, 8)], [7, 2, 0]);
  model.destroy();
  gpu.destroy();
});

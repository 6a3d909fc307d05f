import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkMemory, measureMemory } from "../../src/bench/memory.ts";
import { RunError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";

Deno.test("training steps keep to their memory", async () => {
  const gpu = await createGpu();
  const told: number[] = [];
  const row = await measureMemory(gpu, { steps: 3, onStep: (done) => told.push(done) });
  assertEquals(told, [3]);
  assertEquals([row.liveAfter, row.liveMost], [row.liveBefore, row.liveBefore]);
  assert(row.largestNeed > 0 && row.arenaBytes >= row.largestNeed);
  assertEquals([row.peakBytes, row.arenaBytes + row.textureBytes], [gpu.sharedBytes, gpu.sharedBytes]);
  assert(row.hostMs > 0 && row.stepMs > row.hostMs);
  checkMemory(row);
  assertThrows(() => checkMemory({ ...row, liveAfter: row.liveBefore + 16 }), RunError, "live GPU bytes");
  assertThrows(() => checkMemory({ ...row, ratio: 1.31 }), RunError, "at most 1.3 times");
  assertEquals(gpu.liveBytes - gpu.sharedBytes, 0);
  gpu.destroy();
});

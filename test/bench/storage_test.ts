import { assert, assertEquals } from "@std/assert";
import { measureStorage } from "../../src/bench/storage.ts";
import { createGpu } from "../../src/gpu/gpu.ts";

Deno.test("16-bit storage: about half of the memory, losses within its rounding", async () => {
  const gpu = await createGpu();
  const rows = await measureStorage(gpu, { repeat: 1 });
  assertEquals(rows.map(({ storage, count }) => [storage, count]), [["f32", 1], ["f16", 1]]);
  const [whole, half] = rows;
  assert(whole!.error < 1e-3 && half!.error < 1e-2 && half!.error > whole!.error, `errors ${half!.error}`);
  const share = half!.largestNeed / whole!.largestNeed;
  assert(share < 0.75, `${share} of the bytes`);
  assertEquals(gpu.liveBytes, gpu.sharedBytes);
  gpu.destroy();
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { measureRoofline, rates } from "../../../src/gpu/profile/roofline.ts";

Deno.test("the roofline is measured in units that make sense, and nothing stays behind", async () => {
  const gpu = await createGpu();
  const { flops, bandwidth, kernelBandwidth } = await measureRoofline(gpu);
  // Any processor of this century, and none that is built.
  assert(flops > 1e9 && flops < 1e16, `${flops} operations a second`);
  assert(kernelBandwidth > 1e8 && kernelBandwidth < 1e14, `${kernelBandwidth} bytes a second`);
  assert(bandwidth >= kernelBandwidth);
  assertEquals(gpu.profiler, undefined);
  assertEquals(gpu.liveBytes - gpu.sharedBytes, 0);
  gpu.destroy();
});

Deno.test("the fraction is of the nearer of the two roofs", () => {
  const roofline = { flops: 2e12, bandwidth: 1e11, kernelBandwidth: 5e10 }; // they meet at 20 operations a byte
  // 100 operations a byte: 1e9 operations take 0.5 ms at least.
  const product = rates({ ms: 1, bytes: 1e7, operations: 1e9 }, roofline);
  assertAlmostEquals(product.fraction!, 0.5);
  assertAlmostEquals(product.gflops!, 1000);
  // One operation a byte: 1e7 bytes take 0.1 ms at least.
  assertAlmostEquals(rates({ ms: 1, bytes: 1e7, operations: 1e7 }, roofline).fraction!, 0.1);
  assertEquals(rates({ ms: 1, bytes: 1e7, operations: null }, roofline), {
    gflops: null,
    gbs: 10,
    fraction: 0.1,
  });
  assertEquals(rates({ ms: 0, bytes: 1e7, operations: null }, roofline).fraction, null);
});

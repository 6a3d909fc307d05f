import { assert, assertEquals } from "@std/assert";
import type { WorkloadProfile } from "../../src/bench/profile.ts";
import { runBench } from "../../src/bench/run.ts";
import type { Workload } from "../../src/bench/workloads/workload.ts";
import { createGpu } from "../../src/gpu/gpu.ts";

const ROOFLINE = { flops: 1e12, bandwidth: 1e11, kernelBandwidth: 1e11 };

Deno.test("a profiled bench tells the kernels of each workload, for one run", async () => {
  const workloads: Workload[] = [
    { kind: "gemm", form: "NN", m: 40, k: 24, n: 36 },
    { kind: "attention", b: 2, h: 3, t: 20, d: 8 },
  ];
  const gpu = await createGpu();
  const profiles: WorkloadProfile[] = [];
  const profile = { roofline: ROOFLINE, onProfile: (found: WorkloadProfile) => profiles.push(found) };
  const rows = await Array.fromAsync(runBench(gpu, { workloads, peers: [], repeat: 2, profile }));
  gpu.destroy();
  assertEquals(rows.map(({ oursCount, peerCount }) => [oursCount, peerCount]), [[2, 0], [2, 0]]);
  const [product, attention] = profiles;
  assertEquals([product!.name, product!.shape], ["gemm-NN", "M40 K24 N36"]);
  const operations = (of: WorkloadProfile) => of.rows.reduce((sum, row) => sum + (row.operations ?? 0), 0);
  assertEquals(operations(product!), 2 * 40 * 24 * 36);
  // Two products forward and four backward at least, of every pair of rows in the causal half.
  assert(operations(attention!) >= 2 * 6 * 8 * 2 * 3 * (20 * 21 / 2));
  for (const { ms, dispatches, bytes, rows } of profiles) {
    const sum = (of: "ms" | "dispatches" | "bytes") => rows.reduce((total, row) => total + row[of], 0);
    assert(ms > 0 && Math.abs(sum("ms") - ms) < 1e-6);
    assertEquals([sum("dispatches"), sum("bytes")], [dispatches, bytes]);
    assert(Number.isInteger(dispatches) && dispatches >= 1);
    assert(rows.every((row) => row.fraction! > 0 && row.gbs! > 0));
  }
});

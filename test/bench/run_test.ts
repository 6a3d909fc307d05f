import { assert, assertEquals } from "@std/assert";
import { prepareOurs } from "../../src/bench/ours/prepare.ts";
import { referenceError, tolerance } from "../../src/bench/reference/error.ts";
import { runBench } from "../../src/bench/run.ts";
import { label, type Workload } from "../../src/bench/workloads/workload.ts";
import { createGpu } from "../../src/gpu/gpu.ts";

/** Every kind, small; the step as it is. */
const SMALL: Workload[] = [
  { kind: "gemm", form: "NN", m: 40, k: 24, n: 36 },
  { kind: "gemm", form: "NT", m: 40, k: 24, n: 36 },
  { kind: "gemm", form: "TN", m: 40, k: 24, n: 36 },
  { kind: "attention", b: 2, h: 3, t: 20, d: 8 },
  { kind: "layer-norm", rows: 70, width: 24 },
  { kind: "rms-norm", rows: 70, width: 24 },
  { kind: "cross-entropy", rows: 90, width: 24, vocab: 50 },
  { kind: "adamw", count: 6_400 },
  { kind: "step" },
];

for (const workload of SMALL) {
  Deno.test(`our ${label(workload).name} agrees with float64, and a wrong value is noticed`, async () => {
    const gpu = await createGpu();
    const contestant = prepareOurs(gpu, workload);
    const results = await contestant.results();
    const error = referenceError(workload, results);
    assert(error <= tolerance(workload), `error ${error}`);
    for (const [name, values] of Object.entries(results)) {
      const spoilt = { ...results, [name]: values.map((x) => x * 1.01) };
      const found = referenceError(workload, spoilt);
      assert(!(found <= tolerance(workload)), `a change of ${name} by 1% went unnoticed: ${found}`);
    }
    contestant.destroy();
    assertEquals(gpu.liveBytes - gpu.sharedBytes, 0);
    gpu.destroy();
  });
}

Deno.test("a row without peers has our time and no ratio", async () => {
  const gpu = await createGpu();
  const started: string[] = [];
  const rows = await Array.fromAsync(runBench(gpu, {
    workloads: SMALL.slice(0, 1),
    peers: [],
    repeat: 1,
    onStart: (name) => started.push(name),
  }));
  gpu.destroy();
  assertEquals(started, ["gemm-NN M40 K24 N36"]);
  assertEquals(rows.length, 1);
  const [row] = rows;
  assert(row!.ours! > 0 && row!.gflops! > 0);
  assertEquals([row!.correct, row!.ratio, row!.peer, row!.note], [true, null, null, ""]);
});

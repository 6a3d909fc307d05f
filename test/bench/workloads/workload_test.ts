import { assertEquals } from "@std/assert";
import { llavaBatch, SEQUENCE } from "../../../src/bench/workloads/llava_batch.ts";
import { llavaParameters, startValues, transpose } from "../../../src/bench/workloads/llava_parameters.ts";
import { label, workloads } from "../../../src/bench/workloads/workload.ts";

Deno.test("workloads are picked by the beginnings of their names", () => {
  assertEquals(workloads().length, workloads([""]).length);
  assertEquals(new Set(workloads(["gemm"]).map(({ kind }) => kind)), new Set(["gemm"]));
  assertEquals(workloads(["gemm-T"]).every((w) => w.kind === "gemm" && w.form === "TN"), true);
  assertEquals(workloads(["nothing"]), []);
});

Deno.test("no two workloads have the same name and shape", () => {
  const labels = workloads().map((workload) => `${label(workload).name} ${label(workload).shape}`);
  assertEquals(new Set(labels).size, labels.length);
});

Deno.test("the step's model has the peers' 621,472 parameters, each name once", () => {
  const all = llavaParameters();
  const count = all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  assertEquals(count, 621_472);
  assertEquals(new Set(all.map(({ full }) => full)).size, all.length);
  assertEquals(startValues(all[0]!, 0).length, 192 * 64);
});

Deno.test("the step's batch predicts the last 16 of 24 tokens", () => {
  const { ids, labels, weights } = llavaBatch();
  assertEquals([...weights.subarray(0, SEQUENCE)].flatMap((w, row) => w ? [row] : []), [
    ...Array.from({ length: 16 }, (_, i) => 23 + i),
  ]);
  assertEquals([...labels.subarray(23, 39)], [...ids.subarray(8, 24)]);
});

Deno.test("transpose turns rows into columns", () => {
  assertEquals([...transpose(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)], [1, 4, 2, 5, 3, 6]);
});

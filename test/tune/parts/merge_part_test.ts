import { assertEquals, assertRejects } from "@std/assert";
import { readSafetensors, writeSafetensors } from "../../../src/lmm/safetensors.ts";
import { memoryFile } from "../../../src/lmm/weights.ts";
import { mergeWeights } from "../../../src/tune/parts/merge_part.ts";
import { Random } from "../../../src/random.ts";

const model = (tensors: Record<string, number[]>) => [memoryFile(
  "model.safetensors",
  writeSafetensors(
    new Map(
      Object.entries(tensors).map(([name, values]) => [
        name,
        { shape: [values.length], values: Float32Array.from(values) },
      ]),
    ),
  ),
)];
const values = (bytes: Uint8Array, name: string) => [...readSafetensors(bytes).get(name)!.values];

Deno.test("a merge adds the shares of what each model changed", async () => {
  const merged = await mergeWeights(model({ a: [1, 2], b: [0] }), [
    { weights: model({ a: [3, 2], b: [4] }), share: 0.25, name: "first" },
    { weights: model({ b: [-4], a: [1, 6] }), share: 0.75, name: "second" },
  ]);
  assertEquals(values(merged, "a"), [1.5, 5]);
  assertEquals(values(merged, "b"), [-2]);
});

Deno.test("what is frozen in all models stays the base to the bit, and one model alone is itself", async () => {
  const random = new Random("merge");
  const frozen = Array.from({ length: 100 }, () => random.normal());
  const base = model({ frozen, own: [1] });
  const tuned = (share: number) => ({ weights: model({ frozen, own: [3] }), share, name: "model" });
  const merged = await mergeWeights(base, [0.1, 0.2, 0.7].map(tuned));
  assertEquals(values(merged, "frozen"), frozen.map(Math.fround));
  assertEquals(values(await mergeWeights(base, [tuned(1)]), "own"), [3]);
});

Deno.test("models of another shape are told by name", async () => {
  const merge = (tensors: Record<string, number[]>) =>
    mergeWeights(model({ a: [1, 2] }), [{ weights: model(tensors), share: 1, name: "runs/x" }]);
  await assertRejects(() => merge({ a: [1] }), Error, "runs/x: expected a");
  await assertRejects(() => merge({ b: [1, 2] }), Error, "found none");
});

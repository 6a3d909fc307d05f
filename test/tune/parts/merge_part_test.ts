import { assertEquals, assertThrows } from "@std/assert";
import { readSafetensors, writeSafetensors } from "../../../src/lmm/safetensors.ts";
import { startMerge } from "../../../src/tune/parts/merge_part.ts";
import { Random } from "../../../src/random.ts";

const model = (tensors: Record<string, number[]>) =>
  writeSafetensors(
    new Map(
      Object.entries(tensors).map(([name, values]) => [
        name,
        { shape: [values.length], values: Float32Array.from(values) },
      ]),
    ),
  );
const values = (bytes: Uint8Array, name: string) => [...readSafetensors(bytes).get(name)!.values];

Deno.test("a merge adds the shares of what each model changed", () => {
  const merging = startMerge(model({ a: [1, 2], b: [0] }));
  merging.add(model({ a: [3, 2], b: [4] }), 0.25, "first");
  merging.add(model({ b: [-4], a: [1, 6] }), 0.75, "second");
  const merged = merging.finish();
  assertEquals(values(merged, "a"), [1.5, 5]);
  assertEquals(values(merged, "b"), [-2]);
});

Deno.test("what is frozen in all models stays the base to the bit, and one model alone is itself", () => {
  const random = new Random("merge");
  const frozen = Array.from({ length: 100 }, () => random.normal());
  const base = model({ frozen, own: [1] });
  const merging = startMerge(base);
  for (const share of [0.1, 0.2, 0.7]) merging.add(model({ frozen, own: [3] }), share, "model");
  assertEquals(values(merging.finish(), "frozen"), values(base, "frozen"));
  const whole = startMerge(base);
  whole.add(model({ frozen, own: [3] }), 1, "model");
  assertEquals(values(whole.finish(), "own"), [3]);
});

Deno.test("models of another shape are told by name", () => {
  const merging = startMerge(model({ a: [1, 2] }));
  assertThrows(
    () => merging.add(model({ a: [1] }), 1, "x/model.safetensors"),
    Error,
    "x/model.safetensors: expected a",
  );
  assertThrows(() => merging.add(model({ b: [1, 2] }), 1, "x"), Error, "found none");
});

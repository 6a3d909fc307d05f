import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Random } from "../../../src/random.ts";
import { planBatches } from "../../../src/data/draw/plan_batches.ts";

const random = new Random("batches");

Deno.test("planBatches: every sample once, full batches but for the last, any size and grouping", () => {
  for (let i = 0; i < 200; i++) {
    const lengths = Array.from({ length: random.int(50) }, () => random.int(100));
    const batchSize = 1 + random.int(9), groupBatches = 1 + random.int(5);
    const batches = planBatches(lengths, { batchSize, seed: i, groupBatches });
    assertEquals(batches.flat().sort((a, b) => a - b), lengths.map((_, index) => index));
    assert(batches.slice(0, -1).every((batch) => batch.length === batchSize));
    assertEquals(batches.length, Math.ceil(lengths.length / batchSize));
  }
});

Deno.test("planBatches: the same seed gives the same plan, another one another", () => {
  const lengths = new Int32Array(100).fill(5);
  const plan = (seed: number | string) => planBatches(lengths, { batchSize: 8, seed });
  assertEquals(plan(3), plan("3"));
  assertNotEquals(plan(3), plan(4));
});

Deno.test("planBatches: tasks are spread over the pass in proportion to their sizes", () => {
  // 3,000 samples of one task and 1,000 of another: each tenth of the pass has about a quarter of the second.
  const order = planBatches(new Uint8Array(4000), { batchSize: 8, seed: 0 }).flat();
  for (let part = 0; part < 10; part++) {
    const second = order.slice(part * 400, (part + 1) * 400).filter((index) => index >= 3000).length;
    assert(second > 60 && second < 140, `${second}`);
  }
});

Deno.test("planBatches: grouping by length leaves less padding", () => {
  const lengths = Array.from({ length: 640 }, () => 10 + random.int(200));
  const padded = (groupBatches: number) =>
    planBatches(lengths, { batchSize: 8, seed: 0, groupBatches })
      .reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((index) => lengths[index]!)), 0);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  assert(padded(16) - tokens < (padded(1) - tokens) / 4);
});

Deno.test("planBatches: sizes that are none", () => {
  for (const batchSize of [0, -1, 1.5, NaN]) {
    assertThrows(() => planBatches([1], { batchSize, seed: 0 }), RangeError, `found ${batchSize}`);
  }
  assertThrows(
    () => planBatches([1], { batchSize: 1, seed: 0, groupBatches: 0 }),
    RangeError,
    "groupBatches",
  );
});

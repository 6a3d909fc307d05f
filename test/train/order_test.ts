import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { TrainSequence, TrainStep } from "../../src/lmm/trainer/train_step.ts";
import { orderSequences } from "../../src/train/order.ts";

function sequences(count: number): TrainSequence[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${i}`,
    task: i % 3,
    ids: new Int32Array(2 + (i * 7) % 5),
    mask: new Uint8Array(2 + (i * 7) % 5),
    images: [],
  }));
}

const read = (step: TrainStep) => step.microBatches.map(({ sequences }) => sequences);
const ids = (step: TrainStep) => read(step).flat().map(({ id }) => id);

Deno.test("orderSequences reads every sequence once a pass, and the last step is short", () => {
  const order = orderSequences(sequences(21), { seed: 1, epochs: 1, batch: 8, microBatch: 8, tasks: 3 });
  assertEquals(order.steps, 3);
  assertEquals(read(order.step(3)).flat().length, 5);
  const all = [1, 2, 3].flatMap((step) => ids(order.step(step)));
  assertEquals(all.map(Number).sort((a, b) => a - b), Array.from({ length: 21 }, (_, i) => i));
});

Deno.test("orderSequences shuffles every pass anew, and ends a pass with a short step", () => {
  const order = orderSequences(sequences(30), { seed: 1, epochs: 2, batch: 8, microBatch: 8, tasks: 3 });
  assertEquals(order.steps, 8);
  assertEquals([1, 2, 3, 4, 5, 6, 7, 8].map((step) => read(order.step(step)).flat().length), [
    8,
    8,
    8,
    6,
    8,
    8,
    8,
    6,
  ]);
  assertNotEquals(ids(order.step(1)), ids(order.step(5)));
  const counts = Map.groupBy([1, 2, 3, 4, 5, 6, 7, 8].flatMap((step) => ids(order.step(step))), (id) => id);
  assertEquals(new Set([...counts.values()].map(({ length }) => length)), new Set([2]));
});

Deno.test("orderSequences gives the same step whenever it is asked, and another order for another seed", () => {
  const options = { epochs: 1, batch: 8, microBatch: 3, tasks: 3 };
  const one = orderSequences(sequences(40), { ...options, seed: 1 });
  assertEquals(ids(one.step(4)), ids(orderSequences(sequences(40), { ...options, seed: 1 }).step(4)));
  assertNotEquals(ids(one.step(4)), ids(orderSequences(sequences(40), { ...options, seed: 2 }).step(4)));
});

Deno.test("orderSequences cuts a step into micro-batches by length", () => {
  const order = orderSequences(sequences(40), { seed: 3, epochs: 1, batch: 8, microBatch: 3, tasks: 3 });
  const batches = read(order.step(2));
  assertEquals(batches.map(({ length }) => length), [3, 3, 2]);
  const lengths = batches.flat().map((sequence) => sequence.ids.length);
  assert(lengths.every((n, i) => i === 0 || n >= lengths[i - 1]!));
});

Deno.test("orderSequences stops within a pass for a fraction of it", () => {
  const options = { seed: 1, batch: 8, microBatch: 8, tasks: 3 };
  assertEquals(orderSequences(sequences(40), { ...options, epochs: 0.6 }).steps, 3);
  assertEquals(orderSequences(sequences(40), { ...options, epochs: 0.01 }).steps, 1);
});

Deno.test("orderSequences draws by quotas: the same steps, each task as often as it shall, exact from any step", () => {
  const all = sequences(30);
  const sizes = [0, 1, 2].map((task) => all.filter((s) => s.task === task).length);
  const options = { seed: 1, epochs: 3, batch: 8, microBatch: 3, tasks: 3 };
  const quotas = [15, 11, 4];
  const natural = orderSequences(all, options), mixed = orderSequences(all, { ...options, quotas });
  assertEquals(sizes.reduce((a, b) => a + b), 30);
  assertEquals(mixed.steps, natural.steps);
  for (let pass = 0; pass < 3; pass++) {
    const drawn = [1, 2, 3, 4].flatMap((step) => read(mixed.step(4 * pass + step)).flat());
    assertEquals(quotas.map((_, task) => drawn.filter((s) => s.task === task).length), quotas);
  }
  assertEquals(ids(orderSequences(all, { ...options, quotas }).step(11)), ids(mixed.step(11)));
});

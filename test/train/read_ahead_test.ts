import { assert, assertEquals, assertRejects } from "@std/assert";
import { dealStep, type TrainStep } from "../../src/lmm/trainer/train_step.ts";
import { readAhead } from "../../src/train/read_ahead.ts";

const order = (steps: number) => {
  const dealt: number[] = [];
  return {
    dealt,
    steps,
    step(step: number): TrainStep {
      dealt.push(step);
      return { ...dealStep([], 1), conversations: step };
    },
  };
};

/** Images that are read when they are told to be. */
function images() {
  const open = new Map<number, { settle: (error?: Error) => void }>();
  let most = 0;
  const ready = ({ conversations: step }: TrainStep) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    open.set(step, { settle: (error) => error === undefined ? resolve() : reject(error) });
    most = Math.max(most, open.size);
    promise.catch(() => {});
    return { read: promise, done: promise, release: () => open.delete(step) };
  };
  return { open, ready, most: () => most };
}

Deno.test("readAhead: every step once, in order, those to come begun and those done let go", async () => {
  const all = order(50), { open, ready, most } = images();
  const ahead = readAhead(all, ready, () => 1);
  for (let step = 1; step <= 50; step++) {
    const there = ahead.ready(step);
    open.get(step)!.settle();
    assert(await there >= 0);
    assertEquals(ahead.step(step).conversations, step);
    assert(Math.min(...open.keys()) === step);
    if (step < 50) assert(open.has(step + 1));
  }
  assertEquals(all.dealt, Array.from({ length: 50 }, (_, i) => i + 1));
  assert(most() > 8 && most() <= 16);
  ahead.close();
  assertEquals(open.size, 0);
});

Deno.test("readAhead: large images are begun one step at a time, and a training that goes on begins where it was", async () => {
  const { open, ready, most } = images();
  const ahead = readAhead(order(9), ready, () => 1e9);
  for (const step of [4, 5, 6]) {
    const there = ahead.ready(step);
    open.get(step)!.settle();
    await there;
  }
  assertEquals(most(), 1);
  ahead.close();
});

Deno.test("readAhead: an image that cannot be read fails its own step", async () => {
  const { open, ready } = images();
  const ahead = readAhead(order(3), ready, () => 1);
  const first = ahead.ready(1);
  open.get(2)!.settle(new Error("no image"));
  open.get(1)!.settle();
  await first;
  await assertRejects(() => ahead.ready(2), Error, "no image");
  ahead.close();
});

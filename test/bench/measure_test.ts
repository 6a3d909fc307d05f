import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Contestant } from "../../src/bench/contestant.ts";
import { measure, summary } from "../../src/bench/measure.ts";

/** A stand-in whose runs take so many ms, and whose wait takes 10 as in Deno, on a clock of its own. */
function stage() {
  let time = 0;
  const log: string[] = [];
  const contestant = (name: string, ms: () => number, mostQueued = 4096): Contestant => ({
    name,
    mostQueued,
    results: () => Promise.resolve({}),
    run() {
      time += ms();
    },
    wait() {
      time += 10;
      log.push(name);
      return Promise.resolve();
    },
    destroy() {},
  });
  return { contestant, log, now: () => time };
}

Deno.test("measure takes turns and hides the wait behind many runs", async () => {
  const { contestant, log, now } = stage();
  const both = [contestant("a", () => 1), contestant("b", () => 4)];
  const [a, b] = await measure(both, { repeat: 3, now });
  assertEquals(log.slice(-6), ["a", "b", "a", "b", "a", "b"]);
  assertAlmostEquals(a!.median, 1, 0.1);
  assertAlmostEquals(b!.median, 4, 0.4);
  assertEquals(a!.count, 3);
});

Deno.test("measure queues no more runs than a contestant can hold", async () => {
  const { contestant, now } = stage();
  const [times] = await measure([contestant("a", () => 1, 5)], { repeat: 1, now });
  assertEquals(times!.median, 3); // 5 runs and a wait: 15 ms
});

Deno.test("measure gives up on a slow contestant, but not before one time", async () => {
  const { contestant, now } = stage();
  const [slow, quick] = await measure([contestant("slow", () => 70_000), contestant("quick", () => 1)], {
    repeat: 4,
    now,
  });
  assertEquals([slow!.count, quick!.count], [1, 4]);
});

Deno.test("measure stops when it is told to", async () => {
  const { contestant, now } = stage();
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => measure([contestant("a", () => 1)], { repeat: 1, now, signal }), Error, "enough");
});

Deno.test("summary of odd and even numbers of times", () => {
  assertEquals(summary([3, 1, 2]), { median: 2, min: 1, max: 3, count: 3 });
  assertEquals(summary([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4, count: 4 });
});

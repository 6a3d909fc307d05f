import { assertEquals, assertRejects } from "@std/assert";
import { InputError, RunError } from "../../../src/errors.ts";
import { openPool, type Pool } from "../../../src/data/workers/pool.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

/** A test after which no thread may be left. */
function tidy(name: string, fn: (pool: Pool<number | string, number>) => Promise<void>): void {
  test({
    name,
    sanitizeOps: true,
    sanitizeResources: true,
    async fn() {
      const pool = openPool<{ add: number }, number | string, number>(
        new URL("./_worker.ts", import.meta.url),
        { add: 1 },
        3,
      );
      try {
        await fn(pool);
      } finally {
        pool.close();
      }
    },
  });
}

tidy("openPool: results belong to their jobs, however many and whatever they take", async (pool) => {
  const jobs = Array.from({ length: 200 }, (_, i) => i);
  assertEquals(await Promise.all(jobs.map((job) => pool.run(job))), jobs.map((job) => job + 1));
  assertEquals(await pool.run(5), 6);
});

tidy(
  "openPool: a job that fails does not end the others; what the input is to blame for is said so",
  async (pool) => {
    const [first, input, broken, last] = await Promise.allSettled(
      [1, "input", "broken", 2].map((job) => pool.run(job)),
    );
    assertEquals([first, last], [{ status: "fulfilled", value: 2 }, { status: "fulfilled", value: 3 }]);
    await assertRejects(
      () => Promise.reject((input as PromiseRejectedResult).reason),
      InputError,
      "a bad input",
    );
    const { reason } = broken as PromiseRejectedResult;
    assertEquals([reason instanceof InputError, reason.message], [false, "a bug"]);
  },
);

tidy("openPool: buffers come over whole", async (pool) => {
  assertEquals(await pool.run("bytes") as unknown, new Uint8Array(8).fill(1));
});

tidy("openPool: a thread that dies is reported to all who wait, and to whoever comes later", async (pool) => {
  const all = await Promise.allSettled([0, "die", 3, 6].map((job) => pool.run(job)));
  assertEquals(all.some(({ status }) => status === "rejected"), true);
  for (const one of all) {
    if (one.status === "rejected") assertEquals(one.reason instanceof RunError, true);
  }
  await assertRejects(() => pool.run("die"), RunError, "died");
  await assertRejects(() => pool.run(1), RunError, 'died (Uncaught Error: a thread ends) at "die"');
});

tidy("openPool: closing gives up what is not done, stopping finishes what was begun", async (pool) => {
  const given = Array.from({ length: 100 }, (_, i) => pool.run(i));
  const ends = Promise.allSettled(given);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await pool.stop();
  const all = await ends;
  assertEquals(all[0], { status: "fulfilled", value: 1 });
  assertEquals(all[99]!.status, "rejected");
  await assertRejects(() => pool.run(1), RunError, "closed");
  await pool.stop();
});

tidy("openPool: nothing is started that is not needed", (pool) => {
  pool.close();
  return Promise.resolve();
});

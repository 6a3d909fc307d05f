import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, RunError } from "../../../src/errors.ts";
import { type Claim, Claims, holdersIn } from "../../../src/run/claims/claims.ts";
import { exclusively } from "../../../src/run/claims/exclusively.ts";
import { QUIET } from "../../../src/run/claims/judge.ts";
import { exists } from "../../../src/run/files.ts";
import { needs } from "../../house/permissions.ts";
import { inFolder, strange } from "./_strange.ts";

const test = needs("read", "write");

async function take(claims: Claims, work: string): Promise<Claim> {
  const claim = await claims.take(work);
  assert("check" in claim, JSON.stringify(claim));
  return claim;
}

test("a piece of work is one process's at a time, and is to be had again when it is given back", () =>
  inFolder(async (run) => {
    const [a, b] = [await Claims.open(run), await Claims.open(run)];
    const claim = await take(a, "seed-1/probes/mini");
    await claim.check();
    const holder = await b.take("seed-1/probes/mini");
    assert(!("check" in holder) && holder.process === Deno.pid && holder.heard);
    assertEquals([...(await holdersIn(run)).keys()], ["seed-1~probes~mini"]);
    await (await take(b, "methods/ew")).release("done");
    await claim.renew();
    assert(!("check" in await b.take("seed-1/probes/mini")));
    await claim.release();
    const again = await take(b, "seed-1/probes/mini");
    await assertRejects(() => claim.check(), RunError, "expected seed-1/probes/mini to be this process's");
    await again.check();
    await a.close();
    await b.close();
    assertEquals(await exists(join(run, "lock")), false);
  }));

test("of many who want the work of a dead process one gets it", () =>
  inFolder(async (run) => {
    const other = await strange(run, { killed: true });
    await other.claim("balance", 3);
    const all = await Promise.all(Array.from({ length: 12 }, () => Claims.open(run)));
    for (let round = 0; round < 5; round++) {
      const found = await Promise.all(all.map((claims) => claims.take("balance")));
      const got = found.filter((claim) => "check" in claim) as Claim[];
      assertEquals(got.length, 1);
      await got[0]!.check();
      await got[0]!.release();
    }
    for (const claims of all) await claims.close();
    assertEquals(await exists(join(run, "lock")), false, "no stale lock is left");
  }));

test("a process of this machine that was killed is dead at once, one that is suspended is not", () =>
  inFolder(async (run) => {
    const claims = await Claims.open(run);
    const [killed, suspended] = [await strange(run, { killed: true }), await strange(run, { killed: false })];
    await killed.claim("a", 1);
    await suspended.claim("b", 1);
    await (await take(claims, "a")).release();
    const holder = await claims.take("b");
    assert(!("check" in holder) && holder.heard);
    suspended.kill();
    await take(claims, "b");
    await claims.close();
  }));

test("a process elsewhere is dead once its beat has stopped for a while by one's own clock, whatever the other's says", () =>
  inFolder(async (run) => {
    let now = 0;
    const claims = await Claims.open(run, { now: () => now });
    // Its clock is hours ahead, and its machine has the name of this one.
    const other = await strange(run, { started: "2099-01-01T00:00:00Z" });
    await other.claim("balance", 1);
    const heard = async () => {
      const found = await claims.take("balance");
      return "check" in found ? found : found.heard;
    };
    assertEquals(await heard(), false, "at first nobody knows");
    await other.beat();
    now += 5;
    assertEquals(await heard(), true);
    // Not as long as it beats, however long that is.
    for (let k = 0; k < 2 * QUIET; k += 10) {
      await other.beat();
      now += 10;
      assertEquals(await heard(), true);
    }
    // Whoever looks may have been suspended: a day without a look counts as a few seconds.
    await other.beat();
    now += 5;
    await heard();
    now += 86_400;
    assertEquals(typeof await heard(), "boolean");
    const quiet = now;
    while (typeof await heard() === "boolean") now += 5;
    assert(now - quiet > QUIET / 2 && now - quiet <= QUIET, `${now - quiet} s`);
    await claims.close();
  }));

test("a process that was taken for dead finds that its work is another's before it writes", () =>
  inFolder(async (run) => {
    let now = 0;
    const old = await Claims.open(run), fresh = await Claims.open(run, { now: () => now });
    const claim = await take(old, "methods/ew");
    // As if it were on another machine, and suspended: no sign, no beat.
    const path = join(run, "lock", `process-${old.self.id}.json`);
    const facts = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...facts, life: null }));
    await Deno.chmod(path, 0o444);
    for (; !("check" in await fresh.take("methods/ew")); now += 5) assert(now < 10 * QUIET);
    await assertRejects(() => claim.check(), RunError, "another took it over");
    await assertRejects(() => claim.renew(), RunError, "another took it over");
    await claim.release();
    assert((await fresh.holders()).has("methods~ew"), "the old one's end does not touch the new one's claim");
    await fresh.close();
    await old.close();
  }));

test("who wants to be alone is refused beside others, and nobody but those who share may come", () =>
  inFolder(async (run) => {
    const shared = await Claims.open(run);
    await assertRejects(() => Claims.open(run, { alone: true }), InputError, `in use by process ${Deno.pid}`);
    await shared.close();
    const alone = await Claims.open(run, { alone: true });
    await assertRejects(() => Claims.open(run, { alone: true }), InputError, "deno task tune --join");
    await (await Claims.open(run)).close();
    await alone.close();
    const many = await Promise.allSettled(Array.from({ length: 5 }, () => Claims.open(run, { alone: true })));
    const opened = many.filter(({ status }) => status === "fulfilled");
    assert(opened.length <= 1);
    for (const one of many) if (one.status === "fulfilled") await one.value.close();
  }));

test("work is done one after the other", () =>
  inFolder(async (run) => {
    const all = await Promise.all(Array.from({ length: 4 }, () => Claims.open(run)));
    const steps: string[] = [];
    await Promise.all(all.map((claims, i) =>
      exclusively(claims, "results", async () => {
        steps.push(`${i} begins`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        steps.push(`${i} ends`);
      })
    ));
    for (let k = 0; k < steps.length; k += 2) assertEquals(steps[k]![0], steps[k + 1]![0]);
    for (const claims of all) await claims.close();
  }));

test("a part with a long name can be claimed; what an older version left is no obstacle", () =>
  inFolder(async (run) => {
    await Deno.mkdir(run);
    await Deno.writeTextFile(join(run, "lock"), "1234567\n");
    const claims = await Claims.open(run);
    const id = `seed-1/probes/plus-${"%E4%BD%A0".repeat(26)}`;
    await take(claims, id);
    assert(!("check" in await claims.take(id)));
    await take(claims, id.replace("plus", "alone"));
    await claims.close();
  }));

test("a place that cannot hold a folder is said to be so", () =>
  inFolder(async (run) => {
    await Deno.writeTextFile(run, "mine");
    for (const [alone, place] of [[true, `--out ${run}`], [false, run]] as const) {
      const error = await assertRejects(() => Claims.open(run, { alone }), InputError);
      assert(error.message.startsWith(`${place}: expected a folder that can be written to`), error.message);
    }
    assertEquals(await Deno.readTextFile(run), "mine");
    await Deno.remove(run);
  }));

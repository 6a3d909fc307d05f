/** A dry run says what the run then does, and leaves nothing behind; with the fake engine. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { exists } from "../../src/run/files.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { dryRun } from "../../src/tune/ahead.ts";
import { tune } from "../../src/tune/tune.ts";
import { dryRunLines } from "../../tasks/lib/dry_run_lines.ts";
import { needs } from "../house/permissions.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...(await filesIn(join(folder, name))).map((path) => join(name, path)));
    else found.push(name);
  }
  return found.sort();
}

test("a dry run counts what the run does: steps, tokens, questions, checkpoints", async () => {
  const folder = await fakeFolder();
  try {
    const options: TuneOptions = {
      data: join(folder, "data"),
      checkpoint: join(folder, "base"),
      methods: ["ew", "cotbal", "cotbal-chat", "stl"],
      batch: 5,
      mini: 0.25,
      epochs: 1.5,
      mix: { colour: 2, number: 1 },
    };
    const place = { out: join(folder, "out"), resume: false, root: folder, versions: {} };
    const before = await filesIn(folder);
    const engine = fakeEngine();
    const found = await dryRun(engine, options, place);
    assertEquals(await filesIn(folder), before);
    assertEquals(engine.alive, 0);
    assert(engine.steps > 0 && engine.steps <= 15);

    const results = await tune(fakeEngine(), options, place);
    for (const cost of results.costs) {
      const planned = found.parts.find(({ part }) => part === cost.part)!;
      assertEquals(
        [planned.steps, planned.conversations, planned.tokens],
        [cost.steps, cost.conversations, cost.tokens],
        cost.part,
      );
    }
    const sizes = await Promise.all(
      found.parts.filter(({ keep }) => keep).map(async ({ part }) => {
        const at = join(place.out, part, "checkpoint");
        let sum = 0;
        for await (const { name } of Deno.readDir(at)) sum += (await Deno.stat(join(at, name))).size;
        return sum;
      }),
    );
    assertEquals(sizes.length, 3);
    for (const size of sizes) assertAlmostEquals(size, found.disk.checkpoint, 0.6 * size);
    assert(found.time!.low < found.time!.seconds && found.time!.seconds < found.time!.high);
    assert(dryRunLines(found).some((line) => line.startsWith("Time: about ")));
    JSON.stringify(found);

    // Of a run that is finished nothing is left; without --resume its folder is refused as the run would.
    const rest = await dryRun(fakeEngine(), {}, { ...place, resume: true });
    assertEquals([rest.parts.length, rest.totals.steps, rest.time], [0, 0, null]);
    dryRunLines(rest);

    // With another seed that seed's parts alone are left, though the first one's have not moved into their folder yet.
    const more = await dryRun(fakeEngine(), { seeds: [1, 2] }, { ...place, resume: true });
    assert(more.totals.steps > 0);
    assertEquals(more.parts.filter(({ part }) => part.startsWith("seed-1/")), []);
    await assertRejects(
      () => dryRun(fakeEngine(), options, place),
      InputError,
      "expected a new or empty folder",
    );
    await assertRejects(
      () => dryRun(fakeEngine(), { ...options, tasks: ["shape"] }, { ...place, out: join(folder, "other") }),
      InputError,
      "shape",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("a dry run counts the looks at validation questions: time, and the best step's state", async () => {
  const folder = await fakeFolder();
  try {
    const options: TuneOptions = {
      data: join(folder, "data"),
      checkpoint: join(folder, "base"),
      methods: ["ew", "cotbal"],
      mini: 0.25,
      batch: 4,
    };
    const place = { out: join(folder, "out"), resume: false, root: folder, versions: {} };
    const plain = await dryRun(fakeEngine(), options, place);
    assertEquals([plain.time!.validating, plain.parts.some(({ looks }) => looks > 0)], [0, false]);
    assert(!dryRunLines(plain).join().includes("looks at"));

    const looking: TuneOptions = { ...options, evaluateEvery: 3, evaluateQuestions: 2 };
    const found = await dryRun(fakeEngine(), looking, place);
    assert(found.time!.validating > 0);
    assertEquals(found.disk.state, 2 * plain.disk.state);
    assert(dryRunLines(found).some((line) => line.includes("looks at validation questions")));

    await tune(fakeEngine(), looking, place);
    for (const { part, looks, steps } of found.parts) {
      if (steps === 0) continue;
      const lines = (await Deno.readTextFile(join(place.out, part, "metrics.jsonl"))).trim().split("\n");
      assertEquals(lines.filter((line) => JSON.parse(line).evaluation !== undefined).length, looks, part);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("what a dry run must draw is gone afterwards", async () => {
  const folder = await fakeFolder();
  try {
    const place = { out: join(folder, "out"), resume: false, root: folder, versions: {} };
    const options = { checkpoint: join(folder, "base"), scale: 0.001, methods: ["ew"] };
    const dirs: string[] = [];
    const make = Deno.makeTempDir;
    try {
      Deno.makeTempDir = async (given) => {
        const made = await make(given);
        dirs.push(made);
        return made;
      };
      // The fake base reads 4x4 pictures: whatever comes of it, nothing stays.
      await dryRun(fakeEngine(), options, place).catch((error) => {
        if (!(error instanceof InputError)) throw error;
      });
    } finally {
      Deno.makeTempDir = make;
    }
    assertEquals(dirs.length, 1);
    assert(!await exists(dirs[0]!) && !await exists(place.out));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

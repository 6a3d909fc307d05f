import { assert, assertEquals } from "@std/assert";
import { join, relative } from "@std/path";
import { extendSeeds, finishExtension } from "../../src/run/extend_seeds.ts";
import { writeJson, writeWhole } from "../../src/run/files.ts";
import { writeRecord } from "../../src/run/run_files.ts";
import { writeRunInfo } from "../../src/run/run_info_file.ts";
import { sha256 } from "../../src/run/sha256.ts";
import type { RunInfo } from "../../src/run/records/run_info.ts";
import { planRun } from "../../src/run/plan.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const options = {
  tasks: ["a", "../b"],
  methods: ["ew", "cotbal", "stl"],
  zeroShot: { tasks: ["c"] },
};

/** A folder as a run with these seeds would leave it, its files named by what they are. */
async function writeRun(folder: string, seeds: number[], finished = true): Promise<void> {
  await Deno.mkdir(folder);
  const run = { folder, runId: "run" };
  const info = { format: 2, id: "run", given: { seeds }, resolved: { ...options, seeds } };
  await writeRunInfo(folder, info as unknown as RunInfo);
  const lines = `{"step":1}\n`;
  for (const part of planRun({ ...options, seeds })) {
    if (part.kind === "balance") {
      for (const file of [part.table, part.file]) await writeRecord(run, file, { seed: part.seed });
      continue;
    }
    const cost = {
      part: part.id,
      conversations: 1,
      steps: 2,
      tokens: 3,
      answerTokens: 4,
      trainSeconds: 5,
      evaluateSeconds: 6,
    };
    const result: PartResult = {
      part: part.id,
      seed: part.seed,
      split: "test",
      scores: [],
      answers: [],
      cost,
    };
    if (part.kind !== "tune") {
      await writeRecord(run, part.file, result);
      continue;
    }
    await writeRecord(run, part.file, result, { files: { "metrics.jsonl": await sha256(lines) } });
    await writeWhole(join(folder, part.id, "metrics.jsonl"), lines);
  }
  await writeRecord(run, "profile.json", {
    part: `${seeds.length > 1 ? `seed-${seeds[0]}/` : ""}probes/mini`,
  });
  if (finished) {
    for (const name of ["results.json", "report.html"]) {
      await writeJson(join(folder, name), 1);
    }
  }
}

async function filesOf(folder: string, at = folder): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(at)) {
    const path = join(at, name);
    if (isDirectory) Object.assign(found, await filesOf(folder, path));
    else found[relative(folder, path)] = await Deno.readTextFile(path);
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => a < b ? -1 : 1));
}

/** What a run with one seed is once it was given more: a run that had them from the start, but for what they miss. */
async function expected(folder: string, seeds: number[], had: number): Promise<Record<string, string>> {
  await writeRun(folder, seeds, false);
  const files = await filesOf(folder);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.startsWith("seed-") || path.startsWith(`seed-${had}/`)),
  );
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("extendSeeds makes of a run with one seed what it would be with several", () =>
  inFolder(async (folder) => {
    for (const seeds of [[7, 8], [1, 7, 3]]) {
      const [one, whole] = [join(folder, `one ${seeds}`), join(folder, `whole ${seeds}`)];
      await writeRun(one, [7]);
      await extendSeeds(one, seeds);
      const want = await expected(whole, seeds, 7);
      // The profile names the part that was profiled, which is another where another seed comes first.
      await writeRecord({ folder: whole, runId: "run" }, "profile.json", { part: "seed-7/probes/mini" });
      want["profile.json"] = (await filesOf(whole))["profile.json"]!;
      assertEquals(await filesOf(one), want);
    }
  }));

test("extendSeeds may be killed at any moment and goes on", () =>
  inFolder(async (folder) => {
    const seeds = [7, 8];
    const want = await expected(join(folder, "whole"), seeds, 7);
    const rename = Deno.rename;
    let kills = 0;
    for (;; kills++) {
      const one = join(folder, `one-${kills}`);
      await writeRun(one, [7]);
      let left = kills;
      Deno.rename = (from, to) => left-- > 0 ? rename(from, to) : Promise.reject(new Error("killed"));
      let killed = true;
      try {
        await extendSeeds(one, seeds);
        killed = false;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      } finally {
        Deno.rename = rename;
      }
      if (!killed) break;
      // Before its mark is there, nothing was begun.
      if (kills === 0) await extendSeeds(one, seeds);
      else await finishExtension(one);
      assertEquals(await filesOf(one), want, `killed after ${kills} renames`);
    }
    assert(kills > 20, `${kills}`);
  }));

test("extendSeeds of several seeds moves nothing, and removes what spoke of all of them", () =>
  inFolder(async (folder) => {
    await Deno.remove(folder);
    await writeRun(folder, [1, 2]);
    const { "results.json": _, "report.html": __, "run.json": run, ...before } = await filesOf(folder);
    await extendSeeds(folder, [1, 2, 3]);
    const { "run.json": now, ...after } = await filesOf(folder);
    assertEquals(after, before);
    assert(run !== now);
    assertEquals(JSON.parse(now!).resolved.seeds, [1, 2, 3]);
    await finishExtension(folder); // nothing to finish
    assertEquals((await filesOf(folder))["run.json"], now);
  }));

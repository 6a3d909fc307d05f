import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Interrupted } from "../../src/errors.ts";
import { PROGRESS_FILE, type ProgressLine } from "../../src/run/records/progress_line.ts";
import type { TuneEvent } from "../../src/tune/callbacks.ts";
import { keepingProgress } from "../../src/tune/progress_log.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const step = (step: number): TuneEvent => ({
  kind: "progress",
  part: "methods/ew",
  index: 1,
  parts: 1,
  doing: "training",
  step,
  steps: 1000,
  loss: 1,
  secondsLeft: 10,
});

async function linesIn(folder: string): Promise<ProgressLine[]> {
  const text = await Deno.readTextFile(join(folder, PROGRESS_FILE));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("lines come once there is a run.json; what goes on is said now and then, and all is told on", () =>
  withFolder(async (folder) => {
    const told: TuneEvent[] = [];
    const setup: TuneEvent = { kind: "setup", doing: "reading images", done: 1, total: 2 };
    await keepingProgress(folder, {}, { event: (event) => told.push(event) }, async ({ event }) => {
      event!(setup);
      await Deno.writeTextFile(join(folder, "run.json"), '{"id":"abc"}');
      for (let i = 1; i <= 1000; i++) event!(step(i));
      event!({ kind: "part", part: "methods/base", index: 1, parts: 2, scores: [], before: true });
      event!({ kind: "part", part: "methods/ew", index: 2, parts: 2, scores: [], before: false });
    });
    assertEquals(told.length, 1003);
    assertEquals((await linesIn(folder)).map(({ at: _, ...line }) => line), [
      { kind: "sitting", run: "abc", process: Deno.pid },
      { kind: "progress", part: "methods/ew", doing: "training", step: 1, steps: 1000, secondsLeft: 10 },
      { kind: "part", part: "methods/ew" },
      { kind: "end", how: "finished" },
    ]);
  }));

test("how a sitting ends is said, and the next one's lines follow, also behind a line that was cut off", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "run.json"), '{"id":"abc"}');
    const fail = (error: Error) =>
      assertRejects(() => keepingProgress(folder, {}, {}, () => Promise.reject(error)));
    await fail(new Interrupted("stopped"));
    await Deno.truncate(join(folder, PROGRESS_FILE), (await Deno.stat(join(folder, PROGRESS_FILE))).size - 6);
    await fail(new Error("lost"));
    const [first, cut, ...rest] = (await Deno.readTextFile(join(folder, PROGRESS_FILE))).trimEnd().split(
      "\n",
    );
    assertEquals(JSON.parse(first!).kind, "sitting");
    assertEquals(cut!.endsWith('"kind":"end","how":"interrup'), true, cut);
    assertEquals(rest.map((line) => JSON.parse(line)).map(({ kind, error }) => [kind, error]), [
      ["sitting", undefined],
      ["end", "lost"],
    ]);
  }));

test("no run fails for what cannot be written", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "run.json"), '{"id":"abc"}');
    await Deno.mkdir(join(folder, PROGRESS_FILE));
    const result = await keepingProgress(folder, {}, {}, ({ event }) => {
      event!(step(1));
      return Promise.resolve("done");
    });
    assertEquals(result, "done");

    const gone = await Deno.makeTempDir();
    await Deno.writeTextFile(join(gone, "run.json"), '{"id":"abc"}');
    await keepingProgress(gone, {}, {}, async ({ event }) => {
      event!(step(1));
      await Deno.remove(gone, { recursive: true });
      event!({ kind: "note", text: "a note" });
    });
  }));

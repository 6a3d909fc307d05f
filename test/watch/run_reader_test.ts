import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, Interrupted } from "../../src/errors.ts";
import { planRun } from "../../src/run/plan.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import { PROGRESS_FILE } from "../../src/run/records/progress_line.ts";
import type { Results } from "../../src/run/records/results.ts";
import { checkWatchable, RunReader } from "../../src/watch/run_reader.ts";
import type { RunView } from "../../src/watch/run_view.ts";
import { needs } from "../house/permissions.ts";
import { copyNow, engineAt, killCopied, withRuns } from "./_run.ts";

const test = needs("read", "write");

const PLAN = planRun({ tasks: ["colour", "number"], methods: ["ew", "cotbal"], seeds: [1] });

const states = ({ parts }: RunView) => parts.map(({ state }) => state);

test("a run that has not begun, a killed one, the same gone on with and finished", () =>
  withRuns(async ({ folder, run }) => {
    const killed = join(folder, "killed");
    const reader = new RunReader(killed);
    assertEquals((await reader.look()).state, "waiting");
    await Deno.mkdir(killed);
    assertEquals((await reader.look()).state, "waiting");
    await Deno.writeTextFile(join(killed, "lock"), "1\n");
    const early = await reader.look();
    assertEquals([early.state, early.parts, early.losses], ["preparing", [], null]);
    await Deno.remove(killed, { recursive: true });

    // In the midst of the probes.
    const engine = engineAt(40, () => copyNow(join(folder, "whole"), killed));
    await run("whole", {}, {}, engine);
    const running = await reader.look();
    assertEquals([running.state, running.tasks, running.seeds], ["running", ["colour", "number"], [1]]);
    assertEquals(running.parts.map(({ id }) => id), PLAN.map(({ id }) => id));
    const at = states(running).indexOf("at hand");
    assertEquals(running.parts[at]!.kind, "tune");
    assertEquals(
      states(running),
      PLAN.map((_, i) => i < at ? "finished" : i === at ? "at hand" : "open"),
    );
    assertEquals(running.losses!.part, PLAN[at]!.id);
    const lines = (await Deno.readTextFile(join(killed, PLAN[at]!.id, "metrics.jsonl"))).trim().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(running.losses!.step, lines.length);
    assertEquals(
      running.losses!.points,
      lines.map(({ step, taskLoss, taskTokens }) => ({
        step,
        loss: taskLoss.map((loss: number, t: number) => taskTokens[t] > 0 ? loss : null),
      })),
    );

    const silent = await reader.look(running.heard! + 60_000);
    assertEquals([silent.state, states(silent)], ["silent", states(running)]);

    // Where the system tells, a kill is known at once.
    killCopied(killed);
    const stopped = await reader.look();
    assertEquals([stopped.state, states(stopped).includes("at hand")], ["stopped", false]);

    await run("killed");
    const finished = await reader.look();
    assertEquals([finished.state, finished.sittings, finished.secondsLeft], ["finished", 2, null]);
    assert(states(finished).every((state) => state === "finished"));
    const { methods }: Results = JSON.parse(await Deno.readTextFile(join(killed, "results.json")));
    for (const method of ["ew", "cotbal"]) {
      const part = finished.parts.find(({ id }) => id === `methods/${method}`)!;
      assertEquals(part.scores, methods[method]!.scores);
      const { cost }: PartResult = JSON.parse(
        await Deno.readTextFile(join(killed, `methods/${method}/test.json`)),
      );
      assertEquals(part.seconds, cost.trainSeconds + cost.evaluateSeconds);
    }
    const began = finished.log.filter(({ text }) => /^process \d+ .*began/.test(text));
    assertEquals([began.length, finished.log.at(-1)!.text], [2, "finished"]);
    assertEquals(await new RunReader(killed).look(), finished);
  }));

test("a run that is interrupted, and one that fails, say so until they go on", () =>
  withRuns(async ({ folder, run }) => {
    const reader = new RunReader(join(folder, "run"));
    const controller = new AbortController();
    const stop = engineAt(30, () => controller.abort(new Interrupted("interrupted")));
    await assertRejects(() => run("run", {}, { signal: controller.signal }, stop), Interrupted);
    const stopped = await reader.look();
    assertEquals([stopped.state, stopped.error, stopped.doing], ["stopped", null, null]);
    assert(states(stopped).includes("finished") && !states(stopped).includes("at hand"));

    const fail = engineAt(5, () => {
      throw new Error("the device is lost");
    });
    await assertRejects(() => run("run", {}, {}, fail), Error, "lost");
    const failed = await reader.look();
    assertEquals([failed.state, failed.error], ["failed", "the device is lost"]);

    // The line of a sitting that was killed while it wrote.
    await Deno.writeTextFile(join(folder, "run", PROGRESS_FILE), '{"at":1,"ki', { append: true });
    await run("run");
    const finished = await reader.look();
    assertEquals([finished.state, finished.error], ["finished", null]);
    assertEquals(finished.log.filter(({ text }) => text.startsWith("process")).length, 3);
  }));

test("damaged files are said to be so, and nothing else is lost by them", () =>
  withRuns(async ({ folder, run }) => {
    const out = join(folder, "run");
    await run("run");
    const reader = new RunReader(out);
    await Deno.writeTextFile(join(out, "methods/ew/test.json"), "{}");
    await Deno.mkdir(join(out, "else"));
    await Deno.remove(join(out, PROGRESS_FILE));
    await Deno.mkdir(join(out, PROGRESS_FILE));
    let damaged = await reader.look();
    assertEquals(damaged.state, "stopped");
    assertEquals(damaged.parts.find(({ id }) => id === "methods/ew")!.state, "damaged");
    assertEquals([damaged.heard, damaged.log], [null, []]);

    // What was whole at first is looked at again, though not each time.
    await Deno.remove(join(out, "probes/mini/eval.json"));
    for (let i = 0; i < 20; i++) damaged = await reader.look();
    assertEquals(damaged.parts.find(({ id }) => id === "probes/mini")!.state, "open");

    await Deno.writeTextFile(join(out, "run.json"), "{");
    const unreadable = await reader.look();
    assertEquals([unreadable.state, unreadable.parts], ["unreadable", []]);
    assert(unreadable.error!.includes("found no JSON"), unreadable.error!);
  }));

test("the progress of another run is not believed", () =>
  withRuns(async ({ folder, run }) => {
    await run("one");
    await run("two", { learningRate: 1e-3 });
    await Deno.copyFile(join(folder, "two", PROGRESS_FILE), join(folder, "one", PROGRESS_FILE));
    const view = await new RunReader(join(folder, "one")).look();
    assertEquals([view.state, view.heard, view.log], ["finished", null, []]);
  }));

test("what is no run's folder is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const refused = (path: string, message: string) =>
      assertRejects(() => checkWatchable(path, false), InputError, message);
    const missing = join(folder, "missing"), file = join(folder, "file");
    await refused(missing, "expected the folder of a run, found no such folder");
    await checkWatchable(missing, true);
    await checkWatchable(folder, false);
    await Deno.writeTextFile(join(folder, "lock"), "");
    await checkWatchable(folder, false);
    await Deno.writeTextFile(file, "");
    await refused(file, "expected the folder of a run, found a file");
    await refused(folder, "found 2 files in it, but no run.json");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

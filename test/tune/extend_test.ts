import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { exists } from "../../src/run/files.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { withoutCheck } from "../run/without_check.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";
import { timelessFiles, TIMES } from "./timeless_files.ts";

const test = needs("read", "write");

type Run = (engine: FakeEngine, out: string, extra?: TuneOptions & { resume?: boolean }) => Promise<void>;

async function withData(work: (folder: string, run: Run) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal", "stl"],
    batch: 4,
    epochs: 1,
    mini: 0.25,
    stateEverySeconds: 0,
  };
  try {
    await work(folder, async (engine, out, { resume = false, ...extra } = {}) => {
      const place = { out: join(folder, out), resume, root: folder, versions: { cotbal: "0" } };
      await tune(engine, { ...options, ...extra }, place);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("a run that is given more seeds ends with the bits of one that had them from the start", () =>
  withData(async (folder, run) => {
    await run(fakeEngine(), "whole", { seeds: [1, 2, 3] });
    const whole = await timelessFiles(join(folder, "whole"));

    const first = fakeEngine();
    await run(first, "run", { seeds: [1] });
    const second = fakeEngine();
    await run(second, "run", { seeds: [1, 2], resume: true });
    assertEquals(second.steps, first.steps, "the first seed was computed again");
    await run(fakeEngine(), "run", { seeds: [1, 2, 3], resume: true });
    assertEquals(await timelessFiles(join(folder, "run")), whole);

    const { results, statistics } = await loadRun(join(folder, "run"));
    assertEquals(results.seeds, [1, 2, 3]);
    assertEquals(statistics!.agreement!.lambda.pairs, 0); // two tasks: too few to rank
    assertEquals(statistics!.differences.map(({ method }) => method), ["cotbal", "stl"]);
    // Seeds may not be left out, and need not be given again.
    await assertRejects(
      () => run(fakeEngine(), "run", { seeds: [1, 4], resume: true }),
      InputError,
      "seeds may be added",
    );
    const again = fakeEngine();
    await run(again, "run", { resume: true });
    assertEquals(again.steps, 0);
    assertEquals(await timelessFiles(join(folder, "run")), whole);
  }));

test("a run with one seed, killed on its way, is extended with what it has", () =>
  withData(async (folder, run) => {
    await run(fakeEngine(), "whole", { seeds: [5, 6], methods: ["ew", "cotbal"] });
    const engine = fakeEngine();
    engine.beforeStep = () => {
      if (engine.steps === 30) throw new Error("killed");
    };
    const methods = ["ew", "cotbal"];
    await assertRejects(() => run(engine, "run", { seeds: [5], methods }), Error, "killed");
    const rest = fakeEngine();
    await run(rest, "run", { seeds: [5, 6], methods, resume: true });
    assert(rest.steps < 2 * 69, `${rest.steps}`); // 6 + 9 + 9 + 24 + 24 a seed, and no less than 10 are saved
    assertEquals(await timelessFiles(join(folder, "run")), await timelessFiles(join(folder, "whole")));
  }));

test("a run from before statistics were kept is loaded with them", () =>
  withData(async (folder, run) => {
    await run(fakeEngine(), "run", { methods: ["ew", "tla"] });
    const path = join(folder, "run", "statistics.json");
    const kept = JSON.parse(withoutCheck(await Deno.readTextFile(path)));
    await Deno.remove(path);
    const { statistics } = await loadRun(join(folder, "run"));
    assertEquals(JSON.parse(JSON.stringify(statistics)), kept);
    assert(!(await exists(path)));
  }));

test("EW with the probes' budget reads as much as CoTBal and its probes", () =>
  withData(async (folder, run) => {
    await run(fakeEngine(), "run", { methods: ["ew", "ew-budget", "cotbal"], large: 0.5 });
    const { results } = await loadRun(join(folder, "run"));
    const conversations = (of: (part: string) => boolean) =>
      results.costs.filter(({ part }) => of(part)).reduce((sum, cost) => sum + cost.conversations, 0);
    const probes = conversations((part) => part.startsWith("probes/"));
    assertEquals(probes, 96); // R_large + N·R_mini = 0.5 + 2·0.25 of 96
    assertEquals(
      conversations((part) => part === "methods/ew-budget"),
      conversations((part) => part === "methods/cotbal") + probes,
    );
    assertEquals(results.methods["ew-budget"]!.seeds[0]!.lambda, [1, 1]);
  }));

test("tasks never tuned on are answered by every kept model and the base", () =>
  withData(async (folder, run) => {
    // The same pictures and questions under another name, test split alone.
    const other = join(folder, "other");
    await Deno.mkdir(join(other, "images"), { recursive: true });
    for await (const { name } of Deno.readDir(join(folder, "data", "images"))) {
      await Deno.copyFile(join(folder, "data", "images", name), join(other, "images", name));
    }
    await Deno.copyFile(join(folder, "data", "colour_test.json"), join(other, "tint_test.json"));
    await Deno.writeTextFile(join(other, "tasks.json"), JSON.stringify({ tint: { metric: "exact-match" } }));
    await run(fakeEngine(), "plain");
    const asked = { zeroShotData: other, zeroShot: 8 };
    await run(fakeEngine(), "run", asked);

    const { results, run: info } = await loadRun(join(folder, "run"));
    const { zeroShotTasks, ...rest } = results;
    assertEquals([zeroShotTasks!.tasks, zeroShotTasks!.questions], [["tint"], [8]]);
    assertEquals([zeroShotTasks!.base, zeroShotTasks!.against], [[0], "ew"]);
    assertEquals(Object.keys(zeroShotTasks!.methods), ["ew", "cotbal"]); // STL keeps no model
    const { ew, cotbal } = zeroShotTasks!.methods;
    assertEquals([ew!.scores[0]! > 0, ew!.deltaI], [true, null]);
    assertEquals(cotbal!.deltaI, 100 * (cotbal!.scores[0]! - ew!.scores[0]!) / ew!.scores[0]!);
    const [{ low, high }] = ew!.intervals! as [{ low: number; high: number }];
    assert(low <= ew!.scores[0]! && ew!.scores[0]! <= high && high > low, `${low} to ${high}`);
    assertEquals(info.zeroShot!.questions.test, [16]);

    // All else is as without them: the fields that were there have the same bytes.
    const plain = (await loadRun(join(folder, "plain"))).results;
    const timeless = (value: object) =>
      JSON.stringify(value, (key, x) => TIMES.includes(key) || key === "costs" ? undefined : x);
    assertEquals(timeless(rest), timeless(plain));

    const file = join(other, "tint_test.json");
    await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replaceAll("red", "blue"));
    await assertRejects(
      () => run(fakeEngine(), "run", { ...asked, resume: true }),
      InputError,
      "the data in",
    );
    await assertRejects(
      () => run(fakeEngine(), "run", { ...asked, zeroShot: 9, resume: true }),
      InputError,
      "zeroShot was",
    );
  }));

test("what methods measured themselves, and intervals, move with the seeds", () =>
  withData(async (folder, run) => {
    const options: TuneOptions = {
      methods: ["ew", "cotbal", "noise-aware", "merge", "regret", "sensitivity", "search"],
      probeSeeds: 2,
      mergeBudget: 4,
      searchBudget: 2,
    };
    await run(fakeEngine(), "whole", { ...options, seeds: [1, 2] });
    await run(fakeEngine(), "run", { ...options, seeds: [1] });
    await run(fakeEngine(), "run", { ...options, seeds: [1, 2], resume: true });
    assertEquals(await timelessFiles(join(folder, "run")), await timelessFiles(join(folder, "whole")));
    assert(await exists(join(folder, "run", "seed-1", "intervals.json")));
  }));

test("probes that go on from the mini have intervals, and are shared with the noise-aware method", () =>
  withData(async (folder, run) => {
    const methods = ["ew", "cotbal", "cotbal-chat", "cotbal-precise", "noise-aware"];
    await run(fakeEngine(), "run", { methods, probes: "continued", probeSeeds: 2 });
    const { intervals, furtherBalances } = await loadRun(join(folder, "run"));
    assertEquals(intervals?.draws, 1);
    assertEquals(furtherBalances?.map(({ intervals }) => intervals?.draws), [undefined, undefined, 2]);
  }));

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { loadRun } from "../../src/run/load_run.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { tune } from "../../src/tune/tune.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { needs } from "../house/permissions.ts";
import { withoutCheck } from "../run/without_check.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

const MEASURE = ["merge", "regret", "sensitivity", "search"];
const FILES = MEASURE.flatMap((method) => [
  `${method}.json`,
  method === "regret" ? "regret-scores.json" : `${method}-trials.json`,
  `methods/${method}/checkpoint/model.safetensors`,
]);

async function withRuns(
  work: (
    folder: string,
    run: (engine: FakeEngine, out: string, extra?: TuneOptions & { resume?: boolean }) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await fakeFolder();
  try {
    await work(folder, async (engine, out, { resume = false, ...extra } = {}) => {
      await tune(engine, {
        data: join(folder, "data"),
        checkpoint: join(folder, "base"),
        methods: MEASURE,
        searchBudget: 4,
        mergeBudget: 8,
        batch: 4,
        epochs: 1,
        stateEverySeconds: 0,
        ...extra,
      }, { out: join(folder, out), resume, root: folder, versions: { cotbal: "0" } });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const text = async (...path: string[]) => withoutCheck(await Deno.readTextFile(join(...path)));

test("methods that measure leave weights, trials and a section; EW's and STL's models are shared", () =>
  withRuns(async (folder, run) => {
    const engine = fakeEngine();
    await run(engine, "alone");
    assertEquals(engine.alive, 0);
    const loaded = await loadRun(join(folder, "alone"));
    assertEquals(Object.keys(loaded.results.methods), MEASURE);
    assertEquals(loaded.sensitivity?.sensitivity.length, 2);
    const page = await renderReport([loaded]);
    assert(page.includes("What weights can move"));
    assertEquals(loaded.regret?.regret.length, 2);
    assert(page.includes("Who is left behind"));
    assert(page.includes("To first order, weights within the band"));

    const trials = JSON.parse(await text(folder, "alone", "merge-trials.json"));
    assertEquals(trials.tried.length, 8);
    const scores = trials.tried.map(({ scores }: { scores: number[] }) => String(scores));
    assert(new Set(scores).size > 2, "the fake merges should differ");
    const found = JSON.parse(await text(folder, "alone", "search.json"));
    assertEquals(found.tried.length, 5);
    for (const method of MEASURE) {
      const { lambda } = JSON.parse(await text(folder, "alone", `${method}.json`));
      assertEquals(loaded.results.methods[method]!.seeds[0]!.lambda, lambda);
    }

    // Beside STL and EW not one step more is trained.
    const beside = fakeEngine();
    await run(beside, "beside", { methods: ["ew", "stl", ...MEASURE] });
    assertEquals(beside.steps, engine.steps);
    for (const file of FILES) {
      assertEquals(await text(folder, "beside", file), await text(folder, "alone", file), file);
    }
  }));

test("killed again and again, they end with the same bytes", () =>
  withRuns(async (folder, run) => {
    await run(fakeEngine(), "whole");
    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      engine.beforeStep = () => {
        if (engine.steps === 9 + 2 * kills) throw new Error("killed");
      };
      try {
        await run(engine, "killed", { resume: kills > 0 });
        assert(kills > 5);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      }
    }
    for (const file of FILES) {
      assertEquals(await text(folder, "killed", file), await text(folder, "whole", file), file);
    }
    // Nor does it matter which file was lost.
    for (
      const lost of [
        "search.json",
        "probes/search/03/weights.json",
        "probes/merge/08/eval.json",
        "merge.json",
      ]
    ) {
      await Deno.remove(join(folder, "whole", lost));
    }
    const again = fakeEngine();
    await run(again, "whole", { resume: true });
    assertEquals(again.steps, 0);
    for (const file of FILES) {
      assertEquals(await text(folder, "whole", file), await text(folder, "killed", file), file);
    }
  }));

test("with several seeds the weights of all are weighed together", () =>
  withRuns(async (folder, run) => {
    await run(fakeEngine(), "seeds", { seeds: [1, 2], searchBudget: 2, mergeBudget: 4 });
    const read = async (file: string) => JSON.parse(await text(folder, "seeds", file));
    assertEquals((await read("search.json")).tried.map(({ seed }: { seed: number }) => seed), [
      1,
      1,
      1,
      2,
      2,
      2,
    ]);
    assertEquals((await read("merge.json")).tried.length, 8);
    assertEquals((await read("seed-2/sensitivity.json")).seedErrors, null);
    const { sensitivity } = await loadRun(join(folder, "seeds"));
    assertEquals(sensitivity!.seedErrors!.length, 2);
    const [one, all] = [await read("seed-2/regret.json"), await read("regret.json")];
    assert(all.margin[0] < one.margin[0], "more seeds, less doubt");
    assert((await renderReport([await loadRun(join(folder, "seeds"))])).includes("over seeds"));
  }));

test("a budget without its method, and methods that balance a single task, are refused", () =>
  withRuns(async (_, run) => {
    await assertRejects(
      () => run(fakeEngine(), "a", { methods: ["merge"] }),
      InputError,
      "--search-budget: expected with the method search, found --methods merge",
    );
    await assertRejects(
      () => run(fakeEngine(), "b", { methods: ["merge", "search"], tasks: ["colour"] }),
      InputError,
      "--methods merge: expected two or more tasks to balance",
    );
    await assertRejects(() => run(fakeEngine(), "c", { searchBudget: 0 }), InputError, "--search-budget");
  }));

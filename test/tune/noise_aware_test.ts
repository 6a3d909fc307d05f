import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadRun } from "../../src/run/load_run.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { fakeFolder } from "./fake_data.ts";
import { fakeEngine } from "../train/fake_engine.ts";
import { needs } from "../house/permissions.ts";
import { withoutCheck } from "../run/without_check.ts";

const test = needs("read", "write");

const both: TuneOptions = { methods: ["ew", "cotbal", "noise-aware"], probeSeeds: 2 };

const FILES = [
  "weights",
  "intervals",
  "methods/noise-aware/weights",
  "methods/noise-aware/intervals",
  "methods/noise-aware/validation",
];

test("noise-aware beside CoTBal: shared probes, files of both, the same bytes after kills, seeds as draws", async () => {
  const folder = await fakeFolder();
  const text = async (...path: string[]) => withoutCheck(await Deno.readTextFile(join(folder, ...path)));
  const start = (
    engine: ReturnType<typeof fakeEngine>,
    out: string,
    resume = false,
    extra: TuneOptions = both,
  ) =>
    tune(engine, {
      data: join(folder, "data"),
      checkpoint: join(folder, "base"),
      batch: 4,
      epochs: 1,
      mini: 0.25,
      stateEverySeconds: 0,
      ...extra,
    }, { out: join(folder, out), resume, root: folder, versions: {} });
  try {
    const whole = fakeEngine();
    const results = await start(whole, "whole");
    const { balances, intervals, furtherBalances: further } = await loadRun(join(folder, "whole"));
    assertEquals([balances.length, intervals?.draws], [1, 1]);
    assertEquals(further?.map(({ method, intervals }) => [method, intervals?.draws]), [["noise-aware", 2]]);
    assertEquals(results.methods["noise-aware"]!.seeds[0]!.lambda, further![0]!.balances[0]!.weights.lambda);
    assert(results.costs.some(({ part }) => part === "probes/draw-2/plus-colour"));

    // The paper's files are those of a run without the other method, but for the kept mini probe.
    const cotbal = await start(fakeEngine(), "paper", false, { methods: ["ew", "cotbal"] });
    for (const file of ["weights.json", "validation.json", "intervals.json"]) {
      assertEquals(await text("paper", file), await text("whole", file), file);
    }
    assertEquals(cotbal.blank, results.blank);
    assertEquals(cotbal.methods.cotbal!.scores, results.methods.cotbal!.scores);

    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      engine.beforeStep = () => {
        if (engine.steps === 30 + kills) throw new Error("killed");
      };
      try {
        await start(engine, "killed", kills > 0);
        assert(kills > 1);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      }
    }
    for (const file of FILES) {
      assertEquals(await text("killed", `${file}.json`), await text("whole", `${file}.json`), file);
    }

    await start(fakeEngine(), "seeds", false, { ...both, seeds: [1, 2] });
    const seeds = await loadRun(join(folder, "seeds"));
    assertEquals([
      seeds.balances.length,
      seeds.intervals?.draws,
      seeds.furtherBalances?.[0]?.intervals?.draws,
    ], [
      2,
      2,
      4,
    ]);
    for (const file of FILES) {
      assertEquals(await text("seeds", "seed-1", `${file}.json`), await text("whole", `${file}.json`), file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** CoTBal's variants through the whole of a run, with the fake engine. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import { InputError } from "../../src/errors.ts";
import { renderReport } from "../../src/report/render_report.ts";
import { exists } from "../../src/run/files.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune, type TuneEvent } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { withoutCheck } from "../run/without_check.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");
const ALL = ["ew", "cotbal", "cotbal-chat", "cotbal-precise"];

type Run = (
  out: string,
  extra?: TuneOptions & { resume?: boolean },
  engine?: FakeEngine,
) => Promise<string[]>;

/** Runs in a folder with data; a run gives its notes. */
async function withRuns(work: (folder: string, run: Run) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ALL,
    batch: 4,
    epochs: 1,
    mini: 0.25,
    stateEverySeconds: 0,
  };
  try {
    await work(folder, async (out, { resume = false, ...extra } = {}, engine = fakeEngine()) => {
      const notes: string[] = [];
      const event = (event: TuneEvent) => event.kind === "note" && notes.push(event.text);
      const place = { out: join(folder, out), resume, root: folder, versions: {} };
      await tune(engine, { ...options, ...extra }, place, { event });
      assertEquals(engine.alive, 0);
      return notes;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

// deno-lint-ignore no-explicit-any
const json = async (...path: string[]): Promise<any> =>
  JSON.parse(withoutCheck(await Deno.readTextFile(join(...path))));
const same = (value: unknown) => JSON.parse(JSON.stringify(value));

/** A third task, of the same pictures. */
async function addTask(folder: string): Promise<void> {
  const data = join(folder, "data");
  for (const split of ["train", "val", "test"]) {
    const text = await Deno.readTextFile(join(data, `colour_${split}.json`));
    await Deno.writeTextFile(join(data, `hue_${split}.json`), text.replaceAll("what colour", "what count"));
  }
  const tasks = { colour: 0, number: 0, hue: 0 };
  const metric = Object.fromEntries(Object.keys(tasks).map((name) => [name, { metric: "exact-match" }]));
  await Deno.writeTextFile(join(data, "tasks.json"), JSON.stringify(metric));
}

test("three forms of CoTBal in one run: shared probes, a weights file each, one report", () =>
  withRuns(async (folder, run) => {
    await run("run");
    const at = join(folder, "run");
    const loaded = await loadRun(at);
    assertEquals(
      loaded.results.costs.map(({ part }) => part).filter((part) => part.startsWith("probes/")),
      [
        "probes/base",
        "probes/mini",
        "probes/plus-colour",
        "probes/plus-number",
        "probes/alone-mini/colour",
        "probes/alone-mini/number",
        "probes/alone/colour",
        "probes/alone/number",
      ],
    );
    for (
      const [method, folder] of [["cotbal", at], ...ALL.slice(2).map((id) => [id, join(at, "methods", id)])]
    ) {
      const [table, weights] = [await json(folder!, "validation.json"), await json(folder!, "weights.json")];
      assertEquals(weights, same(weightsFromScores(table)), method);
      assertEquals(loaded.results.lambdas![method!]!.map(({ mean }) => mean), weights.lambda);
      assertEquals(loaded.results.methods[method!]!.seeds[0]!.lambda, weights.lambda);
    }
    const precise = await json(at, "methods", "cotbal-precise", "validation.json");
    const chat = await json(at, "methods", "cotbal-chat", "validation.json");
    assertEquals(precise.largeAlone, chat.alone.map((row: number[], i: number) => row[i]));
    assertEquals(precise.miniAlone, chat.mini);
    assertEquals(loaded.furtherBalances!.map(({ method }) => method), ["cotbal-chat", "cotbal-precise"]);
    const page = await renderReport([loaded]);
    assertStringIncludes(page, "What CoTBal precise measured");

    // The same weights as in a run of its own.
    for (const id of ALL.slice(1)) {
      await run(`${id}-alone`, { methods: [id] });
      const own = id === "cotbal" ? ["weights.json"] : ["methods", id, "weights.json"];
      assertEquals(await json(folder, `${id}-alone`, ...own), await json(at, ...own));
      const alone = await loadRun(join(folder, `${id}-alone`));
      assertEquals([alone.results.lambdas, alone.furtherBalances], [undefined, undefined]);
      assert(!(await renderReport([alone])).includes("Weights of all methods"));
    }
  }));

test("several seeds: each method's weights from the mean of its tables", () =>
  withRuns(async (folder, run) => {
    await run("run", { methods: ["cotbal-chat", "cotbal-precise"], seeds: [1, 2] });
    for (const id of ["cotbal-chat", "cotbal-precise"]) {
      const tables = await Promise.all(
        [1, 2].map((seed) => json(folder, "run", `seed-${seed}`, "methods", id, "validation.json")),
      );
      assertEquals(await json(folder, "run", "methods", id, "weights.json"), same(weightsFromScores(tables)));
    }
  }));

test("T auto and alpha go through every form, and the T that was taken is said", () =>
  withRuns(async (folder, run) => {
    const alpha = { out: 0.5, in: 0.25, difficulty: 0.25 };
    const notes = await run("run", { temperature: "auto", alpha });
    const { run: info, results } = await loadRun(join(folder, "run"));
    for (const [id, name] of [["cotbal-chat", "CoTBal chat"], ["cotbal-precise", "CoTBal precise"]]) {
      const weights = await json(folder, "run", "methods", id!, "weights.json");
      assertEquals(weights.alpha, alpha);
      const said = `T auto: ${name} took T = ${weights.temperature},`;
      for (const list of [notes, info.notes, results.warnings]) {
        assert(list.some((text) => text.startsWith(said)), said);
      }
    }
    await run("run", { temperature: "auto", alpha, resume: true });
    assertEquals((await loadRun(join(folder, "run"))).run.notes, info.notes);
  }));

test("groups and fixed weights: one probe a group, Σλ = N of those that are balanced", () =>
  withRuns(async (folder, run) => {
    await addTask(folder);
    const methods = [...ALL, "noise-aware"];
    const notes = await run("groups", { groups: { seen: ["colour", "hue"] }, methods, probeSeeds: 2 });
    assert(notes.some((text) => text.includes("balanced as one group, seen")));
    assert(await exists(join(folder, "groups", "probes", "plus-seen", "eval.json")));
    assert(await exists(join(folder, "groups", "probes", "draw-2", "plus-seen", "eval.json")));
    for (const path of [["weights.json"], ...methods.slice(2).map((id) => ["methods", id, "weights.json"])]) {
      const { tasks, lambda, groups } = await json(folder, "groups", ...path);
      assertEquals([tasks, groups], [["colour", "number", "hue"], { seen: ["colour", "hue"] }]);
      assertEquals(lambda[0], lambda[2]);
      assertAlmostEquals(lambda[0] + lambda[1] + lambda[2], 3);
    }
    await renderReport([await loadRun(join(folder, "groups"))]);

    const fixed = { number: 0.5 };
    await run("fixed", { fixed, methods: [...methods, "tla", "stl"], probeSeeds: 2 });
    const loaded = await loadRun(join(folder, "fixed"));
    assertEquals(loaded.run.resolved.fixed, fixed);
    assert(!(await exists(join(folder, "fixed", "probes", "plus-number"))));
    const aware = await json(folder, "fixed", "methods", "noise-aware", "weights.json");
    assertEquals([aware.lambda[1], aware.draws], [0.5, 2]);
    assertAlmostEquals(aware.lambda[0] + aware.lambda[2], 2);
    const intervals = await json(folder, "fixed", "methods", "noise-aware", "intervals.json");
    assertEquals(intervals.lambda[1], [0.5, 0.5]);
    const validation = await json(folder, "fixed", "validation.json");
    assertEquals(validation.plus[1], validation.mini);
    const { lambda } = await json(folder, "fixed", "weights.json");
    assertEquals(lambda[1], 0.5);
    assertAlmostEquals(lambda[0] + lambda[2], 2);
    assertEquals(await json(folder, "fixed", "weights.json"), same(weightsFromScores(validation, { fixed })));
    assertEquals(loaded.results.methods.ew!.seeds[0]!.lambda, [1, 0.5, 1]);
    for (const part of ["probes/mini", "probes/plus-hue", "methods/ew", "methods/tla"]) {
      const { lines } = loaded.curves.find((curve) => curve.part === part)!;
      for (const { weights } of lines) assertEquals(weights?.[1], 0.5, part);
    }
    await renderReport([loaded]);
  }));

test("cheaper probes say what they save, are recorded, and leave full ones as they were", () =>
  withRuns(async (folder, run) => {
    await run("full", { probes: "full" });
    const full = await loadRun(join(folder, "full"));
    assertEquals(full.run.resolved.probes, undefined);
    for (const probes of ["continued", "third"] as const) {
      const notes = await run(probes, { probes });
      const loaded = await loadRun(join(folder, probes));
      assertEquals(loaded.run.resolved.probes, probes);
      const [cheap, whole] = [loaded, full].map(({ results }) => results.totals.probes.tokens);
      const saved = Math.round(100 * (1 - cheap! / whole!));
      const note = notes.find((text) => text.startsWith("Probes "))!;
      const said = Number(/(\d+)% less/.exec(note)![1]);
      assert(Math.abs(said - saved) <= 4, `${note} Saved: ${saved}%`);
      const lines = (part: string) => loaded.curves.find((curve) => curve.part === part)!.lines.length;
      // 24 samples in minis, 48 in two large subsets of which 12 are new in one; 4 a step.
      assertEquals(
        [lines("probes/mini"), lines("probes/plus-colour"), lines("methods/ew")],
        probes === "third" ? [2, 3, 24] : [6, 3, 24],
      );
    }
    await assertRejects(() => run("full", { probes: "third", resume: true }), InputError, "probes was");
  }));

test("probes that end early have the model of their lowest validation loss; final tunings are left as they were", () =>
  withRuns(async (folder, run) => {
    await run("full");
    const notes = await run("early", { probes: "early", methods: [...ALL, "ew-budget"] });
    assert(notes.some((text) => text.startsWith("Probes end once")), notes.join("\n"));
    const [full, early] = [await loadRun(join(folder, "full")), await loadRun(join(folder, "early"))];
    for (const id of ["probes/mini", "probes/plus-colour"]) {
      const { lines } = early.curves.find(({ part }) => part === id)!;
      const looks = lines.filter(({ evaluation }) => evaluation !== undefined);
      const means = looks.map(({ evaluation }) => {
        const found = evaluation!.loss.filter((loss) => loss !== null);
        return found.reduce((sum, loss) => sum + loss, 0) / found.length;
      });
      assert(looks.every(({ evaluation }) => evaluation!.questions === 0));
      const { chosen } = await json(folder, "early", id, "eval.json");
      assertEquals([chosen.step, chosen.by], [looks[means.indexOf(Math.min(...means))]!.step, "loss"]);
      assertEquals(chosen.trained, lines.length);
      const planned = full.curves.find(({ part }) => part === id)!.lines.length;
      assertEquals(chosen.planned, planned);
      assert(lines.length <= planned);
    }
    const ew = (loaded: typeof full) =>
      loaded.curves.find(({ part }) => part === "methods/ew")!.lines.map((
        { loss, evaluation },
      ) => [loss, evaluation]);
    assertEquals(ew(early), ew(full));
    assert(early.results.totals.probes.tokens <= full.results.totals.probes.tokens);
    // EW with their budget reads as many conversations more as they did: 48 a pass, 4 a step.
    const steps = (id: string) => early.curves.find(({ part }) => part === id)!.lines.length;
    const probes = ["probes/mini", "probes/plus-colour", "probes/plus-number"];
    const spent = probes.reduce((sum, id) => sum + steps(id), 0);
    assert(Math.abs(steps("methods/ew-budget") - steps("methods/ew") - spent) <= probes.length);
    assert(
      notes.some((text) => text.startsWith("EW + budget is tuned for as much longer as the probes turn out")),
    );
    await renderReport([early]);
  }));

test("continued probes that were killed again and again end with the same bytes", () =>
  withRuns(async (folder, run) => {
    const methods = ["cotbal", "cotbal-chat"];
    await run("whole", { methods, probes: "continued" });
    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      engine.beforeStep = () => {
        if (engine.steps === 5 + kills) throw new Error("killed");
      };
      try {
        await run("killed", { methods, probes: "continued", resume: kills > 0 }, engine);
        assert(kills > 2);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      }
    }
    for (
      const file of [
        "weights.json",
        "validation.json",
        "methods/cotbal-chat/weights.json",
        "methods/cotbal-chat/checkpoint/model.safetensors",
        "probes/mini/checkpoint/model.safetensors",
      ]
    ) {
      const text = (out: string) => Deno.readTextFile(join(folder, out, file));
      assertEquals(await text("killed"), await text("whole"), file);
    }
  }));

test("settings of the balancing that cannot be used are told before anything is tuned", () =>
  withRuns(async (_, run) => {
    const wrong: [TuneOptions, string][] = [
      [{ methods: ["ew"], probes: "third" }, "--probes: expected a method with probes"],
      [{ methods: ["ew"], groups: { x: ["colour"] } }, "--groups: expected a method with probes"],
      [{ groups: { x: ["colour", "number"] } }, "expected two or more tasks or groups to balance, found 1"],
      [{ fixed: { number: 1 } }, "expected two or more tasks or groups to balance, found 1"],
      [{ fixed: { shape: 1 } }, '--fixed: expected some of colour, number, found "shape"'],
      [{ probes: "half" as "third" }, "--probes: expected one of full, continued, third, early"],
      [{ probes: "continued", mini: 0.25, large: 0.255 }, "--probes continued: expected samples of colour"],
    ];
    for (const [options, message] of wrong) {
      await assertRejects(() => run("wrong", options), InputError, message);
    }
    await run("fine", { methods: ["ew"], fixed: { number: 2 } });
  }));

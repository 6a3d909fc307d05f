import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadRun } from "../../src/run/load_run.ts";
import { exists, readJson } from "../../src/run/files.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { withoutCheck } from "../run/without_check.ts";
import { fakeFolder } from "./fake_data.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

type Run = (
  engine: FakeEngine,
  out: string,
  options: TuneOptions & { resume?: boolean },
) => Promise<{ notes: string[] }>;

async function withData(work: (folder: string, run: Run) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const given: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew"],
    batch: 4,
    epochs: 1,
    stateEverySeconds: 0,
  };
  try {
    await work(folder, async (engine, out, { resume = false, ...options }) => {
      const place = { out: join(folder, out), resume, root: folder, versions: { cotbal: "0" } };
      const notes: string[] = [];
      await tune(engine, { ...given, ...options }, place, {
        event: (event) => event.kind === "note" && notes.push(event.text),
      });
      return { notes };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const result = async (...path: string[]) => (await readJson<PartResult>(join(...path, "test.json")))!;

const weightsOf = (...path: string[]) => Deno.readFile(join(...path, "checkpoint", "model.safetensors"));

test("tune --evaluate-every scores and keeps the step that validation chose, final tunings alone", () =>
  withData(async (folder, run) => {
    const options: TuneOptions = { methods: ["ew", "cotbal", "stl"], mini: 0.25, evaluateEvery: "25%" };
    const engine = fakeEngine();
    await run(engine, "run", { ...options, evaluateQuestions: 5 });
    assertEquals(engine.alive, 0);
    const out = join(folder, "run");
    const { curves, results } = await loadRun(out);
    for (const { part, lines } of curves) {
      const looked = lines.filter(({ evaluation }) => evaluation !== undefined);
      const expected = part.startsWith("probes")
        ? []
        : part.includes("stl")
        ? [3, 6, 9, 12]
        : [6, 12, 18, 24];
      assertEquals(looked.map(({ step }) => step), expected, part);
      for (const { evaluation } of looked) {
        const alone = part.includes("stl");
        assertEquals(evaluation!.questions, alone ? 5 : 10);
        assertEquals(evaluation!.score.filter((value) => value !== null).length, alone ? 1 : 2);
        assertEquals(evaluation!.loss.filter((value) => value !== null).length, alone ? 1 : 2);
      }
    }
    const { chosen, scores, cost } = await result(out, "methods", "ew");
    assertEquals([chosen!.looks, chosen!.by, chosen!.trained], [4, "score", 24]);
    assert(cost.validation!.tokens > 0);
    assertEquals(results.methods.ew!.seeds[0]!.chosen, chosen);
    assertEquals(results.methods.stl!.seeds[0]!.chosen, undefined);
    assert(!(await exists(join(out, "methods", "ew", `best-${chosen!.step}.bin`))));

    // The model of a tuning that ends at that step would be another, by its schedule: the scores of the kept one are its own.
    await run(fakeEngine(), "plain", { ...options, evaluateEvery: undefined! });
    const plain = await result(folder, "plain", "methods", "ew");
    assertEquals(plain.chosen, undefined);
    if (chosen!.step === 24) assertEquals(scores, plain.scores);
    const weights = async (name: string) =>
      withoutCheck(await Deno.readTextFile(join(folder, name, "weights.json")));
    assertEquals(await weights("run"), await weights("plain"));
  }));

test("a run with evaluations that is killed again and again ends with the same bytes", () =>
  withData(async (folder, run) => {
    const options: TuneOptions = {
      methods: ["ew", "coba"],
      evaluateEvery: 3,
      patience: 2,
      epochs: 2,
      tensorboard: true,
    };
    await run(fakeEngine(), "whole", options);
    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      engine.beforeStep = () => {
        if (engine.steps === 2 + kills) throw new Error("killed");
      };
      try {
        await run(engine, "killed", { ...options, resume: kills > 0 });
        assert(kills > 2);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      }
    }
    for (const method of ["ew", "coba"]) {
      const [whole, killed] = [
        join(folder, "whole", "methods", method),
        join(folder, "killed", "methods", method),
      ];
      assertEquals(await weightsOf(killed), await weightsOf(whole));
      const [a, b] = [await result(killed), await result(whole)];
      assertEquals([a.chosen, a.answers, a.cost.steps], [b.chosen, b.answers, b.cost.steps]);
      assert(b.chosen!.trained < b.chosen!.planned, "it ended early");
      const names = [...Deno.readDirSync(killed)].map(({ name }) => name);
      const events = names.filter((name) => name.startsWith("events.out.tfevents."));
      assertEquals(events.filter((name) => Deno.statSync(join(killed, name)).size > 0).length, 1);
      assert(events.length <= 2);
      assertEquals(names.filter((name) => name.endsWith(".bin") || name.endsWith(".part")), []);
    }
  }));

test("tune says which answers ran into the limit", () =>
  withData(async (folder, run) => {
    const { notes } = await run(fakeEngine(), "run", { maxNewTokens: 1 });
    const said = notes.find((note) => note.startsWith("Test answers of tuned models that did not end"))!;
    const { scores } = await result(folder, "run", "methods", "ew");
    assertEquals(scores.map(({ maxNewTokens }) => maxNewTokens), [1, 1]);
    assert(scores[0]!.unfinished! > 0);
    assert(said.includes(`EW: colour ${scores[0]!.unfinished} of 16 (limit 1 tokens)`), said);
    const { results } = await loadRun(join(folder, "run"));
    assert(results.warnings.includes(said));
    assertEquals(results.methods.ew!.seeds[0]!.unfinished, scores.map(({ unfinished }) => unfinished));
    const other = await run(fakeEngine(), "other", {});
    assert(!other.notes.some((note) => note.includes("did not end")));
  }));

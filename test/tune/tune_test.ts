import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import { InputError, Interrupted } from "../../src/errors.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { exists } from "../../src/run/files.ts";
import { tune, type TuneEvent } from "../../src/tune/tune.ts";
import type { ValidationTable } from "../../src/run/records/validation.ts";
import { fakeFolder } from "./fake_data.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

interface Place {
  folder: string;
  options: TuneOptions;
  run(engine: FakeEngine, out: string, extra?: TuneOptions & { resume?: boolean }): Promise<TuneEvent[]>;
}

async function withData(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal"],
    batch: 4,
    epochs: 1,
    mini: 0.25,
    stateEverySeconds: 0,
  };
  try {
    await work({
      folder,
      options,
      run: async (engine, out, { resume = false, ...extra } = {}) => {
        const events: TuneEvent[] = [];
        const place = { out: join(folder, out), resume, root: folder, versions: { cotbal: "0" } };
        await tune(engine, { ...options, ...extra }, place, { event: (event) => events.push(event) });
        return events;
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const text = (...path: string[]) => Deno.readTextFile(join(...path));

test("tune leaves a run folder from which weights and results follow", () =>
  withData(async ({ folder, run }) => {
    const engine = fakeEngine();
    const events = await run(engine, "run", { methods: ["ew", "cotbal", "stl", "tla"] });
    assertEquals(engine.alive, 0);
    const loaded = await loadRun(join(folder, "run"));
    const { results, balances, run: info } = loaded;

    assertEquals(results.tasks, ["colour", "number"]);
    assertEquals(Object.keys(results.methods), ["ew", "cotbal", "stl", "tla"]);
    assertEquals(results.base, "stl");
    assertEquals(results.methods.stl!.deltaI, null);
    assert(results.methods.cotbal!.deltaI !== null);
    assertEquals(results.methods.ew!.scoresSpread, null);
    assertEquals(results.questions, [16, 16]); // 12 conversations, every third with two turns
    assertEquals(results.references.majorityAnswer, ["red", "one"]);
    assertEquals(results.zeroShot, [0, 0]);
    assert(results.blank !== null && results.blank[0]! > 0);
    assertEquals(results.totals.all.tokens, results.totals.probes.tokens + results.totals.methods.tokens);

    // What the weights came from is there, and gives them again.
    const { validation, weights } = balances[0]!;
    assertEquals(weights, JSON.parse(JSON.stringify(weightsFromScores(validation))));
    assertEquals(validation.base, [0, 0]);
    assertEquals(JSON.parse(await text(folder, "run", "weights.json")), weights);

    assertEquals(info.dataset.conversations, { train: [48, 48], val: [9, 9], test: [12, 12] });
    assertEquals(info.sittings.length, 1);
    assert(info.sittings[0]!.end !== null);
    assertEquals(loaded.curves.map(({ part }) => part), [
      "probes/mini",
      "probes/plus-colour",
      "probes/plus-number",
      "methods/ew",
      "methods/cotbal",
      "methods/stl/colour",
      "methods/stl/number",
      "methods/tla",
    ]);
    const lines = (part: string) => loaded.curves.find((curve) => curve.part === part)!.lines;
    assertEquals(lines("probes/mini").length, 6); // 24 of 96 conversations, 4 a step
    assertEquals(lines("probes/plus-colour").length, 9);
    assertEquals(lines("methods/ew").length, 24);
    assertEquals(lines("methods/cotbal")[0]!.weights ?? [1, 1], weights.lambda);

    assertEquals(loaded.examples.length, 12);
    assertEquals(Object.keys(loaded.examples[0]!.answers), ["base", "ew", "cotbal", "stl", "tla"]);
    assert(loaded.examples[0]!.images[0]!.url.startsWith("data:image/png;base64,"));
    assert(await exists(join(folder, "run", "methods", "ew", "checkpoint", "tokenizer.json")));
    for (const leftover of ["probes/mini/state.bin", "methods/ew/state.bin"]) {
      assert(!(await exists(join(folder, "run", leftover))), leftover);
    }
    const parts = events.filter((event) => event.kind === "part");
    assertEquals(parts.length, 13);
    const last = events.findLast((event) => event.kind === "progress");
    assertEquals(last?.kind === "progress" && last.secondsLeft, 0);
  }));

test("a run that was killed again and again ends with the same bytes, and computes nothing twice", () =>
  withData(async ({ folder, run }) => {
    const whole = fakeEngine();
    await run(whole, "whole");

    let computed = 0;
    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      const allowed = 7 + kills;
      engine.beforeStep = () => {
        if (engine.steps === allowed) throw new Error("killed");
      };
      try {
        await run(engine, "killed", { resume: kills > 0 });
        computed += engine.steps;
        assert(kills > 2);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
        computed += engine.steps;
      }
    }
    // A kill costs the steps since the last state, here at most 20 of a part that is cut off.
    assert(computed < 10 * whole.steps);
    for (
      const file of [
        "weights.json",
        "validation.json",
        "examples.json",
        "methods/cotbal/checkpoint/model.safetensors",
        "methods/ew/checkpoint/model.safetensors",
      ]
    ) {
      assertEquals(await text(folder, "killed", file), await text(folder, "whole", file), file);
    }

    // A finished run that is resumed trains nothing and reads no image.
    const again = fakeEngine();
    const before = await text(folder, "whole", "results.json");
    const events = await run(again, "whole", { resume: true });
    assertEquals([again.steps, again.encoded], [0, 0]);
    assert(events.every((event) => event.kind !== "part" || event.before));
    assertEquals(await text(folder, "whole", "results.json"), before);
  }));

test("methods that follow losses end with the same bytes after kills, and validation is counted", () =>
  withData(async ({ folder, run }) => {
    const methods = ["ew", "rlw", "uw", "famo", "coba", "inverse-size", "fixed"];
    const options: TuneOptions = { methods, epochs: 6, lambda: { colour: 1.5, number: 0.5 } };
    const whole = fakeEngine();
    await run(whole, "whole", options);
    assertEquals(whole.validations, 8); // before steps 1, 21, …, 141 of 144
    for (let kills = 0;; kills++) {
      const engine = fakeEngine();
      // Other places than multiples of 20.
      engine.beforeStep = () => {
        if (engine.steps === 47 + 13 * kills) throw new Error("killed");
      };
      try {
        await run(engine, "killed", { ...options, resume: kills > 0 });
        assert(kills > 3);
        break;
      } catch (error) {
        assertEquals((error as Error).message, "killed");
      }
    }
    const { results, curves } = await loadRun(join(folder, "whole"));
    for (const method of methods) {
      const file = `methods/${method}/checkpoint/model.safetensors`;
      assertEquals(await text(folder, "killed", file), await text(folder, "whole", file), method);
      const lines = curves.find(({ part }) => part === `methods/${method}`)!.lines;
      assertEquals(
        lines.some(({ weights }) => weights !== undefined),
        !["ew", "inverse-size"].includes(method),
      );
    }
    const costs = results.costs.filter(({ validation }) => validation !== undefined);
    assertEquals(costs.map(({ part }) => part), ["methods/coba"]);
    const lines = curves.find(({ part }) => part === "methods/coba")!.lines;
    assertEquals(costs[0]!.validation!.tokens, 8 * lines[0]!.validation!.tokens);
    assertEquals(lines[119]!.weights, undefined);
    assert(lines[120]!.weights![0] !== lines[120]!.weights![1]);
    assertEquals(results.methods.fixed!.seeds[0]!.lambda, [1.5, 0.5]);
    assertEquals(results.methods.coba!.seeds[0]!.lambda, null);
  }));

test("weights by hand come from a file, which a run that goes on no longer needs", () =>
  withData(async ({ folder, run }) => {
    const weights = join(folder, "weights.json");
    await Deno.writeTextFile(weights, JSON.stringify({ tasks: ["number", "colour"], lambda: [0.5, 1.5] }));
    const options: TuneOptions = { methods: ["fixed"], weights };
    await run(fakeEngine(), "run", options);
    const { run: info } = await loadRun(join(folder, "run"));
    assertEquals(info.resolved.lambda, { colour: 1.5, number: 0.5 });
    await Deno.remove(weights);
    await run(fakeEngine(), "run", { methods: ["fixed"], resume: true });
    await Deno.writeTextFile(weights, JSON.stringify({ tasks: ["number", "colour"], lambda: [0.4, 1.6] }));
    await assertRejects(
      () => run(fakeEngine(), "run", { ...options, resume: true }),
      InputError,
      "lambda was",
    );
  }));

test("an interrupted run saves its state and goes on from the very step", () =>
  withData(async ({ folder, options, run }) => {
    const whole = fakeEngine();
    await run(whole, "whole");
    const controller = new AbortController();
    const first = fakeEngine();
    first.beforeStep = () => {
      if (first.steps === 10) controller.abort(new Interrupted("interrupted"));
    };
    const place = { out: join(folder, "run"), resume: false, root: folder, versions: {} };
    await assertRejects(() => tune(first, options, place, { signal: controller.signal }), Interrupted);
    const second = fakeEngine();
    await run(second, "run", { resume: true });
    assertEquals(first.steps + second.steps, whole.steps);
    assertEquals(first.alive, 0);
    assertEquals(await text(folder, "run", "weights.json"), await text(folder, "whole", "weights.json"));
  }));

test("several seeds lie in folders of their own, and results hold mean and spread", () =>
  withData(async ({ folder, run }) => {
    await run(fakeEngine(), "run", { seeds: [1, 2] });
    const { results, balances } = await loadRun(join(folder, "run"));
    const ew = results.methods.ew!;
    assertEquals(ew.seeds.map(({ seed }) => seed), [1, 2]);
    assertEquals(ew.scores[0], (ew.seeds[0]!.scores[0]! + ew.seeds[1]!.scores[0]!) / 2);
    assert(ew.scoresSpread !== null);
    assertEquals(balances.map(({ seed }) => seed), [1, 2]);
    const tables = balances.map(({ validation }): ValidationTable => validation);
    assertEquals(
      JSON.parse(await text(folder, "run", "weights.json")),
      JSON.parse(JSON.stringify(weightsFromScores(tables))),
    );
    // The first seed is the run with that seed alone.
    await run(fakeEngine(), "one", { seeds: [1] });
    assertEquals(
      await text(folder, "run", "seed-1", "weights.json"),
      await text(folder, "one", "weights.json"),
    );
  }));

test("tune refuses a folder in use, other options, and other data", () =>
  withData(async ({ folder, run }) => {
    await run(fakeEngine(), "run", { methods: ["ew"] });
    await assertRejects(() => run(fakeEngine(), "run", { methods: ["ew"] }), InputError, "--resume");
    await assertRejects(
      () => run(fakeEngine(), "run", { methods: ["ew"], batch: 8, resume: true }),
      InputError,
      "batch was 4 and is now 8",
    );
    const file = join(folder, "data", "colour_train.json");
    await Deno.writeTextFile(file, (await text(file)).replaceAll("red", "blue"));
    await assertRejects(
      () => run(fakeEngine(), "run", { methods: ["ew"], resume: true }),
      InputError,
      "changed",
    );
    await Deno.writeTextFile(join(folder, "note.txt"), "mine");
    await assertRejects(() => run(fakeEngine(), ".", { resume: true }), InputError, "no run.json");
  }));

test("models are loaded for what is trained of them, and saved as was asked", () =>
  withData(async ({ folder, run }) => {
    const engine = fakeEngine();
    await run(engine, "run", { methods: ["ew"], frozen: ["vision"], storage: "f16", saveDtype: "base" });
    const trainable = ["projector", "language"] as const;
    assert(engine.loads.length > 1);
    for (const options of engine.loads) {
      assertEquals<unknown>(options, { trainable, storage: "f16", lora: undefined });
    }
    assertEquals(new Set(engine.saves), new Set(["base"]));
    assertEquals((await loadRun(join(folder, "run"))).run.resolved.saveDtype, "base");
    const plain = fakeEngine();
    await run(plain, "plain", { methods: ["ew"] });
    assertEquals(new Set(plain.saves), new Set(["f32"]));
    assert(!("saveDtype" in (await loadRun(join(folder, "plain"))).run.resolved));
    await assertRejects(
      () => run(fakeEngine(), "other", { methods: ["ew"], saveDtype: "f8" as "f32" }),
      InputError,
      '--save-dtype: expected f32 or base, found "f8"',
    );
  }));

test("what cannot fit is refused before anything is drawn or read", () =>
  withData(async ({ folder, run }) => {
    const engine = fakeEngine();
    const need = { parameters: 1e9, training: 3e9, results: 1e9, device: 5e9, host: 1e9 };
    engine.need = (_, plan) => ({
      ...need,
      largest: { bytes: plan.storage === "f16" ? 50 : 100, names: ["table"] },
      largestBuffer: 60,
    });
    await assertRejects(
      () => run(engine, "run", { methods: ["ew"], frozen: ["vision"] }),
      InputError,
      "What would fit: --storage f16",
    );
    assertEquals(engine.loads, []);
    assert(!(await exists(join(folder, "run"))));
  }));

test("how activations are stored is asked of the adapter, kept, and not changed on the way", () =>
  withData(async ({ folder, run }) => {
    const plain = fakeEngine();
    plain.checkStorage = (storage) => {
      if (storage === "f16") throw new InputError("no shader-f16");
    };
    const methods = ["ew"];
    await assertRejects(() => run(plain, "run", { methods, storage: "f16" }), InputError, "no shader-f16");
    assert(!(await exists(join(folder, "run"))));

    const engine = fakeEngine();
    await run(engine, "run", { methods, storage: "f16" });
    assertEquals([...engine.storages], ["f16"]);
    assertEquals((await loadRun(join(folder, "run"))).run.resolved.storage, "f16");
    await Deno.remove(join(folder, "run", "methods", "ew", "test.json"));
    const again = fakeEngine();
    await run(again, "run", { methods, resume: true });
    assertEquals([...again.storages], ["f16"]);
    const other = { methods, storage: "f32", resume: true } as const;
    await assertRejects(
      () => run(fakeEngine(), "run", other),
      InputError,
      'storage was "f16" and is now "f32"',
    );

    // A run from before there was a choice.
    await run(fakeEngine(), "old", { methods });
    const path = join(folder, "old", "run.json");
    const { resolved: { storage, ...resolved }, ...rest } = JSON.parse(await Deno.readTextFile(path));
    assertEquals(storage, "f32");
    await Deno.writeTextFile(path, JSON.stringify({ ...rest, resolved }));
    assertEquals((await loadRun(join(folder, "old"))).run.resolved.storage, "f32");
    await run(fakeEngine(), "old", { methods, resume: true });
  }));

test("a profile is taken once, of the first steps that may be, and changes no bit", async (t) => {
  await withData(async ({ folder, run }) => {
    const profile = { profile: true, methods: ["ew", "cotbal"] };
    const plain = fakeEngine();
    await run(plain, "plain", { methods: profile.methods });
    assertEquals((await loadRun(join(folder, "plain"))).profile, null);

    await t.step("of the first part that is trained, with the same results", async () => {
      const engine = fakeEngine();
      const events = await run(engine, "run", profile);
      assertEquals([engine.profilers, engine.steps], [0, plain.steps]);
      assert(events.some((event) => event.kind === "setup" && event.doing === "measuring the adapter"));
      for (
        const file of [
          "validation.json",
          "weights.json",
          "examples.json",
          "methods/cotbal/checkpoint/model.safetensors",
        ]
      ) {
        assertEquals(await text(folder, "run", file), await text(folder, "plain", file), file);
      }
      const { profile: found } = await loadRun(join(folder, "run"));
      assertEquals([found!.part, found!.from, found!.steps], ["probes/mini", 1, 6]); // it has no more
      assertEquals([found!.dispatches, found!.ms, found!.rows[0]!.gbs], [1, 1, 1]);
      assertEquals([found!.arenaBytes, found!.liveBytes], [256, 512]);
    });

    await t.step("not again when the run is resumed", async () => {
      const before = await text(folder, "run", "profile.json");
      await Deno.remove(join(folder, "run", "methods", "ew", "test.json"));
      const events = await run(fakeEngine(), "run", { resume: true });
      assert(!events.some((event) => event.kind === "setup" && event.doing === "measuring the adapter"));
      assertEquals(await text(folder, "run", "profile.json"), before);
    });

    await t.step("asked for at a resumption, or remembered: of what is left to train", async () => {
      await Deno.remove(join(folder, "plain", "methods", "ew", "test.json"));
      await run(fakeEngine(), "plain", { ...profile, resume: true });
      const { profile: found } = await loadRun(join(folder, "plain"));
      assertEquals([found!.part, found!.from, found!.steps], ["methods/ew", 15, 10]); // its last ones, of 24
      await Deno.remove(join(folder, "plain", "profile.json"));
      const events = await run(fakeEngine(), "plain", { resume: true });
      assert(events.some((event) => event.kind === "note" && event.text.startsWith("Nothing is left")));
      assertEquals((await loadRun(join(folder, "plain"))).profile, null);
    });

    await t.step(
      "an adapter without a clock: an error before anything begins, no obstacle later",
      async () => {
        const blind = fakeEngine();
        blind.checkProfiling = () => {
          throw new InputError("no timestamp-query");
        };
        await assertRejects(() => run(blind, "blind", profile), InputError, "no timestamp-query");
        assert(!(await exists(join(folder, "blind"))));
        const events = await run(blind, "plain", { resume: true });
        assert(
          events.some((event) => event.kind === "note" && event.text.includes("goes on without a profile")),
        );
      },
    );

    await t.step("a profile of another form is refused, not misread", async () => {
      const path = join(folder, "run", "profile.json");
      const whole = JSON.parse(await Deno.readTextFile(path));
      const faults = {
        "format 2": { ...whole, format: 2 },
        "a missing total": { ...whole, liveBytes: undefined },
        "no roofline": { ...whole, roofline: { flops: "much" } },
        "row 1 incomplete": { ...whole, rows: [{ ...whole.rows[0], gbs: "fast" }] },
        "null": null,
      };
      for (const [fault, value] of Object.entries(faults)) {
        await Deno.writeTextFile(path, JSON.stringify(value));
        await assertRejects(() => loadRun(join(folder, "run")), InputError, `found ${fault}`);
      }
    });
  });
});

test("examples show their own answers where ids repeat", () =>
  withData(async ({ folder, run }) => {
    const file = join(folder, "data", "colour_test.json");
    await Deno.writeTextFile(file, (await text(file)).replaceAll(/colour-test-\d+/g, "same"));
    await run(fakeEngine(), "run", { methods: ["ew"] });
    const { examples } = await loadRun(join(folder, "run"));
    const truths = examples.filter(({ id }) => id === "same").map(({ truth, answers }) => {
      assertEquals(answers.ew!.score, answers.ew!.answer === truth ? 100 : 0);
      return truth;
    });
    assert(new Set(truths).size > 1);
  }));

test("two runs in one folder at once: the second is refused, the first goes on", () =>
  withData(async ({ folder, run }) => {
    const engine = fakeEngine();
    let second: Promise<unknown> | undefined;
    engine.beforeStep = () =>
      second ??= run(fakeEngine(), "run", { resume: true }).then(() => null, (e) => e);
    await run(engine, "run");
    const error = await second;
    assert(error instanceof InputError && error.message.includes("in use by process"), String(error));
    await run(fakeEngine(), "alone");
    assertEquals(await text(folder, "run", "weights.json"), await text(folder, "alone", "weights.json"));
    assert(!(await exists(join(folder, "run", "lock"))));
  }));

test("what a kill before the beginning leaves is no obstacle", () =>
  withData(async ({ folder, run }) => {
    await Deno.mkdir(join(folder, "run"));
    for (const name of ["lock", "run.json.part"]) await Deno.writeTextFile(join(folder, "run", name), "1");
    await run(fakeEngine(), "run", { methods: ["ew"] });

    // The same with --resume, which then says that it begins; and a state left after a part's end goes.
    await Deno.writeTextFile(join(folder, "run", "methods", "ew", "state.bin"), "old");
    await run(fakeEngine(), "run", { methods: ["ew"], resume: true });
    assert(!(await exists(join(folder, "run", "methods", "ew", "state.bin"))));
    const events = await run(fakeEngine(), "other", { methods: ["ew"], resume: true });
    assert(events.some((event) => event.kind === "note" && event.text.startsWith("There is no run in")));
  }));

test("a run.json of another form is refused, not misread", () =>
  withData(async ({ folder, run }) => {
    await run(fakeEngine(), "run", { methods: ["ew"] });
    for (const content of ["{}", "null", '{"format": 2, "resolved": {}}', '{"format": 1']) {
      await Deno.writeTextFile(join(folder, "run", "run.json"), content);
      await assertRejects(() => loadRun(join(folder, "run")), InputError, "run.json: expected");
      await assertRejects(() => run(fakeEngine(), "run", { resume: true }), InputError, "run.json: expected");
    }
  }));

test("bad input leaves nothing behind", () =>
  withData(async ({ folder, run }) => {
    const image = join(folder, "data", "images", "3.png"), good = await Deno.readFile(image);
    for (const bad of [new TextEncoder().encode("no picture"), good.subarray(0, good.length - 20)]) {
      await Deno.writeFile(image, bad);
      await assertRejects(() => run(fakeEngine(), "run"), InputError, "colour-train-3");
      assert(!(await exists(join(folder, "run"))));
    }
    await Deno.writeFile(image, good);
    await assertRejects(() => run(fakeEngine(), "run", { tasks: ["shape"] }), InputError, "shape");
    await assertRejects(() => run(fakeEngine(), "run", { mini: 0.5, large: 0.25 }), InputError, "--mini");
    await assertRejects(() => run(fakeEngine(), "run", { methods: ["magic"] }), InputError, "magic");
    await assertRejects(
      () => run(fakeEngine(), "run", { checkpoint: join(folder, "data") }),
      InputError,
      "config.json",
    );
    assert(!(await exists(join(folder, "run"))));
  }));

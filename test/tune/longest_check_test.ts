/** The longest step of a run is planned and checked before the first, with the fake engine and the real one. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { InputError, RunError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { exists } from "../../src/run/files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { dryRun } from "../../src/tune/ahead.ts";
import { tune, type TuneEvent } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

const MEGA = 1e6;
const MACHINE = { available: 8e9, shared: true };

async function withEngine(
  work: (
    run: (extra?: TuneOptions) => Promise<string[]>,
    engine: FakeEngine,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await fakeFolder();
  const engine = fakeEngine();
  engine.need = (_, { trainable }) => ({
    parameters: 10 * MEGA,
    training: 10 * MEGA * trainable.length,
    results: 0,
    device: 0,
    host: 10 * MEGA,
    largest: { bytes: 1, names: [] },
    largestBuffer: 100 * MEGA,
  });
  const options: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal"],
    batch: 8,
    mini: 0.25,
    epochs: 1,
  };
  try {
    await work(
      async (extra = {}) => {
        const notes: string[] = [];
        const event = (event: TuneEvent) => event.kind === "note" && notes.push(event.text);
        const place = {
          out: join(folder, "out"),
          resume: false,
          root: folder,
          versions: {},
          machine: MACHINE,
        };
        await tune(engine, { ...options, ...extra }, place, { event });
        return notes;
      },
      engine,
      folder,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const step = (bytes: number) => ({ arenaBytes: bytes, largestNeed: bytes, ownBytes: 0, textureBytes: 0 });

test("a step over the adapter's limits is refused before anything is trained, with settings that fit", () =>
  withEngine(async (run, engine, folder) => {
    engine.stepNeed = ({ storage }, { rows }) => {
      if (rows * (storage === "f16" ? 0.5 : 1) > 100) {
        throw new RunError("kernel x takes too many bytes, over this adapter's largest binding");
      }
      return step(rows);
    };
    const { message } = await assertRejects(() => run(), InputError);
    assertStringIncludes(message, "the longest step, ");
    assertStringIncludes(message, "largest binding");
    assertStringIncludes(message, "What would fit: --micro-batch 4 (");
    assertStringIncludes(message, "--storage f16");
    assertEquals(engine.steps, 0);
    assertEquals(engine.alive, 0);
    assert(!await exists(join(folder, "out", "run.json")));
    // What it names is enough, in the same folder.
    await run({ microBatch: 4 });
    assert(engine.steps > 0);
  }));

test("results beyond one buffer, and questions beyond the machine, are refused by name", () =>
  withEngine(async (run, engine) => {
    engine.stepNeed = (_, { rows }) => step(rows * 1.3 * MEGA);
    const { message } = await assertRejects(() => run(), InputError);
    assertStringIncludes(message, "of one buffer, and the adapter's end at 100 MB");
    assertStringIncludes(message, "--micro-batch 4");
    engine.stepNeed = (_, { rows }) => step(rows);
    engine.answerNeed = (prompts) => prompts.length * 1e13;
    const asked = await assertRejects(() => run(), InputError);
    assertStringIncludes(asked.message, "answering up to 64 questions at a time");
    assertStringIncludes(asked.message, "No setting makes it fit");
    engine.answerNeed = (prompts) => prompts.length > 3 ? 1e15 : 1;
    const some = await assertRejects(() => run(), InputError);
    assertStringIncludes(some.message, "What would fit: --evaluation-batch 2 (");
    await run({ evaluationBatch: 2 });
  }));

test("the longest pass of all parts is the one that is planned, by tokens as they are", () =>
  withEngine(async (run, engine) => {
    const planned: number[] = [];
    engine.stepNeed = (_, { rows }) => {
      planned.push(rows);
      return { ...step(1), textureBytes: 2e9 };
    };
    const notes = await run();
    const told = notes.find((text) => text.startsWith("This run needs"))!;
    assertStringIncludes(told, "8.0 GB are left");
    assertStringIncludes(told, "2.0 GB for the longest pass of ");
    assertStringIncludes(told, "colour/colour-train-");
    assert(planned.length >= 1 && planned.length <= 3 && planned.every((rows) => rows % 32 === 0));
  }));

test("looks at validation questions are checked: their answers, and the losses of the true ones", () =>
  withEngine(async (run, engine) => {
    const looked: number[] = [], asked: number[] = [];
    const { need } = engine;
    engine.need = (config, plan) => {
      if (plan.trainable.length === 0) looked.push(plan.rows);
      return need!(config, plan);
    };
    engine.stepNeed = () => step(1);
    engine.answerNeed = (prompts) => asked.push(prompts.length);
    await run({ methods: ["ew"], evaluateEvery: 2, evaluateQuestions: 3 });
    assert(asked.includes(3), asked.join());
    assert(looked.some((rows) => rows > 1), looked.join());
  }));

test("on a device, what is named as fitting does: the steps run", async () => {
  const gpu = await createGpu();
  try {
    const place = {
      out: "no such run",
      resume: false,
      root: fromFileUrl(new URL("../..", import.meta.url)),
      versions: {},
    };
    const options: TuneOptions = {
      methods: ["ew"],
      scale: 0.02,
      batch: 32,
      microBatch: 32,
      evaluationBatch: 8,
    };
    gpu.largestBinding = 1.2e6;
    const { message } = await assertRejects(() => dryRun(gpuEngine(gpu), options, place), InputError);
    assertStringIncludes(message, "over this adapter's largest binding of 1200000");
    const microBatch = Number(/What would fit: --micro-batch (\d+)/.exec(message)![1]);
    assert(microBatch > 1 && microBatch < 32, message);
    const found = await dryRun(gpuEngine(gpu), { ...options, microBatch }, place);
    assert(found.time!.measured.steps > 0);
  } finally {
    gpu.destroy();
  }
});

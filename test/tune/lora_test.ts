// LoRA in the whole of CoTBal: adapters on the disk, probes that go on from one, a resumed run's bits.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { evaluateCheckpoint } from "../../src/answer/evaluate_checkpoint.ts";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { InputError, Interrupted } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { loadRun } from "../../src/run/load_run.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { needs } from "../house/permissions.ts";
import { fixture } from "../lmm/_case.ts";
import { fakeFolder } from "./fake_data.ts";

const test = needs("read", "write");

/** Two tasks, a few steps a part. */
function options(folder: string, more: TuneOptions): TuneOptions {
  return {
    data: join(folder, "data"),
    checkpoint: fixture("chat_smolvlm"),
    batch: 4,
    microBatch: 2,
    steps: 8,
    validationLimit: 1,
    testLimit: 2,
    loraRank: 2,
    ...more,
  };
}

/** Calls with a folder of data and an engine. */
async function withFolder(work: (folder: string, engine: ReturnType<typeof gpuEngine>) => Promise<void>) {
  const folder = await fakeFolder();
  const gpu = await createGpu();
  try {
    await work(folder, gpuEngine(gpu));
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
}

test("tune --lora: probes and methods leave adapters, a killed run ends with the same bits", () =>
  withFolder(async (folder, engine) => {
    const asked = options(folder, {
      methods: ["ew", "cotbal"],
      probes: "continued",
      loraDropout: 0.3,
      stateEverySeconds: 0,
    });
    const run = async (name: string, stopAt: number) => {
      const place = { out: join(folder, name), resume: false, root: folder, versions: {} };
      let steps = 0;
      const stop = new AbortController();
      const callbacks = {
        signal: stop.signal,
        event: ({ kind }: { kind: string }) => {
          if (kind === "progress" && ++steps === stopAt) stop.abort(new Interrupted("stopped"));
        },
      };
      if (stopAt > 0) await assertRejects(() => tune(engine, asked, place, callbacks), Interrupted);
      return await tune(engine, asked, { ...place, resume: stopAt > 0 });
    };
    const whole = await run("whole", 0);
    const resumed = await run("resumed", 3);
    for (const { methods } of [whole, resumed]) assertEquals(Object.keys(methods), ["ew", "cotbal"]);
    assertEquals(resumed.methods.cotbal!.scores, whole.methods.cotbal!.scores);
    for (const part of ["probes/mini", "methods/ew", "methods/cotbal"]) {
      const files = async (name: string) => {
        const path = join(folder, name, part, "checkpoint");
        const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
        assert(names.includes("adapter_config.json") && !names.includes("model.safetensors"), names.join());
        return await Deno.readFile(join(path, "adapter_model.safetensors"));
      };
      assertEquals(await files("resumed"), await files("whole"), part);
    }
    const { run: info, results } = await loadRun(join(folder, "whole"));
    assert(info.model.trainable < info.model.parameters / 2);
    const data = await loadDataset(join(folder, "data"));
    const saved = await readCheckpoint(join(folder, "whole/methods/ew/checkpoint"));
    const scored = await evaluateCheckpoint(engine, saved, data, {
      split: "test",
      limit: 2,
      maxTokens: 512,
      blank: false,
    });
    assertEquals(results.methods.ew!.scores, scored.scores.map(({ score }) => score));
    await assertRejects(
      () =>
        tune(engine, { ...asked, checkpoint: saved.folder }, {
          out: join(folder, "again"),
          resume: false,
          root: folder,
          versions: {},
        }),
      InputError,
      "deno task merge",
    );
  }));

test("a tower that is added to is run in every step, with what is added", () =>
  withFolder(async (folder, engine) => {
    const asked = options(folder, {
      methods: ["ew"],
      loraTargets: "q_proj,fc1",
      frozen: ["projector"],
      rates: { language: 2 },
      saveDtype: "base",
      steps: 3,
    });
    const out = join(folder, "run");
    await tune(engine, asked, { out, resume: false, root: folder, versions: {} });
    const { notes } = (await loadRun(out)).run;
    for (const start of ["--rates language=2 changes", "--save-dtype base changes"]) {
      assert(notes.some((text) => text.startsWith(start)), notes.join("\n"));
    }
    const saved = await readCheckpoint(join(out, "methods/ew/checkpoint"));
    const text = await Deno.readTextFile(join(out, "methods/ew/checkpoint/adapter_config.json"));
    assert(text.includes("model.vision_model.encoder.layers.0.mlp.fc1"));
    assert(JSON.parse(text).modules_to_save === null);
    const scored = await evaluateCheckpoint(engine, saved, await loadDataset(join(folder, "data")), {
      split: "test",
      limit: 2,
      maxTokens: 512,
      blank: false,
    });
    const { results } = await loadRun(out);
    assertEquals(results.methods.ew!.scores, scored.scores.map(({ score }) => score));
  }));

test("what cannot be done with LoRA is refused before anything is drawn", () =>
  withFolder(async (folder, engine) => {
    const refused = async (more: TuneOptions, message: string) => {
      const place = { out: join(folder, "run"), resume: false, root: folder, versions: {} };
      await assertRejects(() => tune(engine, options(folder, more), place), InputError, message);
    };
    await refused({ loraTargets: "nothing_here" }, "--lora-targets");
    await refused({ methods: ["merge"] }, "--lora: expected without the method merge");
    await refused({ loraDropout: 1 }, "--lora-dropout");
    const { loraRank: _, ...without } = options(folder, { loraAlpha: 3 });
    const place = { out: join(folder, "run"), resume: false, root: folder, versions: {} };
    await assertRejects(() => tune(engine, without, place), InputError, "--lora-alpha: expected with --lora");
  }));

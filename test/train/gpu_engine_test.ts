import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createGpu } from "../../src/gpu/gpu.ts";
import { Interrupted, RunError } from "../../src/errors.ts";
import { type CheckpointFiles, readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { gpuEngine } from "../../src/train/gpu_engine.ts";
import { loadDataset } from "../../src/data/dataset/load_dataset.ts";
import { openWeights, readTensor } from "../../src/lmm/weights.ts";
import { readJson, writeWhole } from "../../src/run/files.ts";
import { evaluateCheckpoint } from "../../src/answer/evaluate_checkpoint.ts";
import { loadRun } from "../../src/run/load_run.ts";
import type { PartResult } from "../../src/run/records/part_result.ts";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune } from "../../src/tune/tune.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

/** A LLaVA small enough for a test: 4x4 images, 4 tokens each. */
function config(vocabulary: number): Record<string, unknown> {
  return {
    model_type: "llava",
    image_token_index: 3,
    vision_feature_layer: -1,
    tie_word_embeddings: true,
    vision_config: {
      image_size: 4,
      patch_size: 2,
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 1,
      num_attention_heads: 2,
    },
    text_config: {
      vocab_size: vocabulary,
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      max_position_embeddings: 128,
      tie_word_embeddings: true,
    },
  };
}

test("a vision tower that is trained: its own learning rate, and scores of the tower as tuned", async () => {
  const folder = await fakeFolder();
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const base = join(folder, "base");
    const before = await readCheckpoint(base);
    const model = engine.create(config(before.tokenizer.vocabSize), 1);
    await model.save({ write: (name, pieces) => writeWhole(join(base, name), pieces) });
    model.destroy();
    const out = join(folder, "run");
    const data = join(folder, "data");
    await tune(engine, {
      data,
      checkpoint: base,
      methods: ["ew"],
      frozen: [],
      rates: { vision: 0.5 },
      batch: 8,
      epochs: 4,
      learningRate: 1e-2,
    }, { out, resume: false, root: folder, versions: {} });

    const tuned = await readCheckpoint(join(out, "methods/ew/checkpoint"));
    const tower = async ({ weights }: CheckpointFiles) =>
      await readTensor(
        (await openWeights(weights)).get("vision_tower.vision_model.embeddings.class_embedding")!,
      );
    const [moved, start] = [await tower(tuned), await tower(await readCheckpoint(base))];
    assert(moved.some((x, i) => x !== start[i]), "the tower did not move");
    const { scores } = await evaluateCheckpoint(engine, tuned, await loadDataset(data), {
      split: "test",
      limit: null,
      maxTokens: 128,
      blank: false,
    });
    const { results } = await loadRun(out);
    assertEquals(results.methods.ew!.scores, scores.map(({ score }) => score));
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
});

test("the whole of CoTBal on the GPU: it learns, and an interrupted run ends with the same bits", async () => {
  const folder = await fakeFolder();
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const base = join(folder, "base");
    const { tokenizer } = await readCheckpoint(base);
    const model = engine.create(config(tokenizer.vocabSize), 1);
    await model.save({ write: (name, pieces) => writeWhole(join(base, name), pieces) });
    model.destroy();

    const options: TuneOptions = {
      data: join(folder, "data"),
      checkpoint: base,
      batch: 8,
      epochs: 15,
      learningRate: 1e-2,
      mini: 0.25,
    };
    const place = (out: string, resume: boolean) => ({
      out: join(folder, out),
      resume,
      root: folder,
      versions: {},
    });
    await tune(engine, options, place("whole", false));
    const bytes = gpu.liveBytes;

    const controller = new AbortController();
    await assertRejects(() =>
      tune(engine, options, place("stopped", false), {
        signal: controller.signal,
        event: (event) => {
          // In the middle of the final tuning with equal weights, after its first look at the losses.
          if (event.kind === "progress" && event.part === "methods/ew" && event.doing === "training") {
            controller.abort(new Interrupted("interrupted"));
          }
        },
      }), Interrupted);
    await tune(engine, options, place("stopped", true));
    assertEquals(gpu.liveBytes, bytes, "memory that a run did not give back");

    await tune(engine, { ...options, profile: true }, place("profiled", false));
    assertEquals(gpu.liveBytes, bytes, "memory that a profile did not give back");

    for (const file of ["validation.json", "weights.json", "methods/ew/checkpoint/model.safetensors"]) {
      const read = (out: string) => Deno.readFile(join(folder, out, file));
      assertEquals(await read("stopped"), await read("whole"), file);
      assertEquals(await read("profiled"), await read("whole"), file);
    }
    const { profile } = await loadRun(join(folder, "profiled"));
    assertEquals([profile!.part, profile!.from, profile!.steps], ["probes/mini", 21, 10]);
    assert(profile!.rows.length > 10 && profile!.rows.every(({ ms, bytes }) => ms > 0 && bytes > 0));
    assert(profile!.rows.some(({ kernel, gflops }) => kernel.startsWith("gemm") && gflops! > 0));
    assert(profile!.liveBytes > profile!.arenaBytes && profile!.arenaBytes > 0);
    const { results, curves } = await loadRun(join(folder, "whole"));
    const lines = curves.find(({ part }) => part === "methods/ew")!.lines;
    assert(lines.at(-1)!.loss < 0.5 * lines[0]!.loss, `loss ${lines[0]!.loss} -> ${lines.at(-1)!.loss}`);
    assert(results.methods.ew!.scores.every((score) => score > 50), `${results.methods.ew!.scores}`);
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
});

test("a device that is lost in the middle of a training is named, and the run goes on to the same bits", async () => {
  const folder = await fakeFolder();
  const first = await createGpu(), second = await createGpu();
  try {
    const base = join(folder, "base");
    const { tokenizer } = await readCheckpoint(base);
    const model = gpuEngine(first).create(config(tokenizer.vocabSize), 1);
    await model.save({ write: (name, pieces) => writeWhole(join(base, name), pieces) });
    model.destroy();
    const options: TuneOptions = {
      data: join(folder, "data"),
      checkpoint: base,
      methods: ["ew"],
      batch: 8,
      epochs: 5,
      stateEverySeconds: 0,
    };
    const start = (
      gpu: typeof first,
      out: string,
      resume: boolean,
      lose: (doing: string, step: number) => void,
    ) =>
      tune(gpuEngine(gpu), options, { out: join(folder, out), resume, root: folder, versions: {} }, {
        event: (event) => {
          if (event.kind === "progress") lose(event.doing, event.step);
        },
      });
    await start(first, "whole", false, () => {});

    let step = 0;
    const error = await assertRejects(() =>
      start(first, "lost", false, (doing, done) => {
        if (doing !== "training" || (step = done) < 17) return;
        first.device.destroy();
      }), RunError);
    assert(error.message.startsWith("the GPU device was lost (destroyed: "), error.message);
    assert(error.message.endsWith("go on with --resume"), error.message);

    const steps: number[] = [];
    await start(second, "lost", true, (doing, done) => {
      if (doing === "training") steps.push(done);
    });
    assert(steps[0]! > 10 && steps[0]! <= step + 1, `lost at ${step}, went on with ${steps[0]}`);
    for (const file of ["methods/ew/checkpoint/model.safetensors"]) {
      const read = (out: string) => Deno.readFile(join(folder, out, file));
      assertEquals(await read("lost"), await read("whole"), file);
    }
  } finally {
    first.destroy();
    second.destroy();
    await Deno.remove(folder, { recursive: true });
  }
});

test("looks at validation questions change no step by a bit; what is kept and scored is the best step's model", async () => {
  const folder = await fakeFolder();
  const gpu = await createGpu();
  try {
    const engine = gpuEngine(gpu);
    const base = join(folder, "base");
    const { tokenizer } = await readCheckpoint(base);
    const model = engine.create(config(tokenizer.vocabSize), 1);
    await model.save({ write: (name, pieces) => writeWhole(join(base, name), pieces) });
    model.destroy();
    const data = join(folder, "data");
    const place = (out: string, resume = false) => ({
      out: join(folder, out),
      resume,
      root: folder,
      versions: {},
    });
    const half = gpu.device.features.has("shader-f16");
    const ways: TuneOptions[] = [{ frozen: [] }, { frozen: ["vision"], ...(half && { storage: "f16" }) }];
    for (const [i, way] of ways.entries()) {
      // So fast at the end that the last step is not the best one.
      const options: TuneOptions = {
        data,
        checkpoint: base,
        methods: ["ew"],
        batch: 8,
        epochs: 3,
        learningRate: 2e-2,
        ...way,
      };
      const looking: TuneOptions = { ...options, evaluateEvery: 5, evaluateQuestions: 6, bestBy: "loss" };
      await tune(engine, options, place(`plain ${i}`));
      const bytes = gpu.liveBytes;
      await tune(engine, looking, place(`looked ${i}`));
      assertEquals(gpu.liveBytes, bytes, "memory that looks did not give back");
      const steps = async (out: string) =>
        (await loadRun(join(folder, out))).curves[0]!.lines.map(({ step, loss, gradNorm, taskLoss }) => ({
          step,
          loss,
          gradNorm,
          taskLoss,
        }));
      assertEquals(await steps(`looked ${i}`), await steps(`plain ${i}`));

      // The kept model says what was measured at its step.
      const { chosen } = (await readJson<PartResult>(join(folder, `looked ${i}`, "methods/ew/test.json")))!;
      const { lines } = (await loadRun(join(folder, `looked ${i}`))).curves[0]!;
      const { evaluation } = lines[chosen!.step - 1]!;
      const kept = await readCheckpoint(join(folder, `looked ${i}`, "methods/ew/checkpoint"));
      const { scores } = await evaluateCheckpoint(engine, kept, await loadDataset(data), {
        split: "val",
        limit: 6,
        maxTokens: 128,
        blank: false,
      });
      assertEquals(scores.map(({ score }) => score), evaluation!.score);
      const last = await Deno.readFile(join(folder, `plain ${i}`, "methods/ew/checkpoint/model.safetensors"));
      const taken = await Deno.readFile(
        join(folder, `looked ${i}`, "methods/ew/checkpoint/model.safetensors"),
      );
      const same = taken.length === last.length && taken.every((byte, k) => byte === last[k]);
      assertEquals(same, chosen!.step === lines.length);

      if (i === 0) continue;
      // Stopped in a look and between looks, it ends with the same bits.
      for (const [k, stop] of [5, 20].entries()) {
        const controller = new AbortController();
        await assertRejects(() =>
          tune(engine, k === 0 ? looking : {}, place(`stopped ${i}`, k > 0), {
            signal: controller.signal,
            event: (event) => {
              if (event.kind === "progress" && event.doing === "training" && event.step >= stop) {
                controller.abort(new Interrupted("interrupted"));
              }
            },
          }), Interrupted);
      }
      await tune(engine, {}, place(`stopped ${i}`, true));
      assertEquals(
        await Deno.readFile(join(folder, `stopped ${i}`, "methods/ew/checkpoint/model.safetensors")),
        taken,
      );
    }
  } finally {
    gpu.destroy();
    await Deno.remove(folder, { recursive: true });
  }
});

// Training steps whose activations and frozen matrices are stored in 16 bits, beside the same steps in 32.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { InputError, RunError } from "../../../src/errors.ts";
import { createGpu, Gpu } from "../../../src/gpu/gpu.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import { MODULE_NAMES, type ModuleName } from "../../../src/lmm/layout.ts";
import { holding } from "../../../src/lmm/trainer/settings.ts";
import type { Lmm } from "../../../src/lmm/lmm.ts";
import { Random } from "../../../src/random.ts";
import { Trainer, type TrainerSettings } from "../../../src/lmm/trainer/trainer.ts";
import type { TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { CASES, distance, loadCase, readCase } from "../_case.ts";
import { drawSequence } from "../_draw.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

const TASKS = 3;
const LAMBDA = [1.7, 0.3, 1];
const SETTINGS: TrainerSettings = { tasks: TASKS, steps: 12, learningRate: 1e-3 };

test("training in 16-bit storage", async (t) => {
  const gpu = await createGpu();
  const of = await readCase("llava");
  const shape = await loadCase(gpu, of);
  const random = new Random("storage");

  /** A sample with images as pixels; its last tokens are the answer. */
  function draw(id: string, task: number): TrainSequence {
    const sequence = drawSequence(shape, random, 3 + random.int(12), task % 2);
    const { length } = sequence.ids;
    const mask = Uint8Array.from({ length }, (_, i) => Number(i >= length - 3));
    return { id, task, ...sequence, mask };
  }
  const batches = Array.from(
    { length: 12 },
    (_, step) => Array.from({ length: 6 }, (_, i) => draw(`${step}.${i}`, i % TASKS)),
  );
  const [batch] = batches as [TrainSequence[]];

  async function train<T>(
    options: Partial<TrainerSettings>,
    body: (trainer: Trainer, model: Lmm) => Promise<T>,
    stored = of,
  ): Promise<T> {
    const model = await loadCase(gpu, stored, holding({ frozen: [], storage: "f32", ...options }));
    try {
      const trainer = new Trainer(model, { ...SETTINGS, ...options });
      try {
        return await body(trainer, model);
      } finally {
        trainer.destroy();
      }
    } finally {
      model.destroy();
    }
  }
  /** Loss, gradients and parameters after one step. */
  const once = (options: Partial<TrainerSettings>, sequences: TrainSequence[]) =>
    train(options, async (trainer, { parameters }) => {
      trainer.train([sequences], LAMBDA);
      const [log] = await trainer.log();
      return { log: log!, gradients: await parameters.gradients.read(gpu) };
    });

  await t.step("the memory of intermediate results is about half", async () => {
    const many = Array.from({ length: 40 }, (_, i) => draw(`${i}`, 1));
    const bytes: number[] = [];
    for (const storage of ["f16", "f32"] as const) { // the arena only grows
      await once({ storage }, many);
      bytes.push(gpu.arena(16).size);
    }
    const share = bytes[0]! / bytes[1]!;
    assert(share < 0.7, `${bytes[0]} of ${bytes[1]} bytes`);
  });
  for (const frozen of [[], ["projector"], ["language"], ["vision", "language"]] as ModuleName[][]) {
    await t.step(`a step's loss and gradients, frozen: ${frozen.join(", ") || "nothing"}`, async () => {
      const given: TrainSequence[] = [];
      for (const s of batch) {
        given.push(frozen.includes("vision") ? { ...s, images: await encodeImages(shape, s.images) } : s);
      }
      const whole = await once({ frozen }, given), half = await once({ frozen, storage: "f16" }, given);
      const error = Math.abs(half.log.loss / whole.log.loss - 1);
      const norm = Math.abs(half.log.gradNorm / whole.log.gradNorm - 1);
      const off = distance(half.gradients, whole.gradients);
      assert(error > 0, "16 bits give the very loss of 32: they are not used");
      assert(error < 1e-3, `loss off by ${error}`);
      assert(norm < 2e-3, `the gradient's norm off by ${norm}`);
      assert(off < 2e-2, `gradients off by ${off} of their norm`);
    });
  }
  await t.step("two runs agree bit for bit, a restored one too", async () => {
    for (const frozen of [[], ["language"]] as ModuleName[][]) {
      const options = { storage: "f16", frozen } as const;
      const run = () =>
        train(options, async (trainer, model) => {
          for (const sequences of batches.slice(0, 6)) trainer.train([sequences], LAMBDA);
          const state = await trainer.state();
          for (const sequences of batches.slice(6)) trainer.train([sequences], LAMBDA);
          return { state, logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
        });
      const whole = await run();
      assertEquals(await run(), whole);
      const rest = await train(options, async (trainer, model) => {
        // The state replaces what is trained.
        for (
          const { values } of model.parameters.stretches(
            MODULE_NAMES.filter((name) => !frozen.includes(name)),
          )
        ) {
          values.write(gpu, new Float32Array(values.size));
        }
        trainer.train([batch], LAMBDA);
        trainer.restore(whole.state);
        for (const sequences of batches.slice(6)) trainer.train([sequences], LAMBDA);
        return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
      });
      assertEquals(rest, { logs: whole.logs.slice(6), values: whole.values });
    }
  });
  await t.step("it learns its samples by heart", async () => {
    const options = { storage: "f16", steps: 60, learningRate: 1e-2 } as const;
    const logs = await train(options, async (trainer) => {
      for (let step = 0; step < 60; step++) trainer.train([batch], [1, 1, 1]);
      return await trainer.log();
    });
    assert(logs.at(-1)!.loss < 0.02 * logs[0]!.loss, `loss ${logs[0]!.loss} -> ${logs.at(-1)!.loss}`);
  });
  await t.step("activations that overflow stop the run, and the way out is named", async () => {
    const bright = batch.map((s) => ({ ...s, images: s.images.map((x) => x.map((v) => 1e6 * v)) }));
    await train({ storage: "f16" }, async (trainer) => {
      trainer.train([bright], LAMBDA);
      const error = await assertRejects(() => trainer.log(), RunError, "store in f32 (f16 ends at 65,504)");
      assert(error.message.includes("0.1"), error.message);
    });
    await train({}, async (trainer) => {
      trainer.train([bright], LAMBDA);
      assertEquals((await trainer.log()).length, 1, "f32 has room for them");
    });
  });
  await t.step("a frozen matrix that overflows stops the run too", async () => {
    await train({ storage: "f16", frozen: ["language"] }, async (trainer, { parameters }) => {
      const values = await parameters.values.read(gpu);
      parameters.of(values, "language_model.model.layers.0.mlp.down_proj.weight")[5] = 1e5;
      parameters.values.write(gpu, values);
      trainer.train([batch], LAMBDA);
      await assertRejects(() => trainer.log(), RunError, "store in f32");
    });
  });
  await t.step("PyTorch's ten losses, nearly", async () => {
    for (const name of CASES) {
      const stored = await readCase(name);
      const { facts: { losses, lr, warmup, betas, weightDecay, clip }, rows, weights } = stored;
      const options: Partial<TrainerSettings> = {
        tasks: rows.length,
        steps: losses.length,
        learningRate: lr,
        warmup: warmup / losses.length,
        betas,
        weightDecay,
        clip,
        storage: "f16",
      };
      await train(options, async (trainer) => {
        for (let step = 0; step < losses.length; step++) trainer.train([rows], weights);
        // Adam divides by the gradient's size: where that is small, rounding decides the first steps' direction.
        (await trainer.log()).forEach(({ loss }, i) => {
          const off = Math.abs(loss / losses[i]! - 1);
          assert(
            off < (i === 0 ? 1e-3 : 2e-2),
            `${name}, step ${i + 1}: loss ${loss}, PyTorch's ${losses[i]}`,
          );
        });
      }, stored);
    }
  });
  shape.destroy();
  assertEquals(gpu.liveBytes, gpu.sharedBytes, "bytes alive after all was destroyed");
  gpu.destroy();
});

test("an adapter without shader-f16 is refused, with the way out", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const plain = new Gpu(await adapter!.requestDevice(), {
    vendor: "",
    architecture: "",
    device: "",
    description: "a plain device",
    isFallbackAdapter: true,
  });
  const message =
    "f16 storage needs the WebGPU feature shader-f16, which this adapter (a plain device) does not offer";
  assertThrows(() => new Tape(plain, { storage: "f16" }), InputError, message);
  const model = await loadCase(plain, await readCase("llava"));
  assertThrows(() => new Trainer(model, { ...SETTINGS, storage: "f16" }), InputError, message);
  new Trainer(model, SETTINGS).destroy();
  model.destroy();
  plain.destroy();
});

// The whole model against PyTorch in float64: logits, losses, every gradient, ten steps of AdamW, generation.

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createGpu } from "../../src/gpu/gpu.ts";
import { encodeImages } from "../../src/lmm/features.ts";
import { generate } from "../../src/lmm/generate.ts";
import type { Lmm } from "../../src/lmm/lmm.ts";
import { Trainer } from "../../src/lmm/trainer/trainer.ts";
import {
  type Case,
  CASES,
  CHATS,
  distance,
  forward,
  loadCase,
  poisonArena,
  readCase,
  stored,
  trainerSettings,
} from "./_case.ts";
import { parameterErrors } from "../../src/verify/stored_parameters.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

/** Fails unless every parameter is within the tolerance. */
function compareParameters(of: Case, model: Lmm, all: Float32Array, prefix: string, tolerance: number) {
  for (const { error, where } of parameterErrors(of, model, all, prefix)) {
    assert(error < tolerance, `${of.name}: ${prefix}${where} is off by ${error}`);
  }
}

const runs = [...CASES, ...CHATS].flatMap((name) => [true, false].map((software) => ({ name, software })));
for (const { name, software } of runs) {
  test(`PyTorch's ${name}, with the kernels for ${software ? "CPU drivers" : "GPUs"}`, async (t) => {
    const of = await readCase(name);
    const { facts, rows, weights } = of;
    const gpu = await createGpu();
    gpu.facts.isFallbackAdapter = software;

    await t.step("logits and the loss of every token", async () => {
      const model = await loadCase(gpu, of);
      const found = await forward(model, rows);
      const { vocabulary } = model;
      const [, longest = 0] = of.tensors.get("ids")!.shape;
      const expected: number[] = [], nll: number[] = [], expectedNll: number[] = [];
      let at = 0;
      rows.forEach(({ ids }, row) => {
        const logits = stored(of, "logits").subarray(
          row * longest * vocabulary,
          (row + 1) * longest * vocabulary,
        );
        for (const x of logits.subarray(0, ids.length * vocabulary)) expected.push(x);
        for (let i = 1; i < ids.length; i++) {
          const z = found.subarray((at + i - 1) * vocabulary, (at + i) * vocabulary);
          const most = Math.max(...z);
          nll.push(Math.log(z.reduce((sum, x) => sum + Math.exp(x - most), 0)) + most - z[ids[i]!]!);
          expectedNll.push(stored(of, "nll")[row * (longest - 1) + i - 1]!);
        }
        at += ids.length;
      });
      const errors = [distance(found, expected), distance(nll, expectedNll)];
      assert(errors.every((error) => error < 2e-6), `${errors}`);
      model.destroy();
    });

    await t.step("every gradient and the first update", async () => {
      const model = await loadCase(gpu, of);
      const trainer = new Trainer(model, trainerSettings(of));
      poisonArena(gpu);
      trainer.train([rows], weights);
      const [log] = await trainer.log();
      assertAlmostEquals(log!.loss, facts.loss, 2e-6 * facts.loss);
      assertAlmostEquals(log!.gradNorm, facts.gradNorms[0]!, 5e-6 * facts.gradNorms[0]!);
      compareParameters(
        of,
        model,
        await model.parameters.gradients.read(gpu),
        "grad.",
        1e-5,
      );
      compareParameters(of, model, await model.parameters.values.read(gpu), "after1.", 1e-4);
      trainer.destroy();
      model.destroy();
    });

    await t.step("ten steps", async () => {
      const model = await loadCase(gpu, of);
      const trainer = new Trainer(model, trainerSettings(of));
      for (let step = 0; step < 10; step++) {
        poisonArena(gpu);
        trainer.train([rows], weights);
      }
      const logs = await trainer.log();
      logs.forEach(({ loss, gradNorm, learningRate, taskTokens }, step) => {
        assertAlmostEquals(learningRate, facts.rates![step]!, 1e-12);
        assertAlmostEquals(loss, facts.losses[step]!, 2e-5 * facts.losses[step]!);
        assertAlmostEquals(gradNorm, facts.gradNorms[step]!, 2e-4 * facts.gradNorms[step]!);
        assertEquals(taskTokens, rows.map(({ mask }) => mask.reduce((sum, x) => sum + x, 0)));
      });
      compareParameters(of, model, await model.parameters.values.read(gpu), "after10.", 1e-3);
      trainer.destroy();
      model.destroy();
    });

    await t.step("greedy generation", async () => {
      const model = await loadCase(gpu, of);
      const features = await encodeImages(model, rows.flatMap(({ images }) => images));
      let at = 0;
      const prompts = rows.map(({ ids, images }) => ({
        ids,
        images: features.slice(at, at += images.length),
      }));
      const options = { maxNewTokens: 12, stops: [] };
      poisonArena(gpu);
      const together = await generate(model, prompts, options);
      assertEquals(together.map((ids) => [...ids]), facts.greedy);
      const single = await generate(model, prompts, { ...options, batchSize: 1 });
      assertEquals(single, together);
      model.destroy();
    });

    gpu.destroy();
    assertEquals(gpu.liveBytes, 0);
  });
}

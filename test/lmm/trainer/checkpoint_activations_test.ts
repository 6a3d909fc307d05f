// Layers computed again in the backward pass give the same bits in less memory, and a step takes what was planned.

import { assert, assertEquals } from "@std/assert";
import type { StorageType } from "../../../src/autograd/tensor.ts";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { parseConfig } from "../../../src/lmm/families/parse_config.ts";
import { MODULE_NAMES, type ModuleName } from "../../../src/lmm/layout.ts";
import { Lmm } from "../../../src/lmm/lmm.ts";
import { loraOf, trainedModules } from "../../../src/lmm/trainer/settings.ts";
import { forwardSize } from "../../../src/lmm/trainer/forward.ts";
import { stepNeed } from "../../../src/lmm/trainer/step_need.ts";
import { Trainer, type TrainerSettings } from "../../../src/lmm/trainer/trainer.ts";
import { cutStep, dealStep, type TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import { Random } from "../../../src/random.ts";
import { presetByName } from "../../../src/train/presets.ts";
import { drawSequence } from "../_draw.ts";

const TASKS = 2;
const SIGLIP = {
  model_type: "llava",
  image_token_index: 3,
  vision_feature_layer: [-2, -1],
  vision_feature_select_strategy: "full",
  vision_config: {
    model_type: "siglip_vision_model",
    image_size: 24,
    patch_size: 8,
    hidden_size: 48,
    intermediate_size: 80,
    num_hidden_layers: 3,
    num_attention_heads: 3,
  },
  text_config: {
    vocab_size: 301,
    hidden_size: 96,
    intermediate_size: 168,
    num_hidden_layers: 5,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    head_dim: 32,
  },
};

interface Choice {
  config: Record<string, unknown>;
  frozen: ModuleName[];
  lora?: number;
  storage?: StorageType;
  software?: boolean;
}

const CHOICES: Record<string, Choice> = {
  "tiny, tower frozen": { config: presetByName("tiny").config(512), frozen: ["vision"] },
  "tiny, tower frozen, kernels for GPUs": {
    config: presetByName("tiny").config(512),
    frozen: ["vision"],
    software: false,
  },
  "two layers' features, all trained": { config: SIGLIP, frozen: [] },
  "language frozen, in f16": { config: SIGLIP, frozen: ["language"], storage: "f16" },
  "LoRA with dropout": { config: SIGLIP, frozen: ["vision"], lora: 4 },
};

for (const [name, { config, frozen, lora: rank, storage = "f32", software }] of Object.entries(CHOICES)) {
  Deno.test(`activation checkpointing: ${name}`, async () => {
    const gpu = await createGpu();
    if (software !== undefined) gpu.facts.isFallbackAdapter = software;
    const lora = loraOf({ ...(rank && { loraRank: rank, loraDropout: 0.2 }) }, config, 1);
    const trainable = MODULE_NAMES.filter((module) => !frozen.includes(module));
    const model = Lmm.create(gpu, parseConfig(config), 1, { trainable, storage, lora });
    const random = new Random(name);
    const batch: TrainSequence[] = [];
    for (let k = 0; k < 6; k++) {
      const sequence = drawSequence(model, random, 8 + random.int(20), 1 + k % 2);
      const { length } = sequence.ids;
      const mask = Uint8Array.from({ length }, (_, i) => Number(i >= length - 4));
      const images = frozen.includes("vision") ? await encodeImages(model, sequence.images) : sequence.images;
      batch.push({ id: `${k}`, task: k % TASKS, ...sequence, images, mask });
    }
    const passes = cutStep(batch, 4);
    const initial = await model.parameters.values.read(gpu);
    const run = async (checkpointActivations: boolean) => {
      model.parameters.values.write(gpu, initial);
      const settings: TrainerSettings = { tasks: TASKS, steps: 3, learningRate: 1e-2, frozen, storage };
      const trainer = new Trainer(model, { ...settings, checkpointActivations });
      for (let step = 0; step < 3; step++) trainer.train(passes, [1.5, 0.5]);
      const logs = await trainer.log();
      const { largestNeed } = trainer.memory;
      trainer.destroy();
      const { values, gradients } = model.parameters;
      return { largestNeed, logs, values: await values.read(gpu), gradients: await gradients.read(gpu) };
    };
    const kept = await run(false), again = await run(true);
    assertEquals(again.logs, kept.logs);
    assertEquals(again.gradients, kept.gradients);
    assertEquals(again.values, kept.values);
    assert(kept.gradients.some((x) => x !== 0));
    assert(again.largestNeed < 0.75 * kept.largestNeed, `${again.largestNeed} of ${kept.largestNeed}`);

    // What is planned is what the step's largest program takes, but for the optimiser's small sums.
    for (const [checkpointActivations, { largestNeed }] of [[false, kept], [true, again]] as const) {
      const context = {
        model,
        trainable: new Set(trainedModules(model, frozen)),
        storage,
        checkpointActivations,
      };
      const planned = dealStep(passes, TASKS).microBatches.map((pass) =>
        stepNeed(context, forwardSize(pass))
      );
      const most = Math.max(...planned.map((need) => need.largestNeed));
      assert(Math.abs(most - largestNeed) <= 0.02 * largestNeed, `${most} planned, ${largestNeed} taken`);
    }
    model.destroy();
    gpu.destroy();
  });
}

// A step cut into micro-batches has the gradient of the whole: Σ λ·nll / Σ λ runs over the step.

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { parseConfig } from "../../../src/lmm/families/parse_config.ts";
import { Lmm } from "../../../src/lmm/lmm.ts";
import { Trainer } from "../../../src/lmm/trainer/trainer.ts";
import { cutStep, type TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { Random } from "../../../src/random.ts";
import { presetByName } from "../../../src/train/presets.ts";
import { distance } from "../_case.ts";
import { drawSequence } from "../_draw.ts";

const LAMBDA = [1.7, 0.3, 1];

const text = { vocab_size: 301, num_hidden_layers: 2, num_attention_heads: 3, num_key_value_heads: 1 };
const SHAPES: Record<string, Record<string, unknown>> = {
  tiny: presetByName("tiny").config(512),
  siglip: {
    model_type: "llava",
    image_token_index: 3,
    vision_feature_layer: -1,
    vision_feature_select_strategy: "full",
    vision_config: {
      model_type: "siglip_vision_model",
      image_size: 24,
      patch_size: 8,
      hidden_size: 48,
      intermediate_size: 80,
      num_hidden_layers: 2,
      num_attention_heads: 3,
    },
    text_config: { ...text, hidden_size: 96, intermediate_size: 168, head_dim: 32 },
  },
  smolvlm: {
    model_type: "idefics3",
    image_token_id: 3,
    scale_factor: 2,
    vision_config: {
      image_size: 32,
      patch_size: 8,
      hidden_size: 48,
      intermediate_size: 96,
      num_hidden_layers: 2,
      num_attention_heads: 3,
    },
    text_config: { ...text, hidden_size: 96, intermediate_size: 160, head_dim: 32 },
  },
};

for (const [name, config] of Object.entries(SHAPES)) {
  Deno.test(`a gradient over micro-batches is that over their batch: ${name}`, async () => {
    const gpu = await createGpu();
    const model = Lmm.create(gpu, parseConfig(config), 1);
    const random = new Random(name);
    const batch = Array.from({ length: 8 }, (_, k): TrainSequence => {
      const sequence = drawSequence(model, random, 5 + random.int(20), k % 3);
      const { length } = sequence.ids;
      const answer = 1 + random.int(5);
      const mask = Uint8Array.from({ length }, (_, i) => Number(i >= length - answer));
      return { id: `${k}`, task: k % LAMBDA.length, ...sequence, mask };
    });
    const initial = await model.parameters.values.read(gpu);
    const once = async (microBatch: number) => {
      model.parameters.values.write(gpu, initial);
      const trainer = new Trainer(model, { tasks: LAMBDA.length, steps: 4, learningRate: 1e-3 });
      trainer.train(cutStep(batch, microBatch), LAMBDA);
      const [log] = await trainer.log();
      trainer.destroy();
      return { log: log!, gradients: await model.parameters.gradients.read(gpu) };
    };
    const whole = await once(batch.length);
    for (const microBatch of [2, 3, 1]) {
      const cut = await once(microBatch);
      const error = distance(cut.gradients, whole.gradients);
      assert(error < 1e-6, `${microBatch} at a time: gradients are off by ${error}`);
      assertAlmostEquals(cut.log.loss, whole.log.loss, 1e-6 * whole.log.loss);
      assertEquals(cut.log.taskTokens, whole.log.taskTokens);
    }
    model.destroy();
    gpu.destroy();
  });
}

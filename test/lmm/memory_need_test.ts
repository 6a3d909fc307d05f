import { assert, assertEquals } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { encodeNeed } from "../../src/lmm/features.ts";
import { KeyValueCache } from "../../src/lmm/generation/key_value_cache.ts";
import { prefill } from "../../src/lmm/generation/programs.ts";
import { answerNeed } from "../../src/lmm/generation/prompts_that_fit.ts";
import type { ModuleName } from "../../src/lmm/layout.ts";
import { Lmm } from "../../src/lmm/lmm.ts";
import { memoryNeed } from "../../src/lmm/memory_need.ts";
import { answerLoss, forwardInputs } from "../../src/lmm/trainer/forward.ts";
import { loraOf } from "../../src/lmm/trainer/settings.ts";
import { AdamW } from "../../src/optim/adamw.ts";

const CONFIG = {
  model_type: "llava",
  image_token_index: 3,
  vision_feature_layer: -1,
  vision_feature_select_strategy: "full",
  vision_config: {
    model_type: "siglip_vision_model",
    image_size: 64,
    patch_size: 8,
    hidden_size: 96,
    intermediate_size: 192,
    num_hidden_layers: 4,
    num_attention_heads: 4,
  },
  text_config: {
    vocab_size: 1000,
    hidden_size: 128,
    intermediate_size: 256,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 2048,
  },
};

Deno.test("the memory that a training takes is known before", async (t) => {
  const gpu = await createGpu();
  const shapes: [name: string, text: object][] = [
    ["narrow", {}],
    ["wide", { hidden_size: 256, intermediate_size: 1024 }],
    ["deep", { num_hidden_layers: 9, tie_word_embeddings: true }],
  ];
  const choices: ModuleName[][] = [["projector"], ["projector", "language"], [
    "vision",
    "projector",
    "language",
  ]];
  for (const [name, text] of shapes) {
    const config = parseConfig({ ...CONFIG, text_config: { ...CONFIG.text_config, ...text } });
    for (const trainable of choices) {
      for (const storage of ["f32", "f16"] as const) {
        await t.step(`${name}, ${trainable.join(" and ")}, ${storage}`, () => {
          const rows = 768, tiles = 8;
          const need = memoryNeed(config, { trainable, storage, rows, tiles, cached: 0 });
          const live = gpu.liveBytes;
          const model = new Lmm(gpu, config, { trainable, storage });
          assertEquals(need.parameters, gpu.liveBytes - live);
          const rates = Object.fromEntries(trainable.map((name) => [name, 1]));
          const optimizer = new AdamW(model.parameters, { rates });
          // Beside gradients and moments: which rule holds for each block of 64.
          const rules = gpu.liveBytes - live - need.parameters - need.training;
          assert(rules > 0 && rules < 0.01 * need.training + 100, `${rules} bytes more`);

          const tape = new Tape(gpu, { storage });
          const context = { model, trainable: new Set(trainable) };
          const size = { rows, images: tiles, targets: rows };
          const { nll } = answerLoss(tape, context, size, forwardInputs(tape, context, size), true);
          tape.backward(nll, nll);
          const program = tape.compile();
          const share = need.results / program.largestNeed;
          assert(share > 0.9 && share < 1.5, `${need.results} said, ${program.largestNeed} needed`);
          program.destroy();
          optimizer.destroy();
          model.destroy();
        });
      }
    }
  }
  for (const [name, text] of shapes) {
    await t.step(`${name}, answering`, () => {
      const vision_config = { ...CONFIG.vision_config, intermediate_size: name === "wide" ? 384 : 192 };
      const config = parseConfig({
        ...CONFIG,
        vision_config,
        text_config: { ...CONFIG.text_config, ...text },
      });
      const model = Lmm.create(gpu, config, 1, { trainable: [] });
      const { imageTokens, imageId, featureWidth } = model;
      for (const [count, length] of [[8, 30], [24, 11], [3, 200]] as const) {
        const ids = Int32Array.from(
          { length: imageTokens + length },
          (_, i) => i < imageTokens ? imageId : 10,
        );
        const images = [new Float32Array(imageTokens * featureWidth)];
        const prompts = Array.from({ length: count }, () => ({ ids, images }));
        const cache = new KeyValueCache(model, count, ids.length + 12);
        const ints = (shape: number[]) => Tensor.of(gpu, shape, undefined, "i32");
        const state = {
          token: ints([count]),
          position: ints([count]),
          place: ints([count]),
          state: ints([count, 2]),
          output: ints([count, 12]),
          stops: ints([1]),
        };
        const { program } = prefill(model, prompts, 0, cache, state, { on: "device", repetition: undefined });
        const real = program.largestNeed + cache.bytes;
        const said = answerNeed(model, prompts.map(() => ({ tokens: ids.length, tiles: 1 })), {
          maxNewTokens: 12,
          together: count,
        });
        assert(said > 0.9 * real && said < 1.25 * real, `${said} said, ${real} needed`);
        program.destroy();
        cache.destroy();
        for (const tensor of Object.values(state)) tensor.destroy(gpu);
      }
      const tower = encodeNeed(model, 64).largestNeed;
      const frozen = { trainable: [], storage: "f32", rows: 1, tiles: 1, cached: 0 } as const;
      const { results } = memoryNeed(config, frozen);
      assert(
        results > 0.9 * tower && results < 1.25 * tower,
        `${results} said, ${tower} needed by the tower`,
      );
      model.destroy();
    });
  }
  await t.step("LoRA", () => {
    const config = parseConfig(CONFIG);
    const trainable: ModuleName[] = ["projector", "language"];
    const lora = loraOf({ loraRank: 8 }, CONFIG, 1);
    const need = memoryNeed(config, { trainable, lora, storage: "f16", rows: 1, tiles: 0, cached: 0 });
    const live = gpu.liveBytes;
    const model = new Lmm(gpu, config, { trainable, lora, storage: "f16" });
    assertEquals(need.parameters, gpu.liveBytes - live);
    assert(
      need.training <
        0.5 * memoryNeed(config, { trainable, storage: "f16", rows: 1, tiles: 0, cached: 0 }).training,
    );
    model.destroy();
  });
  await t.step("the largest piece", () => {
    const { largest } = memoryNeed(parseConfig(CONFIG), {
      trainable: [],
      storage: "f16",
      rows: 1,
      tiles: 1,
      cached: 0,
    });
    assertEquals(largest, { bytes: 2 * 128 * 1000, names: ["language_model.model.embed_tokens.weight"] });
  });
  gpu.destroy();
});

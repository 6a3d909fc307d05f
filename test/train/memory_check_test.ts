import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { memoryNeed, type MemoryPlan } from "../../src/lmm/memory_need.ts";
import { checkMemory, memoryNote } from "../../src/train/memory_check.ts";
import { fakeEngine } from "./fake_engine.ts";

/** SmolVLM-256M's shape. */
const CONFIG = {
  model_type: "idefics3",
  image_token_id: 49_190,
  scale_factor: 4,
  vision_config: { hidden_size: 768, num_attention_heads: 12, patch_size: 16, image_size: 512 },
  text_config: {
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    head_dim: 64,
    vocab_size: 49_280,
  },
};
const ALL: MemoryPlan = {
  trainable: ["vision", "projector", "language"],
  storage: "f32",
  rows: 512,
  tiles: 1,
  cached: 0,
};
const FROZEN: MemoryPlan = { ...ALL, trainable: ["projector"] };

Deno.test("what a run needs is said, and what cannot fit is refused with what would", async (t) => {
  const config = parseConfig(CONFIG);
  const check = (plan: MemoryPlan, available: number | undefined, shared = true, largestBuffer = 2 ** 31) =>
    checkMemory((plan) => ({ ...memoryNeed(config, plan), largestBuffer }), plan, { available, shared });
  const refusal = (...given: Parameters<typeof check>) =>
    assertThrows(() => check(...given), InputError).message;

  await t.step("enough", () => {
    const text = check(FROZEN, 8e9)!;
    assertStringIncludes(
      text,
      "on the device (1.0 GB for parameters, 85 MB for gradients and moments, up to",
    );
    assertStringIncludes(text, "here; 8.0 GB are left");
  });
  await t.step("enough for all but the longest sequences", () => {
    assertStringIncludes(check(ALL, 8e9)!, "a smaller --batch or --max-tokens takes less");
  });
  await t.step("nobody tells, or the device has memory of its own", () => {
    assertStringIncludes(check(ALL, undefined)!, "the model needs");
    assertStringIncludes(check(ALL, 4e9, false)!, "the model needs");
  });
  await t.step("too little", () => {
    const text = refusal(ALL, 2e9);
    assertStringIncludes(text, "but this machine has 2.0 GB left. What would fit: --freeze vision,language");
    assertStringIncludes(refusal(FROZEN, 1e9), "What would fit: --storage f16");
    assertStringIncludes(
      refusal({ ...ALL, trainable: ["projector", "language"] }, 1e9),
      "--freeze vision,language --storage f16",
    );
    assertStringIncludes(refusal(ALL, 3e8), "No setting makes it fit");
  });
  await t.step("a table that no buffer holds", () => {
    const text = refusal(FROZEN, undefined, true, 1e8);
    assertStringIncludes(text, "takes 114 MB, and the adapter's buffers end at 100 MB");
    assertStringIncludes(text, "--storage f16");
  });
  await t.step("small models and unknown ones pass in silence", () => {
    const engine = fakeEngine();
    const checkpoint = { folder: "x", config: {} };
    assertEquals(memoryNote(engine, checkpoint, ALL, { available: 1, shared: true }), undefined);
    const needs = {
      parameters: 1e6,
      training: 0,
      results: 1e6,
      device: 2e6,
      host: 2e8,
      largest: { bytes: 1, names: [] },
    };
    engine.need = () => ({ ...needs, largestBuffer: 1e9 });
    assertEquals(memoryNote(engine, checkpoint, ALL, { available: 1e9, shared: true }), undefined);
    assertThrows(
      () => memoryNote(engine, checkpoint, ALL, { available: 1e8, shared: true }),
      InputError,
      "checkpoint x: ",
    );
  });
});

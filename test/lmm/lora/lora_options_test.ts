import { assertEquals, assertThrows } from "@std/assert";
import { parseConfig } from "../../../src/lmm/families/parse_config.ts";
import { loraOptions, loraScale, targetedLayers } from "../../../src/lmm/lora/lora_options.ts";
import { frozenModules, idleRatesNote, runsTower } from "../../../src/lmm/trainer/settings.ts";

const JSON_LLAVA = {
  image_token_index: 3,
  vision_feature_layer: -2,
  vision_config: {
    image_size: 8,
    patch_size: 4,
    hidden_size: 8,
    num_hidden_layers: 2,
    num_attention_heads: 2,
  },
  text_config: { vocab_size: 9, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2 },
};
const llava = parseConfig(JSON_LLAVA);

Deno.test("left out, the targets are the linear layers of the language model, not its head", () => {
  const found = [...targetedLayers(llava, undefined)];
  assertEquals(found.map((name) => name.replace("language_model.model.layers.0.", "")), [
    "self_attn.q_proj.weight",
    "self_attn.k_proj.weight",
    "self_attn.v_proj.weight",
    "self_attn.o_proj.weight",
    "mlp.gate_proj.weight",
    "mlp.up_proj.weight",
    "mlp.down_proj.weight",
  ]);
});

Deno.test("ends of names are found in tower and language model, in no layer that the loss does not read", () => {
  assertEquals([...targetedLayers(llava, "q_proj, linear_2")], [
    "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight",
    "multi_modal_projector.linear_2.weight",
    "language_model.model.layers.0.self_attn.q_proj.weight",
  ]);
});

Deno.test("an expression matches whole names, as checkpoints or as transformers write them", () => {
  const one = ["language_model.model.layers.0.self_attn.q_proj.weight"];
  assertEquals([...targetedLayers(llava, String.raw`language_model\.model\..*q_proj`)], one);
  assertEquals([...targetedLayers(llava, String.raw`model\.language_model\.layers\.\d+\..*q_proj`)], one);
  assertThrows(() => targetedLayers(llava, "q_.*"), Error, "found none that");
  assertThrows(() => targetedLayers(llava, "(q"), Error, "--lora-targets");
  assertThrows(() => targetedLayers(llava, "lm_head"), Error, "q_proj, k_proj");
  assertThrows(() => targetedLayers(llava, "q_proj, lm_head,x"), Error, 'found none that "lm_head,x" names');
});

Deno.test("the factor is α/rank, or α/√rank", () => {
  assertEquals(loraScale({ rank: 16, alpha: 32, scaling: "standard" }), 2);
  assertEquals(loraScale({ rank: 16, alpha: 32, scaling: "rs" }), 8);
  const settings = { rank: 4, alpha: 2, dropout: 0, scaling: "standard" } as const;
  const { choose } = loraOptions({ ...settings, targets: "down_proj" }, llava, 1);
  assertEquals(choose("language_model.model.layers.0.mlp.down_proj.weight"), { rank: 4, scale: 0.5 });
  assertEquals(choose("language_model.model.layers.0.mlp.up_proj.weight"), undefined);
});

Deno.test("a frozen tower is run only where something is added to it", () => {
  assertEquals(runsTower({ frozen: ["vision"] }, JSON_LLAVA), false);
  assertEquals(runsTower({ frozen: ["vision"], loraRank: 2 }, JSON_LLAVA), false);
  assertEquals(runsTower({ frozen: ["vision"], loraRank: 2, loraTargets: "q_proj" }, JSON_LLAVA), true);
  assertEquals(runsTower({ frozen: [], loraRank: 2 }, JSON_LLAVA), true);
});

Deno.test("beside LoRA the connector alone is trained in full, unless nothing shall be frozen", () => {
  const frozen = (more: Parameters<typeof frozenModules>[0]) => frozenModules(more, ["vision"], JSON_LLAVA);
  assertEquals(frozen({}), ["vision"]);
  assertEquals(frozen({ frozen: ["projector"] }), ["projector"]);
  assertEquals(frozen({ loraRank: 2 }), ["vision"]); // the language model is added to
  assertEquals(frozen({ loraRank: 2, frozen: ["projector"] }), ["projector", "vision"]);
  assertEquals(frozen({ loraRank: 2, loraTargets: "linear_1" }), ["vision", "language"]);
  assertEquals(frozen({ loraRank: 2, loraTargets: "fc1", frozen: ["projector"] }), ["projector", "language"]);
  assertEquals(frozen({ loraRank: 2, loraTargets: "q_proj", frozen: ["projector"] }), ["projector"]);
  assertEquals(frozen({ loraRank: 2, loraTargets: "linear_1", frozen: [] }), []);
});

Deno.test("a rate of what is not trained in full is told", () => {
  const note = (rates: Parameters<typeof idleRatesNote>[0]["rates"], more = {}) =>
    idleRatesNote({ rates, frozen: ["vision"], ...more }, JSON_LLAVA);
  assertEquals(note({ projector: 2, language: 0.5 }), undefined);
  assertEquals(
    note({ vision: 0.1 }),
    "--rates vision=0.1 changes nothing: a rate is of a module that is trained in full.",
  );
  assertEquals(
    note({ projector: 2, language: 0.5 }, { loraRank: 2 }),
    "--rates language=0.5 changes nothing: a rate is of a module that is trained in full. " +
      "LoRA's matrices are trained at --lr itself.",
  );
});

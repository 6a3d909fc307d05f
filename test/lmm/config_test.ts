import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { imageTokenCount, parseConfig, visionLayers } from "../../src/lmm/config.ts";

/** A small configuration with changes. */
function parse(root: object = {}, vision: object = {}, text: object = {}) {
  return parseConfig({
    model_type: "llava",
    image_token_index: 3,
    vision_config: {
      image_size: 24,
      patch_size: 8,
      hidden_size: 32,
      num_hidden_layers: 3,
      num_attention_heads: 2,
      ...vision,
    },
    text_config: { vocab_size: 50, hidden_size: 48, num_attention_heads: 6, ...text },
    ...root,
  });
}

Deno.test("config.json: what Hugging Face leaves out has its defaults", () => {
  const config = parseConfig({ vision_config: {}, text_config: {} });
  assertEquals(config.image_token_index, 32000);
  assertEquals([config.vision_feature_layer, config.vision_feature_select_strategy], [-2, "default"]);
  const { vision_config: v, text_config: t } = config;
  assertEquals([v.image_size, v.patch_size, v.hidden_size, v.intermediate_size], [224, 32, 768, 3072]);
  assertEquals([v.num_hidden_layers, v.num_attention_heads, v.hidden_act, v.layer_norm_eps], [
    12,
    12,
    "quick_gelu",
    1e-5,
  ]);
  assertEquals([t.vocab_size, t.hidden_size, t.intermediate_size, t.num_hidden_layers], [
    32000,
    4096,
    11008,
    32,
  ]);
  assertEquals([t.num_key_value_heads, t.head_dim, t.max_position_embeddings], [32, 128, 2048]);
  assertEquals([t.rms_norm_eps, t.rope_theta, t.tie_word_embeddings], [1e-6, 10000, false]);
});

Deno.test("config.json: what it says, it is read again as", () => {
  const config = parse({}, { hidden_act: "gelu" }, { num_key_value_heads: 2, head_dim: 12, rope_theta: 500 });
  assertEquals(parseConfig(JSON.parse(JSON.stringify(config))), config);
});

Deno.test("config.json: the forms of different versions", () => {
  assertEquals(
    parse({}, {}, { rope_parameters: { rope_theta: 7, rope_type: "default" } }).text_config.rope_theta,
    7,
  );
  assertEquals(parse({}, {}, { rope_scaling: null, rope_theta: 8 }).text_config.rope_theta, 8);
  assertEquals(parse({ tie_word_embeddings: true }).text_config.tie_word_embeddings, true);
  assertEquals(
    parse({ tie_word_embeddings: false }, {}, { tie_word_embeddings: true }).text_config.tie_word_embeddings,
    true,
  );
  assertEquals(parse({ image_token_index: undefined, image_token_id: 9 }).image_token_index, 9);
});

Deno.test("config.json: image tokens and the tower's layers", () => {
  assertEquals(imageTokenCount(parse()), 9);
  assertEquals(imageTokenCount(parse({ vision_feature_select_strategy: "full" })), 10);
  assertEquals(
    [-1, -2, -4, 0, 2, 3].map((vision_feature_layer) => visionLayers(parse({ vision_feature_layer }))),
    [3, 2, 0, 0, 2, 3],
  );
});

Deno.test("config.json: what is not supported is said", () => {
  const broken: [() => unknown, string][] = [
    [() => parseConfig(null), "config.json: expected an object, found null"],
    [() => parseConfig({}), "vision_config: expected an object, found nothing"],
    [() => parse({ text_config: 3 }), "text_config: expected an object, found 3"],
    [() => parse({ model_type: "llava_next" }), 'model_type must be llava, found "llava_next"'],
    [() => parse({}, { model_type: "siglip_vision_model" }), "model_type must be clip_vision_model"],
    [() => parse({}, {}, { model_type: "mistral" }), 'model_type must be llama, found "mistral"'],
    [() => parse({}, {}, { hidden_act: "gelu" }), 'hidden_act must be silu, found "gelu"'],
    [() => parse({}, {}, { attention_bias: true }), "attention_bias must be false, found true"],
    [() => parse({}, {}, { mlp_bias: true }), "mlp_bias must be false, found true"],
    [
      () => parse({ multimodal_projector_bias: false }),
      "multimodal_projector_bias must be true, found false",
    ],
    [
      () => parse({}, {}, { rope_scaling: { rope_type: "llama3", factor: 8 } }),
      'rope_type must be default, found "llama3"',
    ],
    [
      () => parse({}, {}, { rope_scaling: { type: "linear", factor: 2 } }),
      'rope_type must be default, found "linear"',
    ],
    [() => parse({}, {}, { rope_scaling: 2 }), "rope_parameters: expected an object, found 2"],
    [() => parse({ vision_feature_layer: [-2, -5] }), "vision_feature_layer must be a number, found [-2,-5]"],
    [() => parse({ vision_feature_layer: -5 }), "vision_feature_layer -5 does not exist"],
    [() => parse({ vision_feature_layer: 4 }), "vision_feature_layer 4 does not exist"],
    [() => parse({ vision_feature_select_strategy: "cls" }), "must be default or full"],
    [() => parse({}, { patch_size: 7 }), "patch_size 7 does not divide image_size 24"],
    [() => parse({}, { num_attention_heads: 5 }), "5 heads do not divide hidden_size 32"],
    [() => parse({}, { num_attention_heads: 16 }), "the head size must be a multiple of 4"],
    [() => parse({}, {}, { head_dim: 6 }), "head_dim must be a multiple of 4, found 6"],
    [() => parse({}, {}, { num_attention_heads: 7 }), "head_dim must be a whole number above 0"],
    [() => parse({}, {}, { num_key_value_heads: 4 }), "4 key-value heads do not divide 6 heads"],
    [() => parse({}, {}, { vocab_size: "50" }), 'vocab_size must be a number, found "50"'],
    [
      () => parse({}, {}, { num_hidden_layers: 0 }),
      "num_hidden_layers must be a whole number above 0, found 0",
    ],
  ];
  for (const [make, message] of broken) assertThrows(make, InputError, message);
});

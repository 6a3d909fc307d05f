import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { featureWidth, imageTokenCount, visionLayers } from "../../src/lmm/config/lmm_config.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";

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
  assertEquals([config.model_type, config.image_token_id], ["llava", 32000]);
  assertEquals([config.feature_layers, config.drop_first, config.post_norm], [[11], true, false]);
  assertEquals(config.connector, { kind: "mlp", activation: "gelu", bias: true });
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
  assertEquals([t.rms_norm_eps, t.rope_theta, t.tie_word_embeddings, t.padding], [
    1e-6,
    10000,
    false,
    undefined,
  ]);
  assertEquals(parseConfig({ text_config: {} }).vision_config.image_size, 336);
});

Deno.test("config.json: SigLIP and Qwen2 inside LLaVA, as the published files have them", () => {
  const config = parseConfig({
    architectures: ["LlavaForConditionalGeneration"],
    ignore_index: -100,
    image_token_index: 151646,
    model_type: "llava",
    projector_hidden_act: "gelu",
    text_config: {
      model_type: "qwen2",
      hidden_size: 1024,
      intermediate_size: 2816,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      num_key_value_heads: 16,
      max_window_layers: 21,
      sliding_window: 32768,
      rope_theta: 1000000,
      tie_word_embeddings: true,
      torch_dtype: "bfloat16",
      vocab_size: 152000,
    },
    torch_dtype: "bfloat16",
    vision_config: {
      model_type: "siglip_vision_model",
      hidden_size: 1152,
      image_size: 384,
      intermediate_size: 4304,
      num_attention_heads: 16,
      num_hidden_layers: 26,
      patch_size: 14,
      vision_use_head: false,
    },
    vision_feature_layer: -1,
    vision_feature_select_strategy: "full",
  });
  const { vision_config: v, text_config: t } = config;
  assertEquals([v.kind, v.hidden_act, v.layer_norm_eps, v.vision_use_head], [
    "siglip",
    "gelu_tanh",
    1e-6,
    false,
  ]);
  assertEquals([imageTokenCount(config), featureWidth(config), visionLayers(config)], [729, 1152, 26]);
  assertEquals([t.attention_bias, t.rms_norm_eps, t.head_dim], ["qkv", 1e-6, 64]);
  assertEquals([t.tie_word_embeddings, t.max_position_embeddings], [true, 32768]);
});

Deno.test("config.json: SmolVLM, with the fields that published files have and nothing reads", () => {
  const smol = (root: object = {}, text: object = {}) =>
    parseConfig({
      architectures: ["Idefics3ForConditionalGeneration"],
      image_token_id: 49190,
      model_type: "idefics3",
      pad_token_id: 128002,
      scale_factor: 4,
      tie_word_embeddings: false,
      use_cache: true,
      vocab_size: 49280,
      image_seq_len: 64,
      vision_config: {
        model_type: "siglip_vision_model",
        hidden_size: 768,
        num_attention_heads: 12,
        patch_size: 16,
        image_size: 512,
        max_image_size: { longest_edge: 512 },
        size: { longest_edge: 2048 },
        tie_word_embeddings: false,
        use_base_siglip: false,
      },
      text_config: {
        model_type: "llama",
        _flash_attn_2_enabled: true,
        hidden_size: 576,
        intermediate_size: 1536,
        is_llama_config: true,
        num_attention_heads: 9,
        num_hidden_layers: 30,
        num_key_value_heads: 3,
        max_position_embeddings: 8192,
        neftune_noise_alpha: 0,
        pad_token_id: 2,
        perceiver_config: { _attn_implementation_autoset: false, model_type: "vllama3" },
        pixel_shuffle_factor: 4,
        qk_layer_norms: false,
        rms_norm_eps: 1e-5,
        rope_interleaved: false,
        rope_theta: 100000,
        tie_word_embeddings: true,
        transformers_version: "4.40.0",
        use_resampler: false,
        vocab_size: 49280,
        ...text,
      },
      ...root,
    });
  const config = smol();
  const { vision_config: v, text_config: t } = config;
  assertEquals([v.num_hidden_layers, v.intermediate_size, v.hidden_act], [12, 3072, "gelu_tanh"]);
  assertEquals([imageTokenCount(config), featureWidth(config), visionLayers(config)], [64, 12288, 12]);
  assertEquals([config.post_norm, config.drop_first], [true, false]);
  // The root alone decides whether the head is tied.
  assertEquals([t.tie_word_embeddings, smol({ tie_word_embeddings: true }).text_config.tie_word_embeddings], [
    false,
    true,
  ]);
  assertEquals([t.padding, t.rms_norm_eps, t.head_dim], [2, 1e-5, 64]);
  assertEquals(parseConfig({ model_type: "smolvlm", scale_factor: 7 }).text_config.rms_norm_eps, 1e-5);
  assertEquals(
    parseConfig({ model_type: "smolvlm", scale_factor: 7, text_config: {} }).text_config.rms_norm_eps,
    1e-6,
  );
  assertThrows(
    () => smol({ scale_factor: 3 }),
    InputError,
    "scale_factor 3 does not divide the 32 patches of a side",
  );
});

Deno.test("config.json: what it says is kept as it stands", () => {
  const config = parse({}, { hidden_act: "gelu" }, { num_key_value_heads: 2, head_dim: 12, rope_theta: 500 });
  assertEquals(parseConfig(JSON.parse(JSON.stringify(config.json))), config);
});

Deno.test("config.json: the forms of different versions", () => {
  const rope = (text: object): unknown[] => {
    const { rope_theta, rope_scaling } = parse({}, {}, text).text_config;
    return [rope_theta, rope_scaling];
  };
  assertEquals(rope({ rope_parameters: { rope_theta: 7, rope_type: "default" } }), [7, { type: "default" }]);
  assertEquals(rope({ rope_scaling: null, rope_theta: 8 }), [8, { type: "default" }]);
  assertEquals(rope({ rope_scaling: { type: "linear", factor: 2 } }), [10000, { type: "linear", factor: 2 }]);
  const llama3 = {
    rope_type: "llama3",
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 64,
  };
  const scaling = { type: "llama3", factor: 8, low: 1, high: 4, original: 64 };
  assertEquals(rope({ rope_theta: 9, rope_scaling: llama3 }), [9, scaling]);
  assertEquals(rope({ rope_parameters: { ...llama3, rope_theta: 9 } }), [9, scaling]);
  assertEquals(parse({ tie_word_embeddings: true }).text_config.tie_word_embeddings, true);
  const tied = parse({ tie_word_embeddings: false }, {}, { tie_word_embeddings: true });
  assertEquals(tied.text_config.tie_word_embeddings, true);
  assertEquals(parse({ image_token_index: undefined, image_token_id: 9 }).image_token_id, 9);
  const mistral = parse({}, {}, { model_type: "mistral", num_key_value_heads: 2, sliding_window: 512 });
  assertEquals(mistral.text_config.max_position_embeddings, 512);
  assertEquals(parse({}, {}, { pad_token_id: -1 }).text_config.padding, 49);
});

Deno.test("config.json: image tokens and the tower's layers", () => {
  assertEquals(imageTokenCount(parse()), 9);
  assertEquals(imageTokenCount(parse({}, { image_size: 31 })), 9); // pixels that fill no patch are left out
  assertEquals(imageTokenCount(parse({ vision_feature_select_strategy: "full" })), 10);
  assertEquals(
    [-1, -2, -4, 0, 2, 3].map((vision_feature_layer) => visionLayers(parse({ vision_feature_layer }))),
    [3, 2, 0, 0, 2, 3],
  );
  const several = parse({ vision_feature_layer: [-2, 0, 1] });
  assertEquals([several.feature_layers, visionLayers(several), featureWidth(several)], [[2, 0, 1], 2, 96]);
});

Deno.test("config.json: what is not supported is said", () => {
  const broken: [() => unknown, string][] = [
    [() => parseConfig(null), "config.json: expected an object, found null"],
    [() => parse({ text_config: 3 }), "text_config: expected an object, found 3"],
    [() => parse({ vision_config: [] }), "vision_config: expected an object, found []"],
    [
      () => parse({ model_type: "llava_next" }),
      'model_type must be llava or idefics3 or smolvlm, found "llava_next"',
    ],
    [
      () => parse({}, { model_type: "dinov2" }),
      'model_type must be clip_vision_model or siglip_vision_model, found "dinov2"',
    ],
    [
      () => parse({}, {}, { model_type: "gemma" }),
      'model_type must be llama or mistral or qwen2, found "gemma"',
    ],
    [() => parse({}, {}, { hidden_act: "gelu" }), "hidden_act must be silu or swish"],
    [() => parse({}, { hidden_act: "relu" }), "hidden_act must be gelu or"],
    [() => parse({ projector_hidden_act: "relu" }), "projector_hidden_act must be gelu or"],
    [() => parse({}, {}, { attention_bias: 1 }), "attention_bias must be true or false, found 1"],
    [
      () => parse({}, {}, { rope_scaling: { rope_type: "yarn", factor: 8 } }),
      'rope_type must be default or linear or llama3, found "yarn"',
    ],
    [
      () => parse({}, {}, { rope_scaling: { type: "linear" } }),
      "factor must be a number of at least 1, found undefined",
    ],
    [
      () => parse({}, {}, { rope_scaling: { type: "linear", factor: 2, beta: 1 } }),
      'the field "beta" is not known (1)',
    ],
    [() => parse({}, {}, { rope_scaling: 2 }), "rope_scaling: expected an object, found 2"],
    [() => parse({}, {}, { partial_rotary_factor: 0.5 }), 'the field "partial_rotary_factor" is not known'],
    [
      () => parse({ vision_feature_layer: [-2, "x"] }),
      "vision_feature_layer must be a whole number or a list of them",
    ],
    [() => parse({ vision_feature_layer: -5 }), "the tower has 3 layers, so -5 does not exist"],
    [() => parse({ vision_feature_layer: [1, 4] }), "the tower has 3 layers, so [1,4] does not exist"],
    [() => parse({ vision_feature_select_strategy: "cls" }), "must be default or full"],
    [() => parse({}, { patch_size: 25 }), "patch_size 25 is larger than image_size 24"],
    [() => parse({}, { image_size: [24, 32] }), "image_size must be one number, a square, found [24,32]"],
    [() => parse({}, { num_channels: 1 }), "num_channels must be 3, found 1"],
    [() => parse({}, { num_attention_heads: 5 }), "5 heads do not divide hidden_size 32"],
    [() => parse({}, {}, { head_dim: 7 }), "head_dim must be even, since RoPE turns pairs, found 7"],
    [() => parse({}, {}, { num_attention_heads: 7 }), "head_dim must be a whole number of at least 1"],
    [() => parse({}, {}, { num_key_value_heads: 4 }), "4 key-value heads do not divide 6 heads"],
    [() => parse({}, {}, { vocab_size: "50" }), 'vocab_size must be a number, found "50"'],
    [
      () => parse({}, {}, { num_hidden_layers: 0 }),
      "num_hidden_layers must be a whole number from 1 to 1000, found 0",
    ],
    [() => parse({}, {}, { num_hidden_layers: 1e300 }), "num_hidden_layers must be a whole number"],
    [() => parse({ layers_extra: { a: 1 } }), 'config.json: the field "layers_extra" is not known'],
  ];
  for (const [make, message] of broken) assertThrows(make, InputError, message);
  // What is null, false or empty asks for nothing.
  parse({ layers_extra: null, more: false, still_more: {} });
});

Deno.test("parseConfig: more layers than any model has are refused at once", () => {
  const message = "num_hidden_layers must be a whole number from 1 to 1000, found 1000000000";
  assertThrows(() => parseConfig({ text_config: { num_hidden_layers: 1e9 } }), InputError, message);
  assertThrows(() => parseConfig({ vision_config: { num_hidden_layers: 1e9 } }), InputError, message);
});

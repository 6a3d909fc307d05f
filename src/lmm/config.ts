/** The configuration of a LLaVA model, as Hugging Face's config.json holds it. @module */
import { InputError } from "../errors.ts";

/** CLIP's vision tower. */
export interface VisionConfig {
  /** What kind of model it is. */
  model_type: "clip_vision_model";
  /** Pixels of an image's side. */
  image_size: number;
  /** Pixels of a patch's side; divides `image_size`. */
  patch_size: number;
  /** Colours of a pixel. */
  num_channels: number;
  /** Width of a token. */
  hidden_size: number;
  /** Width inside the MLP. */
  intermediate_size: number;
  /** Layers. */
  num_hidden_layers: number;
  /** Query heads of a layer. */
  num_attention_heads: number;
  /** Activation of the MLP. */
  hidden_act: "quick_gelu" | "gelu";
  /** Added to the variance under LayerNorm's root. */
  layer_norm_eps: number;
}

/** Llama's language model. */
export interface TextConfig {
  /** What kind of model it is. */
  model_type: "llama";
  /** Tokens. */
  vocab_size: number;
  /** Width of a token. */
  hidden_size: number;
  /** Width inside the MLP. */
  intermediate_size: number;
  /** Layers. */
  num_hidden_layers: number;
  /** Query heads of a layer. */
  num_attention_heads: number;
  /** Key-value heads of a layer; divides the query heads. */
  num_key_value_heads: number;
  /** Values of a head; a multiple of 4. */
  head_dim: number;
  /** Longest sequence, in tokens. */
  max_position_embeddings: number;
  /** Added to the mean square under RMSNorm's root. */
  rms_norm_eps: number;
  /** Base of the rotary frequencies. */
  rope_theta: number;
  /** Whether the final projection is the table of token embeddings. */
  tie_word_embeddings: boolean;
}

/** A LLaVA model: tower, projector, language model. */
export interface LlavaConfig {
  /** What kind of model it is. */
  model_type: "llava";
  /** What `transformers` loads it as. */
  architectures: ["LlavaForConditionalGeneration"];
  /** Id of the image placeholder. */
  image_token_index: number;
  /** Activation of the projector. */
  projector_hidden_act: "gelu";
  /** Which hidden state of the tower is used, counted from the end: -1 the last layer's, -2 the one before. */
  vision_feature_layer: number;
  /** "default" drops the class token, "full" keeps it. */
  vision_feature_select_strategy: "default" | "full";
  /** The tower. */
  vision_config: VisionConfig;
  /** The language model. */
  text_config: TextConfig;
}

type Json = Record<string, unknown>;

/**
 * Reads a config.json, filling what Hugging Face leaves out with its defaults.
 *
 * @param json The parsed file.
 * @returns The configuration.
 * @throws {InputError} If a field is missing, of the wrong kind, or names a model that is not LLaVA with a CLIP
 * tower and a Llama language model.
 */
export function parseConfig(json: unknown): LlavaConfig {
  const root = object(json, "config.json");
  const vision = object(root.vision_config, "config.json: vision_config");
  const text = object(root.text_config, "config.json: text_config");
  expectOne(root, "model_type", ["llava"], "llava");
  expectOne(vision, "model_type", ["clip_vision_model"], "clip_vision_model");
  expectOne(text, "model_type", ["llama"], "llama");
  expectOne(text, "hidden_act", ["silu"], "silu");
  const heads = positive(text, "num_attention_heads", 32);
  const width = positive(text, "hidden_size", 4096);
  const rope = object(text.rope_parameters ?? text.rope_scaling ?? {}, "config.json: rope_parameters");
  expectOne({ rope_type: rope.rope_type ?? rope.type }, "rope_type", ["default"], "default");
  expectFlag(text, "attention_bias", false);
  expectFlag(text, "mlp_bias", false);
  expectFlag(root, "multimodal_projector_bias", true);
  const config: LlavaConfig = {
    model_type: "llava",
    architectures: ["LlavaForConditionalGeneration"],
    image_token_index: number(root, "image_token_index", number(root, "image_token_id", 32000)),
    projector_hidden_act: expectOne(root, "projector_hidden_act", ["gelu"], "gelu"),
    vision_feature_layer: number(root, "vision_feature_layer", -2),
    vision_feature_select_strategy: expectOne(
      root,
      "vision_feature_select_strategy",
      ["default", "full"],
      "default",
    ),
    vision_config: {
      model_type: "clip_vision_model",
      image_size: positive(vision, "image_size", 224),
      patch_size: positive(vision, "patch_size", 32),
      num_channels: positive(vision, "num_channels", 3),
      hidden_size: positive(vision, "hidden_size", 768),
      intermediate_size: positive(vision, "intermediate_size", 3072),
      num_hidden_layers: positive(vision, "num_hidden_layers", 12),
      num_attention_heads: positive(vision, "num_attention_heads", 12),
      hidden_act: expectOne(vision, "hidden_act", ["quick_gelu", "gelu"], "quick_gelu"),
      layer_norm_eps: number(vision, "layer_norm_eps", 1e-5),
    },
    text_config: {
      model_type: "llama",
      vocab_size: positive(text, "vocab_size", 32000),
      hidden_size: width,
      intermediate_size: positive(text, "intermediate_size", 11008),
      num_hidden_layers: positive(text, "num_hidden_layers", 32),
      num_attention_heads: heads,
      num_key_value_heads: positive(text, "num_key_value_heads", heads),
      head_dim: positive(text, "head_dim", width / heads),
      max_position_embeddings: positive(text, "max_position_embeddings", 2048),
      rms_norm_eps: number(text, "rms_norm_eps", 1e-6),
      rope_theta: number({ rope_theta: text.rope_theta ?? rope.rope_theta }, "rope_theta", 10000),
      tie_word_embeddings: Boolean(text.tie_word_embeddings ?? root.tie_word_embeddings ?? false),
    },
  };
  check(config);
  return config;
}

/** Number of image tokens that a picture becomes in the text. */
export function imageTokenCount(
  { vision_config: v, vision_feature_select_strategy: s }: LlavaConfig,
): number {
  return (v.image_size / v.patch_size) ** 2 + (s === "full" ? 1 : 0);
}

/** Layers of the vision tower that are run. */
export function visionLayers({ vision_config: v, vision_feature_layer: layer }: LlavaConfig): number {
  return layer < 0 ? v.num_hidden_layers + 1 + layer : layer;
}

function check(config: LlavaConfig) {
  const { vision_config: v, text_config: t } = config;
  const fail = (message: string) => {
    throw new InputError(`config.json: ${message}`);
  };
  if (v.image_size % v.patch_size !== 0) {
    fail(`patch_size ${v.patch_size} does not divide image_size ${v.image_size}`);
  }
  if (v.hidden_size % v.num_attention_heads !== 0) {
    fail(`vision_config: ${v.num_attention_heads} heads do not divide hidden_size ${v.hidden_size}`);
  }
  if ((v.hidden_size / v.num_attention_heads) % 4 !== 0) {
    fail("vision_config: the head size must be a multiple of 4");
  }
  if (t.head_dim % 4 !== 0) fail(`text_config: head_dim must be a multiple of 4, found ${t.head_dim}`);
  if (t.num_attention_heads % t.num_key_value_heads !== 0) {
    fail(
      `text_config: ${t.num_key_value_heads} key-value heads do not divide ${t.num_attention_heads} heads`,
    );
  }
  const layers = visionLayers(config);
  if (layers < 0 || layers > v.num_hidden_layers) {
    fail(`vision_feature_layer ${config.vision_feature_layer} does not exist`);
  }
}

function object(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(
      `${what}: expected an object, found ${value === undefined ? "nothing" : JSON.stringify(value)}`,
    );
  }
  return value as Json;
}

function number(from: Json, field: string, otherwise: number): number {
  const value = from[field] ?? otherwise;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new InputError(`config.json: ${field} must be a number, found ${JSON.stringify(value)}`);
  }
  return value;
}

function positive(from: Json, field: string, otherwise: number): number {
  const value = number(from, field, otherwise);
  if (!Number.isInteger(value) || value < 1) {
    throw new InputError(`config.json: ${field} must be a whole number above 0, found ${value}`);
  }
  return value;
}

function expectFlag(from: Json, field: string, expected: boolean) {
  const value = from[field] ?? expected;
  if (value !== expected) {
    throw new InputError(`config.json: ${field} must be ${expected}, found ${JSON.stringify(value)}`);
  }
}

function expectOne<T extends string>(from: Json, field: string, allowed: readonly T[], otherwise: T): T {
  const value = from[field] ?? otherwise;
  if (!allowed.includes(value as T)) {
    throw new InputError(
      `config.json: ${field} must be ${allowed.join(" or ")}, found ${JSON.stringify(value)}`,
    );
  }
  return value as T;
}

/**
 * Presets: a model's shape, and the settings with which it learns.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { TRAINING_DEFAULTS, type TrainingSettings } from "../lmm/trainer/settings.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";

/** Settings of a tuning that a preset decides. */
export type TunePreset =
  & TrainingSettings
  & Pick<ResolvedOptions, "mini" | "large" | "validationLimit" | "testLimit" | "maxTokens">;

/** Settings of a pretraining that a preset decides. */
export type PretrainPreset = Omit<TrainingSettings, "microBatch"> & {
  /** Optimiser steps. */
  steps: number;
  /** Longest sequence, in tokens. */
  maxTokens: number;
};

/** A named size. */
export interface Preset {
  /** Its name. */
  name: string;
  /** One line for --help. */
  description: string;
  /** Side of the image, in pixels. */
  imageSize: number;
  /** Folder of its base checkpoint, relative to the package; only `tiny` ships one. */
  checkpoint: string;
  /** Settings of a tuning. */
  tune: TunePreset;
  /** Settings of a pretraining. */
  pretrain: PretrainPreset;
  /**
   * The Hugging Face LlavaConfig of a new model.
   *
   * @param vocabulary Number of tokens of its tokenizer.
   */
  config(vocabulary: number): Record<string, unknown>;
}

/** Sizes from which a LlavaConfig follows. */
interface Shape {
  image: number;
  patch: number;
  vision: { width: number; layers: number; heads: number; mlp: number };
  language: { width: number; layers: number; heads: number; keyValueHeads: number; mlp: number };
  positions: number;
}

function llavaConfig(shape: Shape, vocabulary: number): Record<string, unknown> {
  const { vision, language } = shape;
  return {
    architectures: ["LlavaForConditionalGeneration"],
    model_type: "llava",
    image_token_index: 3,
    image_seq_length: (shape.image / shape.patch) ** 2,
    projector_hidden_act: "gelu",
    multimodal_projector_bias: true,
    // The last layer: a tower trained for this purpose has no reason to skip it, as LLaVA does with CLIP's.
    vision_feature_layer: -1,
    // "default" drops the class token.
    vision_feature_select_strategy: "default",
    tie_word_embeddings: true,
    torch_dtype: "float32",
    vision_config: {
      model_type: "clip_vision_model",
      hidden_size: vision.width,
      intermediate_size: vision.mlp,
      num_hidden_layers: vision.layers,
      num_attention_heads: vision.heads,
      num_channels: 3,
      image_size: shape.image,
      patch_size: shape.patch,
      projection_dim: vision.width,
      hidden_act: "quick_gelu",
      layer_norm_eps: 1e-5,
    },
    text_config: {
      model_type: "llama",
      vocab_size: vocabulary,
      hidden_size: language.width,
      intermediate_size: language.mlp,
      num_hidden_layers: language.layers,
      num_attention_heads: language.heads,
      num_key_value_heads: language.keyValueHeads,
      head_dim: language.width / language.heads,
      max_position_embeddings: shape.positions,
      rms_norm_eps: 1e-5,
      rope_theta: 10000,
      hidden_act: "silu",
      attention_bias: false,
      mlp_bias: false,
      tie_word_embeddings: true,
      bos_token_id: 1,
      eos_token_id: 2,
      pad_token_id: 0,
    },
  };
}

const tiny: Preset = {
  name: "tiny",
  description: "0.3 M parameters, 32x32 images: minutes on two CPU cores (its base checkpoint ships)",
  imageSize: 32,
  checkpoint: "data/base",
  // Measured to learn within minutes: see the README's results.
  tune: {
    ...TRAINING_DEFAULTS,
    batch: 8,
    microBatch: 8,
    learningRate: 2e-3,
    warmup: 0.05,
    frozen: ["vision"],
    mini: 1 / 8,
    large: 1 / 2,
    validationLimit: 200,
    testLimit: null,
    maxTokens: 2048,
  },
  pretrain: {
    ...TRAINING_DEFAULTS,
    schedule: "linear",
    steps: 8_000,
    batch: 32,
    learningRate: 3e-3,
    warmup: 0.02,
    maxTokens: 1024,
  },
  config: (vocabulary) =>
    llavaConfig({
      image: 32,
      patch: 8,
      vision: { width: 64, layers: 2, heads: 4, mlp: 256 },
      language: { width: 64, layers: 4, heads: 4, keyValueHeads: 2, mlp: 176 },
      positions: 2048,
    }, vocabulary),
};

const small: Preset = {
  name: "small",
  description:
    "8 M parameters, 64x64 images: for a GPU (make its base with: deno task pretrain --preset small)",
  imageSize: 64,
  checkpoint: "data/base-small",
  tune: {
    ...TRAINING_DEFAULTS,
    batch: 32,
    microBatch: 32,
    learningRate: 5e-4,
    warmup: 0.03,
    frozen: ["vision"],
    mini: 1 / 8,
    large: 1 / 2,
    validationLimit: 300,
    testLimit: null,
    maxTokens: 1024,
  },
  pretrain: {
    ...TRAINING_DEFAULTS,
    schedule: "linear",
    steps: 60_000,
    batch: 64,
    learningRate: 1e-3,
    warmup: 0.02,
    weightDecay: 0.01,
    maxTokens: 1024,
  },
  config: (vocabulary) =>
    llavaConfig({
      image: 64,
      patch: 8,
      vision: { width: 256, layers: 4, heads: 8, mlp: 1024 },
      language: { width: 256, layers: 6, heads: 8, keyValueHeads: 4, mlp: 704 },
      positions: 2048,
    }, vocabulary),
};

const base: Preset = {
  name: "base",
  description: "100 M parameters, 224x224 images: for a large GPU (make its base with: deno task pretrain)",
  imageSize: 224,
  checkpoint: "data/base-base",
  tune: {
    ...TRAINING_DEFAULTS,
    batch: 32,
    microBatch: 8,
    learningRate: 1e-4,
    warmup: 0.03,
    frozen: ["vision"],
    mini: 1 / 8,
    large: 1 / 2,
    validationLimit: 500,
    testLimit: null,
    maxTokens: 1024,
  },
  pretrain: {
    ...TRAINING_DEFAULTS,
    schedule: "linear",
    steps: 100_000,
    batch: 64,
    learningRate: 4e-4,
    warmup: 0.02,
    weightDecay: 0.05,
    maxTokens: 1024,
  },
  config: (vocabulary) =>
    llavaConfig({
      image: 224,
      patch: 16,
      vision: { width: 512, layers: 8, heads: 8, mlp: 2048 },
      language: { width: 768, layers: 10, heads: 12, keyValueHeads: 4, mlp: 2048 },
      positions: 2048,
    }, vocabulary),
};

/** All presets, the smallest first. */
export const presets: readonly Preset[] = [tiny, small, base];

/**
 * A preset by its name.
 *
 * @param name "tiny", "small" or "base".
 * @returns The preset.
 * @throws {InputError} If there is no such preset.
 *
 * @example The settings of the default preset
 * ```ts
 * import { presetByName } from "./presets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(presetByName("tiny").tune.batch, 8);
 * ```
 */
export function presetByName(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found === undefined) {
    const names = presets.map((preset) => preset.name).join(", ");
    throw new InputError(`preset: expected one of ${names}, found "${name}"`);
  }
  return found;
}

/** Which parameters a LLaVA model has: names, shapes, starting values, and which lie together. @module */
import type { Bundle, Init, ModuleSpec } from "../nn/parameters.ts";
import { type LlavaConfig, visionLayers } from "./config.ts";

/** The modules of a model, in the order in which they lie in memory. */
export const MODULE_NAMES = ["vision", "projector", "language"] as const;

/** A module: it can be frozen or have a learning rate of its own. */
export type ModuleName = typeof MODULE_NAMES[number];

/** Prefixes of Hugging Face's names. */
export const VISION = "vision_tower.vision_model";
export const PROJECTOR = "multi_modal_projector";
export const LANGUAGE = "language_model.model";
export const HEAD = "language_model.lm_head.weight";

const zeros: Init = { constant: 0 };
const ones: Init = { constant: 1 };

/**
 * The modules of a model, in the order in which they lie in memory.
 *
 * Matrices start from a normal distribution of deviation 1/√inputs (the last ones of residual branches divided by
 * √(2·layers), as in GPT-2); token embeddings from deviation 0.05, positions 0.1, the class token 0.02.
 */
export function modelLayout(config: LlavaConfig): (ModuleSpec & { name: ModuleName })[] {
  return [
    { name: "vision", bundles: vision(config) },
    { name: "projector", bundles: projector(config) },
    { name: "language", bundles: language(config) },
  ];
}

function matrix(name: string, outputs: number, inputs: number, scale = 1) {
  return { name: `${name}.weight`, shape: [outputs, inputs], init: { normal: scale / Math.sqrt(inputs) } };
}

function bias(name: string, outputs: number) {
  return { name: `${name}.bias`, shape: [outputs], init: zeros };
}

function affine(name: string, width: number): Bundle[] {
  return [[{ name: `${name}.weight`, shape: [width], init: ones }], [{
    name: `${name}.bias`,
    shape: [width],
    init: zeros,
  }]];
}

/** Parameters that a checkpoint has and the loss never reads. */
function idle(bundles: readonly Bundle[]): Bundle[] {
  return bundles.map((bundle) => bundle.map((spec) => ({ ...spec, idle: true })));
}

function vision(config: LlavaConfig): Bundle[] {
  const { vision_config: v } = config;
  const width = v.hidden_size, n = (v.image_size / v.patch_size) ** 2;
  const patch = [width, v.num_channels, v.patch_size, v.patch_size];
  const branch = 1 / Math.sqrt(2 * v.num_hidden_layers);
  const bundles: Bundle[] = [
    [{ name: `${VISION}.embeddings.class_embedding`, shape: [width], init: { normal: 0.02 } }],
    [{
      name: `${VISION}.embeddings.patch_embedding.weight`,
      shape: patch,
      init: { normal: 1 / Math.sqrt(v.num_channels * v.patch_size ** 2) },
    }],
    [{
      name: `${VISION}.embeddings.position_embedding.weight`,
      shape: [n + 1, width],
      init: { normal: 0.1 },
    }],
    ...affine(`${VISION}.pre_layrnorm`, width), // Hugging Face's spelling
  ];
  for (let layer = 0; layer < v.num_hidden_layers; layer++) {
    const at = `${VISION}.encoder.layers.${layer}`;
    const qkv = ["q_proj", "k_proj", "v_proj"].map((name) => `${at}.self_attn.${name}`);
    const layerBundles: Bundle[] = [
      qkv.map((name) => matrix(name, width, width)),
      qkv.map((name) => bias(name, width)),
      [matrix(`${at}.self_attn.out_proj`, width, width, branch)],
      [bias(`${at}.self_attn.out_proj`, width)],
      ...affine(`${at}.layer_norm1`, width),
      [matrix(`${at}.mlp.fc1`, v.intermediate_size, width)],
      [bias(`${at}.mlp.fc1`, v.intermediate_size)],
      [matrix(`${at}.mlp.fc2`, width, v.intermediate_size, branch)],
      [bias(`${at}.mlp.fc2`, width)],
      ...affine(`${at}.layer_norm2`, width),
    ];
    bundles.push(...(layer < visionLayers(config) ? layerBundles : idle(layerBundles)));
  }
  // The features are taken before the last norm.
  return [...bundles, ...idle(affine(`${VISION}.post_layernorm`, width))];
}

function projector(config: LlavaConfig): Bundle[] {
  const from = config.vision_config.hidden_size, to = config.text_config.hidden_size;
  return [
    [matrix(`${PROJECTOR}.linear_1`, to, from)],
    [bias(`${PROJECTOR}.linear_1`, to)],
    [matrix(`${PROJECTOR}.linear_2`, to, to)],
    [bias(`${PROJECTOR}.linear_2`, to)],
  ];
}

function language(config: LlavaConfig): Bundle[] {
  const { text_config: t } = config;
  const width = t.hidden_size;
  const branch = 1 / Math.sqrt(2 * t.num_hidden_layers);
  const norm = (name: string): Bundle => [{ name: `${name}.weight`, shape: [width], init: ones }];
  const bundles: Bundle[] = [
    [{ name: `${LANGUAGE}.embed_tokens.weight`, shape: [t.vocab_size, width], init: { normal: 0.05 } }],
  ];
  for (let layer = 0; layer < t.num_hidden_layers; layer++) {
    const at = `${LANGUAGE}.layers.${layer}`;
    const queries = t.num_attention_heads * t.head_dim, keys = t.num_key_value_heads * t.head_dim;
    bundles.push(
      [
        matrix(`${at}.self_attn.q_proj`, queries, width),
        matrix(`${at}.self_attn.k_proj`, keys, width),
        matrix(`${at}.self_attn.v_proj`, keys, width),
      ],
      [matrix(`${at}.self_attn.o_proj`, width, queries, branch)],
      [
        matrix(`${at}.mlp.gate_proj`, t.intermediate_size, width),
        matrix(`${at}.mlp.up_proj`, t.intermediate_size, width),
      ],
      [matrix(`${at}.mlp.down_proj`, width, t.intermediate_size, branch)],
      norm(`${at}.input_layernorm`),
      norm(`${at}.post_attention_layernorm`),
    );
  }
  bundles.push(norm(`${LANGUAGE}.norm`));
  if (!t.tie_word_embeddings) bundles.push([matrix(HEAD.replace(/\.weight$/, ""), t.vocab_size, width)]);
  return bundles;
}

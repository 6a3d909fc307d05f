/** Which parameters a model has: names, shapes, starting values, and which lie together. @module */
import type { LORA } from "../nn/lora.ts";
import type { Bundle, ModuleSpec } from "../nn/parameters.ts";
import { affine, bias, idle, matrix, scale } from "../nn/specs.ts";
import { featureWidth, type LmmConfig, visionLayers } from "./config/lmm_config.ts";
import { familyOf } from "./families/parse_config.ts";
import { patchCount } from "./config/vision.ts";

/** The modules of a model, in the order in which they lie in memory. */
export const MODULE_NAMES = ["vision", "projector", "language"] as const;

/** A module: it can be frozen or have a learning rate of its own. The projector is what connects the other two. */
export type ModuleName = typeof MODULE_NAMES[number];

/** Which modules get gradients; {@linkcode LORA} stands for all low-rank matrices. */
export type Trainable = ReadonlySet<ModuleName | typeof LORA>;

/**
 * The modules of a model, in the order in which they lie in memory.
 *
 * Matrices start from a normal distribution of deviation 1/√inputs (the last ones of residual branches divided by
 * √(2·layers), as in GPT-2); token embeddings from deviation 0.05, positions 0.1, the class token 0.02.
 */
export function modelLayout(config: LmmConfig): (ModuleSpec & { name: ModuleName })[] {
  return [
    { name: "vision", bundles: vision(config) },
    { name: "projector", bundles: projector(config) },
    { name: "language", bundles: language(config) },
  ];
}

function vision(config: LmmConfig): Bundle[] {
  const { vision_config: v } = config;
  const at = familyOf(config).names.vision;
  const width = v.hidden_size, n = patchCount(v), clip = v.kind === "clip";
  const patch = {
    name: `${at}.embeddings.patch_embedding.weight`,
    shape: [width, v.num_channels, v.patch_size, v.patch_size],
    init: { normal: 1 / Math.sqrt(v.num_channels * v.patch_size ** 2) },
  };
  const position = {
    name: `${at}.embeddings.position_embedding.weight`,
    shape: [clip ? n + 1 : n, width],
    init: { normal: 0.1 },
  };
  const bundles: Bundle[] = clip
    ? [
      [{ name: `${at}.embeddings.class_embedding`, shape: [width], init: { normal: 0.02 } }],
      [patch],
      [position],
      ...affine(`${at}.pre_layrnorm`, width), // Hugging Face's spelling
    ]
    : [[patch], [bias(`${at}.embeddings.patch_embedding`, width)], [position]];
  for (let layer = 0; layer < v.num_hidden_layers; layer++) {
    const own = visionLayer(config, `${at}.encoder.layers.${layer}`);
    bundles.push(...(layer < visionLayers(config) ? own : idle(own)));
  }
  const last = affine(`${at}.post_layernorm`, width);
  bundles.push(...(config.post_norm ? last : idle(last))); // LLaVA takes its features before it
  if (v.vision_use_head) bundles.push(...idle(poolingHead(config, `${at}.head`)));
  return bundles;
}

function visionLayer({ vision_config: v }: LmmConfig, at: string): Bundle[] {
  const width = v.hidden_size;
  const branch = 1 / Math.sqrt(2 * v.num_hidden_layers);
  const qkv = ["q_proj", "k_proj", "v_proj"].map((name) => `${at}.self_attn.${name}`);
  return [
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
}

/** SigLIP's attention pooling, which no family here reads. */
function poolingHead({ vision_config: v }: LmmConfig, at: string): Bundle[] {
  const width = v.hidden_size, normal = 1 / Math.sqrt(width);
  return [
    [{ name: `${at}.probe`, shape: [1, 1, width], init: { normal } }],
    [{ name: `${at}.attention.in_proj_weight`, shape: [3 * width, width], init: { normal } }],
    [{ name: `${at}.attention.in_proj_bias`, shape: [3 * width], init: { constant: 0 } }],
    [matrix(`${at}.attention.out_proj`, width, width)],
    [bias(`${at}.attention.out_proj`, width)],
    ...affine(`${at}.layernorm`, width),
    [matrix(`${at}.mlp.fc1`, v.intermediate_size, width)],
    [bias(`${at}.mlp.fc1`, v.intermediate_size)],
    [matrix(`${at}.mlp.fc2`, width, v.intermediate_size)],
    [bias(`${at}.mlp.fc2`, width)],
  ];
}

function projector(config: LmmConfig): Bundle[] {
  const at = familyOf(config).names.projector;
  const from = featureWidth(config), to = config.text_config.hidden_size;
  if (config.connector.kind === "pixel-shuffle") {
    return [[matrix(`${at}.modality_projection.proj`, to, from)]];
  }
  const layer = (name: string, inputs: number): Bundle[] => [
    [matrix(`${at}.${name}`, to, inputs)],
    ...(config.connector.kind === "mlp" && config.connector.bias ? [[bias(`${at}.${name}`, to)]] : []),
  ];
  return [...layer("linear_1", from), ...layer("linear_2", to)];
}

function language(config: LmmConfig): Bundle[] {
  const { text_config: t } = config;
  const { language: root, head } = familyOf(config).names;
  const width = t.hidden_size;
  const branch = 1 / Math.sqrt(2 * t.num_hidden_layers);
  const bundles: Bundle[] = [
    [{ name: `${root}.embed_tokens.weight`, shape: [t.vocab_size, width], init: { normal: 0.05 } }],
  ];
  for (let layer = 0; layer < t.num_hidden_layers; layer++) {
    const at = `${root}.layers.${layer}`;
    const queries = t.num_attention_heads * t.head_dim, keys = t.num_key_value_heads * t.head_dim;
    const qkv: [string, number][] = [["q_proj", queries], ["k_proj", keys], ["v_proj", keys]];
    const gateUp = ["gate_proj", "up_proj"].map((name) => `${at}.mlp.${name}`);
    bundles.push(qkv.map(([name, outputs]) => matrix(`${at}.self_attn.${name}`, outputs, width)));
    if (t.attention_bias !== "none") {
      bundles.push(qkv.map(([name, outputs]) => bias(`${at}.self_attn.${name}`, outputs)));
    }
    bundles.push([matrix(`${at}.self_attn.o_proj`, width, queries, branch)]);
    if (t.attention_bias === "all") bundles.push([bias(`${at}.self_attn.o_proj`, width)]);
    bundles.push(gateUp.map((name) => matrix(name, t.intermediate_size, width)));
    if (t.mlp_bias) bundles.push(gateUp.map((name) => bias(name, t.intermediate_size)));
    bundles.push([matrix(`${at}.mlp.down_proj`, width, t.intermediate_size, branch)]);
    if (t.mlp_bias) bundles.push([bias(`${at}.mlp.down_proj`, width)]);
    bundles.push([scale(`${at}.input_layernorm`, width)], [scale(`${at}.post_attention_layernorm`, width)]);
  }
  bundles.push([scale(`${root}.norm`, width)]);
  if (!t.tie_word_embeddings) {
    // The cross-entropy reads the head itself: it is no layer that could be added to.
    bundles.push([{ ...matrix(head.replace(/\.weight$/, ""), t.vocab_size, width), linear: false }]);
  }
  return bundles;
}

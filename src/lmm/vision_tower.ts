/** The vision towers, CLIP's (Radford et al. 2021) and SigLIP's (Zhai et al. 2023): from pixels to features. @module */
import { type LmmConfig, visionLayers } from "./config/lmm_config.ts";
import { patchCount } from "./config/vision.ts";
import type { FamilyNames } from "./families/family.ts";
import type { Trainable } from "./layout.ts";
import { positionIds, shuffledRows } from "./patch_order.ts";
import { spans } from "./spans.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { LORA, type LoraMatrices, type LoraNoise } from "../nn/lora.ts";
import type { Parameters } from "../nn/parameters.ts";
import { visionBlock } from "../nn/vision_block.ts";
import { add } from "../ops/add.ts";
import { embedding, indexTokens } from "../ops/embedding/embedding.ts";
import { gatherRows } from "../ops/embedding/gather_rows.ts";
import { patchEmbedding, visionEmbedding } from "../ops/embedding/patch_embedding.ts";
import { layerNorm } from "../ops/norm/norm.ts";

/** What is read of a model. */
export interface TowerModel {
  /** Sizes and settings. */
  readonly config: LmmConfig;
  /** Values and gradients. */
  readonly parameters: Parameters;
  /** Prefixes of their names. */
  readonly names: FamilyNames;
  /** What is added to its matrices. */
  readonly lora: LoraMatrices | undefined;
}

/**
 * Pixels to the features that the connector reads.
 *
 * @param pixels [tiles, channels, size, size], normalised.
 * @param trainable Which modules get gradients.
 * @param noise Set where something is dropped on the way into low-rank matrices.
 * @returns [tiles·imageTokens, featureWidth]
 */
export function visionFeatures(
  tape: Tape,
  model: TowerModel,
  pixels: Tensor,
  trainable: Trainable,
  noise?: LoraNoise,
): Tensor {
  const { config } = model;
  const { vision_config: v, feature_layers: wanted } = config;
  const at = model.names.vision;
  const whole = (names: readonly string[]) => names.map((name) => `${at}.${name}`);
  const train = trainable.has("vision");
  const get = (...names: string[]) => model.parameters.tensor(whole(names), train);
  const projection = (...names: string[]) => {
    const weights = names.map((name) => `${name}.weight`);
    return {
      weight: get(...weights),
      bias: get(...names.map((name) => `${name}.bias`)),
      lowRank: model.lora?.of(whole(weights), trainable.has(LORA), noise),
    };
  };
  const pair = (name: string) => ({ weight: get(`${name}.weight`), bias: get(`${name}.bias`) });
  const tiles = pixels.shape[0]!;
  const rows = patchCount(v) + (v.kind === "clip" ? 1 : 0); // of a tile
  let x = v.kind === "clip"
    ? clipTokens(tape, pixels, get, v.layer_norm_eps)
    : siglipTokens(tape, model, pixels, get);
  const span = tape.constant(spans(new Array(tiles).fill(rows), tiles * rows), [tiles * rows, 2]);
  const states = new Map([[0, x]]);
  for (let layer = 0; layer < visionLayers(config); layer++) {
    const own = `encoder.layers.${layer}`;
    const before = x;
    x = tape.checkpoint(() =>
      visionBlock(tape, before, span, {
        norm1: pair(`${own}.layer_norm1`),
        qkv: projection(...["q", "k", "v"].map((c) => `${own}.self_attn.${c}_proj`)),
        out: projection(`${own}.self_attn.out_proj`),
        norm2: pair(`${own}.layer_norm2`),
        fc1: projection(`${own}.mlp.fc1`),
        fc2: projection(`${own}.mlp.fc2`),
      }, { heads: v.num_attention_heads, eps: v.layer_norm_eps, activation: v.hidden_act })
    );
    if (wanted.includes(layer + 1)) states.set(layer + 1, x);
  }
  if (config.post_norm) {
    const { weight, bias } = pair("post_layernorm");
    x = layerNorm(tape, x, weight, bias, v.layer_norm_eps);
    states.set(visionLayers(config), x);
  }
  const chosen = wanted.map((layer) => states.get(layer)!);
  const kept = config.drop_first ? chosen.map((state) => withoutFirst(tape, state, tiles, rows)) : chosen;
  const features = sideBySide(tape, kept);
  return config.connector.kind === "mlp" ? features : shuffle(tape, features, tiles, config.connector.scale);
}

/** CLIP's first tokens: class token and patches with their positions, and a norm. */
function clipTokens(tape: Tape, pixels: Tensor, get: (...names: string[]) => Tensor, eps: number): Tensor {
  const patches = patchEmbedding(tape, pixels, get("embeddings.patch_embedding.weight"));
  const tokens = visionEmbedding(
    tape,
    patches,
    get("embeddings.class_embedding"),
    get("embeddings.position_embedding.weight"),
  ); // [tiles·(n + 1), width]
  return layerNorm(tape, tokens, get("pre_layrnorm.weight"), get("pre_layrnorm.bias"), eps);
}

/** SigLIP's: patches with a bias and their positions. Idefics3 looks positions up by where a patch lies. */
function siglipTokens(
  tape: Tape,
  model: TowerModel,
  pixels: Tensor,
  get: (...names: string[]) => Tensor,
): Tensor {
  const { vision_config: v, connector } = model.config;
  const n = patchCount(v), tiles = pixels.shape[0]!;
  const ids = connector.kind === "mlp"
    ? Int32Array.from({ length: n }, (_, i) => i)
    : positionIds(Math.sqrt(n));
  const all = new Int32Array(tiles * n);
  for (let tile = 0; tile < tiles; tile++) all.set(ids, tile * n);
  const index = indexTokens(all, { imageId: -1, rows: all.length, features: 1, used: 0 });
  const constants = Object.fromEntries(
    Object.entries(index).map((
      [name, values],
    ) => [name, tape.constant(values, name === "held" ? [all.length, 3] : undefined)]),
  ) as { [name in keyof typeof index]: Tensor };
  const none = tape.constant(new Float32Array(v.hidden_size), [1, v.hidden_size]);
  const positions = embedding(tape, get("embeddings.position_embedding.weight"), none, constants);
  return patchEmbedding(tape, pixels, get("embeddings.patch_embedding.weight"), {
    bias: get("embeddings.patch_embedding.bias"),
    residual: positions,
  });
}

/** Rows without the first of every tile. */
function withoutFirst(tape: Tape, x: Tensor, tiles: number, rows: number): Tensor {
  const n = rows - 1;
  const index = Int32Array.from({ length: tiles * n }, (_, i) => i + Math.floor(i / n) + 1);
  return gatherRows(tape, x, tape.constant(index), tape.constant(inverse(index, tiles * rows)));
}

/** [rows, width] each to [rows, width·count]. */
function sideBySide(tape: Tape, states: readonly Tensor[]): Tensor {
  const [first] = states;
  if (states.length === 1) return first!;
  const [rows = 0, width = 0] = first!.shape;
  const count = states.length;
  const spread = states.map((state, which) => {
    const index = new Int32Array(rows * count).fill(-1);
    for (let row = 0; row < rows; row++) index[row * count + which] = row;
    return gatherRows(tape, state, tape.constant(index), tape.constant(inverse(index, rows)));
  });
  return spread.reduce((sum, part) => add(tape, sum, part)).view([rows, width * count]);
}

/** Pixel shuffle: `scale`² neighbouring patches side by side. */
function shuffle(tape: Tape, x: Tensor, tiles: number, scale: number): Tensor {
  const [rows = 0, width = 0] = x.shape;
  const index = shuffledRows(tiles, Math.sqrt(rows / tiles), scale);
  const moved = gatherRows(tape, x, tape.constant(index), tape.constant(inverse(index, rows)));
  return moved.view([rows / scale ** 2, width * scale ** 2]);
}

/** For each of so many rows, which place picks it; -1 if none does. */
function inverse(index: Int32Array, rows: number): Int32Array {
  const found = new Int32Array(rows).fill(-1);
  index.forEach((row, place) => {
    if (row >= 0) found[row] = place;
  });
  return found;
}

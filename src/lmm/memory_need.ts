/** How much memory a model needs, from its configuration alone. @module */
import { featureWidth, imageTokenCount, type LmmConfig, visionLayers } from "./config/lmm_config.ts";
import { patchCount } from "./config/vision.ts";
import { tilesAtOnce } from "./features.ts";
import { modelLayout, type ModuleName } from "./layout.ts";
import { addedModules } from "./lora/added_modules.ts";
import type { LoraOptions } from "./lora/lora_options.ts";
import { BYTES, type StorageType } from "../autograd/tensor.ts";
import { parameterBytes } from "../nn/parameter_bytes.ts";

/** What is to be done with a model. */
export interface MemoryPlan {
  /** The modules that are trained; none where the model only answers. */
  trainable: readonly ModuleName[];
  /** Low-rank matrices that are added and trained; the modules that they add to are not. None if left out. */
  lora?: LoraOptions | undefined;
  /** How frozen matrices and, in training, activations are held. */
  storage: StorageType;
  /** Rows of a forward pass at most: the tokens of its sequences. */
  rows: number;
  /** Pictures (tiles) of a forward pass at most; 0 where the tower sees none. */
  tiles: number;
  /** Rows whose logits are made; all, if left out. */
  logits?: number;
  /** Tokens that are kept for answering at one time, of all sequences together; 0 where nothing is answered. */
  cached: number;
}

/** Bytes. */
export interface MemoryNeed {
  /** Parameters, on the device. */
  parameters: number;
  /** Gradients and both moments of what is trained, on the device. */
  training: number;
  /** Intermediate results, on the device: at most, for the longest sequences; an estimate. */
  results: number;
  /** All of it on the device. */
  device: number;
  /** Beside the device: what reading a model and saving the state of a training takes, and the program itself. */
  host: number;
  /** The largest piece that must lie in one buffer, and what it holds. */
  largest: { bytes: number; names: string[] };
}

/** The program itself with its compiler, and what is read at one time. */
const PROGRAM = 200e6;

/** Most bytes of logits at one time; see cross_entropy.ts. */
const LOGITS = 64 << 20;

/**
 * Counts the memory that work with a model takes.
 *
 * Parameters, gradients and moments are exact. Results are those of a layer's rows that backward reads again (the same
 * for every layer), the largest that exist for a moment, logits and caches; textures of operands are not counted.
 *
 * @param config The model.
 * @param plan The work.
 *
 * @example Freezing the language model of SmolVLM-256M
 * ```ts
 * import { memoryNeed } from "./memory_need.ts";
 * import { parseConfig } from "./families/parse_config.ts";
 *
 * const config = parseConfig({
 *   model_type: "idefics3",
 *   scale_factor: 4,
 *   vision_config: { hidden_size: 768, num_attention_heads: 12, patch_size: 16, image_size: 512 },
 *   text_config: { hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30, num_attention_heads: 9,
 *     num_key_value_heads: 3, head_dim: 64, vocab_size: 49280 },
 * });
 * const plan = { storage: "f16", rows: 1024, tiles: 1, cached: 0 } as const;
 * const all = memoryNeed(config, { ...plan, trainable: ["vision", "projector", "language"] });
 * const projector = memoryNeed(config, { ...plan, trainable: ["projector"] });
 * if (all.training < 20 * projector.training) throw new Error("frozen modules take no gradients");
 * ```
 */
export function memoryNeed(config: LmmConfig, plan: MemoryPlan): MemoryNeed {
  const { modules, trainable } = addedModules(modelLayout(config), plan);
  const { values, trained, largest } = parameterBytes(modules, { ...plan, trainable });
  const { text_config: t } = config;
  const rotary = t.max_position_embeddings * t.head_dim * 4;
  const training = 3 * trained;
  const cache = plan.cached * t.num_hidden_layers * 2 * t.num_key_value_heads * t.head_dim * 4;
  const language = languageResults(config, plan) + visionKept(config, plan);
  const results = Math.max(language, plan.tiles > 0 ? towerResults(config) : 0) + cache;
  return {
    parameters: values + rotary,
    training,
    results,
    device: values + rotary + training + results,
    // The state of a training holds what is trained and its two moments.
    host: PROGRAM + 3 * trained,
    largest,
  };
}

/** The language model's results. */
function languageResults(config: LmmConfig, plan: MemoryPlan): number {
  const { rows, trainable } = plan;
  const { text_config: t } = config;
  const { hidden_size: w, intermediate_size: f, num_attention_heads: heads, head_dim } = t;
  const q = heads * head_dim, qkv = q + 2 * t.num_key_value_heads * head_dim;
  const logits = Math.min(LOGITS, (plan.logits ?? rows) * t.vocab_size * 4) + (plan.logits ?? rows) * w * 8;
  // Nothing is kept: gate, up and their product beside the residual, or queries, keys and values before and after rotation.
  if (trainable.length === 0) {
    return Math.max(rows * 4 * (Math.max(3 * f, 2 * qkv) + w), rows * 4 * w + logits);
  }
  const width = BYTES[plan.storage];
  // Both norms' results and the gated activations are read again for the gradients of matrices only.
  const own = trainable.includes("language") ? 2 * w + f : 0;
  const kept = rows * ((2 * w + qkv + q + 2 * f + own) * width + heads * 4);
  const passing = rows * 4 * Math.max(2 * f + 2 * w, 2 * qkv + w);
  const projected = plan.tiles * imageTokenCount(config) * w * 2 * 4;
  return t.num_hidden_layers * kept + Math.max(passing, logits) + projected;
}

/** What a tower that is trained keeps for backward. */
function visionKept(config: LmmConfig, { trainable, tiles, storage }: MemoryPlan): number {
  if (!trainable.includes("vision")) return 0;
  const { hidden_size: w, intermediate_size: f, num_attention_heads: heads } = config.vision_config;
  const rows = tiles * (patchCount(config.vision_config) + 1);
  return visionLayers(config) * rows * ((8 * w + 2 * f) * BYTES[storage] + heads * 4);
}

/** What a frozen tower takes while it looks at as many tiles as it sees at one time. */
function towerResults(config: LmmConfig): number {
  const { hidden_size: w, intermediate_size: f } = config.vision_config;
  const patches = patchCount(config.vision_config) + 1;
  const tiles = tilesAtOnce(patches);
  const features = imageTokenCount(config) * featureWidth(config);
  return tiles * (patches * 4 * Math.max(f + 2 * w, 5 * w) + features * 4);
}

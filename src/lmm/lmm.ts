/** The LLaVA architecture (Liu et al. 2023): CLIP vision tower, two-layer projector, Llama language model. @module */
import { imageTokenCount, type LlavaConfig, visionLayers } from "./config.ts";
import { HEAD, LANGUAGE, modelLayout, type ModuleName, PROJECTOR, VISION } from "./layout.ts";
import type { Tape } from "../autograd/tape.ts";
import { type StorageType, Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { languageBlock } from "../nn/language_block.ts";
import { Parameters } from "../nn/parameters.ts";
import { visionBlock } from "../nn/vision_block.ts";
import { attention, type Heads } from "../ops/attention/attention.ts";
import { embedding, type TokenIndex } from "../ops/embedding/embedding.ts";
import { gatherRows } from "../ops/embedding/gather_rows.ts";
import { linear } from "../ops/linear.ts";
import { layerNorm, rmsNorm } from "../ops/norm/norm.ts";
import { patchEmbedding, visionEmbedding } from "../ops/embedding/patch_embedding.ts";
import { ropeTable } from "../ops/embedding/rope.ts";
import { Random } from "../random.ts";

/** Which modules get gradients. */
export type Trainable = ReadonlySet<ModuleName>;

/** A model on the GPU. */
export class Lmm {
  /** The device. */
  readonly gpu: Gpu;
  /** Sizes and settings. */
  readonly config: LlavaConfig;
  /** Values and gradients. */
  readonly parameters: Parameters;
  /** Cosines and sines of the rotary positions. */
  readonly #rope: Tensor;

  /**
   * A model whose parameters are all 0; see {@linkcode Lmm.create} and `loadCheckpoint`.
   *
   * @param gpu The device.
   * @param config Sizes and settings.
   */
  constructor(gpu: Gpu, config: LlavaConfig) {
    this.gpu = gpu;
    this.config = config;
    this.parameters = new Parameters(gpu, modelLayout(config));
    const { max_position_embeddings, head_dim, rope_theta } = config.text_config;
    this.#rope = Tensor.of(
      gpu,
      [max_position_embeddings, 2, head_dim / 2],
      ropeTable(max_position_embeddings, head_dim, rope_theta),
    );
  }

  /**
   * A model with random starting values.
   *
   * @param seed The same seed gives the same bits.
   *
   * @example A model of 0.1 M parameters
   * ```ts
   * import { createGpu } from "../gpu/gpu.ts";
   * import { Lmm } from "./lmm.ts";
   * import { parseConfig } from "./config.ts";
   *
   * const gpu = await createGpu();
   * const config = parseConfig({
   *   image_token_index: 3,
   *   vision_config: { image_size: 32, patch_size: 8, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
   *     num_attention_heads: 2 },
   *   text_config: { vocab_size: 300, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
   *     num_attention_heads: 2 },
   * });
   * const model = Lmm.create(gpu, config, 0);
   * console.log(model.parameters.count);
   * model.destroy();
   * gpu.destroy();
   * ```
   */
  static create(gpu: Gpu, config: LlavaConfig, seed: number | string): Lmm {
    const model = new Lmm(gpu, config);
    const values = Parameters.initial(model.parameters, modelLayout(config), new Random(seed));
    model.parameters.values.write(gpu, values);
    return model;
  }

  /** Id of the token in whose place a feature of an image goes. */
  get imageId(): number {
    return this.config.image_token_index;
  }

  /** Token ids there are. */
  get vocabulary(): number {
    return this.config.text_config.vocab_size;
  }

  /** Longest sequence, in tokens. */
  get maxPositions(): number {
    return this.config.text_config.max_position_embeddings;
  }

  /** Layers of the language model. */
  get layers(): number {
    return this.config.text_config.num_hidden_layers;
  }

  /** Width of the language model. */
  get width(): number {
    return this.config.text_config.hidden_size;
  }

  /** Sizes of an image's pixels, [channels, side, side]. */
  get pixelShape(): [channels: number, height: number, width: number] {
    const { num_channels, image_size } = this.config.vision_config;
    return [num_channels, image_size, image_size];
  }

  /** Tokens that an image takes in the text. */
  get imageTokens(): number {
    return imageTokenCount(this.config);
  }

  /** Pixels of an image's side. */
  get imageSize(): number {
    return this.config.vision_config.image_size;
  }

  /** Width of the features that the projector reads. */
  get featureWidth(): number {
    return this.config.vision_config.hidden_size;
  }

  /** How the language model's heads lie in a row. */
  get heads(): Heads {
    const { num_attention_heads, num_key_value_heads, head_dim } = this.config.text_config;
    return { heads: num_attention_heads, groups: num_key_value_heads, headSize: head_dim };
  }

  /**
   * Vision tower: pixels to the features that the projector reads.
   *
   * @param pixels [images, channels, size, size], normalised.
   * @returns [images·imageTokens, visionWidth]
   */
  vision(tape: Tape, pixels: Tensor, trainable: Trainable): Tensor {
    const { vision_config: v, vision_feature_select_strategy } = this.config;
    const train = trainable.has("vision");
    const get = (name: string) => this.parameters.tensor([`${VISION}.${name}`], train, tape.storage);
    const pair = (name: string) => ({ weight: get(`${name}.weight`), bias: get(`${name}.bias`) });
    const images = pixels.shape[0]!;
    const n = (v.image_size / v.patch_size) ** 2;
    const patches = patchEmbedding(tape, pixels, get("embeddings.patch_embedding.weight"));
    const tokens = visionEmbedding(
      tape,
      patches,
      get("embeddings.class_embedding"),
      get("embeddings.position_embedding.weight"),
    ); // [images·(n + 1), width]
    const pre = pair("pre_layrnorm");
    let x = layerNorm(tape, tokens, pre.weight, pre.bias, v.layer_norm_eps);
    const span = tape.constant(spans(new Array(images).fill(n + 1), images * (n + 1)), [images * (n + 1), 2]);
    for (let layer = 0; layer < visionLayers(this.config); layer++) {
      const at = `encoder.layers.${layer}`;
      const qkv = (kind: string) =>
        this.parameters.tensor(
          ["q", "k", "v"].map((c) => `${VISION}.${at}.self_attn.${c}_proj.${kind}`),
          train,
          tape.storage,
        );
      x = visionBlock(tape, x, span, {
        norm1: pair(`${at}.layer_norm1`),
        qkv: { weight: qkv("weight"), bias: qkv("bias") },
        out: pair(`${at}.self_attn.out_proj`),
        norm2: pair(`${at}.layer_norm2`),
        fc1: pair(`${at}.mlp.fc1`),
        fc2: pair(`${at}.mlp.fc2`),
      }, { heads: v.num_attention_heads, eps: v.layer_norm_eps, activation: v.hidden_act });
    }
    if (vision_feature_select_strategy === "full") return x;
    const index = Int32Array.from({ length: images * n }, (_, i) => i + Math.floor(i / n) + 1);
    const inverse = Int32Array.from(
      { length: images * (n + 1) },
      (_, row) => row % (n + 1) === 0 ? -1 : row - Math.floor(row / (n + 1)) - 1,
    );
    return gatherRows(tape, x, tape.constant(index), tape.constant(inverse));
  }

  /**
   * Projector: linear, GELU, linear.
   *
   * @param features [rows, visionWidth]
   * @returns [rows, textWidth]
   */
  project(tape: Tape, features: Tensor, trainable: Trainable): Tensor {
    const get = (name: string) =>
      this.parameters.tensor([`${PROJECTOR}.${name}`], trainable.has("projector"), tape.storage);
    const hidden = linear(tape, features, get("linear_1.weight"), {
      bias: get("linear_1.bias"),
      activation: "gelu",
    });
    return linear(tape, hidden, get("linear_2.weight"), { bias: get("linear_2.bias") });
  }

  /** Token embeddings with projected features in the places of the image. [rows, textWidth] */
  embed(tape: Tape, projected: Tensor, index: TokenIndex, trainable: Trainable): Tensor {
    const names = [`${LANGUAGE}.embed_tokens.weight`];
    const table = this.parameters.tensor(names, trainable.has("language"), tape.storage);
    return embedding(tape, table, projected, index);
  }

  /**
   * The decoder's layers.
   *
   * @param x [rows, textWidth]
   * @param positions [rows] int32.
   * @param attend How a layer's queries attend; see {@linkcode packedAttention}.
   * @returns [rows, textWidth], before the last norm.
   */
  decode(
    tape: Tape,
    x: Tensor,
    positions: Tensor,
    attend: (layer: number, qkv: Tensor) => Tensor,
    trainable: Trainable,
  ): Tensor {
    const train = trainable.has("language");
    const { num_hidden_layers, rms_norm_eps: eps } = this.config.text_config;
    for (let layer = 0; layer < num_hidden_layers; layer++) {
      const get = (...names: string[]) =>
        this.parameters.tensor(
          names.map((name) => `${LANGUAGE}.layers.${layer}.${name}.weight`),
          train,
          tape.storage,
        );
      x = languageBlock(
        tape,
        x,
        positions,
        this.#rope,
        {
          inputNorm: get("input_layernorm"),
          qkv: get("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
          out: get("self_attn.o_proj"),
          mlpNorm: get("post_attention_layernorm"),
          gateUp: get("mlp.gate_proj", "mlp.up_proj"),
          down: get("mlp.down_proj"),
        },
        { ...this.heads, eps },
        (qkv) => attend(layer, qkv),
      );
    }
    return x;
  }

  /** The last norm. [rows, textWidth] */
  finish(tape: Tape, x: Tensor, trainable: Trainable): Tensor {
    const weight = this.parameters.tensor([`${LANGUAGE}.norm.weight`], trainable.has("language"));
    return rmsNorm(tape, x, weight, this.config.text_config.rms_norm_eps);
  }

  /**
   * The matrix that turns a hidden state into logits. [vocabulary, textWidth]
   *
   * @param storage How it is stored where it is not trained.
   */
  head(trainable: Trainable, storage: StorageType = "f32"): Tensor {
    const name = this.config.text_config.tie_word_embeddings ? `${LANGUAGE}.embed_tokens.weight` : HEAD;
    return this.parameters.tensor([name], trainable.has("language"), storage);
  }

  /** Frees the model's memory. */
  destroy() {
    this.parameters.destroy();
    this.#rope.destroy(this.gpu);
  }
}

/** Attention among the rows of a batch of packed sequences. */
export function packedAttention(
  tape: Tape,
  span: Tensor,
  heads: Heads,
): (layer: number, qkv: Tensor) => Tensor {
  return (_, qkv) => attention(tape, qkv, span, heads, true);
}

/**
 * First row and end of the sequence that each row belongs to; 0, 0 in padding.
 *
 * @param lengths Rows of each sequence, one after the other.
 * @param rows Rows in all.
 * @returns [rows, 2], row-major.
 */
export function spans(lengths: readonly number[], rows: number): Int32Array {
  const span = new Int32Array(rows * 2);
  let first = 0;
  for (const length of lengths) {
    for (let row = first; row < first + length; row++) span.set([first, first + length], 2 * row);
    first += length;
  }
  return span;
}

/** A multimodal model of any family: vision tower, connector, language model. @module */
import { featureWidth, imageTokenCount, type LmmConfig } from "./config/lmm_config.ts";
import { familyOf } from "./families/parse_config.ts";
import type { FamilyNames } from "./families/family.ts";
import { modelLayout, type ModuleName } from "./layout.ts";
import type { Source } from "./weights.ts";
import { visionFeatures } from "./vision_tower.ts";
import type { Tape } from "../autograd/tape.ts";
import { type StorageType, Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { languageBlock } from "../nn/language_block.ts";
import { Parameters } from "../nn/parameters.ts";
import { attention, type Heads } from "../ops/attention/attention.ts";
import { embedding, type TokenIndex } from "../ops/embedding/embedding.ts";
import { linear } from "../ops/linear.ts";
import { rmsNorm } from "../ops/norm/norm.ts";
import { ropeTable } from "../ops/embedding/rope.ts";
import { Random } from "../random.ts";

/** Which modules get gradients. */
export type Trainable = ReadonlySet<ModuleName>;

/** What is decided when a model is made, since none of it is held twice. */
export interface LmmOptions {
  /** The modules that can be trained; all if left out. Others get no gradients. */
  trainable?: Iterable<ModuleName> | undefined;
  /** How matrices of modules that cannot be trained are held on the device; default "f32". */
  storage?: StorageType | undefined;
}

/** A model on the GPU. */
export class Lmm {
  /** The device. */
  readonly gpu: Gpu;
  /** Sizes and settings. */
  readonly config: LmmConfig;
  /** Values and gradients. */
  readonly parameters: Parameters;
  /** The checkpoint that it was loaded from, if it was: names and types of what is saved follow it. */
  source: Source | undefined;
  /** Cosines and sines of the rotary positions. */
  readonly #rope: Tensor;

  /**
   * A model whose parameters are all 0; see {@linkcode Lmm.create} and `loadCheckpoint`.
   *
   * @param gpu The device.
   * @param config Sizes and settings.
   * @param options What can be trained, and how the rest is held.
   */
  constructor(gpu: Gpu, config: LmmConfig, options: LmmOptions = {}) {
    this.gpu = gpu;
    this.config = config;
    this.parameters = new Parameters(gpu, modelLayout(config), options);
    const { max_position_embeddings, head_dim, rope_theta, rope_scaling } = config.text_config;
    this.#rope = Tensor.of(
      gpu,
      [max_position_embeddings, 2, head_dim / 2],
      ropeTable(max_position_embeddings, head_dim, rope_theta, rope_scaling),
    );
  }

  /**
   * A model with random starting values.
   *
   * @param seed The same seed gives the same bits.
   * @param options What can be trained, and how the rest is held.
   *
   * @example A model of 0.1 M parameters
   * ```ts
   * import { createGpu } from "../gpu/gpu.ts";
   * import { Lmm } from "./lmm.ts";
   * import { parseConfig } from "./families/parse_config.ts";
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
  static create(gpu: Gpu, config: LmmConfig, seed: number | string, options: LmmOptions = {}): Lmm {
    const model = new Lmm(gpu, config, options);
    const values = Parameters.initial(model.parameters, modelLayout(config), new Random(seed));
    model.parameters.values.write(gpu, values);
    return model;
  }

  /** Id of the token in whose place a feature of an image goes. */
  get imageId(): number {
    return this.config.image_token_id;
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

  /** Tokens that a tile of an image takes in the text. */
  get imageTokens(): number {
    return imageTokenCount(this.config);
  }

  /** Pixels of an image's side. */
  get imageSize(): number {
    return this.config.vision_config.image_size;
  }

  /** Width of the features that the connector reads. */
  get featureWidth(): number {
    return featureWidth(this.config);
  }

  /** The token whose embedding is never trained, if there is one. */
  get paddingId(): number | undefined {
    return this.config.text_config.padding;
  }

  /** Prefixes of the names of its parameters. */
  get names(): FamilyNames {
    return familyOf(this.config).names;
  }

  /** How the language model's heads lie in a row. */
  get heads(): Heads {
    const { num_attention_heads, num_key_value_heads, head_dim } = this.config.text_config;
    return { heads: num_attention_heads, groups: num_key_value_heads, headSize: head_dim };
  }

  /**
   * Vision tower: pixels to the features that the connector reads.
   *
   * @param pixels [tiles, channels, size, size], normalised.
   * @returns [tiles·imageTokens, featureWidth]
   */
  vision(tape: Tape, pixels: Tensor, trainable: Trainable): Tensor {
    return visionFeatures(tape, this, pixels, trainable.has("vision"));
  }

  /**
   * Connector: linear, activation, linear; or one linear layer, where the features are pixels shuffled together.
   *
   * @param features [rows, featureWidth]
   * @returns [rows, textWidth]
   */
  project(tape: Tape, features: Tensor, trainable: Trainable): Tensor {
    const { connector } = this.config;
    const get = (name: string) =>
      this.parameters.tensor([`${this.names.projector}.${name}`], trainable.has("projector"));
    if (connector.kind === "pixel-shuffle") {
      return linear(tape, features, get("modality_projection.proj.weight"));
    }
    const bias = (name: string) => connector.bias ? get(`${name}.bias`) : undefined;
    const hidden = linear(tape, features, get("linear_1.weight"), {
      bias: bias("linear_1"),
      activation: connector.activation,
    });
    return linear(tape, hidden, get("linear_2.weight"), { bias: bias("linear_2") });
  }

  /** Token embeddings with projected features in the places of the image. [rows, textWidth] */
  embed(tape: Tape, projected: Tensor, index: TokenIndex, trainable: Trainable): Tensor {
    const names = [`${this.names.language}.embed_tokens.weight`];
    const table = this.parameters.tensor(names, trainable.has("language"));
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
    const { num_hidden_layers, rms_norm_eps: eps, attention_bias: biases, mlp_bias: mlpBias } =
      this.config.text_config;
    for (let layer = 0; layer < num_hidden_layers; layer++) {
      const get = (kind: "weight" | "bias", ...names: string[]) =>
        this.parameters.tensor(
          names.map((name) => `${this.names.language}.layers.${layer}.${name}.${kind}`),
          train,
        );
      const projection = (biased: boolean, ...names: string[]) => ({
        weight: get("weight", ...names),
        bias: biased ? get("bias", ...names) : undefined,
      });
      const before = x;
      x = tape.checkpoint(() =>
        languageBlock(
          tape,
          before,
          positions,
          this.#rope,
          {
            inputNorm: get("weight", "input_layernorm"),
            qkv: projection(biases !== "none", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            out: projection(biases === "all", "self_attn.o_proj"),
            mlpNorm: get("weight", "post_attention_layernorm"),
            gateUp: projection(mlpBias, "mlp.gate_proj", "mlp.up_proj"),
            down: projection(mlpBias, "mlp.down_proj"),
          },
          { ...this.heads, eps },
          (qkv) => attend(layer, qkv),
        )
      );
    }
    return x;
  }

  /** The last norm. [rows, textWidth] */
  finish(tape: Tape, x: Tensor, trainable: Trainable): Tensor {
    const weight = this.parameters.tensor([`${this.names.language}.norm.weight`], trainable.has("language"));
    return rmsNorm(tape, x, weight, this.config.text_config.rms_norm_eps);
  }

  /**
   * The matrix that turns a hidden state into logits. [vocabulary, textWidth]
   */
  head(trainable: Trainable): Tensor {
    const name = this.config.text_config.tie_word_embeddings
      ? `${this.names.language}.embed_tokens.weight`
      : this.names.head;
    return this.parameters.tensor([name], trainable.has("language"));
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

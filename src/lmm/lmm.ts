/** A multimodal model of any family: vision tower, connector, language model. @module */
import { featureWidth, imageTokenCount, type LmmConfig } from "./config/lmm_config.ts";
import { familyOf } from "./families/parse_config.ts";
import type { FamilyNames } from "./families/family.ts";
import { modelLayout, type ModuleName, type Trainable } from "./layout.ts";
import type { LoraOptions } from "./lora/lora_options.ts";
import type { Source } from "./weights.ts";
import { visionFeatures } from "./vision_tower.ts";
import type { Tape } from "../autograd/tape.ts";
import { type StorageType, Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { languageBlock } from "../nn/language_block.ts";
import { addedModules } from "./lora/added_modules.ts";
import { LORA, LoraMatrices, type LoraNoise } from "../nn/lora.ts";
import { type ModuleSpec, Parameters } from "../nn/parameters.ts";
import { attention, type Heads } from "../ops/attention/attention.ts";
import { embedding, type TokenIndex } from "../ops/embedding/embedding.ts";
import { linear, type LinearEnding } from "../ops/linear.ts";
import { rmsNorm } from "../ops/norm/norm.ts";
import { ropeTable } from "../ops/embedding/rope.ts";
import { Random } from "../random.ts";

/** What is decided when a model is made, since none of it is held twice. */
export interface LmmOptions {
  /** The modules that can be trained; all if left out. Others get no gradients. */
  trainable?: Iterable<ModuleName> | undefined;
  /** How matrices of modules that cannot be trained are held on the device; default "f32". */
  storage?: StorageType | undefined;
  /**
   * Low-rank matrices that are added to the model's, and can be trained whatever `trainable` says; the modules that they
   * add to cannot. None if left out.
   */
  lora?: LoraOptions | undefined;
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
  /** What is added to its matrices, where something is. */
  readonly lora: LoraMatrices | undefined;
  /** The modules of which matrices are added to. */
  readonly addedTo: ReadonlySet<ModuleName>;
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
    const { lora, storage } = options;
    const { plan, addedTo, modules, trainable } = addedModules(modelLayout(config), options);
    this.addedTo = addedTo;
    this.parameters = new Parameters(gpu, modules, { storage, trainable });
    this.lora = plan && new LoraMatrices(this.parameters, plan, lora!);
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
    const values = Parameters.initial(model.parameters, model.layout, new Random(seed));
    model.parameters.values.write(gpu, values);
    return model;
  }

  /** All parameters, low-rank ones last. */
  get layout(): ModuleSpec[] {
    return [...modelLayout(this.config), ...this.lora ? [this.lora.plan.module] : []];
  }

  /** Whether the tower is run in a step: where it is frozen whole, images are its features. */
  runsVision(trainable: Trainable): boolean {
    return trainable.has("vision") || (trainable.has(LORA) && this.addedTo.has("vision"));
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
   * @param noise Set where something is dropped on the way into low-rank matrices.
   * @returns [tiles·imageTokens, featureWidth]
   */
  vision(tape: Tape, pixels: Tensor, trainable: Trainable, noise?: LoraNoise): Tensor {
    return visionFeatures(tape, this, pixels, trainable, noise);
  }

  /**
   * Connector: linear, activation, linear; or one linear layer, where the features are pixels shuffled together.
   *
   * @param features [rows, featureWidth]
   * @param noise Set where something is dropped on the way into low-rank matrices.
   * @returns [rows, textWidth]
   */
  project(tape: Tape, features: Tensor, trainable: Trainable, noise?: LoraNoise): Tensor {
    const { connector } = this.config;
    const whole = (name: string) => `${this.names.projector}.${name}`;
    const get = (name: string) => this.parameters.tensor([whole(name)], trainable.has("projector"));
    const layer = (x: Tensor, name: string, ending: LinearEnding = {}) =>
      linear(tape, x, get(`${name}.weight`), {
        ...ending,
        lowRank: this.lora?.of([whole(`${name}.weight`)], trainable.has(LORA), noise),
      });
    if (connector.kind === "pixel-shuffle") return layer(features, "modality_projection.proj");
    const bias = (name: string) => connector.bias ? get(`${name}.bias`) : undefined;
    const hidden = layer(features, "linear_1", {
      bias: bias("linear_1"),
      activation: connector.activation,
    });
    return layer(hidden, "linear_2", { bias: bias("linear_2") });
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
   * @param noise Set where something is dropped on the way into low-rank matrices.
   * @returns [rows, textWidth], before the last norm.
   */
  decode(
    tape: Tape,
    x: Tensor,
    positions: Tensor,
    attend: (layer: number, qkv: Tensor) => Tensor,
    trainable: Trainable,
    noise?: LoraNoise,
  ): Tensor {
    const train = trainable.has("language");
    const { num_hidden_layers, rms_norm_eps: eps, attention_bias: biases, mlp_bias: mlpBias } =
      this.config.text_config;
    for (let layer = 0; layer < num_hidden_layers; layer++) {
      const whole = (kind: "weight" | "bias", names: readonly string[]) =>
        names.map((name) => `${this.names.language}.layers.${layer}.${name}.${kind}`);
      const get = (kind: "weight" | "bias", ...names: string[]) =>
        this.parameters.tensor(whole(kind, names), train);
      const projection = (biased: boolean, ...names: string[]) => ({
        weight: get("weight", ...names),
        bias: biased ? get("bias", ...names) : undefined,
        lowRank: this.lora?.of(whole("weight", names), trainable.has(LORA), noise),
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

/** Vision towers: what a config.json says of them. @module */
import { patchesAcross } from "../../ops/embedding/patch_embedding.ts";
import type { Activation } from "../../ops/gemm/product.ts";
import type { Fields } from "./fields.ts";

/** A vision transformer. Names and meanings are Hugging Face's. */
export interface VisionConfig {
  /** "clip" has a class token and a norm before its layers, "siglip" a bias in its patch embedding. */
  kind: "clip" | "siglip";
  /** Pixels of an image's side. */
  image_size: number;
  /** Pixels of a patch's side. */
  patch_size: number;
  /** Colours of a pixel. */
  num_channels: number;
  /** Width of a token. */
  hidden_size: number;
  /** Width inside the MLP. */
  intermediate_size: number;
  /** Layers. */
  num_hidden_layers: number;
  /** Heads of a layer. */
  num_attention_heads: number;
  /** Activation of the MLP. */
  hidden_act: Activation;
  /** Added to the variance under LayerNorm's root. */
  layer_norm_eps: number;
  /** Whether the checkpoint holds a pooling head, which nothing here reads. */
  vision_use_head: boolean;
}

/** Sizes that a class of `transformers` fills in. */
export type VisionDefaults = Omit<VisionConfig, "kind" | "num_channels" | "vision_use_head" | "hidden_act">;

/** Hugging Face's names of activations. */
export const ACTIVATION_NAMES: Readonly<Record<string, Activation>> = {
  gelu: "gelu",
  gelu_pytorch_tanh: "gelu_tanh",
  gelu_new: "gelu_tanh",
  gelu_fast: "gelu_tanh",
  quick_gelu: "quick_gelu",
  silu: "silu",
  swish: "silu",
};

/** CLIPVisionConfig's. */
export const CLIP_DEFAULTS: VisionDefaults = {
  image_size: 224,
  patch_size: 32,
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  layer_norm_eps: 1e-5,
};

/** SiglipVisionConfig's. */
export const SIGLIP_DEFAULTS: VisionDefaults = { ...CLIP_DEFAULTS, patch_size: 16, layer_norm_eps: 1e-6 };

/** Idefics3VisionConfig's and SmolVLMVisionConfig's, which are not SigLIP's. */
export const IDEFICS3_DEFAULTS: VisionDefaults = {
  ...SIGLIP_DEFAULTS,
  patch_size: 32,
  hidden_size: 1152,
  num_attention_heads: 16,
};

/**
 * Reads the section of a vision tower.
 *
 * @param from The section.
 * @param kind Which tower it is.
 * @param defaults What is filled in.
 * @throws {InputError} If a field is of the wrong kind, unknown, or does not fit the others.
 */
export function readVision(from: Fields, kind: VisionConfig["kind"], defaults: VisionDefaults): VisionConfig {
  const side = (name: "image_size" | "patch_size"): number => {
    const value = from.get(name);
    if (Array.isArray(value) || (typeof value === "object" && value !== null)) {
      const sides = Object.values(value);
      if (sides.length === 2 && sides[0] === sides[1] && Number.isInteger(sides[0])) {
        return sides[0] as number;
      }
      throw from.error(`${name} must be one number, a square, found ${JSON.stringify(value).slice(0, 100)}`);
    }
    return from.whole(name, defaults[name]);
  };
  const config: VisionConfig = {
    kind,
    image_size: side("image_size"),
    patch_size: side("patch_size"),
    num_channels: from.whole("num_channels", 3),
    hidden_size: from.whole("hidden_size", defaults.hidden_size),
    intermediate_size: from.whole("intermediate_size", defaults.intermediate_size),
    num_hidden_layers: from.layers(defaults.num_hidden_layers),
    num_attention_heads: from.whole("num_attention_heads", defaults.num_attention_heads),
    hidden_act: from.choice(
      "hidden_act",
      ACTIVATION_NAMES,
      kind === "clip" ? "quick_gelu" : "gelu_pytorch_tanh",
    ),
    layer_norm_eps: from.number("layer_norm_eps", defaults.layer_norm_eps),
    vision_use_head: from.flag("vision_use_head", kind === "siglip" && defaults === SIGLIP_DEFAULTS),
  };
  // Sizes of CLIP's text half, that old files of LLaVA hold; SmolVLM's preprocessing stands in its own file.
  from.done(["vocab_size", "size", "max_image_size"]);
  const { image_size, patch_size, hidden_size: width, num_attention_heads: heads } = config;
  if (patchesAcross(image_size, patch_size) < 1) {
    throw from.error(`patch_size ${patch_size} is larger than image_size ${image_size}`);
  }
  if (config.num_channels !== 3) throw from.error(`num_channels must be 3, found ${config.num_channels}`);
  if (width % heads !== 0) throw from.error(`${heads} heads do not divide hidden_size ${width}`);
  return config;
}

/** Patches of an image. */
export function patchCount({ image_size, patch_size }: VisionConfig): number {
  return patchesAcross(image_size, patch_size) ** 2;
}

/**
 * The kinds of processors: which class of transformers each is, and what its files may leave out.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Defaults } from "./settings.ts";

/** How pictures become tiles. */
export type Kind = "whole" | "tiles";

/** A kind of processor. */
export interface ProcessorKind {
  /** Whether a picture is one tile or cut into several. */
  kind: Kind;
  /** What the class takes for fields that a file leaves out. */
  defaults: Defaults;
}

const HALF = [0.5, 0.5, 0.5];

const common = {
  do_resize: true,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  resample: 3,
  do_pad: false,
  default_to_square: false,
};

/** CLIP: the shorter side becomes the size, the middle is kept. `do_pad` pads a batch, whose pictures are equal. */
const clip: ProcessorKind = {
  kind: "whole",
  defaults: {
    ...common,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
    size: { shortest_edge: 224 },
    crop_size: { height: 224, width: 224 },
    do_center_crop: true,
  },
};

/** SigLIP: both sides become the size, whatever the aspect. */
const siglip: ProcessorKind = {
  kind: "whole",
  defaults: {
    ...common,
    image_mean: HALF,
    image_std: HALF,
    size: { height: 224, width: 224 },
    do_center_crop: false,
    crop_size: null,
  },
};

/** Idefics3 and SmolVLM: tiles, and the whole picture as one more. */
const idefics3: ProcessorKind = {
  kind: "tiles",
  defaults: {
    ...common,
    default_to_square: true,
    resample: 1,
    image_mean: HALF,
    image_std: HALF,
    size: { longest_edge: 4 * 364 },
    max_image_size: { longest_edge: 364 },
    do_image_splitting: true,
    do_pad: true,
  },
};

/** By the class's name, without "Fast" or "Pil". LLaVA's is CLIP's, with bars where `do_pad` asks for them. */
const KINDS: Readonly<Record<string, ProcessorKind>> = {
  CLIPImageProcessor: clip,
  LlavaImageProcessor: clip,
  SiglipImageProcessor: siglip,
  ViTImageProcessor: { ...siglip, defaults: { ...siglip.defaults, resample: 2, default_to_square: true } },
  Idefics3ImageProcessor: idefics3,
  SmolVLMImageProcessor: idefics3,
};

/** The class of a model whose files name none, by `model_type` of config.json. */
const BY_MODEL: Readonly<Record<string, string>> = {
  llava: "LlavaImageProcessor",
  vipllava: "CLIPImageProcessor",
  clip: "CLIPImageProcessor",
  siglip: "SiglipImageProcessor",
  idefics3: "Idefics3ImageProcessor",
  smolvlm: "SmolVLMImageProcessor",
};

/**
 * Finds the kind that settings are of, as transformers does: by `image_processor_type`, else by
 * `feature_extractor_type`, else by the model's type.
 *
 * @param file Names the file in messages.
 * @param settings What the file holds.
 * @param config What config.json holds.
 * @returns The class's name and its kind.
 * @throws {InputError} If the class is not known.
 */
export function processorKind(
  file: string,
  settings: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): ProcessorKind & { name: string } {
  const { image_processor_type: type, feature_extractor_type: old } = settings;
  const named = type ?? (typeof old === "string" ? old.replace("FeatureExtractor", "ImageProcessor") : old) ??
    config.image_processor_type;
  const given = named ?? BY_MODEL[String(config.model_type)];
  const name = typeof given === "string" ? given.replace(/(Fast|Pil)$/, "") : "";
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind !== undefined) return { ...kind, name };
  throw new InputError(
    `${file}: expected image_processor_type to be one of ${Object.keys(KINDS).join(", ")}, found ${
      JSON.stringify(named) ??
        `none, and model_type ${JSON.stringify(config.model_type) ?? "none"} in config.json`
    }`,
  );
}

/**
 * Models as a page carries them.
 *
 * @module
 */

/** Models inside a page, as JSON. */
export interface PackedModels {
  /** Small files: each once, though several models have it. */
  texts: string[];
  /** Safetensors files in base64: what several models have alike is in one of its own. */
  weights: string[];
  /** The models, in the order in which they are shown. */
  models: PackedModel[];
  /** A model after these that is too large for a page, and whose server gives out its files; only where there is one. */
  served?: ServedModel;
}

/** A model that a page's server gives out. */
export interface ServedModel {
  /** What it is called. */
  name: string;
  /** The files of its folder. */
  files: { name: string; size: number }[];
}

/** What a page offers to be asked. */
export interface PageModels {
  /** The models inside. */
  packed: PackedModels;
  /** Models that are too large for a page: what they are called, and the folder whose files are to be opened. */
  beside: { name: string; folder: string }[];
}

/** A model of {@linkcode PackedModels}. */
export interface PackedModel {
  /** What it is called, such as a method's name. */
  name: string;
  /** Its small files by name: places in `texts`. */
  files: Record<string, number>;
  /** Its files of weights: places in `weights`. */
  weights: number[];
  /** A LoRA adapter of it: places of its configuration in `texts`, of its weights in `weights`. */
  adapter?: { config: number; weights: number };
}

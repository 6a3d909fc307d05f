/** The configuration of a model of any family. @module */
import type { Json } from "./fields.ts";
import type { TextConfig } from "./text.ts";
import { patchCount, type VisionConfig } from "./vision.ts";
import type { Activation } from "../../ops/gemm/product.ts";

/** What stands between the tower and the language model. */
export type Connector =
  /** LLaVA's: linear, activation, linear. */
  | { kind: "mlp"; activation: Activation; bias: boolean }
  /** Idefics3's: `scale`² neighbouring patches become one token, then a linear layer without bias. */
  | { kind: "pixel-shuffle"; scale: number };

/** A model: tower, connector, language model. */
export interface LmmConfig {
  /** Which family it is of: config.json's model_type. */
  model_type: string;
  /** Id of the image placeholder. */
  image_token_id: number;
  /** The tower. */
  vision_config: VisionConfig;
  /** How many of the tower's layers are run before each of the states that its features are made of, side by side. */
  feature_layers: readonly number[];
  /** Whether the tower's last norm is applied to its features. */
  post_norm: boolean;
  /** Whether the first of the tower's tokens is left out: CLIP's class token. */
  drop_first: boolean;
  /** Between the two. */
  connector: Connector;
  /** The language model. */
  text_config: TextConfig;
  /** The file as it was read, which is written back when the model is saved. */
  json: Json;
}

/** Number of image tokens that a tile becomes in the text. */
export function imageTokenCount({ vision_config: v, drop_first, connector }: LmmConfig): number {
  const tokens = patchCount(v) + (v.kind === "clip" ? 1 : 0) - (drop_first ? 1 : 0);
  return connector.kind === "mlp" ? tokens : tokens / connector.scale ** 2;
}

/** Width of the features that the connector reads. */
export function featureWidth({ vision_config: v, feature_layers, connector }: LmmConfig): number {
  return v.hidden_size * feature_layers.length * (connector.kind === "mlp" ? 1 : connector.scale ** 2);
}

/** Layers of the vision tower that are run. */
export function visionLayers({ feature_layers }: LmmConfig): number {
  return Math.max(...feature_layers);
}

/**
 * LLaVA (Liu et al. 2023): a CLIP or SigLIP tower, a connector of two layers, a language model of Llama's kind.
 *
 * @module
 */
import { Fields } from "../config/fields.ts";
import { readText } from "../config/text.ts";
import {
  ACTIVATION_NAMES,
  CLIP_DEFAULTS,
  readVision,
  SIGLIP_DEFAULTS,
  type VisionConfig,
} from "../config/vision.ts";
import type { Family } from "./family.ts";

/** What LlavaConfig makes a tower of where there is no vision_config: CLIP's large one of 336 pixels. */
const NO_VISION = {
  image_size: 336,
  patch_size: 14,
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
};

/** The family. */
export const llava: Family = {
  names: {
    vision: "vision_tower.vision_model",
    projector: "multi_modal_projector",
    language: "language_model.model",
    head: "language_model.lm_head.weight",
  },
  config(root) {
    const vision = readTower(new Fields(root.get("vision_config") ?? NO_VISION, "vision_config"));
    const text = readText(new Fields(root.get("text_config") ?? {}, "text_config"), {
      eps: 1e-6,
      tied: root.flag("tie_word_embeddings", false),
      tiedBySection: true,
    });
    const layers = root.get("vision_feature_layer") ?? -2;
    const list = (Array.isArray(layers) ? layers : [layers]).map((layer: unknown) => {
      if (typeof layer !== "number" || !Number.isInteger(layer)) {
        throw root.error(
          `vision_feature_layer must be a whole number or a list of them, found ${JSON.stringify(layers)}`,
        );
      }
      return layer < 0 ? vision.num_hidden_layers + 1 + layer : layer;
    });
    if (list.length === 0) throw root.error("vision_feature_layer: expected at least one layer, found none");
    const config = {
      model_type: "llava",
      image_token_id: root.whole("image_token_index", root.whole("image_token_id", 32_000, 0), 0),
      vision_config: vision,
      feature_layers: list,
      post_norm: false,
      drop_first: root.word("vision_feature_select_strategy", ["default", "full"], "default") === "default",
      connector: {
        kind: "mlp" as const,
        activation: root.choice("projector_hidden_act", ACTIVATION_NAMES, "gelu"),
        bias: root.flag("multimodal_projector_bias", true),
      },
      text_config: text,
    };
    root.done(["image_seq_length", "ignore_index", "vocab_size"]);
    return config;
  },
  plainName: (name) =>
    name
      .replace(/^model\.(vision_tower|multi_modal_projector|language_model)\./, "$1.")
      .replace(/^vision_tower\.(?!vision_model\.)/, "vision_tower.vision_model.")
      .replace(/^language_model\.(?!model\.|lm_head)/, "language_model.model.")
      .replace(/^lm_head\./, "language_model.lm_head."),
  moduleName: (name) =>
    name
      .replace(/^vision_tower\.vision_model\./, "model.vision_tower.")
      .replace(/^multi_modal_projector\./, "model.multi_modal_projector.")
      .replace(/^language_model\.model\./, "model.language_model.")
      .replace(/^language_model\.lm_head\./, "lm_head."),
};

function readTower(from: Fields): VisionConfig {
  return from.word("model_type", ["clip_vision_model", "siglip_vision_model"], "clip_vision_model") ===
      "clip_vision_model"
    ? readVision(from, "clip", CLIP_DEFAULTS)
    : readVision(from, "siglip", SIGLIP_DEFAULTS);
}

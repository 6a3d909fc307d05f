/**
 * Idefics3 (Laurençon et al. 2024) and SmolVLM (Marafioti et al. 2025): a SigLIP tower with its last norm, pixel shuffle
 * and one linear layer, a language model of Llama's kind.
 *
 * @module
 */
import { Fields } from "../config/fields.ts";
import { readText } from "../config/text.ts";
import { IDEFICS3_DEFAULTS, readVision } from "../config/vision.ts";
import type { Family } from "./family.ts";

/** Names that `transformers` gives the tower: its own, SigLIP's (which files of SmolVLM hold), or none. */
const TOWERS = ["idefics3_vision", "idefics3", "smolvlm_vision", "siglip_vision_model"];

/** The family. */
export const idefics3: Family = {
  names: {
    vision: "model.vision_model",
    projector: "model.connector",
    language: "model.text_model",
    head: "lm_head.weight",
  },
  config(root) {
    const tower = new Fields(root.get("vision_config") ?? {}, "vision_config");
    tower.word("model_type", TOWERS, "idefics3_vision");
    tower.only("vision_use_head", false);
    const vision = readVision(tower, "siglip", IDEFICS3_DEFAULTS);
    const section = root.get("text_config");
    const config = {
      model_type: root.word("model_type", ["idefics3", "smolvlm"], "idefics3"),
      image_token_id: root.whole("image_token_id", 128_257, 0),
      vision_config: vision,
      feature_layers: [vision.num_hidden_layers],
      post_norm: true,
      drop_first: false,
      connector: { kind: "pixel-shuffle" as const, scale: root.whole("scale_factor", 2) },
      // The class fills in 1e-5 only where there is no section at all; and only the root says whether the head is tied.
      text_config: readText(new Fields(section ?? {}, "text_config"), {
        eps: section === undefined ? 1e-5 : 1e-6,
        tied: root.flag("tie_word_embeddings", false),
        tiedBySection: false,
      }),
    };
    root.done(["_pad_token_id", "image_seq_len", "vocab_size", "hidden_size", "qk_layer_norms"]);
    return config;
  },
  plainName: (name) => name.replace(/^(vision_model|connector|text_model)\./, "model.$1."),
  moduleName: (name) => name,
};

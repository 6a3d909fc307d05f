/** Reading Hugging Face's config.json: its model_type says which family reads the rest. @module */
import { FAMILIES, type Family } from "./families.ts";
import { Fields } from "../config/fields.ts";
import type { LmmConfig } from "../config/lmm_config.ts";
import { patchCount } from "../config/vision.ts";
import { InputError } from "../../errors.ts";

/**
 * Reads a config.json, filling what Hugging Face leaves out with the defaults of the family's classes.
 *
 * @param json The parsed file.
 * @returns The configuration.
 * @throws {InputError} If the family is not one of those here, or a field is of the wrong kind, unknown, asks for
 * something that is not here, or does not fit the others; it is named.
 *
 * @example
 * ```ts
 * import { parseConfig } from "./parse_config.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = parseConfig({ model_type: "smolvlm", scale_factor: 7, vision_config: {}, text_config: {} });
 * assertEquals(config.connector, { kind: "pixel-shuffle", scale: 7 });
 * assertEquals(config.vision_config.hidden_size, 1152);
 * ```
 */
export function parseConfig(json: unknown): LmmConfig {
  const root = new Fields(json, "");
  const config: LmmConfig = {
    ...familyByName(root.word("model_type", Object.keys(FAMILIES), "llava")).config(root),
    json: root.json,
  };
  const { num_hidden_layers: layers } = config.vision_config;
  for (const layer of config.feature_layers) {
    if (layer >= 0 && layer <= layers) continue;
    throw root.error(
      `vision_feature_layer: the tower has ${layers} layers, so ${
        JSON.stringify(root.json.vision_feature_layer)
      } does not exist`,
    );
  }
  const { connector } = config;
  const across = Math.sqrt(patchCount(config.vision_config));
  if (connector.kind === "pixel-shuffle" && across % connector.scale !== 0) {
    throw root.error(`scale_factor ${connector.scale} does not divide the ${across} patches of a side`);
  }
  return config;
}

/** The family of a configuration. */
export function familyOf(config: Pick<LmmConfig, "model_type">): Family {
  return familyByName(config.model_type);
}

function familyByName(name: string): Family {
  const family = FAMILIES[name];
  if (!family) {
    throw new InputError(
      `config.json: model_type must be ${Object.keys(FAMILIES).join(" or ")}, found "${name}"`,
    );
  }
  return family;
}

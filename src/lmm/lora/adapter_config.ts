/** PEFT's adapter_config.json. @module */
import { Fields } from "../config/fields.ts";
import { InputError } from "../../errors.ts";
import type { LoraScaling } from "./lora_options.ts";

/** Name of the file that makes a folder a LoRA adapter's. */
export const ADAPTER_CONFIG = "adapter_config.json";

/** Name of the file of its weights. */
export const ADAPTER_WEIGHTS = "adapter_model.safetensors";

/** What it says. */
export interface AdapterConfig {
  /** The checkpoint that it adds to, as it was called where it was trained; a path or a name. */
  base: string | undefined;
  /** Rank and α where no pattern says otherwise. */
  rank: number;
  alpha: number;
  /** Others, by ends of layers' names. */
  rankPattern: Readonly<Record<string, number>>;
  alphaPattern: Readonly<Record<string, number>>;
  /** How factors follow from them. */
  scaling: LoraScaling;
  /** Share that was dropped in training. */
  dropout: number;
}

/** Fields that say how it was trained or started, or what the tensors show by themselves. */
const HARMLESS =
  `auto_mapping corda_config ensure_weight_tying eva_config exclude_modules inference_mode layers_pattern layers_to_transform loftq_config lora_ga_config megatron_config megatron_core modules_to_save peft_version qalora_group_size revision runtime_config target_modules task_type velora_config`
    .split(/\s+/);

/** Starts of A and B for which PEFT changes the base's matrices, whenever such an adapter is opened. */
const CHANGES_BASE = /^(pissa|corda|olora|loftq)/i;

/**
 * Reads adapter_config.json.
 *
 * @param json The parsed file.
 * @throws {InputError} If it is no LoRA, or asks for something that is not here: names the field.
 */
export function readAdapterConfig(json: unknown): AdapterConfig {
  const root = new Fields(json, "", ADAPTER_CONFIG);
  root.word("peft_type", ["LORA"], "LORA");
  root.only("bias", "none");
  const start = root.get("init_lora_weights");
  if (typeof start === "string" && CHANGES_BASE.test(start)) {
    throw root.error(
      `init_lora_weights must leave the base as it is, found ${
        JSON.stringify(start)
      }, which takes from the base what A and B ` +
        "start with. Save the adapter by PEFT with path_initial_model_for_weight_conversion, which makes it one of the base itself",
    );
  }
  const base = root.get("base_model_name_or_path");
  if (base !== undefined && typeof base !== "string") {
    throw root.error("base_model_name_or_path must be a name or a path");
  }
  const config: AdapterConfig = {
    base,
    rank: root.whole("r", 8),
    alpha: root.number("lora_alpha", 8),
    rankPattern: pattern(root, "rank_pattern", (x) => Number.isInteger(x) && x > 0),
    alphaPattern: pattern(root, "alpha_pattern", Number.isFinite),
    scaling: root.flag("use_rslora", false) ? "rs" : "standard",
    dropout: root.number("lora_dropout", 0),
  };
  if (!(config.dropout >= 0 && config.dropout < 1)) {
    throw root.error(`lora_dropout must be a share from 0 to below 1, found ${config.dropout}`);
  }
  root.done(HARMLESS);
  return config;
}

/** Numbers by ends of layers' names: a regular expression would be matched by PEFT in its own way. */
function pattern(root: Fields, name: string, good: (x: number) => boolean): Readonly<Record<string, number>> {
  const value = root.get(name) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw root.error(`${name} must be an object`);
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [key, number] of entries) {
    if (!/^[\w.]+$/.test(key)) {
      throw root.error(
        `${name}: expected ends of layers' names, found the pattern ${JSON.stringify(key).slice(0, 100)}; ` +
          "write the names out",
      );
    }
    if (typeof number !== "number" || !good(number)) {
      throw root.error(
        `${name}: expected a number for ${key}, found ${JSON.stringify(number)?.slice(0, 100)}`,
      );
    }
  }
  return Object.fromEntries(entries) as Record<string, number>;
}

/** What a pattern says of a layer: the first of its keys that the name ends with. */
export function patterned(
  pattern: Readonly<Record<string, number>>,
  layer: string,
  otherwise: number,
): number {
  const key = Object.keys(pattern).find((end) => layer === end || layer.endsWith(`.${end}`));
  return key === undefined ? otherwise : pattern[key]!;
}

/**
 * The text of adapter_config.json.
 *
 * @param config What it says.
 * @param targets Names of the layers, as `transformers` has them in memory.
 * @param whole Names of the modules that were trained in full and lie beside.
 */
export function writeAdapterConfig(
  config: AdapterConfig,
  targets: readonly string[],
  whole: readonly string[],
): string {
  return JSON.stringify(
    {
      alpha_pattern: config.alphaPattern,
      base_model_name_or_path: config.base ?? null,
      bias: "none",
      fan_in_fan_out: false,
      inference_mode: true,
      init_lora_weights: true,
      lora_alpha: config.alpha,
      lora_dropout: config.dropout,
      modules_to_save: whole.length === 0 ? null : whole,
      peft_type: "LORA",
      r: config.rank,
      rank_pattern: config.rankPattern,
      target_modules: targets,
      task_type: null,
      use_dora: false,
      use_rslora: config.scaling === "rs",
    },
    null,
    2,
  ) + "\n";
}

/** Reads the text of adapter_config.json. */
export function parseAdapterConfig(text: string): AdapterConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${ADAPTER_CONFIG}: expected JSON (${(error as Error).message.slice(0, 200)})`);
  }
  return readAdapterConfig(json);
}

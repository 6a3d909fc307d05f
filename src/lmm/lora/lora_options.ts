/** What of a model LoRA adds to, and how much. @module */
import { layerOf, type LoraRank } from "../../nn/lora.ts";
import { InputError } from "../../errors.ts";
import type { LmmConfig } from "../config/lmm_config.ts";
import { familyOf } from "../families/parse_config.ts";
import { modelLayout } from "../layout.ts";

/** Low-rank matrices of a model that is made or loaded. */
export interface LoraOptions {
  /**
   * What is added to a linear layer's matrix.
   *
   * @param matrix Its name, with the prefixes that the family's checkpoints have on disk.
   * @returns Undefined for nothing.
   */
  choose: (matrix: string) => LoraRank | undefined;
  /** Share of a layer's inputs that is dropped in training on the way into A, from 0 to below 1. */
  dropout: number;
  /** Decides how A starts, and what is dropped. */
  seed: number;
  /** How the factors followed from α, for the file that is saved. */
  scaling: LoraScaling;
}

/** How a factor follows from α: α/rank (Hu et al. 2021), or α/√rank (rsLoRA, Kalajdzievski 2023, arXiv 2312.03732). */
export type LoraScaling = "standard" | "rs";

/** What a user asks of LoRA. */
export interface LoraSettings {
  /** The rank. */
  rank: number;
  /** α. */
  alpha: number;
  /** Share that is dropped. */
  dropout: number;
  /** How the factor follows. */
  scaling: LoraScaling;
  /** Which layers; every linear layer of the language model, if left out. See {@linkcode targetedLayers}. */
  targets?: string | undefined;
}

/** The factor of B·A. */
export function loraScale(
  { rank, alpha, scaling }: Pick<LoraSettings, "rank" | "alpha" | "scaling">,
): number {
  return alpha / (scaling === "rs" ? Math.sqrt(rank) : rank);
}

/**
 * The layers that a pattern names.
 *
 * @param config The model.
 * @param targets Ends of layers' names, separated by commas ("q_proj,v_proj": those layers wherever they are), or a regular
 * expression that matches a layer's whole name, as this family's checkpoints or `transformers` write it. Left out: every
 * linear layer of the language model.
 * @returns Names of matrices, with the prefixes that checkpoints have on disk.
 * @throws {InputError} If it names none, or the expression is broken.
 *
 * @example
 * ```ts
 * import { parseConfig } from "../families/parse_config.ts";
 * import { targetedLayers } from "./lora_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = parseConfig({ model_type: "smolvlm", scale_factor: 7, text_config: { num_hidden_layers: 1 } });
 * assertEquals([...targetedLayers(config, String.raw`.*text_model.*\.(q|v)_proj`)], [
 *   "model.text_model.layers.0.self_attn.q_proj.weight",
 *   "model.text_model.layers.0.self_attn.v_proj.weight",
 * ]);
 * assertEquals(targetedLayers(config, undefined).size, 7);
 * ```
 */
export function targetedLayers(config: LmmConfig, targets: string | undefined): ReadonlySet<string> {
  const { names, moduleName } = familyOf(config);
  const all = modelLayout(config).flatMap(({ bundles }) => bundles.flat())
    .filter(({ linear, idle }) => linear && !idle).map(({ name }) => name);
  const namedBy = (targets: string | undefined) => {
    const wanted = matcher(targets, `${names.language}.`);
    return all.filter((name) => [name, moduleName(name)].some((spelt) => wanted(layerOf(spelt))));
  };
  const idle = endsOf(targets).filter((end) => namedBy(end).length === 0).join(",");
  const found = namedBy(targets);
  if (found.length > 0 && idle === "") return new Set(found);
  const some = [...new Set(all.map((name) => layerOf(name).replace(/^.*\./, "")))];
  throw new InputError(
    `--lora-targets: expected linear layers of the model, found none that ${
      JSON.stringify(idle || targets)
    } names. ` +
      `Their names end with ${some.join(", ")}; a whole one is ${layerOf(moduleName(all.at(-1)!))}`,
  );
}

/** Ends of names that are listed; none where the targets are an expression. */
function endsOf(targets = ""): string[] {
  return /^[\w.]+(\s*,\s*[\w.]+)*$/.test(targets) ? targets.split(",").map((end) => end.trim()) : [];
}

function matcher(targets: string | undefined, language: string): (layer: string) => boolean {
  if (targets === undefined) return (layer) => layer.startsWith(language);
  const ends = endsOf(targets);
  if (ends.length > 0) {
    return (layer) => ends.some((end) => layer === end || layer.endsWith(`.${end}`));
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${targets})$`);
  } catch (error) {
    throw new InputError(
      `--lora-targets: expected names or a regular expression, found ${(error as Error).message}`,
    );
  }
  return (layer) => pattern.test(layer);
}

/** The same rank and factor for all layers that are named. */
export function loraOptions(settings: LoraSettings, config: LmmConfig, seed: number): LoraOptions {
  const layers = targetedLayers(config, settings.targets);
  const all = { rank: settings.rank, scale: loraScale(settings) };
  return {
    choose: (matrix) => layers.has(matrix) ? all : undefined,
    dropout: settings.dropout,
    seed,
    scaling: settings.scaling,
  };
}

/** Which tensor of a LoRA adapter is what of a model. @module */
import { layerOf, type LoraRank } from "../../nn/lora.ts";
import { InputError } from "../../errors.ts";
import type { LmmConfig } from "../config/lmm_config.ts";
import { familyOf } from "../families/parse_config.ts";
import { modelLayout } from "../layout.ts";
import { told } from "../told.ts";
import type { StoredTensor } from "../weights.ts";
import { ADAPTER_WEIGHTS, type AdapterConfig, patterned } from "./adapter_config.ts";
import { loraScale } from "./lora_options.ts";

/** What an adapter adds to a model. */
export interface AdapterTensors {
  /** Rank and factor of every matrix that is added to. */
  ranks: ReadonlyMap<string, LoraRank>;
  /** The tensors of A and B, and of what was trained in full, by the parameters' names. */
  tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Finds the place of every tensor.
 *
 * @param stored The tensors of adapter_model.safetensors, as PEFT names them in any of its versions.
 * @param adapter What adapter_config.json says.
 * @param config The base model.
 * @throws {InputError} If a tensor belongs to nothing of the model, lacks its other half, or has another shape.
 */
export function matchAdapter(
  stored: ReadonlyMap<string, StoredTensor>,
  adapter: AdapterConfig,
  config: LmmConfig,
): AdapterTensors {
  const { plainName } = familyOf(config);
  const specs = new Map(modelLayout(config).flatMap(({ bundles }) => bundles.flat()).map((s) => [s.name, s]));
  const plain = new Map([...specs.keys()].map((name) => [plainName(name), name]));
  const halves = new Map<string, { layer: string; a?: StoredTensor; b?: StoredTensor }>();
  const tensors = new Map<string, StoredTensor>();
  const wrong: string[] = [];
  for (const tensor of stored.values()) {
    const path = tensor.name.replace(/^base_model\.model\./, "").replace(/\.modules_to_save(\.\w+)?\./, ".");
    const half = path.match(/^(.*)\.lora_([AB])(?:\.\w+)?\.weight$/);
    const name = plain.get(plainName(half ? `${half[1]}.weight` : path));
    if (name === undefined || (half && specs.get(name)!.linear !== true)) {
      wrong.push(`${tensor.name} belongs to no ${half ? "linear layer" : "parameter"} of the model`);
      continue;
    }
    const of = half ? `${layerOf(name)}.lora_${half[2]}.weight` : name;
    if (tensors.has(of)) wrong.push(`${tensor.name} is there twice`);
    tensors.set(of, tensor);
    if (half) {
      const pair = halves.get(name) ?? { layer: half[1]! };
      halves.set(name, { ...pair, [half[2] === "A" ? "a" : "b"]: tensor });
    } else if (tensor.shape.join() !== specs.get(name)!.shape.join()) {
      wrong.push(`${tensor.name}: expected shape [${specs.get(name)!.shape}], found [${tensor.shape}]`);
    }
  }
  const ranks = new Map<string, LoraRank>();
  for (const [name, { layer, a, b }] of halves) {
    if (!a || !b) {
      wrong.push(`${layer}: expected lora_A and lora_B, found lora_${a ? "A" : "B"} alone`);
      continue;
    }
    const rank = patterned(adapter.rankPattern, layer, adapter.rank);
    const alpha = patterned(adapter.alphaPattern, layer, adapter.alpha);
    const [outputs, inputs] = specs.get(name)!.shape;
    for (const [tensor, shape] of [[a, [rank, inputs]], [b, [outputs, rank]]] as const) {
      if (tensor.shape.join() === shape.join()) continue;
      wrong.push(`${tensor.name}: expected shape [${shape}] by model and rank, found [${tensor.shape}]`);
    }
    ranks.set(name, { rank, scale: loraScale({ rank, alpha, scaling: adapter.scaling }) });
  }
  if (wrong.length > 0) throw new InputError(`${ADAPTER_WEIGHTS}: ${told(wrong, "; ")}`);
  if (ranks.size === 0) throw new InputError(`${ADAPTER_WEIGHTS}: expected lora_A and lora_B, found none`);
  return { ranks, tensors };
}

/** Saving a LoRA adapter as PEFT does. @module */
import { type FolderSink, once } from "../folder_sink.ts";
import type { LmmConfig } from "../config/lmm_config.ts";
import { familyOf } from "../families/parse_config.ts";
import type { Lmm } from "../lmm.ts";
import { fileOf, type Planned } from "../save_checkpoint.ts";
import { layerOf, LORA, type LoraSite } from "../../nn/lora.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, writeAdapterConfig } from "./adapter_config.ts";

/**
 * Writes adapter_config.json and adapter_model.safetensors: A and B in 32 bits, and beside them what was trained in full,
 * PEFT's `modules_to_save`. PEFT opens the folder on the same base with `transformers` 5.
 *
 * @param model A model with low-rank matrices; all queued work is waited for.
 * @param sink Where to.
 * @param base How the file calls the base checkpoint: a path or a name.
 * @throws {Error} If the model has no low-rank matrices.
 */
export async function saveAdapter(model: Lmm, sink: FolderSink, base: string | undefined): Promise<void> {
  const { lora, parameters, config } = model;
  if (!lora) throw new Error("saveAdapter: the model has no low-rank matrices");
  const { moduleName, names } = familyOf(config);
  const { sites } = lora.plan;
  const { rank, rankPattern, alpha, alphaPattern } = patterns(
    sites,
    lora.scaling,
    (matrix) => layerOf(moduleName(matrix)),
  );
  const trained = parameters.bundles.filter(({ module }) => parameters.trainable.has(module));
  const tensors = trained.flatMap((bundle) =>
    bundle.places.map((place): Planned => ({
      name: adapterName(place.name, model.config),
      dtype: "F32",
      shape: place.shape,
      bytes: 4 * place.size,
      bundle,
      place,
      copied: undefined,
    }))
  );
  const whole = [...parameters.trainable].filter((module) => module !== LORA).map((module) => {
    const prefix = names[module as "vision" | "projector" | "language"];
    return layerOf(moduleName(`${prefix}.`)).replace(/\.$/, "").replace(/^model\./, "");
  });
  const text = writeAdapterConfig(
    { base, rank, alpha, rankPattern, alphaPattern, scaling: lora.scaling, dropout: lora.dropout },
    [...sites.keys()].map((matrix) => layerOf(moduleName(matrix))),
    whole,
  );
  await sink.write(ADAPTER_CONFIG, once(new TextEncoder().encode(text)));
  await sink.write(ADAPTER_WEIGHTS, fileOf(model.gpu, tensors));
}

/** How PEFT names a parameter that it trains: by its place in a model in memory; A and B by that of their layer. */
export function adapterName(name: string, config: LmmConfig): string {
  const { moduleName } = familyOf(config);
  const half = name.match(/^(.*)(\.lora_[AB]\.weight)$/);
  return `base_model.model.${half ? layerOf(moduleName(`${half[1]}.weight`)) + half[2] : moduleName(name)}`;
}

/** Rank and α that most layers have, and those of the others. */
function patterns(
  sites: ReadonlyMap<string, LoraSite>,
  scaling: "standard" | "rs",
  nameOf: (matrix: string) => string,
) {
  const each = [...sites].map(([matrix, { rank, scale }]) => {
    const alpha = scale * (scaling === "rs" ? Math.sqrt(rank) : rank);
    return { name: nameOf(matrix), rank, alpha: Number(alpha.toPrecision(12)) };
  });
  const rank = commonest(each.map(({ rank }) => rank)), alpha = commonest(each.map(({ alpha }) => alpha));
  const others = (of: "rank" | "alpha", most: number) =>
    Object.fromEntries(each.filter((one) => one[of] !== most).map((one) => [one.name, one[of]]));
  return { rank, alpha, rankPattern: others("rank", rank), alphaPattern: others("alpha", alpha) };
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => one[1] > best[1] ? one : best)[0];
}

/**
 * A part that merges models and scores the merged one.
 *
 * @module
 */

import { join } from "@std/path";
import { readSafetensors, writeSafetensors } from "../../lmm/safetensors.ts";
import type { MergePart } from "../../run/part.ts";
import type { PartContext } from "./context.ts";
import { NO_TRAINING, scoreModel, writeResult } from "./evaluate_part.ts";
import { readWeights } from "./trials.ts";

/** Where a model keeps its parameters. */
const WEIGHTS = "model.safetensors";

/**
 * Merges models that lie in the run and scores the merged one, which is not kept.
 *
 * @param part The part; the models are there.
 * @param context What parts share.
 */
export async function runMergePart(part: MergePart, context: PartContext): Promise<void> {
  const { engine, folder } = context;
  const lambda = await readWeights(part.weights, folder);
  const base = await engine.load(context.checkpoint.files);
  // Saved anew: in the names and the number format of the models beside it.
  const files = await base.save().finally(() => base.destroy());
  const merging = startMerge(files.get(WEIGHTS)!);
  for (const [i, model] of part.models.entries()) {
    const path = join(folder, model, WEIGHTS);
    merging.add(await Deno.readFile(path), lambda[i]! / lambda.length, path);
  }
  const model = await engine.load(new Map([...files, [WEIGHTS, merging.finish()]]));
  try {
    const evaluation = await scoreModel(model, part, false, context);
    await writeResult(part, evaluation, NO_TRAINING, context);
  } finally {
    model.destroy();
  }
}

/** A merge that is under way. */
export interface Merging {
  /**
   * Adds a model: θ ← θ + p·(θ_i − θ_0), in float32.
   *
   * @param model The bytes of its model.safetensors.
   * @param share p.
   * @param name What it is called in messages.
   */
  add(model: Uint8Array, share: number, name: string): void;
  /** The bytes of the merged model.safetensors. */
  finish(): Uint8Array;
}

/**
 * Merges models of one shape, one after the other, so that no more than two are in memory beside the base.
 *
 * ```
 * θ = θ_0 + Σ_i p_i·(θ_i − θ_0)
 * ```
 *
 * A parameter that is frozen is θ_0 in every model, and stays θ_0 to the bit.
 *
 * @param base The bytes of the base's model.safetensors, θ_0.
 * @returns The merge, which is θ_0 so far.
 *
 * @example Half of each
 * ```ts
 * import { startMerge } from "./merge_part.ts";
 * import { readSafetensors, writeSafetensors } from "../../lmm/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = (a: number) => writeSafetensors(new Map([["a", { shape: [1], values: Float32Array.of(a) }]]));
 * const merging = startMerge(model(1));
 * merging.add(model(3), 0.5, "first");
 * merging.add(model(5), 0.5, "second");
 * assertEquals([...readSafetensors(merging.finish()).get("a")!.values], [4]);
 * ```
 */
export function startMerge(base: Uint8Array): Merging {
  const start = readSafetensors(base);
  const merged = readSafetensors(base);
  return {
    add(model, share, name) {
      const tensors = readSafetensors(model, name);
      for (const [tensor, { values }] of start) {
        const own = tensors.get(tensor)?.values;
        if (own?.length !== values.length) {
          throw new Error(
            `${name}: expected ${tensor} with the ${values.length} numbers of the base, found ` +
              `${own === undefined ? "none" : own.length}; remove its folder to tune it again`,
          );
        }
        const sum = merged.get(tensor)!.values;
        for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + share * (own[k]! - values[k]!);
      }
    },
    finish: () => writeSafetensors(merged),
  };
}

/**
 * A part that merges models and scores the merged one.
 *
 * @module
 */

import { join } from "@std/path";
import { elements } from "../../autograd/tensor.ts";
import { writeHeader } from "../../lmm/safetensors.ts";
import { holding } from "../../lmm/trainer/settings.ts";
import { WEIGHTS } from "../../lmm/weight_names.ts";
import { memoryFile, openWeights, readTensor, type WeightFile } from "../../lmm/weights.ts";
import type { MergePart } from "../../run/part.ts";
import { loadModel } from "../../train/checkpoint_files.ts";
import { openWeightFiles } from "../../train/weight_files.ts";
import type { PartContext } from "./context.ts";
import { NO_TRAINING, scorePart, writeResult } from "./evaluate_part.ts";
import { readWeights } from "./trials.ts";

/**
 * Merges models that lie in the run and scores the merged one, which is not kept.
 *
 * @param part The part; the models are there.
 * @param context What parts share.
 */
export async function runMergePart(part: MergePart, context: PartContext): Promise<void> {
  const { engine, folder, checkpoint } = context;
  const lambda = await readWeights(part.weights, context);
  const models = await Promise.all(part.models.map(async (model, i) => ({
    weights: await openWeightFiles(join(folder, model)),
    share: lambda[i]! / lambda.length,
    name: join(folder, model),
  })));
  const weights = [memoryFile(WEIGHTS, await mergeWeights(checkpoint.weights, models))];
  const { config } = checkpoint;
  const model = await loadModel(engine, { folder, config, weights }, holding(context.options));
  try {
    const evaluation = await scorePart(model, part, false, context);
    await writeResult(part, evaluation, NO_TRAINING, context);
  } finally {
    model.destroy();
  }
}

/** A model that is merged. */
export interface MergedModel {
  /** Its files of weights. */
  weights: readonly WeightFile[];
  /** Its share, p. */
  share: number;
  /** What it is called in messages. */
  name: string;
}

/**
 * Merges models of one shape, tensor after tensor, in float32.
 *
 * ```
 * θ = θ_0 + Σ_i p_i·(θ_i − θ_0)
 * ```
 *
 * A parameter that is frozen is θ_0 in every model, and stays θ_0 to the bit.
 *
 * @param base The files of the base's weights, θ_0.
 * @param models The models, θ_i.
 * @returns The merged weights as a safetensors file of float32.
 *
 * @example Half of each
 * ```ts
 * import { mergeWeights } from "./merge_part.ts";
 * import { readSafetensors, writeSafetensors } from "../../lmm/safetensors.ts";
 * import { memoryFile } from "../../lmm/weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = (a: number) =>
 *   [memoryFile("a", writeSafetensors(new Map([["a", { shape: [1], values: Float32Array.of(a) }]])))];
 * const merged = await mergeWeights(model(1), [
 *   { weights: model(3), share: 0.5, name: "first" },
 *   { weights: model(5), share: 0.5, name: "second" },
 * ]);
 * assertEquals([...readSafetensors(merged).get("a")!.values], [4]);
 * ```
 */
export async function mergeWeights(
  base: readonly WeightFile[],
  models: readonly MergedModel[],
): Promise<Uint8Array<ArrayBuffer>> {
  const start = await openWeights(base);
  const opened = await Promise.all(models.map(async (model) => ({
    ...model,
    tensors: await openWeights(model.weights),
  })));
  const written = [...start.values()].map(({ name, shape }) => {
    const size = elements(shape);
    for (const model of opened) {
      const own = model.tensors.get(name);
      const found = own && elements(own.shape);
      if (found === size) continue;
      throw new Error(
        `${model.name}: expected ${name} with the ${size} numbers of the base, found ${found ?? "none"}; ` +
          "remove its folder to tune it again",
      );
    }
    return { name, dtype: "F32", shape, bytes: 4 * size };
  });
  const header = writeHeader(written);
  const bytes = new Uint8Array(written.reduce((sum, { bytes }) => sum + bytes, header.length));
  bytes.set(header);
  let at = header.length;
  for (const tensor of start.values()) {
    const values = await readTensor(tensor), sum = values.slice();
    for (const { tensors, share } of opened) {
      const own = await readTensor(tensors.get(tensor.name)!);
      for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + share * (own[k]! - values[k]!);
    }
    bytes.set(new Uint8Array(sum.buffer), at);
    at += sum.byteLength;
  }
  return bytes;
}

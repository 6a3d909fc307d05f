/** From a LoRA adapter and its base to a checkpoint of its own. @module */

import type { Gpu } from "../gpu/gpu.ts";
import { InputError, RunError } from "../errors.ts";
import { loadCheckpoint } from "../lmm/checkpoint.ts";
import { distance } from "../lmm/distance.ts";
import { forwardLogits } from "../lmm/logits.ts";
import type { Lmm } from "../lmm/lmm.ts";
import { mergeLora } from "../lmm/lora/merge.ts";
import { saveCheckpoint, type SaveType } from "../lmm/save_checkpoint.ts";
import { Random } from "../random.ts";
import { writeFolder } from "../run/files.ts";
import { type CheckpointFiles, readCheckpoint } from "./checkpoint_files.ts";

/** How far logits are from those of base and adapter: the norm of the difference over the norm. */
export interface MergeErrors {
  /** Of the merged model in 32 bits. */
  merged: number;
  /** Of the checkpoint that was written, read again. */
  saved: number;
}

/** Most that merging in 32 bits may change: some roundings of float32 a layer. */
const MERGED = 1e-4;
/** Most that a checkpoint may change that was written in the base's own types, of 8 bits of precision or more. */
const ROUNDED = 0.1;
/** Text tokens that are put to both models, beside a picture. */
const TOKENS = 24;

/**
 * Merges an adapter into its base, checks that the logits stay, and writes the folder, whole or not at all.
 *
 * @param gpu Where the models are computed.
 * @param checkpoint The adapter.
 * @param out The folder to be; one already there is refused by the caller.
 * @param dtype "f32", or "base" for the types of the base's tensors.
 * @returns By how much the logits of a picture and some tokens, drawn at random, differ.
 * @throws {InputError} If there is no adapter.
 * @throws {RunError} If they differ by more than rounding explains; nothing stays on the disk.
 */
export async function mergeAdapter(
  gpu: Gpu,
  checkpoint: CheckpointFiles,
  out: string,
  dtype: SaveType,
): Promise<MergeErrors> {
  const { configText, weights, adapter, companions, folder } = checkpoint;
  if (adapter === undefined) {
    throw new InputError(`${folder}: expected a LoRA adapter, found a whole checkpoint`);
  }
  let errors: MergeErrors = { merged: NaN, saved: NaN };
  await writeFolder(out, async (write, partial) => {
    const model = await loadCheckpoint(gpu, configText, weights, { trainable: [], adapter });
    let expected: Float32Array;
    try {
      expected = await drawnLogits(model);
      await mergeLora(model);
      errors = { ...errors, merged: distance(await drawnLogits(model), expected) };
      check(errors.merged, MERGED, "merged model", folder);
      await saveCheckpoint(model, { write }, { dtype });
    } finally {
      model.destroy();
    }
    for (const [name, bytes] of companions) await write(name, bytes);
    const saved = await readCheckpoint(partial);
    const again = await loadCheckpoint(gpu, saved.configText, saved.weights, { trainable: [] });
    try {
      errors = { ...errors, saved: distance(await drawnLogits(again), expected) };
    } finally {
      again.destroy();
    }
    check(errors.saved, dtype === "f32" ? MERGED : ROUNDED, "checkpoint that was written", folder);
  });
  return errors;
}

function check(error: number, most: number, what: string, folder: string) {
  if (error <= most) return;
  throw new RunError(
    `${folder}: expected the logits of the ${what} to be those of base and adapter within ${most}, found them ` +
      `${error.toExponential(1)} apart`,
  );
}

/** Logits of a picture and tokens that are the same for every model of one configuration. */
async function drawnLogits(model: Lmm): Promise<Float32Array> {
  const random = new Random("merge");
  const { imageId, imageTokens, vocabulary, pixelShape: [channels, height, width] } = model;
  const token = () => {
    const id = random.int(vocabulary - 1);
    return id < imageId ? id : id + 1;
  };
  const before = token();
  const ids = [
    before,
    ...new Array<number>(imageTokens).fill(imageId),
    ...Array.from({ length: TOKENS }, token),
  ];
  const image = Float32Array.from({ length: channels * height * width }, () => random.normal());
  return await forwardLogits(model, [{ ids: Int32Array.from(ids), images: [image] }]);
}

/**
 * A conversation about image files.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import { createImageStore } from "../data/images/image_store.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import { Dialogue } from "./dialogue.ts";

/**
 * Loads a model to talk to.
 *
 * @param engine Where it runs.
 * @param checkpoint The model.
 * @param images Paths of the images that the first question is about, in order; may be empty.
 * @param storage How the model's matrices are held on the device.
 * @returns The conversation; close it.
 * @throws {InputError} If an image or the checkpoint cannot be used.
 */
export async function openDialogue(
  engine: Engine,
  checkpoint: CheckpointFiles,
  images: readonly string[],
  storage: StorageType = "f32",
): Promise<Dialogue> {
  const store = createImageStore(checkpoint.processor);
  for (const path of images) await store.tiles(path); // before the model is loaded, which takes longer
  const model = await loadModel(engine, checkpoint, { trainable: [], storage });
  return new Dialogue(checkpoint, model, store, images);
}

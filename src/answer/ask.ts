/**
 * One question, one answer.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import type { ReplyOptions } from "./dialogue.ts";
import { openDialogue } from "./open_dialogue.ts";

/** A question and how it is to be answered. */
export interface AskOptions extends ReplyOptions {
  /** The question. */
  question: string;
  /** Paths of the images that the question is about, in order; may be empty. */
  images: string[];
  /** How the model's matrices are held on the device; default "f32". */
  storage?: StorageType;
}

/**
 * Asks a model one question.
 *
 * @param engine Where the model runs.
 * @param checkpoint The model.
 * @param options The question.
 * @returns The answer.
 * @throws {InputError} If an image cannot be read, or the question is too long for the model.
 */
export async function ask(engine: Engine, checkpoint: CheckpointFiles, options: AskOptions): Promise<string> {
  const { question, images, storage, ...how } = options;
  const dialogue = await openDialogue(engine, checkpoint, images, storage);
  try {
    return (await dialogue.ask(question, how)).answer;
  } finally {
    dialogue.close();
  }
}

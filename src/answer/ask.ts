/**
 * One question, one answer.
 *
 * @module
 */

import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import { Dialogue, type ReplyOptions } from "./dialogue.ts";

/** A question and how it is to be answered. */
export interface AskOptions extends ReplyOptions {
  /** The question. */
  question: string;
  /** Paths of the images that the question is about, in order; may be empty. */
  images: string[];
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
  const { question, images, ...how } = options;
  const dialogue = await Dialogue.open(engine, checkpoint, images);
  try {
    return (await dialogue.ask(question, how)).answer;
  } finally {
    dialogue.close();
  }
}

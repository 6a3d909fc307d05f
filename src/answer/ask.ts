/**
 * One question, one answer.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import { createImageStore } from "../data/images/image_store.ts";
import { encodePrompt } from "../data/text/conversation.ts";
import type { Sample } from "../data/types.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";

/** A question and how it is to be answered. */
export interface AskOptions {
  /** The question. */
  question: string;
  /** Paths of the images that the question is about, in order; may be empty. */
  images: string[];
  /** Longest answer, in tokens. */
  maxNewTokens: number;
  /** 0 = always the likeliest token. */
  temperature: number;
  /** Decides what is drawn at a temperature above 0. */
  seed: number;
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
  const { tokenizer, stop } = checkpoint;
  const store = createImageStore(checkpoint.preprocessing);
  const pixels: Float32Array[] = [];
  for (const path of options.images) pixels.push(await store.pixels(path));

  const model = await loadModel(engine, checkpoint, { trainable: [], storage: options.storage });
  try {
    const sample: Sample = {
      id: "1",
      task: "question",
      images: options.images,
      turns: [{ question: options.question, answer: "" }],
      file: "command line",
    };
    const layout = { imageTokens: model.imageTokens, maxTokens: model.maxPositions - 1 };
    const { ids } = encodePrompt(tokenizer, sample, 0, layout);
    const images = await model.encodeImages(pixels);
    const [answer] = await model.generate([{ ids, images }], {
      maxNewTokens: Math.min(options.maxNewTokens, model.maxPositions - ids.length),
      stop,
      temperature: options.temperature,
      seed: options.seed,
    });
    return tokenizer.decode(answer!).trim();
  } finally {
    model.destroy();
  }
}

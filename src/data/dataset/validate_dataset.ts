/**
 * Checks a whole dataset before anything is trained on it.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import {
  encodeConversation,
  type EncodedConversation,
  type LayoutOptions,
  sampleName,
  tooLong,
} from "../text/conversation.ts";
import type { ImageStore } from "../images/image_store.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Dataset, Sample } from "../types.ts";

/** What there is in a dataset. */
export interface DatasetSize {
  /** Conversations of all tasks and splits. */
  conversations: number;
  /** Distinct image files. */
  images: number;
  /** Tokens of all conversations, image placeholders among them. */
  tokens: number;
  /** Tokens of the longest conversation. */
  longest: number;
}

/** What else is checked, and who is told. */
export interface ValidateOptions {
  /** Reads every image, so that an unreadable one is found now; left out, images are not looked at. */
  images?: ImageStore;
  /** Keeps every conversation as it was laid out. */
  conversations?: Map<Sample, EncodedConversation>;
  /** Told after each image. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Lays out every conversation and reads every image, and reports the first that cannot be used.
 *
 * @param dataset The dataset.
 * @param tokenizer The model's tokenizer.
 * @param layout Placeholders an image, and the longest sequence the model takes.
 * @param options Images and progress.
 * @returns How much there is.
 * @throws {InputError} If a conversation has too many tokens or an empty answer, or an image cannot be decoded; the
 * message names file, sample and task.
 */
export async function validateDataset(
  dataset: Dataset,
  tokenizer: Tokenizer,
  layout: LayoutOptions,
  options: ValidateOptions = {},
): Promise<DatasetSize> {
  const size: DatasetSize = { conversations: 0, images: 0, tokens: 0, longest: 0 };
  const shownBy = new Map<string, Sample>();
  let over = 0, first: InputError | undefined;
  for (const tasks of Object.values(dataset.samples)) {
    for (const sample of [...tasks.values()].flat()) {
      const conversation = encodeConversation(tokenizer, sample, { ...layout, maxTokens: Infinity });
      options.conversations?.set(sample, conversation);
      const { ids } = conversation;
      if (ids.length > layout.maxTokens) {
        over++;
        first ??= tooLong(sample, ids.length, layout);
      }
      size.conversations++;
      size.tokens += ids.length;
      size.longest = Math.max(size.longest, ids.length);
      for (const image of sample.images) if (!shownBy.has(image)) shownBy.set(image, sample);
    }
  }
  if (first !== undefined) {
    const more = over > 1 ? ` (${over} of ${size.conversations} conversations are too long)` : "";
    throw new InputError(first.message + more);
  }
  size.images = shownBy.size;

  let done = 0;
  for (const [path, sample] of options.images === undefined ? [] : shownBy) {
    await ofSample(sample, () => options.images!.tiles(path));
    options.onProgress?.(++done, shownBy.size);
  }
  return size;
}

/**
 * What is read of an image, or an error that names a sample that shows it.
 *
 * @param sample The sample.
 * @param read Reads the image.
 * @returns What was read.
 * @throws {InputError} If the image cannot be read; the message names file, sample and task.
 */
export async function ofSample<T>(sample: Sample, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${sampleName(sample)}: ${error.message}`);
    throw error;
  }
}

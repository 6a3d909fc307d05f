/**
 * Checks a whole dataset before anything is trained on it.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { ChatFormat, FormatOptions } from "../text/chat_format.ts";
import { type EncodedConversation, placeholders, sampleName, tooLong } from "../text/conversation.ts";
import type { ImageStore } from "../images/image_store.ts";
import type { Grid } from "../images/picture.ts";
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

/** A conversation ready to be trained on, and how its images are cut. */
export interface ReadyConversation extends EncodedConversation {
  /** The grid of each of the sample's images. */
  grids: readonly Grid[];
}

/** What else is checked, and who is told. */
export interface ValidateOptions {
  /** Whether every image is read, so that an unreadable one is found now; else they are looked at for their size alone. */
  read?: boolean;
  /** Keeps every conversation as it was laid out. */
  conversations?: Map<Sample, ReadyConversation>;
  /** Told after each image. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Lays out every conversation, reads every image if asked to, and reports the first that cannot be used.
 *
 * @param dataset The dataset.
 * @param format The model's layout.
 * @param images Its images, for their grids.
 * @param limit The longest sequence the model takes.
 * @param options What else is checked, and progress.
 * @returns How much there is.
 * @throws {InputError} If a conversation has too many tokens or an empty answer, or an image cannot be decoded; the
 * message names file, sample and task.
 */
export async function validateDataset(
  dataset: Dataset,
  format: ChatFormat,
  images: Pick<ImageStore, "grid" | "tiles">,
  { maxTokens }: FormatOptions,
  options: ValidateOptions = {},
): Promise<DatasetSize> {
  const size: DatasetSize = { conversations: 0, images: 0, tokens: 0, longest: 0 };
  const shownBy = new Map<string, Sample>();
  let over = 0, first: InputError | undefined;
  for (const tasks of Object.values(dataset.samples)) {
    for (const sample of [...tasks.values()].flat()) {
      const grids = await gridsOf(sample, images);
      const conversation = format.encode(sample, grids, { maxTokens: Infinity });
      options.conversations?.set(sample, { ...conversation, grids });
      const { ids } = conversation;
      if (ids.length > maxTokens) {
        over++;
        first ??= tooLong(sample, ids.length, placeholders(format, grids), maxTokens);
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
  for (const [path, sample] of options.read === true ? shownBy : []) {
    await ofSample(sample, () => images.tiles(path));
    options.onProgress?.(++done, shownBy.size);
  }
  return size;
}

/** How each image of a sample is cut. */
async function gridsOf(sample: Sample, images: Pick<ImageStore, "grid">): Promise<Grid[]> {
  const grids: Grid[] = [];
  for (const path of sample.images) grids.push(await ofSample(sample, () => images.grid(path)));
  return grids;
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

/**
 * Checks a whole dataset before anything is trained on it.
 *
 * @module
 */

import { dirname } from "@std/path";
import { InputError } from "../../errors.ts";
import { createBadSamples, type Fault, SampleError } from "./bad_samples.ts";
import type { ChatFormat, FormatOptions } from "../text/chat_format.ts";
import { placeholders, sampleName, tooLong } from "../text/conversation.ts";
import { mayBeCutOff } from "../images/file_head.ts";
import type { ImageStore } from "../images/image_store.ts";
import { inOrder } from "../workers/in_order.ts";
import type { Grid } from "../images/picture.ts";
import { packConversations, type ReadyConversation } from "./packed_conversations.ts";
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
  /**
   * Whether every image is read, so that an unreadable one is found now; or only those whose files seem to be cut off; else they are
   * looked at for their size alone.
   */
  read?: boolean | "doubtful";
  /** Whether samples that cannot be used are taken out of the dataset, counted in its notes; else all are in an error. */
  skipBad?: boolean;
  /** Keeps every conversation as it was laid out. */
  conversations?: Map<Sample, ReadyConversation>;
  /** Told after each image. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Lays out every conversation, reads every image if asked to, and reports all that cannot be used.
 *
 * @param dataset The dataset; what cannot be used is taken out of it if so asked.
 * @param format The model's layout.
 * @param images Its images, for their grids.
 * @param limit The longest sequence the model takes.
 * @param options What else is checked, and progress.
 * @returns How much there is.
 * @throws {InputError} If conversations have too many tokens or empty answers, or images cannot be decoded; the
 * message names file, sample and task. If so asked, only if a task has no sample left.
 */
export async function validateDataset(
  dataset: Dataset,
  format: ChatFormat,
  images: Pick<ImageStore, "grid" | "look" | "ahead">,
  { maxTokens }: FormatOptions,
  options: ValidateOptions = {},
): Promise<DatasetSize> {
  const { skipBad = false, read = false } = options;
  const unusable = new Set<Sample>();
  const leaveOut = (sample: Sample, error: SampleError) => {
    unusable.add(sample);
    bad.add(sample.task, error);
  };
  const all = Object.values(dataset.samples).flatMap((tasks) => [...tasks.values()].flat());
  const bad = dataset.bad ?? createBadSamples(all[0] === undefined ? "the dataset" : dirname(all[0].file));
  delete dataset.bad; // named or counted below, once
  const pack = options.conversations && packConversations();
  const lengths = new Map<Sample, number>();
  const shownBy = new Map<string, Sample[]>();
  for (const sample of all) {
    const conversation = await layOut(sample, format, images, maxTokens);
    if (conversation instanceof SampleError) {
      leaveOut(sample, conversation);
      continue;
    }
    if (pack) options.conversations?.set(sample, pack(conversation, conversation.grids, sample.images));
    lengths.set(sample, conversation.ids.length);
    for (const image of read ? new Set(sample.images) : []) {
      const others = shownBy.get(image);
      if (others === undefined) shownBy.set(image, [sample]);
      else others.push(sample);
    }
  }
  let done = 0;
  const shown = [...shownBy.keys()].filter((path) => read !== "doubtful" || isDoubtful(path));
  for await (const settled of inOrder(shown, (path) => images.look(path), images.ahead)) {
    if ("error" in settled) {
      const { error } = settled;
      if (!(error instanceof InputError)) throw error;
      const samples = shownBy.get(shown[done]!)!;
      for (const sample of samples) {
        if (!unusable.has(sample)) {
          leaveOut(sample, ofThis(sample, error, "with an image that cannot be read"));
        }
      }
    }
    done++;
    options.onProgress?.(done, shown.length);
  }
  if (bad.count > 0) {
    if (!skipBad) throw bad.error();
    takeOut(dataset, unusable, bad.error());
    for (const sample of unusable) {
      options.conversations?.delete(sample);
      lengths.delete(sample);
    }
    dataset.notes.push(...bad.notes());
  }
  const seen = new Set<string>();
  let tokens = 0, longest = 0;
  for (const [sample, length] of lengths) {
    for (const path of sample.images) seen.add(path);
    tokens += length;
    longest = Math.max(longest, length);
  }
  return { conversations: lengths.size, images: seen.size, tokens, longest };
}

/** Whether a file is to be decoded to know whether it is whole. */
function isDoubtful(path: string): boolean {
  try {
    return mayBeCutOff(path);
  } catch (error) {
    if (error instanceof InputError) return true; // decoding says what is wrong
    throw error;
  }
}

/** A conversation laid out, or what is wrong with it. */
async function layOut(
  sample: Sample,
  format: ChatFormat,
  images: Pick<ImageStore, "grid">,
  maxTokens: number,
): Promise<ReadyConversation | SampleError> {
  let grids: Grid[];
  try {
    grids = [];
    for (const path of sample.images) grids.push(await images.grid(path));
  } catch (error) {
    if (error instanceof InputError) return ofThis(sample, error, "with an image that cannot be read");
    throw error;
  }
  try {
    const conversation = format.encode(sample, grids, { maxTokens: Infinity });
    const tokens = conversation.ids.length;
    if (tokens <= maxTokens) return { ...conversation, grids };
    const { message } = tooLong(sample, tokens, placeholders(format, grids), maxTokens);
    return new SampleError(message, "with too many tokens");
  } catch (error) {
    if (error instanceof InputError) return new SampleError(error.message, "without an answer");
    throw error;
  }
}

function ofThis(sample: Sample, { message }: InputError, fault: Fault): SampleError {
  return new SampleError(`${sampleName(sample)}: ${message}`, fault);
}

/** Takes samples out of a dataset; a task of which nothing is left is an error. */
function takeOut({ samples }: Dataset, unusable: ReadonlySet<Sample>, error: InputError): void {
  for (const tasks of Object.values(samples)) {
    for (const [task, list] of tasks) {
      const left = list.filter((sample) => !unusable.has(sample));
      if (list.length > 0 && left.length === 0) throw error;
      tasks.set(task, left);
    }
  }
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

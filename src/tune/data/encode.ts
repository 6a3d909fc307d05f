/**
 * A dataset as token ids: every conversation encoded once, every question known.
 *
 * @module
 */

import { answerLimit, type TaskQuestions, withPrompts } from "../../answer/evaluate.ts";
import { questionsOf } from "../../answer/questions.ts";
import type { ReadyConversation } from "../../data/dataset/packed_conversations.ts";
import { validateDataset, type ValidateOptions } from "../../data/dataset/validate_dataset.ts";
import type { ImageStore } from "../../data/images/image_store.ts";
import type { Dataset, Sample } from "../../data/types.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import type { CheckpointFiles } from "../../train/checkpoint_files.ts";

/** An encoded dataset. */
export interface Encoded {
  dataset: Dataset;
  /** Every conversation of every split. */
  conversations: ReadonlyMap<Sample, ReadyConversation>;
  /** The questions of a validation or test, task by task. */
  questions: Record<"val" | "test", TaskQuestions[]>;
  /** The questions of the tasks that are never tuned on; empty where there are none. */
  zeroShot: readonly TaskQuestions[];
  /** Every image that training, validation or test reads, once, sorted. */
  images: string[];
}

/**
 * Checks and encodes all conversations, and collects questions and images.
 *
 * @param dataset The dataset.
 * @param checkpoint The checkpoint, for its layout.
 * @param store Its images.
 * @param limits Longest conversation, and questions a task.
 * @param look Whether every image is read; see {@linkcode validateDataset}.
 * @returns The encoded dataset.
 * @throws {InputError} If a conversation is too long or has nothing to learn, or an image cannot be read.
 */
export async function encodeDataset(
  dataset: Dataset,
  { format }: CheckpointFiles,
  store: ImageStore,
  limits: Pick<ResolvedOptions, "maxTokens" | "validationLimit" | "testLimit" | "maxNewTokens">,
  look: Pick<ValidateOptions, "read" | "skipBad" | "onProgress"> = {},
): Promise<Encoded> {
  const conversations = new Map<Sample, ReadyConversation>();
  await validateDataset(dataset, format, store, limits, { ...look, conversations });

  const images = new Set<string>();
  const questions: Encoded["questions"] = { val: [], test: [] };
  for (const { name, metric } of dataset.tasks) {
    const train = dataset.samples.train.get(name) ?? [];
    for (const { images: paths } of train) for (const path of paths) images.add(path);
    const maxNewTokens = limits.maxNewTokens ??
      answerLimit(train.map((sample) => conversations.get(sample)!));
    for (const split of ["val", "test"] as const) {
      const limit = split === "val" ? limits.validationLimit : limits.testLimit;
      const items = questionsOf(dataset, split, name, limit);
      const asked = withPrompts(items, format, conversations, limits.maxTokens);
      for (const { sample } of asked) for (const path of sample.images) images.add(path);
      questions[split].push({ task: name, metric, questions: asked, maxNewTokens });
    }
  }
  return { dataset, conversations, questions, zeroShot: [], images: [...images].sort() };
}

/**
 * Checks and encodes tasks that are answered and never tuned on. Their longest true answer decides how long an answer
 * may be, as they have no training answers.
 *
 * @param encoded The tasks that are tuned on.
 * @param dataset The others.
 * @param checkpoint The checkpoint, for its layout.
 * @param store Its images.
 * @param limits Longest conversation, and questions a task.
 * @param look Whether every image is read.
 * @returns The first with the questions and images of the others, and the others' conversations.
 * @throws {InputError} If a conversation is too long, or an image cannot be read.
 */
export async function encodeZeroShot(
  encoded: Encoded,
  dataset: Dataset,
  { format }: CheckpointFiles,
  store: ImageStore,
  limits: { maxTokens: number; questions: number | null; maxNewTokens?: number | undefined },
  look: Pick<ValidateOptions, "read" | "skipBad" | "onProgress"> = {},
): Promise<{ encoded: Encoded; conversations: Encoded["conversations"] }> {
  const conversations = new Map<Sample, ReadyConversation>();
  await validateDataset(dataset, format, store, limits, { ...look, conversations });
  const zeroShot = dataset.tasks.map(({ name, metric }): TaskQuestions => {
    const asked = questionsOf(dataset, "test", name, limits.questions);
    const own = (dataset.samples.test.get(name) ?? []).map((sample) => conversations.get(sample)!);
    return {
      task: name,
      metric,
      questions: withPrompts(asked, format, conversations, limits.maxTokens),
      maxNewTokens: limits.maxNewTokens ?? answerLimit(own),
    };
  });
  const shown = zeroShot.flatMap(({ questions }) => questions.flatMap(({ sample }) => sample.images));
  const images = [...new Set([...encoded.images, ...shown])].sort();
  return { encoded: { ...encoded, zeroShot, images }, conversations };
}

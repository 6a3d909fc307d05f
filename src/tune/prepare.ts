/**
 * A dataset made ready for a model: every conversation as token ids, every question known.
 *
 * @module
 */

import { basename } from "@std/path";
import { type Dataset, encodeConversation, type Sample, type Split } from "../data/mod.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { TrainSequence } from "../train/engine.ts";
import { answerLimit, type TaskQuestions } from "../answer/evaluate.ts";
import type { FeatureStore } from "../train/feature_store.ts";
import { questionsOf } from "../answer/questions.ts";
import type { DatasetSummary, ResolvedOptions } from "../run/records/run_info.ts";

/** A dataset made ready. */
export interface Prepared {
  dataset: Dataset;
  /** Every training sample as a sequence, whose images are read from `features` when asked for. */
  sequences: Map<Sample, TrainSequence>;
  /** The questions of a validation or test, task by task. */
  questions: Record<"val" | "test", TaskQuestions[]>;
  /** Every image that training, validation or test reads, once, sorted. */
  images: string[];
  /** Where sequences find the features; set once they are computed. */
  features: { store: FeatureStore | null };
}

/**
 * Encodes the training conversations, and collects questions and images.
 *
 * @param dataset The dataset.
 * @param checkpoint The checkpoint, for its tokenizer.
 * @param imageTokens Tokens an image takes.
 * @param options Limits.
 * @returns The dataset made ready.
 * @throws {InputError} If a conversation is too long or has nothing to learn.
 */
export function prepare(
  dataset: Dataset,
  checkpoint: CheckpointFiles,
  imageTokens: number,
  options: Pick<ResolvedOptions, "maxTokens" | "validationLimit" | "testLimit">,
): Prepared {
  const { tokenizer } = checkpoint;
  const layout = { imageTokens, maxTokens: options.maxTokens };
  const features: Prepared["features"] = { store: null };
  const images = new Set<string>();
  const sequences = new Map<Sample, TrainSequence>();
  const questions: Prepared["questions"] = { val: [], test: [] };

  for (const [task, { name, metric }] of dataset.tasks.entries()) {
    const train = dataset.samples.train.get(name) ?? [];
    for (const sample of train) {
      const { ids, mask } = encodeConversation(tokenizer, sample, layout);
      for (const path of sample.images) images.add(path);
      sequences.set(sample, {
        // The trainer names these where a loss is not finite: the task belongs there too.
        id: `${name}/${sample.id}`,
        task,
        ids,
        mask,
        get images() {
          return sample.images.map((path) => featuresOf(features, path));
        },
      });
    }
    const maxNewTokens = answerLimit(
      train.flatMap(({ turns }) => turns.map(({ answer }) => answer)),
      tokenizer,
    );
    for (const split of ["val", "test"] as const) {
      const limit = split === "val" ? options.validationLimit : options.testLimit;
      const asked = questionsOf(dataset, split, name, limit);
      for (const { sample } of asked) for (const path of sample.images) images.add(path);
      questions[split].push({ task: name, metric, questions: asked, maxNewTokens });
    }
  }
  return { dataset, sequences, questions, images: [...images].sort(), features };
}

/**
 * The features of an image.
 *
 * @param features Where they are.
 * @param path The image.
 * @returns Its features.
 */
export function featuresOf(features: Prepared["features"], path: string): Float32Array {
  if (features.store === null) throw new Error("features are asked for before they are computed");
  return features.store.get(path);
}

/**
 * What run.json says of a dataset.
 *
 * @param prepared The dataset made ready.
 * @param source Where it came from.
 * @returns Counts, notes and a fingerprint.
 */
export async function summarise(
  prepared: Prepared,
  source: { kind: "scenes" | "folder"; path: string },
): Promise<DatasetSummary> {
  const { dataset, sequences } = prepared;
  const splits = ["train", "val", "test"] as const;
  const of = (split: Split, task: string) => dataset.samples[split].get(task) ?? [];
  const each = <T>(value: (split: Split) => T): Record<Split, T> => ({
    train: value("train"),
    val: value("val"),
    test: value("test"),
  });
  const tasks = dataset.tasks.map(({ name }) => name);
  const perTask = (task: string, value: (sequence: TrainSequence) => number) =>
    of("train", task).reduce((sum, sample) => sum + value(sequences.get(sample)!), 0);

  const text: string[] = [JSON.stringify(dataset.tasks)];
  for (const split of splits) {
    for (const task of tasks) {
      for (const { id, images, turns } of of(split, task)) {
        text.push(JSON.stringify([split, task, id, images.map((path) => basename(path)), turns]));
      }
    }
  }
  return {
    ...source,
    tasks: dataset.tasks,
    conversations: each((split) => tasks.map((task) => of(split, task).length)),
    questions: each((split) =>
      tasks.map((task) => of(split, task).reduce((sum, { turns }) => sum + turns.length, 0))
    ),
    images: each((split) =>
      new Set(tasks.flatMap((task) => of(split, task).flatMap(({ images }) => images))).size
    ),
    tokens: tasks.map((task) => perTask(task, ({ ids }) => ids.length)),
    answerTokens: tasks.map((task) => perTask(task, ({ mask }) => mask.reduce((sum, x) => sum + x, 0))),
    fingerprint: await sha256(text.join("\n")),
    notes: dataset.notes,
  };
}

/**
 * A hash of a text.
 *
 * @param text The text.
 * @returns SHA-256, in hexadecimal.
 */
export async function sha256(text: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

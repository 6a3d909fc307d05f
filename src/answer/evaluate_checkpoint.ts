/**
 * Scores a checkpoint on a dataset, apart from any run.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import { samplePixels, validateDataset } from "../data/dataset/validate_dataset.ts";
import { createImageStore } from "../data/images/image_store.ts";
import type { EncodedConversation } from "../data/text/conversation.ts";
import type { Dataset, Sample } from "../data/types.ts";
import { answerLimit, evaluate, type Evaluation, type TaskQuestions, withPrompts } from "./evaluate.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import type { Engine } from "../train/engine.ts";
import { questionsOf } from "./questions.ts";

/** What is to be scored. */
export interface EvaluateOptions {
  /** The split that the questions are from. */
  split: "train" | "val" | "test";
  /** Questions a task; null = all. */
  limit: number | null;
  /** Replace every image by a blank one. */
  blank: boolean;
  /** Longest prompt, in tokens. */
  maxTokens: number;
  /** How the model's matrices are held on the device; default "f32". */
  storage?: StorageType;
  /** Called with the number of questions answered and asked in all. */
  progress?: (done: number, total: number) => void;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** Images whose features are computed together. */
const CHUNK = 256;

/**
 * Asks a checkpoint the questions of a dataset.
 *
 * @param engine Where the model runs.
 * @param checkpoint The model.
 * @param dataset The dataset; the longest answers are those of its training split, if it is loaded, else of the split.
 * @param options What is to be scored.
 * @returns Scores and answers.
 * @throws {InputError} If data cannot be used.
 * @throws {Interrupted} If the signal fired.
 */
export async function evaluateCheckpoint(
  engine: Engine,
  checkpoint: CheckpointFiles,
  dataset: Dataset,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { split, limit, blank, signal } = options;
  const { tokenizer, stops } = checkpoint;
  const model = await loadModel(engine, checkpoint, { trainable: [], storage: options.storage });
  try {
    const maxTokens = Math.min(options.maxTokens, model.maxPositions);
    const store = createImageStore(checkpoint.preprocessing);
    const conversations = new Map<Sample, EncodedConversation>();
    const layout = { imageTokens: model.imageTokens, maxTokens };
    await validateDataset(dataset, tokenizer, layout, { conversations });
    const tasks = dataset.tasks.map(({ name, metric }): TaskQuestions => {
      const train = dataset.samples.train.get(name) ?? [];
      const known = train.length > 0 ? train : dataset.samples[split].get(name) ?? [];
      const maxNewTokens = answerLimit(known.map((sample) => conversations.get(sample)!));
      const questions = withPrompts(questionsOf(dataset, split, name, limit), conversations);
      return { task: name, metric, questions, maxNewTokens };
    });
    const total = tasks.reduce((sum, { questions }) => sum + questions.length, 0);
    const blankImage = (await model.encodeImages([new Float32Array(3 * model.imageSize ** 2)]))[0]!;
    const features = new Map<string, Float32Array>();
    const shownBy = new Map(
      tasks.flatMap(({ questions }) =>
        questions.flatMap(({ sample }) => sample.images.map((path) => [path, sample] as const))
      ),
    );
    const paths = [...shownBy.keys()];
    for (let from = 0; from < paths.length && !blank; from += CHUNK) {
      signal?.throwIfAborted();
      const chunk = paths.slice(from, from + CHUNK);
      const pixels: Float32Array[] = [];
      for (const path of chunk) pixels.push(await samplePixels(store, path, shownBy.get(path)!));
      for (const [i, one] of (await model.encodeImages(pixels)).entries()) features.set(chunk[i]!, one);
    }
    let done = 0;
    return await evaluate(model, tasks, {
      tokenizer,
      stops,
      features: (path) => blank ? blankImage : features.get(path)!,
      progress: (count) => options.progress?.(done += count, total),
      signal,
    });
  } finally {
    model.destroy();
  }
}

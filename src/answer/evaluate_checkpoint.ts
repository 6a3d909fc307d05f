/**
 * Scores a checkpoint on a dataset, apart from any run.
 *
 * @module
 */

import type { StorageType } from "../autograd/tensor.ts";
import type { ReadyConversation } from "../data/dataset/packed_conversations.ts";
import { ofSample, validateDataset } from "../data/dataset/validate_dataset.ts";
import { openPicturePool } from "../data/images/picture_pool.ts";
import { inOrder } from "../data/workers/in_order.ts";
import { createImageStore } from "../data/images/image_store.ts";
import type { Dataset, Sample } from "../data/types.ts";
import { answerLimit, evaluate, type Evaluation, type TaskQuestions, withPrompts } from "./evaluate.ts";
import { type CheckpointFiles, loadModel } from "../train/checkpoint_files.ts";
import { encodeTiles, tilesTogether } from "../train/encode_tiles.ts";
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
  /** Most tokens of an answer; by default what the true answers say. */
  maxNewTokens?: number | undefined;
  /** How the model's matrices are held on the device; default "f32". */
  storage?: StorageType;
  /** Whether samples whose images cannot be decoded are left out, counted in the dataset's notes. */
  skipBad?: boolean;
  /** Called with the number of questions answered and asked in all. */
  progress?: (done: number, total: number) => void;
  /** Stops the work. */
  signal?: AbortSignal;
}

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
  const { tokenizer, stops, format } = checkpoint;
  const model = await loadModel(engine, checkpoint, { trainable: [], storage: options.storage });
  const pool = openPicturePool(checkpoint.processor);
  try {
    const maxTokens = Math.min(options.maxTokens, model.maxPositions);
    const store = createImageStore(checkpoint.processor, pool);
    const conversations = new Map<Sample, ReadyConversation>();
    // Left out, or named with others, must be what cannot be decoded, too; else that is found when it is read.
    const { skipBad = false } = options;
    const read = skipBad || dataset.bad !== undefined;
    await validateDataset(dataset, format, store, { maxTokens }, { conversations, skipBad, read });
    const tasks = dataset.tasks.map(({ name, metric }): TaskQuestions => {
      const train = dataset.samples.train.get(name) ?? [];
      const known = train.length > 0 ? train : dataset.samples[split].get(name) ?? [];
      const maxNewTokens = options.maxNewTokens ??
        answerLimit(known.map((sample) => conversations.get(sample)!));
      const asked = questionsOf(dataset, split, name, limit);
      const questions = withPrompts(asked, format, conversations, maxTokens);
      return { task: name, metric, questions, maxNewTokens };
    });
    const total = tasks.reduce((sum, { questions }) => sum + questions.length, 0);
    const blankTile = (await model.encodeImages([new Float32Array(3 * model.imageSize ** 2)]))[0]!;
    const features = new Map<string, Float32Array[]>();
    const shownBy = new Map(
      tasks.flatMap(({ questions }) =>
        questions.flatMap(({ sample }) => sample.images.map((path) => [path, sample] as const))
      ),
    );
    const paths = [...shownBy.keys()];
    if (blank) {
      for (const path of paths) {
        const tiles = checkpoint.processor.tileCount(
          await ofSample(shownBy.get(path)!, () => store.grid(path)),
        );
        features.set(path, new Array<Float32Array>(tiles).fill(blankTile));
      }
    } else {
      const pictures = async function* () {
        const read = (path: string) => ofSample(shownBy.get(path)!, () => store.tiles(path));
        for await (const settled of inOrder(paths, read, store.ahead)) {
          signal?.throwIfAborted();
          if ("error" in settled) throw settled.error;
          yield settled.value;
        }
      };
      const encode = (tiles: Float32Array[]) => model.encodeImages(tiles);
      for await (const finished of encodeTiles(encode, pictures(), tilesTogether(model.imageSize))) {
        for (const picture of finished) features.set(paths[features.size]!, picture);
      }
    }
    let done = 0;
    return await evaluate(model, tasks, {
      tokenizer,
      stops,
      features: (path) => features.get(path)!,
      progress: (count) => options.progress?.(done += count, total),
      signal,
    });
  } finally {
    pool.close();
    model.destroy();
  }
}

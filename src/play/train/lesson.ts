/**
 * Data made ready to train a model on in a page: everything encoded, every picture seen once by the frozen vision tower.
 *
 * @module
 */

import { answerLimit, type TaskQuestions, withPrompts } from "../../answer/evaluate.ts";
import type { ReadyConversation } from "../../data/dataset/packed_conversations.ts";
import { evaluationItems } from "../../data/draw/evaluation_items.ts";
import type { Picture } from "../../data/images/picture.ts";
import type { Sample } from "../../data/types.ts";
import { Interrupted } from "../../errors.ts";
import { cutStep, dealStep, type TrainSequence, type TrainStep } from "../../lmm/trainer/train_step.ts";
import type { CheckpointFiles } from "../../train/checkpoint.ts";
import { encodeTiles, tilesTogether } from "../../train/encode_tiles.ts";
import type { Engine } from "../../train/engine.ts";
import { presetByName } from "../../train/presets.ts";
import type { PlayData, PlayShare } from "../data/play_data.ts";
import { SHOWN } from "../data/share.ts";

/** How the model is trained: as `deno task tune` tunes tiny. */
export const TUNING = presetByName("tiny").tune;

/** What trainings in a page read. */
export interface Lesson {
  /** Names of the tasks. */
  tasks: readonly string[];
  /** What is trained on, task after task. */
  sequences: readonly TrainSequence[];
  /** What losses are measured on; nothing of it is trained on. */
  held: TrainStep;
  /** The questions that are shown with a model's answers. */
  questions: readonly TaskQuestions[];
  /** What the vision tower makes of a picture of these questions. */
  features(path: string): Float32Array[];
}

/** What making a lesson calls and obeys. */
export interface LessonCallbacks {
  /** Called with the number of pictures that the tower has seen, of all. */
  seen?: (done: number, of: number) => void;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/**
 * Makes data ready.
 *
 * @param engine Where the model runs.
 * @param checkpoint The model, whose vision tower stays as it is.
 * @param data What is trained on, measured and shown.
 * @param callbacks Progress and interruption.
 * @returns The lesson.
 * @throws {InputError} If the model cannot be used, or a conversation does not fit it.
 * @throws {Interrupted} If the signal fired.
 */
export async function openLesson(
  engine: Engine,
  checkpoint: CheckpointFiles,
  data: PlayData,
  callbacks: LessonCallbacks = {},
): Promise<Lesson> {
  const { format, processor } = checkpoint;
  const limits = { maxTokens: TUNING.maxTokens };
  const { train, held, shown } = data.samples;
  const pictures = new Map<string, Picture>();
  for (const path of new Set([...train, ...held, ...shown].flatMap(({ images }) => images))) {
    pictures.set(path, data.picture(path, processor));
  }
  const conversations = new Map<Sample, ReadyConversation>();
  for (const sample of [...train, ...held, ...shown]) {
    const grids = sample.images.map((path) => pictures.get(path)!.grid);
    conversations.set(sample, { ...format.encode(sample, grids, limits), grids });
  }
  const features = await featuresOf(engine, checkpoint, pictures, callbacks);

  const index = new Map(data.tasks.map(({ name }, task) => [name, task]));
  const sequencesOf = (share: PlayShare) =>
    data.samples[share].map((sample): TrainSequence => {
      const { ids, mask } = conversations.get(sample)!;
      const images = sample.images.flatMap((path) => features.get(path)!);
      return { id: `${sample.task}/${sample.id}`, task: index.get(sample.task)!, ids, mask, images };
    });
  const questions = data.tasks.map(({ name, metric, box }): TaskQuestions => {
    const own = (samples: readonly Sample[]) => samples.filter(({ task }) => task === name);
    const items = evaluationItems(own(shown), box).sort((a, b) => a.turn - b.turn).slice(0, SHOWN);
    const maxNewTokens = answerLimit(own(train).map((sample) => conversations.get(sample)!));
    return {
      task: name,
      metric,
      questions: withPrompts(items, format, conversations, limits.maxTokens),
      maxNewTokens,
    };
  });
  return {
    tasks: data.tasks.map(({ name }) => name),
    sequences: sequencesOf("train"),
    held: dealStep(cutStep(sequencesOf("held"), TUNING.microBatch), data.tasks.length),
    questions,
    features: (path) => features.get(path)!,
  };
}

/** What the vision tower makes of pictures, by their paths. */
async function featuresOf(
  engine: Engine,
  checkpoint: CheckpointFiles,
  pictures: ReadonlyMap<string, Picture>,
  { seen, signal }: LessonCallbacks,
): Promise<Map<string, Float32Array[]>> {
  const model = await engine.load(checkpoint, { trainable: [] });
  try {
    const tiles = async function* () {
      for (const { tiles } of pictures.values()) yield await Promise.resolve(tiles);
    };
    const encode = (tiles: Float32Array[]) => model.encodeImages(tiles);
    const features = new Map<string, Float32Array[]>();
    const paths = [...pictures.keys()];
    const together = Math.min(AT_ONCE, tilesTogether(model.imageSize));
    for await (const finished of encodeTiles(encode, tiles(), together)) {
      if (signal?.aborted === true) throw new Interrupted("stopped while pictures were looked at");
      for (const picture of finished) features.set(paths[features.size]!, picture);
      seen?.(features.size, paths.length);
    }
    return features;
  } finally {
    model.destroy();
  }
}

/** Pictures that the tower looks at together, at most: so few that one can stop between. */
const AT_ONCE = 128;

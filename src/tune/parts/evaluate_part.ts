/**
 * A part that scores a model, and how every part scores one.
 *
 * @module
 */

import { join } from "@std/path";
import {
  evaluate,
  type EvaluateContext,
  type Evaluation,
  type TaskQuestions,
} from "../../answer/evaluate.ts";
import { holding, loraOf, runsTower } from "../../lmm/trainer/settings.ts";
import type { EvaluatePart, ScoringPart } from "../../run/part.ts";
import type { DrawnTasks, PartResult } from "../../run/records/part_result.ts";
import { writeRecord } from "../../run/run_files.ts";
import { loadModel, readTuned } from "../../train/checkpoint_files.ts";
import { encodeTiles, tilesTogether } from "../../train/encode_tiles.ts";
import type { EngineModel } from "../../train/engine.ts";
import type { TrainCost } from "../../train/train_loop.ts";
import type { Prepared } from "../data/prepare.ts";
import type { PartContext } from "./context.ts";
import { keepAnswers } from "./kept_answers.ts";

/** The cost of a part without training. */
export const NO_TRAINING: TrainCost = { steps: 0, conversations: 0, tokens: 0, answerTokens: 0, seconds: 0 };

/**
 * Scores a model that is there already.
 *
 * @param part The part.
 * @param context What parts share.
 */
export async function runEvaluatePart(part: EvaluatePart, context: PartContext): Promise<void> {
  const checkpoint = part.checkpoint === null
    ? context.checkpoint
    : await readTuned(join(context.folder, part.checkpoint), context.checkpoint);
  const lora = loraOf(context.options, checkpoint.config, part.seed); // so that matrices are held as in training
  const model = await loadModel(context.engine, checkpoint, { ...holding(context.options), lora });
  try {
    const evaluation = await scorePart(model, part, part.blank, context);
    await writeResult(part, evaluation, NO_TRAINING, context);
  } finally {
    model.destroy();
  }
}

/**
 * The questions a part asks.
 *
 * @param part The part.
 * @param prepared The dataset made ready.
 * @returns Those of its split and tasks.
 */
export function questionsOf(part: ScoringPart, prepared: Prepared): TaskQuestions[] {
  if (part.kind === "evaluate" && part.zeroShot === true) return [...prepared.zeroShot];
  return prepared.questions[part.split === "val" ? "val" : "test"].filter(({ task }) =>
    part.tasks.includes(task)
  );
}

/**
 * Has a model answer a part's questions.
 *
 * @param model The model.
 * @param part The part that asks.
 * @param blank Whether every image is replaced by a blank one.
 * @param context What parts share.
 * @returns Answers and scores.
 */
export async function scoreModel(
  model: EngineModel,
  part: ScoringPart,
  blank: boolean,
  context: PartContext,
): Promise<Evaluation> {
  const { checkpoint, callbacks } = context;
  const questions = questionsOf(part, context.prepared);
  return await evaluate(model, questions, {
    tokenizer: checkpoint.tokenizer,
    stops: checkpoint.stops,
    together: context.options.evaluationBatch,
    ...await featuresFor(model, blank, context),
    progress: (count, seconds) => callbacks.answered?.(part.id, count, seconds),
    signal: callbacks.signal,
  });
}

/**
 * Has a part's model answer its questions; answers are on the disk as they come, and an interrupted part goes on from them.
 *
 * @param model The model, as it is when the part asks.
 * @param part The part.
 * @param blank Whether every image is replaced by a blank one.
 * @param context What parts share.
 * @returns Answers and scores, and the seconds of all sittings.
 */
export async function scorePart(
  model: EngineModel,
  part: ScoringPart,
  blank: boolean,
  context: PartContext,
): Promise<Evaluation> {
  const kept = await keepAnswers(model, part, context);
  const evaluation = await scoreModel(kept.model, part, blank, context);
  return { ...evaluation, seconds: evaluation.seconds + kept.seconds };
}

/**
 * What the projector reads of an image: what was computed once where the tower is frozen, else what it sees now.
 *
 * @param model The model.
 * @param questions Those that are to be answered.
 * @param blank Whether every image is replaced by a blank one.
 * @param context The images, and what is frozen.
 * @returns The features of an image's tiles, by its path.
 */
export async function featuresFor(
  model: EngineModel,
  blank: boolean,
  { prepared: { inputs }, options, checkpoint }: Pick<PartContext, "prepared" | "options" | "checkpoint">,
): Promise<Pick<EvaluateContext, "features" | "ready">> {
  const frozen = !runsTower(options, checkpoint.config);
  if (blank) {
    const tile = frozen ? inputs.blankTile : (await model.encodeImages([inputs.blankTile]))[0]!;
    return { features: (path) => inputs.blank(path).map(() => tile) };
  }
  const { ready } = inputs;
  if (frozen) {
    return { features: (path) => inputs.get(path), ...(ready && { ready: (paths) => ready(paths, model) }) };
  }
  const seen = new Map<string, { features: Float32Array[]; users: number }>();
  const encode = (tiles: Float32Array[]) => model.encodeImages(tiles);
  return {
    features: (path) => seen.get(path)!.features,
    ready(asked) {
      const paths = [...new Set(asked)];
      const pixels = ready?.(paths, model);
      const see = async () => {
        await pixels?.done;
        const pictures = async function* () {
          for (const path of paths) yield await Promise.resolve(inputs.get(path));
        };
        let done = 0;
        for await (const finished of encodeTiles(encode, pictures(), tilesTogether(model.imageSize))) {
          for (const features of finished) {
            const path = paths[done++]!;
            seen.set(path, { features, users: (seen.get(path)?.users ?? 0) + 1 });
          }
        }
      };
      return {
        read: pixels?.read ?? Promise.resolve(),
        done: see(),
        release() {
          pixels?.release();
          for (const path of paths) {
            const one = seen.get(path);
            if (one !== undefined && --one.users === 0) seen.delete(path);
          }
        },
      };
    },
  };
}

/**
 * Writes a part's file: what it gave, and what it cost.
 *
 * @param part The part.
 * @param evaluation Answers and scores.
 * @param cost What training it took.
 * @param context What parts share.
 * @param files SHA-256 of what it left beside its file, by name.
 * @param drawn What it read of each task, where these were not drawn by their sizes.
 */
export async function writeResult(
  part: ScoringPart,
  evaluation: Evaluation,
  cost: TrainCost,
  context: PartContext,
  files: Readonly<Record<string, string>> = {},
  drawn?: DrawnTasks,
): Promise<void> {
  const result: PartResult = {
    part: part.id,
    seed: part.seed,
    split: part.split,
    scores: evaluation.scores,
    answers: evaluation.answers,
    ...(drawn && { drawn }),
    ...(cost.chosen && { chosen: cost.chosen }),
    cost: {
      part: part.id,
      conversations: cost.conversations,
      steps: cost.steps,
      tokens: cost.tokens,
      answerTokens: cost.answerTokens,
      trainSeconds: cost.seconds,
      evaluateSeconds: evaluation.seconds,
      ...(cost.waiting !== undefined && { waiting: cost.waiting }),
      ...(cost.validation && { validation: cost.validation }),
    },
  };
  await context.seal?.();
  await writeRecord(context, part.file, result, { files, made: await context.made?.() });
}

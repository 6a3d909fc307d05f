/**
 * Asks a model the questions of a split and scores its answers.
 *
 * @module
 */

import type { EvaluationItem } from "../data/draw/evaluation_items.ts";
import type { ReadyConversation } from "../data/dataset/packed_conversations.ts";
import { tileCount } from "../data/images/picture.ts";
import type { ChatFormat } from "../data/text/chat_format.ts";
import { type EncodedConversation, longestAnswer } from "../data/text/conversation.ts";
import type { Tokenizer } from "../data/text/tokenizer.ts";
import type { MetricName, Sample } from "../data/types.ts";
import { Interrupted } from "../errors.ts";
import type { Sequence } from "../lmm/batch.ts";
import { score } from "../metrics/score.ts";
import type { Answer, TaskScore } from "../run/records/part_result.ts";
import type { EngineModel } from "../train/engine.ts";
import type { Readied } from "../train/image_inputs.ts";

/** A question that is ready to be asked. */
export interface Question extends EvaluationItem {
  /** Token ids up to the place where the answer starts, image placeholders expanded. */
  prompt: Int32Array;
  /** Paths of the images in them, in order. */
  images: string[];
  /** Tiles of these images. */
  tiles: number;
}

/**
 * Makes questions ready to be asked.
 *
 * @param items The questions.
 * @param format How they are laid out.
 * @param conversations Their conversations, encoded.
 * @param maxTokens The longest prompt.
 * @returns The questions with their prompts.
 * @throws {InputError} If a prompt is longer.
 */
export function withPrompts(
  items: readonly EvaluationItem[],
  format: ChatFormat,
  conversations: ReadonlyMap<Sample, ReadyConversation>,
  maxTokens: number,
): Question[] {
  return items.map((item) => {
    const { grids } = conversations.get(item.sample)!;
    const { ids, images } = format.promptOf(item.sample, item.turn, grids, { maxTokens });
    const gridOf = (path: string) => grids[item.sample.images.indexOf(path)]!;
    const tiles = images.reduce((sum, path) => sum + tileCount(gridOf(path)), 0);
    return { ...item, prompt: ids, images, tiles };
  });
}

/** The questions of one task. */
export interface TaskQuestions {
  /** Its name. */
  task: string;
  /** What scores its answers. */
  metric: MetricName;
  /** The questions with their true answers. */
  questions: Question[];
  /** The longest answer the task may give, in tokens. */
  maxNewTokens: number;
}

/** What an evaluation needs beside the model. */
export interface EvaluateContext {
  /** Turns ids into text. */
  tokenizer: Tokenizer;
  /** The ids that end an answer. */
  stops: readonly number[];
  /** The tower's features of an image's tiles; where there is `ready`, only while the image is. */
  features(path: string): Float32Array[];
  /** Begins to make images ready; missing where all of them always are. */
  ready?(paths: readonly string[]): Readied;
  /** Questions answered together; {@linkcode ANSWERED_TOGETHER} if left out. */
  together?: number | undefined;
  /** Called after every chunk with the number of questions it answered and the seconds they took. */
  progress?: (questions: number, seconds: number) => void;
  /** When it fires, the evaluation stops with `Interrupted`. */
  signal?: AbortSignal | undefined;
}

/** What came out of it. */
export interface Evaluation {
  /** One a task. */
  scores: TaskScore[];
  /** Every answer with its points. */
  answers: Answer[];
  /** Time it took. */
  seconds: number;
}

/** Questions answered together: enough to fill a device, few enough to hold their key-value caches. */
export const ANSWERED_TOGETHER = 64;

/**
 * Answers questions, greedily, and scores the answers.
 *
 * @param model The model.
 * @param tasks The questions, task by task.
 * @param context Tokenizer, features, progress.
 * @returns A score a task, and all answers in the order of the questions.
 * @throws {Interrupted} If the signal fired.
 *
 * Questions are answered in order of length, so that a chunk needs little padding.
 */
export async function evaluate(
  model: EngineModel,
  tasks: readonly TaskQuestions[],
  context: EvaluateContext,
): Promise<Evaluation> {
  const start = performance.now();
  const { together = ANSWERED_TOGETHER } = context;
  const scores: TaskScore[] = [];
  const answers: Answer[] = [];
  for (const { task, metric, questions, maxNewTokens } of tasks) {
    const prompts = questions.map(({ prompt, images }, index) => ({ index, ids: prompt, images }));
    prompts.sort((a, b) => a.ids.length - b.ids.length || a.index - b.index);

    const said = new Array<string>(questions.length).fill("");
    let unfinished = 0;
    const ready = (from: number) =>
      context.ready?.(prompts.slice(from, from + together).flatMap(({ images }) => images));
    let next = ready(0), now: Readied | undefined;
    try {
      for (let from = 0; from < prompts.length; from += together) {
        if (context.signal?.aborted === true) {
          throw new Interrupted(`stopped while answering questions of ${task}`);
        }
        const began = performance.now();
        const chunk = prompts.slice(from, from + together);
        [now, next] = [next, ready(from + together)];
        await now?.done;
        const sequences = chunk.map(({ ids, images }): Sequence => ({
          ids,
          images: images.flatMap(context.features),
        }));
        const room = model.maxPositions - chunk.at(-1)!.ids.length;
        const most = Math.max(1, Math.min(maxNewTokens, room));
        const results = await model.generate(sequences, {
          maxNewTokens: most,
          stops: context.stops,
          batchSize: together,
        });
        for (const [i, { index }] of chunk.entries()) {
          said[index] = context.tokenizer.decode(results[i]!).trim();
          // The token that ends an answer counts, and is not among these.
          if (results[i]!.length >= most) unfinished++;
        }
        now?.release();
        context.progress?.(chunk.length, (performance.now() - began) / 1000);
        // A signal gets its turn.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } finally {
      next?.done.catch(() => {});
      next?.release();
      now?.release();
    }

    const scored = score(
      metric,
      questions.map(({ sample, question, truth, references, box }, i) => ({
        prediction: said[i]!,
        truth,
        ...(references === undefined ? {} : { references }),
        ...(box === undefined ? {} : { box }),
        question,
        id: sample.id,
      })),
    );
    scores.push({
      task,
      metric,
      score: scored.points,
      questions: questions.length,
      others: scored.others,
      maxNewTokens,
      unfinished,
    });
    for (const [i, { sample, turn }] of questions.entries()) {
      answers.push({ id: sample.id, task, turn, answer: said[i]!, score: scored.perItem[i]! });
    }
  }
  return { scores, answers, seconds: (performance.now() - start) / 1000 };
}

/**
 * The longest answer a task may give: the longest of its training answers and a few tokens more.
 *
 * @param conversations Training conversations, encoded.
 * @returns A number of tokens, the one that ends the answer included.
 */
export function answerLimit(conversations: Iterable<EncodedConversation>): number {
  return longestAnswer(conversations) + 4;
}

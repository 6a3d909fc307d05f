/**
 * The work of a run's parts, planned from the lengths of the conversations: steps, tokens, questions, and the longest
 * pass of each. No image is looked at.
 *
 * @module
 */

import { ANSWERED_TOGETHER, type TaskQuestions } from "../answer/evaluate.ts";
import { roundUp } from "../lmm/batch.ts";
import type { PromptSize } from "../lmm/generation/prompts_that_fit.ts";
import type { ForwardSize } from "../lmm/trainer/forward.ts";
import { cutStep } from "../lmm/trainer/train_step.ts";
import { isScoring, type Part, type ScoringPart, type TunePart } from "../run/part.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import { planOrder } from "../train/order.ts";
import type { DatasetSequence, Prepared } from "./data/prepare.ts";
import { stepsOfCadence } from "./options/kinds.ts";
import { questionsOf } from "./parts/evaluate_part.ts";
import { lookOf } from "./parts/evaluation_of.ts";
import { quotasOf } from "./parts/mix.ts";
import { orderOf, sequencesOf, sizesOf, validationOf } from "./parts/tune_part.ts";

/** The sequences of one forward pass. */
export interface LongPass {
  /** The part. */
  part: string;
  /** Its step, from 1; 0 for a look at validation questions. */
  step: number;
  /** Positions of its sequences, without padding. */
  tokens: number;
  /** The size that a program is recorded for. */
  size: ForwardSize;
  /** Ids of its samples, the longest first. */
  samples: string[];
}

/** What training a part takes. */
export interface TrainWork {
  /** Optimiser steps. */
  steps: number;
  /** Conversations that are read, repetitions counted. */
  conversations: number;
  /** Their tokens. */
  tokens: number;
  /** Tiles of their images. */
  tiles: number;
  /** The passes with the most rows, tiles and targets: one to three. */
  longest: LongPass[];
  /** The look at validation questions with the most rows, where the part takes such looks. */
  validation: LongPass | undefined;
  /** The looks at validation questions after which the best step is kept, where the part takes such looks. */
  looks: Looks | undefined;
}

/** Looks that a part takes while it is tuned. */
export interface Looks {
  /** How many, where none ends the part early. */
  count: number;
  /** Tokens of the conversations whose loss each takes. */
  tokens: number;
  /** What each asks. */
  answer: AnswerWork;
}

/** What answering a part's questions takes. */
export interface AnswerWork {
  /** Questions. */
  questions: number;
  /** Tokens of their prompts. */
  tokens: number;
  /** Prompts of each task in order of length, and the longest answer. */
  tasks: { task: string; prompts: PromptSize[]; maxNewTokens: number }[];
}

/** The work of a part. */
export interface PartWork {
  /** The part. */
  part: Part;
  /** Training, where it trains. */
  train: TrainWork | undefined;
  /** Answering, where it asks. */
  answer: AnswerWork | undefined;
}

/**
 * Plans the work of parts.
 *
 * A part that draws tasks by weights which are measured first is planned as if these were all 1.
 *
 * @param parts The parts.
 * @param prepared The dataset made ready; its images need not be.
 * @param options The run's.
 * @returns One entry a part.
 */
export function planWork(parts: readonly Part[], prepared: Prepared, options: ResolvedOptions): PartWork[] {
  return parts.map((part) => ({
    part,
    train: part.kind === "tune" ? trainWork(part, prepared, options) : undefined,
    answer: isScoring(part) ? answerWork(part, prepared) : undefined,
  }));
}

/**
 * Plans the training of a part.
 *
 * @param part The part.
 * @param prepared The dataset made ready.
 * @param options The run's.
 * @param quotas What is drawn of each task, where it is known better than by the run's options.
 */
export function trainWork(
  part: TunePart,
  prepared: Prepared,
  options: ResolvedOptions,
  quotas?: readonly number[],
): TrainWork {
  const sequences = sequencesOf(part, prepared, options);
  const drawn = quotas ?? quotasOf(part, sizesOf(sequences, options.tasks.length), options);
  const order = planOrder(sequences, { ...orderOf(part, prepared, options), quotas: drawn });
  const targets = sequences.map(targetsOf);
  const found = { conversations: 0, tokens: 0, tiles: 0 };
  const most = new Most();
  for (let step = 1; step <= order.steps; step++) {
    for (const chosen of order.step(step)) {
      const sums = { rows: 0, images: 0, targets: 0 };
      for (const k of chosen) {
        sums.rows += sequences[k]!.ids.length;
        sums.images += sequences[k]!.tiles;
        sums.targets += targets[k]!;
      }
      found.conversations += chosen.length;
      found.tokens += sums.rows;
      found.tiles += sums.images;
      most.see(sums, step, chosen);
    }
  }
  return {
    steps: order.steps,
    ...found,
    longest: most.passes(part.id, sequences),
    validation: validationWork(part, prepared, options),
    looks: looksWork(part, order.steps, prepared, options),
  };
}

function looksWork(
  part: TunePart,
  steps: number,
  prepared: Prepared,
  options: ResolvedOptions,
): Looks | undefined {
  const look = lookOf(part, { prepared, options });
  if (look === undefined) return undefined;
  const every = stepsOfCadence(look.settings.every, steps);
  // The last step is looked at whatever its number.
  return { count: Math.ceil(steps / every), tokens: look.work.tokens, answer: answersTo(look.questions) };
}

/** The longest look at validation questions. */
function validationWork(part: TunePart, prepared: Prepared, options: ResolvedOptions): LongPass | undefined {
  const context = { prepared, options };
  const looked = [validationOf(part, context)?.work, lookOf(part, context)?.work];
  const passes = looked.flatMap((work) => work?.microBatches ?? []).map(({ sequences, answerRows }) => {
    const all = sequences as readonly DatasetSequence[];
    return longPass(part.id, 0, all, answerRows.length);
  });
  return passes.sort((a, b) => b.size.rows - a.size.rows)[0];
}

function targetsOf({ mask }: Pick<DatasetSequence, "mask">): number {
  let count = 0;
  for (let i = 1; i < mask.length; i++) count += mask[i]!;
  return count;
}

function longPass(
  part: string,
  step: number,
  sequences: readonly DatasetSequence[],
  targets: number,
): LongPass {
  const tokens = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const images = sequences.reduce((sum, { tiles }) => sum + tiles, 0);
  return {
    part,
    step,
    tokens,
    size: { rows: roundUp(tokens), images: Math.max(1, images), targets: roundUp(targets) },
    samples: [...sequences].sort((a, b) => b.ids.length - a.ids.length).map(({ id }) => id),
  };
}

/** Passes with the most of each kind; of two alike the one seen first. */
class Most {
  readonly #best = new Map<keyof ForwardSize, { sums: ForwardSize; step: number; chosen: number[] }>();

  see(sums: ForwardSize, step: number, chosen: number[]) {
    for (const kind of ["rows", "images", "targets"] as const) {
      const best = this.#best.get(kind)?.sums;
      if (
        best === undefined || sums[kind] > best[kind] || sums[kind] === best[kind] && sums.rows > best.rows
      ) {
        this.#best.set(kind, { sums, step, chosen });
      }
    }
  }

  passes(part: string, sequences: readonly DatasetSequence[]): LongPass[] {
    const unique = new Map([...this.#best.values()].map((one) => [one.chosen, one]));
    return [...unique.values()].map(({ sums, step, chosen }) =>
      longPass(part, step, chosen.map((k) => sequences[k]!), sums.targets)
    );
  }
}

function answerWork(part: ScoringPart, prepared: Prepared): AnswerWork {
  return answersTo(questionsOf(part, prepared));
}

function answersTo(asked: readonly TaskQuestions[]): AnswerWork {
  const tasks = asked.map(({ task, questions, maxNewTokens }) => ({
    task,
    maxNewTokens,
    prompts: questions.map(({ prompt, tiles }) => ({ tokens: prompt.length, tiles })).sort((a, b) =>
      a.tokens - b.tokens
    ),
  }));
  const prompts = tasks.flatMap(({ prompts }) => prompts);
  return {
    questions: prompts.length,
    tokens: prompts.reduce((sum, { tokens }) => sum + tokens, 0),
    tasks,
  };
}

/**
 * The passes that need the most of all parts: those that no other outdoes in rows, tiles and targets at once.
 *
 * @param work The parts.
 * @returns The longest first.
 */
export function longestPasses(work: readonly PartWork[]): LongPass[] {
  const all = work.flatMap(({ train }) => train?.longest ?? []);
  all.sort((a, b) =>
    b.size.rows - a.size.rows || b.size.images - a.size.images || b.size.targets - a.size.targets
  );
  return all.filter(({ size }, i) =>
    !all.slice(0, i).some(({ size: other }) =>
      other.rows >= size.rows && other.images >= size.images && other.targets >= size.targets
    )
  );
}

/** Prompts that are answered at a time in a run. */
export function answeredTogether({ evaluationBatch = ANSWERED_TOGETHER }: ResolvedOptions): number {
  return evaluationBatch;
}

/**
 * Prompts of each task that a part has its model answer, looks on the way among them.
 *
 * @param work The part.
 */
export function answersOf({ answer, train }: Pick<PartWork, "answer" | "train">): AnswerWork["tasks"] {
  return [...answer?.tasks ?? [], ...train?.looks?.answer.tasks ?? []];
}

/**
 * Prompts as they are answered: chunk by chunk.
 *
 * @param work The parts.
 * @param together Prompts of a chunk, at most.
 * @returns The chunks of all tasks of all parts, the same ones once.
 */
export function answeredChunks(
  work: readonly PartWork[],
  together: number,
): { prompts: PromptSize[]; maxNewTokens: number }[] {
  const seen = new Map<string, { prompts: PromptSize[]; maxNewTokens: number }>();
  for (const { prompts, maxNewTokens } of work.flatMap(answersOf)) {
    for (const chunk of cutStep(prompts, together)) {
      const tokens = chunk.reduce((sum, one) => sum + one.tokens, 0);
      const tiles = chunk.reduce((sum, one) => sum + one.tiles, 0);
      seen.set([tokens, tiles, chunk.length, chunk.at(-1)!.tokens, maxNewTokens].join(" "), {
        prompts: chunk,
        maxNewTokens,
      });
    }
  }
  return [...seen.values()];
}

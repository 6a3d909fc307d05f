/**
 * The mixtures: which tasks are tuned together, and how much there is of each.
 *
 * Whether weights pay depends on what is mixed. Each mixture stands for one condition, and was chosen, and its reasons
 * written down here, before any method was run on it. None may be changed for what a method scores on it.
 *
 * @module
 */

import { InputError } from "../errors.ts";

/** A mixture of tasks. */
export interface Mixture {
  /** Its name. */
  name: string;
  /** One line for --help. */
  summary: string;
  /** Why it is as it is: sentences, a paragraph each. */
  reasons: readonly string[];
  /** Training conversations of each task, in the order in which the tasks are shown. */
  train: Readonly<Record<string, number>>;
}

/** Conversations of each task in the training split of the default mixture. */
export const TRAIN_CONVERSATIONS: Readonly<Record<string, number>> = {
  caption: 600,
  "region-caption": 600,
  vqa: 1200,
  gqa: 1500,
  chart: 750,
  reading: 450,
  grounding: 900,
};

/** Training conversations of the control task, where it takes part. */
export const CONTROL_CONVERSATIONS = 600;

/** All mixtures, the default first. */
export const MIXTURES: readonly Mixture[] = [
  {
    name: "default",
    summary: "moderately unequal sizes, 6,000 conversations",
    reasons: [
      "The benchmark as it was first published; it stays as it is, so that earlier results can be compared with later " +
      "ones. Its signs have two or three letters and are read whole or not at all.",
      "Counted in answer tokens, which is what the loss counts, its largest task (caption, 14,500) has six times as " +
      "many as its smallest (reading, 2,500).",
    ],
    train: TRAIN_CONVERSATIONS,
  },
  {
    name: "equal",
    summary: "the same number of answer tokens for every task: nothing to balance",
    reasons: [
      "Where nothing is out of balance, weights should change nothing. A method that gains here gains by something else " +
      "than balance; one that loses shows what its noise costs.",
      "Equal in answer tokens (about 6,000 a task, end of answer included), not in conversations: the loss is a mean " +
      "over answer tokens, so that a task's share of them is its weight where all weights are 1. With equal " +
      "conversations captions would have four times the weight of short answers.",
    ],
    train: {
      caption: 250,
      "region-caption": 600,
      vqa: 1000,
      gqa: 1000,
      chart: 1000,
      letters: 880,
      grounding: 600,
    },
  },
  {
    name: "paper",
    summary: "sizes in the proportions of the paper's Academic mixture, unequal by 20 times",
    reasons: [
      "The condition under which the paper reports its gains. Conversations are in proportion to the sizes in bytes of " +
      "the authors' training files, as huggingface.co/datasets/YanqiDai/VisATB lists them under Academic/train: GQA " +
      "227 MB, OCRVQA 106, RefCOCO boxes 71, ChartQA 11; RefCOCO captions 65 (the file of 86 MB that adds the other tasks' " +
      "small subsets, less these 21 MB). For ShareGPT4V it is the size of the original file of 100,000 captions, 134 " +
      "MB. VQAv2's 100 MB are an estimate, from what is left of the whole (862 MB) beside the text-only conversations.",
      "Bytes, because the numbers of conversations in the files' names (GQA 72,000, OCRVQA 80,000, RefCOCO boxes 41,000, " +
      "ChartQA 18,000) hide that a conversation of GQA holds a dozen questions and one of ChartQA one or two, while " +
      "here a conversation of either holds three.",
    ],
    train: {
      caption: 1100,
      "region-caption": 550,
      vqa: 850,
      gqa: 1900,
      chart: 95,
      letters: 900,
      grounding: 600,
    },
  },
  {
    name: "starved",
    summary: "three tasks with under 200 conversations beside four large ones",
    reasons: [
      "The condition for which weights are made: tasks so small that a plain mean forgets them.",
      "The three differ in what others can do for them. Captions of regions share words and looks with captions and " +
      "boxes, of which there are many; charts share only colours with the rest; signs share nothing. A method that " +
      "reads contributions should tell them apart, and help the third most.",
      "All three are large enough that an eighth of them still holds fifteen conversations.",
    ],
    train: {
      caption: 700,
      "region-caption": 120,
      vqa: 1700,
      gqa: 2000,
      chart: 150,
      letters: 180,
      grounding: 1150,
    },
  },
  {
    name: "conflict",
    summary: "nine tasks, two of which answer two others' questions in another convention",
    reasons: [
      'Tasks that pull apart. vqa-full asks vqa\'s questions about pictures of four objects and answers "red ring" where ' +
      'vqa answers "red" or "ring"; grounding-words asks grounding\'s about pictures of two objects and answers "top ' +
      'left" where grounding gives a box. Nothing tells which is wanted.',
      "The conflict is not zero-sum, or no weights could pay: a model that gives in to vqa-full on pictures of four objects " +
      "wins all of it and loses the quarter of vqa's questions that are such; with grounding-words it is all of it " +
      "for the third of grounding's.",
      "Counted where they clash, by the first question of a conversation, the larger task has a little more than twice as " +
      "many as the smaller: with equal weights the larger wins, at equal counts luck would, and the paper's band of " +
      "weights (0.5 to 2) is wide enough to turn it round. So a method can gain here; whether it does is the question.",
      "A first form, in which a sign in the picture told the convention, was given up before any method was run: one " +
      "tuning with equal weights never mistook the convention, so that nothing pulled apart.",
      "Nine tasks in place of seven also ask more of the same small model.",
    ],
    train: {
      caption: 400,
      "region-caption": 400,
      vqa: 1600,
      gqa: 900,
      chart: 500,
      letters: 400,
      grounding: 1200,
      "vqa-full": 220,
      "grounding-words": 160,
    },
  },
];

/**
 * A mixture by its name.
 *
 * @param name One of the names of `MIXTURES`.
 * @returns The mixture.
 * @throws {InputError} If there is none of this name.
 *
 * @example The smallest task of the starved mixture
 * ```ts
 * import { mixtureByName } from "./mixtures.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Math.min(...Object.values(mixtureByName("starved").train)), 120);
 * ```
 */
export function mixtureByName(name: string): Mixture {
  const found = MIXTURES.find((mixture) => mixture.name === name);
  if (found !== undefined) return found;
  throw new InputError(
    `--mixture: expected one of ${MIXTURES.map((mixture) => mixture.name).join(", ")}, found "${name}"`,
  );
}

/**
 * The training sizes of a mixture, multiplied by a factor and rounded.
 *
 * @param mixture The mixture's name.
 * @param options The factor (1, if left out), the least size (1, if left out), and whether the control takes part.
 * @returns Training conversations by task.
 * @throws {InputError} If there is no such mixture.
 *
 * @example A tenth, with the control
 * ```ts
 * import { mixtureSizes } from "./mixtures.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = mixtureSizes("starved", { scale: 0.1, control: true });
 * assertEquals([sizes["chart"], sizes["control"]], [15, 60]);
 * ```
 */
export function mixtureSizes(
  mixture: string,
  options: { scale?: number; least?: number; control?: boolean } = {},
): Record<string, number> {
  const { scale = 1, least = 1, control = false } = options;
  const { train } = mixtureByName(mixture);
  return Object.fromEntries(
    Object.entries(control ? { ...train, control: CONTROL_CONVERSATIONS } : train)
      .map(([task, count]) => [task, Math.max(least, Math.round(scale * count))]),
  );
}

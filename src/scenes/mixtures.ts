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
      letters: 920,
      grounding: 600,
    },
  },
  {
    name: "paper",
    summary: "sizes in the proportions of the paper's Academic mixture, unequal by 20 times",
    reasons: [
      "The condition under which the paper reports its gains. Conversations are in proportion to the sizes in bytes of " +
      "the authors' training files (huggingface.co/datasets/YanqiDai/VisATB, Academic/train, as listed in November " +
      "2026): GQA 227 MB, OCRVQA 106, RefCOCO boxes 71, RefCOCO captions 65 (its file of 86 MB less the 21 MB of the " +
      "other tasks' small subsets), ChartQA 11. For ShareGPT4V it is the size of the original file of 100,000 captions " +
      "(134 MB); VQAv2's is an estimate, 100 MB, from what is left of the whole (862 MB) beside the text-only " +
      "conversations.",
      "Bytes, because the files' numbers of conversations (102,000 41,000 83,000 72,000 18,000 80,000 41,000 in the order " +
      "of the tasks here) hide that a conversation of GQA holds a dozen questions and one of ChartQA one or two, while " +
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
    summary: "nine tasks, two of which answer others' questions in another convention",
    reasons: [
      'Tasks that pull apart. vqa-full asks vqa\'s questions and answers "red ring" where vqa answers "red" or "ring"; ' +
      'grounding-words asks grounding\'s and answers "top left" where grounding gives a box. No word of the prompt tells ' +
      "which is wanted.",
      "The picture tells: the other convention holds where there is a sign. Without that the conflict would be zero-sum, " +
      "and the scores would say only which of two tasks has the larger weight; with it a model that looks can serve " +
      "both, and weights can help it to.",
      "Of each pair one is about two to three times as large as the other in conversations, because at equal sizes the " +
      "winner would be a matter of luck. Nine tasks in place of seven ask more of the same small model.",
    ],
    train: {
      caption: 450,
      "region-caption": 450,
      vqa: 1000,
      gqa: 1000,
      chart: 600,
      letters: 450,
      grounding: 800,
      "vqa-full": 500,
      "grounding-words": 350,
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

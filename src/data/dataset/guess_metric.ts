/**
 * A metric for a task that names none.
 *
 * @module
 */

import { captionWords } from "../../metrics/cider.ts";
import { type BoxForm, parseBox } from "../../metrics/iou.ts";
import type { MetricName } from "../../metrics/metric_name.ts";
import { parseOptions } from "../../metrics/multiple_choice.ts";
import { UNSPACED } from "../../metrics/unspaced.ts";
import { guessBox } from "./guess_box.ts";

/** The part of the answers that must have a form before the form decides. */
const MOST = 0.8;
/** A single letter, as an option is named. */
const LETTER = /^\W*([A-Z])\W*$/;
/** Answers of people to each question of VQA. */
const VOTES = 10;
/** A box in pixels, or in another notation. */
const FOUR_NUMBERS = /^\W*-?[\d.]+(?:[\s,;<>()[\]]+-?[\d.]+){3}\W*$/;

/** What is known of the answers beside their text. */
export interface GuessFacts {
  /** The question of each answer. */
  questions?: readonly string[];
  /** How many answers its question has. */
  votes?: readonly number[];
}

/**
 * Guesses a task's metric from its answers: boxes are scored by their overlap, letters of options by multiple choice,
 * answers of one to three words by exact match (by VQA accuracy where ten people answered), sentences by CIDEr. Overlap
 * needs all answers to be boxes in one form (see `guessBox`); where some are not, the reason says so. In
 * scripts without spaces two characters count as a word.
 *
 * @param answers The answers of the task's samples.
 * @param about What else is known of each answer, in the same order.
 * @returns The metric, and what in the answers decided.
 *
 * @example
 * ```ts
 * import { guessMetric } from "./guess_metric.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(guessMetric(["yes", "two cubes"]).metric, "exact-match");
 * assertEquals(guessMetric(["[0.1, 0.2, 0.5, 0.6]"]).metric, "iou");
 * assertEquals(guessMetric(["A red cube stands on the left."]).metric, "cider");
 * assertEquals(guessMetric(["B"], { questions: ["Which?\nA. red\nB. blue"] }).metric, "multiple-choice");
 * ```
 */
export function guessMetric(
  answers: readonly string[],
  about: GuessFacts = {},
): { metric: MetricName; because: string; box?: BoxForm } {
  const part = (test: (answer: string, i: number) => boolean) =>
    answers.filter(test).length / Math.max(1, answers.length);
  const boxes = part((answer) => parseBox(answer) !== null);
  if (boxes === 1 && answers.length > 0) return { metric: "iou", because: "its answers are boxes" };
  const box = guessBox(answers);
  if (box !== undefined) return { metric: "iou", because: "its answers are boxes", box };
  if (boxes >= MOST) {
    const others = answers.filter((answer) => parseBox(answer) === null);
    return {
      metric: "exact-match",
      because:
        `${others.length} of its ${answers.length} answers are no boxes between 0 and 1, which iou needs ` +
        `(${JSON.stringify(others[0]!.slice(0, 40))})`,
    };
  }
  if (part((answer) => FOUR_NUMBERS.test(answer)) >= MOST) {
    return {
      metric: "exact-match",
      because: "its answers are four numbers, but not boxes [x1, y1, x2, y2] between 0 and 1 (parts of the " +
        "image, padded to a square), which iou needs where tasks.json says no other scale or form",
    };
  }
  const optionNamed = (answer: string, i: number) => {
    const found = LETTER.exec(answer);
    return found !== null && parseOptions(about.questions?.[i] ?? "").has(found[1]!);
  };
  if (part(optionNamed) >= MOST) {
    return { metric: "multiple-choice", because: "its answers are letters of options" };
  }
  if (part((answer) => countWords(answer) <= 3) >= MOST) {
    if (part((_, i) => (about.votes?.[i] ?? 1) >= VOTES) >= MOST) {
      return { metric: "vqa-accuracy", because: `its questions have ${VOTES} answers of one to three words` };
    }
    return { metric: "exact-match", because: "its answers have one to three words" };
  }
  return { metric: "cider", because: "its answers are sentences" };
}

/** Words between spaces; of a script without them, half the characters. */
function countWords(answer: string): number {
  const spaced = answer.trim().split(/\s+/).length;
  return Math.max(spaced, UNSPACED.test(answer) ? captionWords(answer).length / 2 : 0);
}

/**
 * examples.json: questions of the test with every method's answer.
 *
 * @module
 */

import type { MetricName } from "../../data/types.ts";
import type { BoxForm } from "../../metrics/iou.ts";

/**
 * A question of the test split with every method's answer, for the report. Answers are those of the first seed.
 */
export interface Example {
  /** Name of the task. */
  task: string;
  /** How the task is scored. */
  metric: MetricName;
  /** How boxes are written in its answers, where they are not parts of the sides. */
  box?: BoxForm;
  /** Its place among the questions of the task's test, from 0: ids need not be unique. */
  index: number;
  /** The sample's id. */
  id: string;
  /** Index of the question in the conversation. */
  turn: number;
  /** Earlier questions and true answers of the conversation that the model saw, if any. */
  before: { question: string; answer: string }[];
  /** The question. */
  question: string;
  /** The true answer. */
  truth: string;
  /**
   * The images in order, as the model sees them: padded to a square (LLaVA's way), PNG in a data: URL, at most 256
   * pixels wide. Boxes `[x1, y1, x2, y2]` are in [0,1] of this square.
   */
  images: { url: string; size: number }[];
  /** By method name; "base" is the untuned checkpoint. Filled by `loadRun`; empty in examples.json. */
  answers: Record<string, { answer: string; score: number }>;
}

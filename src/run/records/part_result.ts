/**
 * eval.json and test.json: what a part of the run gave, and what it cost.
 *
 * @module
 */

import type { MetricName, Split } from "../../data/types.ts";
import type { BestBy } from "../best_evaluation.ts";

/** The last file of a part of the run: its presence says that the part is finished. */
export interface PartResult {
  /** The part's id, which is its folder in the run: "probes/plus-vqa", "seed-2/methods/ew". */
  part: string;
  /** The seed. */
  seed: number;
  /** The split that the questions are from. */
  split: Split;
  /** Only the tasks the part evaluates (STL's single parts: one). */
  scores: TaskScore[];
  /** Every answer. */
  answers: Answer[];
  /** What it was tuned on, task by task; only where tasks were not drawn by their sizes. */
  drawn?: DrawnTasks;
  /** The step whose model was scored and kept, where validation chose it; else it is the last. */
  chosen?: ChosenStep;
  /** What it cost. */
  cost: PartCost;
}

/** What a tuning read of each task, one number a task of the run, repetitions counted. */
export interface DrawnTasks {
  /** Conversations that there are. */
  sizes: number[];
  /** Conversations that were read. */
  conversations: number[];
  /** Their tokens. */
  tokens: number[];
  /** Those of them with a loss. */
  answerTokens: number[];
}

/** The step that validation chose. */
export interface ChosenStep {
  /** The step. */
  step: number;
  /** What it is best by. */
  by: BestBy;
  /** Its mean score in points, or its mean loss in nats, on the validation questions that were looked at. */
  value: number;
  /** Looks at the validation questions. */
  looks: number;
  /** Looks after the best one. */
  since: number;
  /** Steps that were trained. */
  trained: number;
  /** Steps that were planned: more, where the tuning ended early. */
  planned: number;
}

/** What a part cost. */
export interface PartCost {
  /** The part's id. */
  part: string;
  /** Conversations it was trained on; 0 for a part without training. */
  conversations: number;
  /** Optimiser steps. */
  steps: number;
  /** Training tokens, passes counted. */
  tokens: number;
  /** Training tokens with a loss, passes counted. */
  answerTokens: number;
  /** Seconds of training. */
  trainSeconds: number;
  /** Seconds of answering questions. */
  evaluateSeconds: number;
  /** What of `trainSeconds` was spent waiting for images; only where they were read while the model was trained. */
  waiting?: number;
  /**
   * What of `trainSeconds` went into validation losses while it trained, and the tokens they read (not among `tokens`);
   * only for parts that validated.
   */
  validation?: { seconds: number; tokens: number };
}

/** A task's score. */
export interface TaskScore {
  /** Name of the task. */
  task: string;
  /** How the task is scored. */
  metric: MetricName;
  /** Points by the task's metric. */
  score: number;
  /** Questions asked. */
  questions: number;
  /**
   * Points by other measures, by name: "relaxed-match" and "anls" beside exact-match, "mean-iou" and "unparsed"
   * (answers without a readable box, in per cent) beside iou.
   */
  others: Record<string, number>;
  /** Most tokens that an answer was given; not in older runs. */
  maxNewTokens?: number;
  /** Answers that ran into it: they did not end by themselves; not in older runs. */
  unfinished?: number;
}

/** One answered question of an evaluation. */
export interface Answer {
  /** Sample id. */
  id: string;
  /** Name of the task. */
  task: string;
  /** Index of the question in the conversation. */
  turn: number;
  /** The model's answer. */
  answer: string;
  /** Points of this answer; CIDEr's depend on the whole set. */
  score: number;
}

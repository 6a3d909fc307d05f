/**
 * Weights that were tried, what they scored, and how sure that is.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** Weights that were tried. */
export interface Trial {
  /** λ, one a task. */
  lambda: number[];
  /** V_j, one a task, in points. */
  scores: number[];
  /** Standard error of V_j minus that of the first trial, one a task, from the validation questions. */
  errors: number[];
}

/** What was tried with one seed. */
export interface TrialTable {
  /** The seed. */
  seed: number;
  /** Names of the tasks. */
  tasks: string[];
  /** The trials; the first is λ = 1, with which the others are compared. */
  tried: Trial[];
  /**
   * Covariance of the trials' gains (mean score minus the first trial's), from the validation questions: row and
   * column k belong to trial k; those of the first are 0.
   */
  covariance: number[][];
}

/** The points of one answer, and the conversation that it belongs to. */
export interface AnswerPoints {
  /** Id of the conversation: its questions hang together. */
  id: string;
  /** Name of the task. */
  task: string;
  /** Its points. */
  score: number;
}

/**
 * How far the gains of trials depend on the choice of validation questions.
 *
 * ```
 * d_kq    = points of question q in trial k − in trial 1          e_kc = Σ_{q in c} (d_kq − mean_q d_kq)
 * cov_kl  = Σ_tasks Σ_c e_kc·e_lc · C/(C − 1) / n² / N²           se_kj² = Σ_c e_kc² · C/(C − 1) / n²   of task j
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | c, C | a conversation of the task, and their number: the questions of one hang together |
 * | n | questions of the task |
 * | N | tasks |
 *
 * The usual cluster-robust variance of a mean (Liang and Zeger 1986), of paired differences: all trials answer the same
 * questions. What another seed would change in the training is not in it.
 *
 * @param tasks Names of the tasks.
 * @param answers The answers of every trial, to the same questions in the same order.
 * @returns Standard errors a trial and task, and the covariance of the trials' gains of the mean.
 * @throws {InputError} If trials answered different questions.
 *
 * @example One trial more, right where the first was wrong in two questions of four
 * ```ts
 * import { questionErrors } from "./trial.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const answers = (points: number[]) => points.map((score, i) => ({ id: `${i}`, task: "vqa", score }));
 * const { errors } = questionErrors(["vqa"], [answers([0, 0, 100, 100]), answers([100, 100, 100, 100])]);
 * assertAlmostEquals(errors[1]![0]!, Math.sqrt(4 * 50 ** 2 / 3 / 4)); // the standard error of 100, 100, 0, 0
 * ```
 */
export function questionErrors(
  tasks: readonly string[],
  answers: readonly (readonly AnswerPoints[])[],
): { errors: number[][]; covariance: number[][] } {
  const first = answers[0] ?? [];
  for (const [k, other] of answers.entries()) {
    const at = other.findIndex(({ id, task }, q) => id !== first[q]?.id || task !== first[q]?.task);
    if (at < 0 && other.length === first.length) continue;
    throw new InputError(
      `trial ${k + 1}: expected the ${first.length} questions of the first trial, found ` +
        (at < 0 ? `${other.length} questions` : `another one in place ${at + 1} (${other[at]!.id})`),
    );
  }
  const errors = answers.map(() => tasks.map(() => 0));
  const covariance = answers.map(() => answers.map(() => 0));
  for (const [j, task] of tasks.entries()) {
    const asked = first.flatMap((answer, q) => answer.task === task ? [q] : []);
    const n = asked.length;
    // The sums of a trial's differences over each conversation, about their mean.
    const sums = answers.map((own) => {
      const mean = asked.reduce((sum, q) => sum + own[q]!.score - first[q]!.score, 0) / n;
      const clusters = new Map<string, number>();
      for (const q of asked) {
        const { id, score } = own[q]!;
        clusters.set(id, (clusters.get(id) ?? 0) + score - first[q]!.score - mean);
      }
      return [...clusters.values()];
    });
    const count = sums[0]!.length;
    if (count < 2) continue;
    const scale = count / (count - 1) / n ** 2;
    for (const [k, own] of sums.entries()) {
      for (const [l, other] of sums.entries()) {
        const product = own.reduce((sum, e, c) => sum + e * other[c]!, 0) * scale;
        covariance[k]![l]! += product / tasks.length ** 2;
        if (k === l) errors[k]![j] = Math.sqrt(product);
      }
    }
  }
  return { errors, covariance };
}

/** Mean over the tasks. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

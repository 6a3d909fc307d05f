/**
 * Which step of a tuning did best on validation questions.
 *
 * @module
 */

import type { EvaluationRecord, MetricsLine } from "./records/metrics_line.ts";

/** What the best step is best by. */
export type BestBy = "score" | "loss";

/** The best step so far. */
export interface BestEvaluation {
  /** The step; of equal ones the first. */
  step: number;
  /** Its mean score in points, or its mean loss in nats. */
  value: number;
  /** Looks at the validation questions so far. */
  looks: number;
  /** Looks after the best one: none of them was better. */
  since: number;
}

/**
 * The mean over the tasks that were looked at.
 *
 * @param evaluation What was measured.
 * @param by Scores or losses.
 * @returns Points or nats.
 */
export function meanOf(evaluation: EvaluationRecord, by: BestBy): number {
  const values = evaluation[by].filter((value) => value !== null);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Finds the best step.
 *
 * @param lines Steps in order; those without an evaluation are passed over.
 * @param by The highest mean score, or the lowest mean loss.
 * @returns The best; undefined if no step was looked at.
 *
 * @example The second of three looks was best
 * ```ts
 * import { bestEvaluation } from "./best_evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const line = (step: number, score: number) => ({
 *   step,
 *   evaluation: { loss: [1], score: [score], questions: 8, tokens: 100, seconds: 1 },
 * });
 * assertEquals(bestEvaluation([line(10, 40), line(20, 60), line(30, 60)], "score"), {
 *   step: 20,
 *   value: 60,
 *   looks: 3,
 *   since: 1,
 * });
 * ```
 */
export function bestEvaluation(
  lines: Iterable<Pick<MetricsLine, "step" | "evaluation">>,
  by: BestBy,
): BestEvaluation | undefined {
  let best: BestEvaluation | undefined;
  for (const { step, evaluation } of lines) {
    if (evaluation === undefined) continue;
    const value = meanOf(evaluation, by);
    const better = best === undefined || (by === "score" ? value > best.value : value < best.value);
    if (better) best = { step, value, looks: (best?.looks ?? 0) + 1, since: 0 };
    else best = { ...best!, looks: best!.looks + 1, since: best!.since + 1 };
  }
  return best;
}

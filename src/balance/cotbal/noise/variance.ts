/**
 * How sure a mean over questions and draws is.
 *
 * @module
 */

/** The variance of a mean (or of a sum of means), and the parts it was made from. */
export interface MeanVariance {
  /** Squared standard error of the mean: `questions + draws`. */
  total: number;
  /** From the questions: another validation set would give another mean. */
  questions: number;
  /** From the draws, beyond what the questions explain: other subsets and another order. 0 with one draw. */
  draws: number;
  /** M_r: from the draws and what questions and draws leave, together. 0 with one draw. */
  between: number;
  /** M_e: what questions and draws leave. 0 with one draw. */
  rest: number;
}

/**
 * Variance of a mean over Q questions, each asked in n draws: a two-way random model.
 *
 * ```
 * s_rq = μ + a_q + b_r + e_rq
 * Var(mean) = σ_a²/Q + σ_b²/n + σ_e²/(nQ)
 *           ≈ M_q + max(0, M_r − M_e)
 * M_q = Σ_q (s_·q − s_··)² / (Q(Q − 1))                            estimates σ_a²/Q + σ_e²/(nQ)
 * M_r = Σ_r (s_r· − s_··)² / (n(n − 1))                            estimates σ_b²/n + σ_e²/(nQ)
 * M_e = Σ_rq (s_rq − s_r· − s_·q + s_··)² / (nQ(n − 1)(Q − 1))     estimates σ_e²/(nQ)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | s_rq | points of question q in draw r, or any sum of such points over models |
 * | a_q, b_r, e_rq | the question's share, the draw's, and what is left |
 * | s_·q, s_r·, s_·· | means over draws, over questions, over both |
 *
 * M_e is subtracted since both M_q and M_r hold it. Source: the analysis-of-variance estimators of S. Searle, G.
 * Casella and C. McCulloch, "Variance Components" (1992), chapter 4. For models asked the same questions, give the
 * differences of their points: what the questions share then drops out.
 *
 * @param points Row r, column q.
 * @returns The variance; infinite where there is one question only, which says nothing of others.
 *
 * @example One draw of 100 questions, half of them right: a standard error of 5 points
 * ```ts
 * import { varianceOfMean } from "./variance.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const points = Array.from({ length: 100 }, (_, q) => q < 50 ? 100 : 0);
 * assertAlmostEquals(Math.sqrt(varianceOfMean([points]).total), 5.03, 0.01);
 * ```
 */
export function varianceOfMean(points: readonly ArrayLike<number>[]): MeanVariance {
  const n = points.length;
  const Q = points[0]?.length ?? 0;
  if (Q < 2) return { total: Infinity, questions: Infinity, draws: 0, between: 0, rest: 0 };
  const ofQuestion = new Float64Array(Q);
  const ofDraw = points.map((row) => {
    let sum = 0;
    for (let q = 0; q < Q; q++) {
      sum += row[q]!;
      ofQuestion[q]! += row[q]! / n;
    }
    return sum / Q;
  });
  const mean = ofDraw.reduce((a, b) => a + b, 0) / n;
  const questions = ofQuestion.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (Q * (Q - 1));
  if (n < 2) return { total: questions, questions, draws: 0, between: 0, rest: 0 };
  const between = ofDraw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n * (n - 1));
  let rest = 0;
  points.forEach((row, r) => {
    for (let q = 0; q < Q; q++) rest += (row[q]! - ofDraw[r]! - ofQuestion[q]! + mean) ** 2;
  });
  rest /= n * Q * (n - 1) * (Q - 1);
  const draws = Math.max(0, between - rest);
  return { total: questions + draws, questions, draws, between, rest };
}

/**
 * Variance of a sum of means over the questions of several tasks, asked of the same models in the same n draws.
 *
 * ```
 * M_q = Σ_j M_q,j,   M_e = Σ_j M_e,j,   M_r = Σ_r (Σ_j s_jr· − Σ_j s_j··)² / (n(n − 1))
 * ```
 *
 * Two tasks share no question, so that what questions do adds up; they share the draws, whose luck may be the same for
 * all of them: M_r is that of the sum itself. Symbols as in {@linkcode varianceOfMean}, with a task j.
 *
 * @param tasks One entry a task: row r, column q.
 * @returns The variance of the sum of the tasks' means; 0 without a task.
 *
 * @example Two tasks that are lucky in the same draws: deviations add, variances do not
 * ```ts
 * import { varianceOfSum } from "./variance.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = [[0, 0], [100, 100]];
 * assertEquals(varianceOfSum([task]).draws, 2500);
 * assertEquals(varianceOfSum([task, task]).draws, 10000);
 * ```
 */
export function varianceOfSum(tasks: readonly (readonly ArrayLike<number>[])[]): MeanVariance {
  const parts = tasks.map(varianceOfMean);
  if (parts.length === 1) return parts[0]!;
  const sum = (of: (part: MeanVariance) => number) => parts.reduce((all, part) => all + of(part), 0);
  const [questions, rest] = [sum((part) => part.questions), sum((part) => part.rest)];
  const n = tasks[0]?.length ?? 0;
  if (n < 2) return { total: questions, questions, draws: 0, between: 0, rest };
  const ofDraw = tasks[0]!.map((_, r) =>
    tasks.reduce((all, task) => {
      let points = 0;
      for (let q = 0; q < task[r]!.length; q++) points += task[r]![q]!;
      return all + points / task[r]!.length;
    }, 0)
  );
  const mean = ofDraw.reduce((a, b) => a + b, 0) / n;
  const between = ofDraw.reduce((all, x) => all + (x - mean) ** 2, 0) / (n * (n - 1));
  const draws = Math.max(0, between - rest);
  return { total: questions + draws, questions, draws, between, rest };
}

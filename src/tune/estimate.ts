/**
 * An estimate of the time left, from the work that all parts will take and the speed seen so far.
 *
 * @module
 */

/** The work of a part, or of a piece of it. */
export interface Work {
  /** Positions of training sequences. */
  tokens: number;
  /** Questions answered. */
  questions: number;
}

/** Keeps account of work and time. */
export interface Estimate {
  /**
   * Tells of work done.
   *
   * @param kind What was done.
   * @param amount How many tokens or questions.
   * @param seconds How long it took.
   */
  done(kind: keyof Work, amount: number, seconds: number): void;
  /**
   * Tells of work that need not be done: an earlier sitting did it.
   *
   * @param kind What was done.
   * @param amount How many tokens or questions.
   */
  skip(kind: keyof Work, amount: number): void;
  /** Seconds left, by the speeds seen so far; null before any. */
  secondsLeft(): number | null;
}

/** A question takes about as long as training on this many tokens, until measured. */
const TOKENS_A_QUESTION = 60;

/**
 * Starts an estimate.
 *
 * @param planned All work that is not done yet.
 * @returns The estimate.
 *
 * @example Half of the tokens took ten seconds
 * ```ts
 * import { startEstimate } from "./estimate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const estimate = startEstimate({ tokens: 1000, questions: 0 });
 * estimate.done("tokens", 500, 10);
 * assertEquals(estimate.secondsLeft(), 10);
 * ```
 */
export function startEstimate(planned: Work): Estimate {
  const left = { ...planned };
  const seen = { tokens: 0, questions: 0 };
  const took = { tokens: 0, questions: 0 };
  return {
    done(kind, amount, seconds) {
      left[kind] = Math.max(0, left[kind] - amount);
      seen[kind] += amount;
      took[kind] += seconds;
    },
    skip(kind, amount) {
      left[kind] = Math.max(0, left[kind] - amount);
    },
    secondsLeft() {
      const rate = (kind: keyof Work) => seen[kind] === 0 ? null : took[kind] / seen[kind];
      const tokens = rate("tokens");
      const questions = rate("questions");
      const perToken = tokens ?? (questions === null ? null : questions / TOKENS_A_QUESTION);
      const perQuestion = questions ?? (tokens === null ? null : tokens * TOKENS_A_QUESTION);
      if (perToken === null || perQuestion === null) return null;
      return left.tokens * perToken + left.questions * perQuestion;
    },
  };
}

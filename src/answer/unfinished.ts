/**
 * Answers that were cut off, in words.
 *
 * @module
 */

import type { TaskScore } from "../run/records/part_result.ts";

/** What can be done about it. */
export const UNFINISHED_ADVICE =
  "Where answers break off in mid-sentence, a higher --max-new-tokens lets them end; where they repeat themselves, the " +
  "model has not learnt to stop: tune for longer, or on answers that end.";

/**
 * Says which answers ran into the limit of new tokens.
 *
 * @param scores What answers scored, with how many were cut off.
 * @returns Tasks, counts and limits: "caption 3 of 450 (limit 31 tokens)"; undefined where every answer ended.
 *
 * @example
 * ```ts
 * import { unfinishedAnswers } from "./unfinished.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const score = { metric: "cider", score: 50, questions: 450, others: {}, maxNewTokens: 31 } as const;
 * const scores = [{ ...score, task: "caption", unfinished: 3 }, { ...score, task: "vqa", unfinished: 0 }];
 * assertEquals(unfinishedAnswers(scores), "caption 3 of 450 (limit 31 tokens)");
 * assertEquals(unfinishedAnswers(scores.slice(1)), undefined);
 * ```
 */
export function unfinishedAnswers(scores: readonly TaskScore[]): string | undefined {
  const cut = scores.filter(({ unfinished = 0 }) => unfinished > 0);
  if (cut.length === 0) return undefined;
  return cut.map(({ task, questions, unfinished, maxNewTokens }) =>
    `${task} ${unfinished} of ${questions} (limit ${maxNewTokens} tokens)`
  ).join(", ");
}

/**
 * A part that joins the results of models of single tasks.
 *
 * @module
 */

import type { JoinPart } from "../../run/part.ts";
import { readResult } from "../../run/read_result.ts";
import { writeRecord } from "../../run/run_files.ts";
import type { PartResult } from "../../run/records/part_result.ts";
import type { PartContext } from "./context.ts";

/**
 * Joins results to one: all scores, all answers, the sum of the costs.
 *
 * @param part The part.
 * @param context What parts share.
 */
export async function runJoinPart(
  part: JoinPart,
  context: Pick<PartContext, "folder" | "runId" | "guard" | "made">,
): Promise<void> {
  const results = await Promise.all(part.needs.map((file) => readResult(context, file)));
  const sum = (value: (result: PartResult) => number) =>
    results.reduce((total, result) => total + value(result), 0);
  const validated = results.some(({ cost }) => cost.validation !== undefined);
  const joined: PartResult = {
    part: part.id,
    seed: part.seed,
    split: "test",
    scores: results.flatMap(({ scores }) => scores),
    answers: results.flatMap(({ answers }) => answers),
    cost: {
      part: part.id,
      conversations: sum(({ cost }) => cost.conversations),
      steps: sum(({ cost }) => cost.steps),
      tokens: sum(({ cost }) => cost.tokens),
      answerTokens: sum(({ cost }) => cost.answerTokens),
      trainSeconds: sum(({ cost }) => cost.trainSeconds),
      evaluateSeconds: sum(({ cost }) => cost.evaluateSeconds),
      ...(validated && {
        validation: {
          seconds: sum(({ cost }) => cost.validation?.seconds ?? 0),
          tokens: sum(({ cost }) => cost.validation?.tokens ?? 0),
        },
      }),
    },
  };
  await writeRecord(context, part.file, joined, { made: await context.made?.() });
}

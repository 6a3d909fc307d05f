/**
 * Carries out one part of a run's plan.
 *
 * @module
 */

import type { Part } from "../../run/part.ts";
import { runBalancePart } from "./balance_part.ts";
import type { PartContext } from "./context.ts";
import { runEvaluatePart } from "./evaluate_part.ts";
import { runJoinPart } from "./join_part.ts";
import { runMergePart } from "./merge_part.ts";
import { runProposePart } from "./propose_part.ts";
import { runTunePart } from "./tune_part.ts";

/**
 * Carries out a part. Its file appears last, and whole; a part whose file is there need not be carried out again.
 *
 * @param part The part; the files it needs are there.
 * @param context What parts share.
 * @throws {Interrupted} If the signal fired; the part goes on from there the next time.
 */
export async function runPart(part: Part, context: PartContext): Promise<void> {
  switch (part.kind) {
    case "tune":
      return await runTunePart(part, context);
    case "evaluate":
      return await runEvaluatePart(part, context);
    case "merge":
      return await runMergePart(part, context);
    case "propose":
      return await runProposePart(part, context);
    case "balance":
      return await runBalancePart(part, context);
    case "join":
      return await runJoinPart(part, context);
  }
}

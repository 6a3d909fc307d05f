/**
 * What the parts of a run took that are done.
 *
 * @module
 */

import { join } from "@std/path";
import { readMetrics } from "../run/metrics_file.ts";
import type { Part } from "../run/part.ts";
import type { MetricsLine } from "../run/records/metrics_line.ts";
import type { PartResult } from "../run/records/part_result.ts";
import { inspectRecord, type RunFiles } from "../run/run_files.ts";
import type { MeasuredPart } from "./estimates.ts";

/**
 * Reads what the parts of a run took. A file that is damaged, or another run's, says nothing.
 *
 * @param plan The run's parts.
 * @param files The run.
 * @returns What those took that trained or answered and are done, by their names.
 */
export async function partCosts(plan: readonly Part[], files: RunFiles): Promise<Map<string, MeasuredPart>> {
  const measured = new Map<string, MeasuredPart>();
  for (const part of plan) {
    if (part.kind === "join" || part.kind === "balance" || part.kind === "propose") continue;
    const found = await inspectRecord<PartResult>(files, part.file);
    if (found === undefined || found.fault !== undefined) continue;
    const { cost, answers } = found.value;
    measured.set(part.id, { cost, questions: answers.length });
  }
  return measured;
}

/**
 * The most memory that trainings held.
 *
 * @param folder The run's folder.
 * @param parts Names of parts that are done.
 * @returns Bytes of a process; undefined where no training told.
 */
export async function residentBytesOf(folder: string, parts: Iterable<string>): Promise<number | undefined> {
  let most: number | undefined;
  for (const part of parts) {
    for (const { residentBytes = 0 } of await readMetrics<MetricsLine>(join(folder, part, "metrics.jsonl"))) {
      if (residentBytes > (most ?? 0)) most = residentBytes;
    }
  }
  return most;
}

/** How a run of tests ended, in the words of `deno test`. @module */
import { duration } from "../../../tasks/lib/cli.ts";

/** How one test ended. */
export interface Outcome {
  file: string;
  name: string;
  ended: "passed" | "failed" | "ignored";
  /** Steps that came to an end. */
  steps: number;
  /** What was thrown, or why it did not come to its end. */
  complaints: string[];
  ms: number;
}

/** How many tests ended in each way. */
export function count(outcomes: readonly Outcome[]): Record<Outcome["ended"], number> {
  const counts = { passed: 0, failed: 0, ignored: 0 };
  for (const { ended } of outcomes) counts[ended]++;
  return counts;
}

/** The last line, such as "ok | 12 passed (3 steps) | 0 failed (4 s)". */
export function summary(outcomes: readonly Outcome[], ms: number): string {
  const { passed, failed, ignored } = count(outcomes);
  const steps = outcomes.reduce((sum, outcome) => sum + outcome.steps, 0);
  const verdict = failed > 0 ? "FAILED" : "ok";
  const left = ignored > 0 ? ` | ${ignored} ignored` : "";
  return `${verdict} | ${passed} passed (${steps} steps) | ${failed} failed${left} (${duration(ms)})`;
}

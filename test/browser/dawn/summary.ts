/** How a run of tests ended, in the words of `deno test`. @module */
import { duration } from "../../../tasks/lib/cli.ts";
import type { Ended } from "./page.ts";

/** How one test ended. */
export interface Outcome {
  file: string;
  name: string;
  /** "ignored": what it needs is not there, there was no time left, or it failed where it is known to. */
  ended: "passed" | "failed" | "ignored";
  /** Steps that passed or failed. */
  steps: number;
  /** Steps, none for the test itself, that need a feature which the adapter has not, with its name. */
  lacking: { step: string[]; feature: string }[];
  /** Steps that failed as they are known to, with the reason. */
  known: { step: string[]; reason: string }[];
  /** Whether there was no time left to begin it. */
  late?: true;
  /** What was thrown, or why it did not come to its end. */
  complaints: string[];
  ms: number;
}

/** A test that has not come to its end, which counts as failed until it does. */
export function begun(file: string, name: string): Outcome {
  return { file, name, ended: "failed", steps: 0, lacking: [], known: [], complaints: [], ms: 0 };
}

/** Notes that a test was not begun, as the time was over: it counts as ignored. */
export function outOfTime(outcome: Outcome): void {
  outcome.ended = "ignored";
  outcome.late = true;
}

/** What a test says whose steps have said why already. */
const STEPS_FAILED = /^Error: \d+ of its steps failed$/;

/**
 * Notes how a step or the test itself ended.
 *
 * @param outcome The test's.
 * @param ended What the page told.
 * @param features What the adapter has: only what it has not can be lacking.
 * @param known Why a test's steps fail, by their path, joined by " > ".
 */
export function note(
  outcome: Outcome,
  ended: Ended,
  features: readonly string[],
  known: Readonly<Record<string, string>>,
): void {
  const { error, lacks } = ended, step = ended.path.slice(1), whole = step.length === 0;
  const lacking = lacks !== undefined && !features.includes(lacks), reason = known[step.join(" > ")];
  if (lacking) outcome.lacking.push({ step, feature: lacks });
  else if (error !== undefined && !STEPS_FAILED.test(error)) {
    if (reason !== undefined) outcome.known.push({ step, reason });
    else outcome.complaints.push(whole ? error : `${step.join(" > ")}: ${error}`);
  }
  if (!whole) outcome.steps += lacking ? 0 : 1;
  else if (outcome.complaints.length === 0) {
    const nothingRan = lacking || outcome.lacking.length > 0 && outcome.steps === 0;
    outcome.ended = nothingRan || outcome.known.length > 0 ? "ignored" : "passed";
  }
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

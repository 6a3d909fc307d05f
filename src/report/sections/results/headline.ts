/**
 * The result of a run in sentences, computed from its numbers and no bolder than they are.
 *
 * @module
 */

import { meanInterval } from "../../../balance/compare/statistics.ts";
import { ew } from "../../../balance/methods/ew.ts";
import { methodsWithProbes } from "../../../balance/methods/registry.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import type { MethodResult } from "../../../run/records/results.ts";
import { type Look, lookOf, looks } from "../../kit/looks.ts";
import { fixed, known, list, plural, signed } from "../../kit/numbers.ts";
import { mean } from "../../kit/statistics.ts";

/** The result in one sentence, and what stands behind it. */
export interface Headline {
  /** The result, no bolder than the seeds allow. */
  sentence: string;
  /** Further sentences, each on a fact of its own. */
  support: string[];
}

/**
 * States the result of a run.
 *
 * The method in question (the one with probes, CoTBal; else the last one) is compared with EW (else the run's base) by mean score. With
 * several seeds the seeds are paired, and the sentence speaks of a difference only where the 95% interval of the mean
 * difference excludes 0. With one seed nothing is known of the spread, so no difference is claimed.
 *
 * @param run The run.
 * @returns The headline.
 */
export function headline(run: LoadedRun): Headline {
  const { methods, tasks } = run.results;
  const all = looks(Object.keys(methods));
  const pair = comparison(run);
  const support = [learning(run, all), spreadOfWeights(run), shareOfProbes(run)].filter((s) => s !== "");
  if (pair === null) {
    const [id, result] = Object.entries(methods)[0] ?? [];
    if (id === undefined || result === undefined) {
      return { sentence: "No method was tuned in this run.", support };
    }
    const gain = (mean(result.scores) ?? NaN) - (mean(run.results.zeroShot) ?? NaN);
    return {
      sentence: `${lookOf(all, id).name} scores ${fixed(mean(result.scores))} points on average over ${
        plural(tasks.length, "task")
      }${known(gain) ? `, ${signed(gain)} against the untuned base` : ""}; nothing else ran beside it.`,
      support,
    };
  }
  const { subject, reference, differences } = pair;
  const [a, b] = [lookOf(all, subject).name, lookOf(all, reference).name];
  const over = `${plural(tasks.length, "task")}`;
  if (differences.length < 2) {
    const [x, y] = [mean(methods[subject]?.scores ?? []), mean(methods[reference]?.scores ?? [])];
    const difference = (x ?? NaN) - (y ?? NaN);
    return {
      sentence: known(difference)
        ? `${a} ends ${fixed(Math.abs(difference))} points ${
          difference < 0 ? "below" : "above"
        } ${b} on average over ${over} (${fixed(x)} and ${fixed(y)}). One seed cannot tell this from noise.`
        : `${a} and ${b} cannot be compared: scores are missing.`,
      support,
    };
  }
  const range = meanInterval(differences);
  const [low, high] = [range.low ?? NaN, range.high ?? NaN];
  const pairs = `95% interval ${signed(low)} to ${signed(high)}, ${plural(range.n, "paired seed")}`;
  const sentence = low > 0
    ? `${a} scores ${fixed(range.mean)} points higher than ${b} on average over ${over} (${pairs}).`
    : high < 0
    ? `${a} scores ${fixed(-range.mean)} points lower than ${b} on average over ${over} (${pairs}).`
    : `${a} and ${b} cannot be told apart: ${
      signed(range.mean)
    } points on average over ${over}, within noise (${pairs}).`;
  return { sentence, support };
}

/** Two methods and their difference. */
export interface Comparison {
  subject: string;
  reference: string;
  /** Mean score of `subject` minus that of `reference`, one a seed that both ran with. */
  differences: number[];
}

/**
 * The two methods whose difference is the run's question.
 *
 * @param run The run.
 * @returns They; null with fewer than two methods.
 */
export function comparison(run: LoadedRun): Comparison | null {
  const { methods, base } = run.results;
  const ids = Object.keys(methods);
  const subject = methodsWithProbes(ids)[0]?.id ?? ids[ids.length - 1];
  const reference = ew.id in methods && subject !== ew.id
    ? ew.id
    : base !== null && base !== subject
    ? base
    : ids[0];
  if (subject === undefined || reference === undefined || subject === reference) return null;
  const of = (id: string) => new Map((methods[id]?.seeds ?? []).map((s) => [s.seed, mean(s.scores)]));
  const references = of(reference);
  const differences = [...of(subject)]
    .map(([seed, score]) => (score ?? NaN) - (references.get(seed) ?? NaN))
    .filter(known);
  return { subject, reference, differences };
}

/** How far the tuned models are above what needs no image and no tuning. */
function learning({ results }: LoadedRun, all: ReadonlyMap<string, Look>): string {
  const id = ew.id in results.methods ? ew.id : Object.keys(results.methods)[0];
  const result: MethodResult | undefined = id === undefined ? undefined : results.methods[id];
  if (id === undefined || result === undefined) return "";
  const floors: [string, readonly (number | null)[] | null][] = [
    ["the majority answer", results.references.majority],
    ["its own answers to blank images", id === ew.id ? results.blank : null],
  ];
  const parts = floors.filter((f) => f[1] !== null && f[1].some(known)).map(([name, floor]) => {
    const both = result.scores.map((s, i) => [s, floor?.[i]] as const).filter(([s, f]) =>
      known(s) && known(f)
    );
    return `${name} on ${both.filter(([s, f]) => s > (f as number)).length} of ${both.length}`;
  });
  return parts.length === 0 ? "" : `${lookOf(all, id).name} beats ${list(parts)} tasks.`;
}

function spreadOfWeights({ results }: LoadedRun): string {
  const weights = (results.lambda ?? []).map((l, i) => [l.mean, results.tasks[i] ?? ""] as const).filter((
    [w],
  ) => known(w));
  if (weights.length < 2) return "";
  weights.sort((a, b) => a[0] - b[0]);
  const [low, high] = [weights[0], weights[weights.length - 1]];
  return low && high
    ? `The task weights λ run from ${fixed(low[0], 2)} (${low[1]}) to ${fixed(high[0], 2)} (${high[1]}).`
    : "";
}

function shareOfProbes({ results }: LoadedRun): string {
  const { probes, all } = results.totals;
  const share = 100 * probes.seconds / all.seconds;
  return known(share) && share > 0 ? `The probes took ${fixed(share, 0)}% of the time.` : "";
}

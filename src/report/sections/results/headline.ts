/**
 * The result of a run in sentences, computed from its numbers and no bolder than they are.
 *
 * @module
 */

import { correctedDifferences } from "../../../balance/compare/paired.ts";
import { meanInterval } from "../../../balance/compare/statistics.ts";
import { ew } from "../../../balance/methods/ew.ts";
import { ewBudget } from "../../../balance/methods/ew_budget.ts";
import { methodsWithProbes } from "../../../balance/methods/registry.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import type { MethodResult } from "../../../run/records/results.ts";
import { type Look, lookOf, looks } from "../../kit/looks.ts";
import { measuredWords } from "../../kit/measured.ts";
import { fixed, known, list, plural, pValue, signed } from "../../kit/numbers.ts";
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
 * The method in question (the one with probes, CoTBal; else the last one) is compared with EW (else the run's base) by
 * mean score. With several seeds the seeds are paired, and the sentence speaks of a difference only where all three
 * allow it: the 95% t-interval over seeds excludes 0; so it does after Holm's correction for the number of methods
 * compared; and so does the bootstrap over seeds and questions, where the answers are there. Else it says which one
 * forbids it. With one seed nothing is known of the spread, so no difference is claimed.
 *
 * @param run The run.
 * @returns The headline.
 */
export function headline(run: LoadedRun): Headline {
  const { methods, tasks } = run.results;
  const all = looks(Object.keys(methods));
  const pair = comparison(run);
  const support = [learning(run, all), spreadOfWeights(run), shareOfProbes(run), sameBudget(run, all)]
    .filter((s) => s !== "");
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
        ? `${a} ends ${
          fixed(Math.abs(difference)) === fixed(0)
            ? "level with"
            : `${fixed(Math.abs(difference))} points ${difference < 0 ? "below" : "above"}`
        } ${b} on average over ${over} (${fixed(x)} and ${fixed(y)}). One seed cannot tell this from noise.`
        : `${a} and ${b} cannot be compared: scores are missing.`,
      support,
    };
  }
  const range = meanInterval(differences);
  const [low, high] = [range.low ?? NaN, range.high ?? NaN];
  const { corrected, among } = correctedFor(run, pair);
  const pairs = `95% interval ${signed(low)} to ${signed(high)}, ${plural(range.n, "paired seed")}${
    among > 1 && known(corrected) ? `, ${pValue(corrected)} after correction for ${among} comparisons` : ""
  }`;
  const noise = low <= 0 && high >= 0
    ? "within noise"
    : known(corrected) && corrected >= 0.05
    ? `within noise once corrected for ${among} comparisons`
    : questionsDecide(run, pair)
    ? "clear between seeds, but within what other test questions would change"
    : null;
  const sentence = noise !== null
    ? `${a} and ${b} cannot be told apart: ${
      signed(range.mean)
    } points on average over ${over}, ${noise} (${pairs}).`
    : `${a} scores ${fixed(Math.abs(range.mean))} points ${
      range.mean > 0 ? "higher" : "lower"
    } than ${b} on average over ${over} (${pairs}).`;
  return { sentence, support };
}

/** The p-value of the pair, corrected for all methods that are compared with the reference. */
function correctedFor(
  { results: { methods } }: LoadedRun,
  { subject, reference }: Comparison,
): { corrected: number | null; among: number } {
  const others = Object.keys(methods).filter((id) => id !== reference);
  const found = others.map((id): [number[], number[]] => {
    const pairs = pairedMeans(methods, id, reference);
    return [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  });
  const usable = others.filter((_, i) => found[i]![0].length > 1);
  const corrected = correctedDifferences(found.filter(([x]) => x.length > 1));
  return { corrected: corrected[usable.indexOf(subject)]?.corrected ?? null, among: usable.length };
}

/** Whether the bootstrap over seeds and questions holds 0. */
function questionsDecide({ statistics }: LoadedRun, { subject, reference }: Comparison): boolean {
  if (statistics?.reference !== reference) return false;
  const drawn = statistics.differences.find(({ method }) => method === subject)?.mean.bootstrap;
  return drawn ? drawn.low <= 0 && drawn.high >= 0 : false;
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
  const differences = pairedMeans(methods, subject, reference).map(([x, y]) => x - y);
  return { subject, reference, differences };
}

/** The mean scores of two methods with every seed that both ran with. */
function pairedMeans(
  methods: Readonly<Record<string, MethodResult>>,
  subject: string,
  reference: string,
): [number, number][] {
  const of = (id: string) => new Map((methods[id]?.seeds ?? []).map((s) => [s.seed, mean(s.scores)]));
  const references = of(reference);
  return [...of(subject)].flatMap(([seed, x]) => {
    const y = references.get(seed);
    return known(x) && known(y) ? [[x, y] as [number, number]] : [];
  });
}

/** How far the tuned models are above what needs no image and no tuning. */
function learning({ results }: LoadedRun, all: ReadonlyMap<string, Look>): string {
  const id = ew.id in results.methods ? ew.id : Object.keys(results.methods)[0];
  const result: MethodResult | undefined = id === undefined ? undefined : results.methods[id];
  if (id === undefined || result === undefined) return "";
  const { majority, majorityPerTemplate } = results.references;
  const floors: [string, readonly (number | null)[] | null][] = [
    ["the majority answer", majority],
    ["each template’s", majorityPerTemplate.some(known) ? majorityPerTemplate : null],
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

/** What EW gives for the tokens that the probes take as well, where it was tuned for so long. */
function sameBudget({ results: { methods } }: LoadedRun, all: ReadonlyMap<string, Look>): string {
  const probed = methodsWithProbes(Object.keys(methods))[0]?.id ?? "";
  const [a, b] = [mean(methods[probed]?.scores ?? []), mean(methods[ewBudget.id]?.scores ?? [])];
  if (!known(a) || !known(b)) return "";
  return `For the training tokens of ${
    lookOf(all, probed).name
  } and its probes together, equal weights score ${fixed(b)} points (${lookOf(all, ewBudget.id).name}), ${
    lookOf(all, probed).name
  } ${fixed(a)}.`;
}

function shareOfProbes({ results }: LoadedRun): string {
  const { probes, all } = results.totals;
  const share = 100 * probes.seconds / all.seconds;
  return known(share) && share > 0
    ? `${measuredWords(Object.keys(results.methods))} took ${fixed(share, 0)}% of the time.`
    : "";
}

/**
 * The section on mixing weights: what each task was drawn, and what drawing did where weighting or neither ran beside it.
 *
 * @module
 */

import { pairedDifference } from "../../../balance/compare/paired.ts";
import { cotbal } from "../../../balance/methods/cotbal.ts";
import { cotbalMix } from "../../../balance/methods/cotbal_mix.ts";
import { ew } from "../../../balance/methods/ew.ts";
import { ewNatural } from "../../../balance/methods/ew_natural.ts";
import type { LoadedRun } from "../../../run/records/loaded_run.ts";
import type { DrawnTasks } from "../../../run/records/part_result.ts";
import type { MethodResult } from "../../../run/records/results.ts";
import { type Html, html } from "../../kit/html.ts";
import { lookOf, looks } from "../../kit/looks.ts";
import { fixed, pValue, signed, withEnds } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { mean } from "../../kit/statistics.ts";
import { table } from "../../kit/table.ts";

/** Methods of one run that say together what drawing does, and the words for it. */
const PAIRS: readonly [method: string, reference: string, what: string][] = [
  [ew.id, ewNatural.id, "mixing weights, against tasks drawn by their sizes"],
  [cotbalMix.id, cotbal.id, "λ as mixing weights, against λ as loss weights"],
  [cotbalMix.id, ew.id, "λ as mixing weights, against none"],
  [cotbal.id, ew.id, "λ as loss weights, against none"],
];

/**
 * The section "Mixing".
 *
 * @param view The run.
 * @returns The section; null where every task was drawn by its size.
 */
export function mixingSection(view: RunView): Html | null {
  const { methods, tasks, seeds } = view.run.results;
  const name = (id: string) => lookOf(view.looks, id).name;
  // Methods that drew the same share columns.
  const groups = new Map<string, { names: string[]; drawn: DrawnTasks[] }>();
  for (const [id, result] of Object.entries(methods)) {
    const drawn = result.seeds.flatMap(({ drawn }) => drawn ?? []);
    if (drawn.length === 0) continue;
    const key = JSON.stringify(drawn);
    const group = groups.get(key) ?? { names: [], drawn };
    group.names.push(name(id));
    groups.set(key, group);
  }
  const mixed = [...groups.values()];
  if (mixed.length === 0) return null;
  const pairs = PAIRS.flatMap(([method, reference, what]) => {
    const [a, b] = [methods[method], methods[reference]];
    return a && b ? [{ label: `${name(method)} − ${name(reference)}: ${what}`, a, b }] : [];
  });
  const sizes = mixed[0]!.drawn[0]!.sizes;
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const percent = (x: number) => `${fixed(100 * x)}%`;
  const over = (drawn: readonly DrawnTasks[], of: (one: DrawnTasks) => number) => mean(drawn.map(of)) ?? NaN;
  return section(
    view,
    "mixing",
    "Mixing",
    html`<p>A loss weight λ scales what a task’s tokens add to a step; a mixing weight changes how many of its
conversations there are in it. Steps are as many under both. Probes, and models of single tasks, are drawn by the
sizes.</p>
${
      table(
        `What each task was drawn${seeds.length > 1 ? ", mean over seeds" : ""}`,
        [
          "task",
          "share by size",
          ...mixed.flatMap(({ names }) => [
            `${names.join(", ")}: conversations`,
            "tokens",
            "answer tokens",
            "times each",
          ]),
        ],
        tasks.map((task, t) => [
          task,
          percent(sizes[t]! / total),
          ...mixed.flatMap(({ drawn }) => [
            ...(["conversations", "tokens", "answerTokens"] as const).map((what) =>
              percent(over(drawn, (one) => shareOf(one[what], t)))
            ),
            fixed(over(drawn, (one) => one.conversations[t]! / one.sizes[t]!), 2),
          ]),
        ]),
      )
    }
${
      pairs.length > 0 &&
      differences("Drawing and weighting, seed by seed: differences of scores, points", tasks, pairs)
    }`,
  );
}

/**
 * Methods that ran both with mixing weights and without, in runs on the same data from the same base: paired by seed.
 *
 * @param runs Two runs or more.
 * @param names Their names.
 * @returns A table; null where no two runs differ in their mixing weights alone.
 */
export function mixedRuns(runs: readonly LoadedRun[], names: readonly string[]): Html | null {
  const alike = ({ run, results }: LoadedRun) => {
    const { mix: _, mixTemperature: __, seeds: ___, methods: ____, ...rest } = run.resolved;
    return JSON.stringify([results.tasks, run.dataset.fingerprint, run.model.fingerprint, rest]);
  };
  const all = looks(runs.flatMap(({ results }) => Object.keys(results.methods)));
  const pairs = runs.flatMap((a, i) =>
    runs.flatMap((b, k) => {
      if (!a.run.resolved.mix || b.run.resolved.mix || alike(a) !== alike(b)) return [];
      return Object.keys(a.results.methods).flatMap((id) => {
        const [with_, without] = [a.results.methods[id]!, b.results.methods[id]];
        if (without === undefined || with_.seeds.every(({ drawn }) => drawn === undefined)) return [];
        const label = `${lookOf(all, id).name}: ${names[i]} − ${names[k]}`;
        return [{ label, a: with_, b: without }];
      });
    })
  );
  const tasks = runs[0]?.results.tasks ?? [];
  return pairs.length === 0 ? null : differences(
    "Runs that differ in their mixing weights: with − without, of the seeds that both ran, points",
    tasks,
    pairs,
  );
}

interface Pair {
  label: string;
  a: MethodResult;
  b: MethodResult;
}

function differences(caption: string, tasks: readonly string[], pairs: readonly Pair[]): Html {
  return table(
    caption,
    ["", "mean score", "95%, seeds", "p", ...tasks],
    pairs.map(({ label, a, b }) => {
      const both = a.seeds.flatMap((one) => {
        const other = b.seeds.find(({ seed }) => seed === one.seed);
        return other === undefined ? [] : [[one.scores, other.scores] as const];
      });
      if (both.length === 0) return [label, "", "", "", ...tasks.map(() => "")];
      const found = pairedDifference(both.map(([x]) => mean(x)!), both.map(([, y]) => mean(y)!));
      return [
        label,
        signed(found.mean),
        found.low === null
          ? "one seed"
          : withEnds(0, { low: found.low, high: found.high }, signed).match(/\[.*\]/)?.[0],
        found.p === null ? "" : pValue(found.p).replace(/^p (= )?/, ""),
        ...tasks.map((_, t) => signed(mean(both.map(([x, y]) => x[t]! - y[t]!)))),
      ];
    }),
  );
}

function shareOf(values: readonly number[], t: number): number {
  return values[t]! / values.reduce((sum, n) => sum + n, 0);
}

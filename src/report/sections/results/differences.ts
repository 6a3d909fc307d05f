/**
 * The section on how sure the differences are: paired, corrected for their number, and what more seeds would show.
 *
 * @module
 */

import type { Agreement } from "../../../balance/compare/agreement.ts";
import type { Difference, Statistics } from "../../../run/records/statistics.ts";
import { type Html, html } from "../../kit/html.ts";
import { lookOf } from "../../kit/looks.ts";
import { count, fixed, list, MISSING, plural, pValue, signed, withEnds } from "../../kit/numbers.ts";
import { type RunView, section } from "../../kit/section.ts";
import { table } from "../../kit/table.ts";

/**
 * The section "How sure the differences are".
 *
 * @param view The run.
 * @returns The section; null where fewer than two methods ran, or their answers are not there.
 */
export function differencesSection(view: RunView): Html | null {
  const { statistics, results } = view.run;
  if (statistics === null || statistics.reference === null) return null;
  const name = (id: string) => lookOf(view.looks, id).name;
  const reference = name(statistics.reference);
  const several = results.seeds.length > 1;
  const { differences } = statistics;
  const means = differences.map(({ mean }) => mean);
  return section(
    view,
    "differences",
    "How sure the differences are",
    html`<p><b>${finding(view, statistics)}</b> ${how(statistics, results.tasks.length, several)}</p>
${
      table(
        `Methods minus ${reference}, mean score over tasks, points`,
        head(several),
        differences.map(({ method }, m) => [name(method), ...row(means[m]!, several)]),
      )
    }
${
      table(
        `Methods minus ${reference}, task by task, points`,
        ["method", ...head(several)],
        differences.flatMap(({ method, tasks }) =>
          tasks.map((one, t) => [name(method), results.tasks[t], ...row(one, several)])
        ),
        { text: [1] },
      )
    }
${several && needed(view, statistics)}
${agreement(view, statistics)}`,
  );
}

function head(several: boolean): string[] {
  const drawn = "seeds and questions";
  return several
    ? ["difference", "seeds", "seeds, all at once", drawn, "p", "p corrected", "seeds for 1 point"].toSpliced(
      0,
      1,
      "",
      "difference",
    )
    : ["", "difference", "questions alone"];
}

function row(one: Difference, several: boolean): string[] {
  const ends = (of: { low: number | null; high: number | null } | null) =>
    withEnds(0, of, signed).match(/\[.*\]/)?.[0] ?? MISSING;
  if (!several) return [signed(one.mean), ends(one.bootstrap)];
  return [
    signed(one.mean),
    ends(one),
    ends(one.wide),
    ends(one.bootstrap),
    pValue(one.p).replace(/^p (= )?/, ""),
    pValue(one.corrected).replace(/^p (= )?/, ""),
    count(one.seedsNeeded),
  ];
}

/** Which differences are clear after all corrections. */
function finding(view: RunView, { differences }: Statistics): string {
  const { seeds, tasks } = view.run.results;
  if (seeds.length === 1) {
    return "With one seed no difference between methods can be told from the seed’s luck.";
  }
  const clear = differences.flatMap((one) => {
    const name = lookOf(view.looks, one.method).name;
    const found = [
      ...sure(one.mean) ? [`${signed(one.mean.mean)} on the mean`] : [],
      ...one.tasks.flatMap((task, t) => sure(task) ? [`${signed(task.mean)} on ${tasks[t]}`] : []),
    ];
    return found.length === 0 ? [] : [`${name} ${list(found)}`];
  });
  return clear.length === 0
    ? `No difference is clear after correction, with ${plural(seeds.length, "seed")}.`
    : `Clear after correction: ${clear.join("; ")}.`;
}

/** Claimed only where seeds, their number of tests and the questions allow it. */
function sure({ corrected, bootstrap }: Difference): boolean {
  if (corrected === null || corrected >= 0.05) return false;
  return bootstrap === null || bootstrap.low > 0 || bootstrap.high < 0;
}

function how({ level, rounds, differences }: Statistics, tasks: number, several: boolean): Html {
  const percent = `${fixed(100 * level, 0)}%`;
  const questions = `The bootstrap draws ${several ? "seeds and questions" : "the questions"} anew ${
    count(rounds)
  } times, for both methods the same ones`;
  if (!several) {
    return html`Intervals of ${percent}. ${questions}: it says what other questions would change, and nothing of other seeds.`;
  }
  return html`Differences are paired: both methods with the same seed and the same questions. Intervals of ${percent}.
<i>Seeds</i>: Student’s t over the seeds, for these very questions. <i>Seeds, all at once</i>: wide enough that all of a
table hold together (Bonferroni). <i>Seeds and questions</i>: ${
    questions.replace("The", "the")
  }; with few seeds it is too narrow. p is the paired t-test’s; it is corrected by Holm’s method for the ${
    plural(differences.length, "comparison")
  } of the first table, for the ${
    count(differences.length * tasks)
  } of the second by themselves. A difference is called clear where its corrected p is below ${
    fixed(1 - level, 2)
  } and the bootstrap leaves out 0.`;
}

function needed(view: RunView, { differences, level }: Statistics): Html {
  const parts = differences.map(({ method, mean }) =>
    `${lookOf(view.looks, method).name} ${
      mean.seedsNeeded === null ? "not known, since no seed differed from another" : count(mean.seedsNeeded)
    }`
  );
  return html`<p>To see a true difference of 1 point in the mean score, with 80% power at the ${
    fixed(100 * level, 0)
  }% level, it takes so many paired seeds: ${list(parts)}. That is the least n with n ≥ ((t<sub>n−1, ${
    fixed((1 + level) / 2, 3)
  }</sub> + t<sub>n−1, 0.8</sub>)·σ)², σ the deviation of the differences between these seeds (Sokal and Rohlf,
Biometry, 1995); with few seeds σ itself is hardly known.</p>`;
}

/** Whether seeds agree on what they measured. */
function agreement(view: RunView, { agreement }: Statistics): Html | null {
  if (agreement === null) return null;
  const terms: [string, Agreement][] = [
    ["outward contribution", agreement.out],
    ["inward contribution", agreement.in],
    ["difficulty", agreement.difficulty],
    ["λ", agreement.lambda],
  ];
  return html`<p>Whether seeds agree on ${
    lookOf(view.looks, agreement.method).name
  }’s terms: the rank correlation of the tasks between every two seeds; 1 = all rank them alike, near 0 = luck.</p>
${
    table(
      "Rank correlation between seeds",
      ["term", "mean", "lowest", "highest", "pairs"],
      terms.map(([name, { mean, low, high, pairs }]) => [
        name,
        fixed(mean, 2),
        fixed(low, 2),
        fixed(high, 2),
        count(pairs),
      ]),
    )
  }`;
}

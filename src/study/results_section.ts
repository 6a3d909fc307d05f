/**
 * The study's results in short, for its page and for the README.
 *
 * @module
 */

import { ewBudget } from "../balance/methods/ew_budget.ts";
import { fixed } from "../balance/methods/fixed.ts";
import type { MixtureAnalysis } from "./analyse.ts";
import type { StudyFigures } from "./figures.ts";
import { gain } from "./follow_up.ts";
import { isEnough, judgeRegret, regretText, type RegretVerdict } from "./regret_check.ts";
import { listed, nameOf, signed, table, wrapped } from "./text.ts";
import { defaultArgued, judge, TESTED_METHODS } from "./verdict.ts";

/**
 * Every tested method, the search and its weights on fresh seeds beside EW, on all mixtures.
 *
 * @param mixtures The analyses.
 * @returns Lines of Markdown: the table, and how it is read.
 */
export function resultsTable(mixtures: readonly MixtureAnalysis[]): string[] {
  const cell = (mixture: MixtureAnalysis, id: string) => {
    const found = mixture.methods.find(({ method }) => method === id);
    if (found === undefined || found.difference === null) return "–";
    const { mean, bootstrap: { low, high } } = found.difference;
    const mark = found.verdict === "win" ? " **win**" : found.verdict === "loss" ? " **loss**" : "";
    return `${signed(mean)} [${signed(low)}, ${signed(high)}] (${found.seeds.length})${mark}`;
  };
  const head = ["minus EW, mean of all tasks, points", ...mixtures.map(({ mixture }) => mixture)];
  const rows = [...TESTED_METHODS, "search", "fixed"].map((id) => [
    id === "fixed" ? "searched weights, on fresh seeds" : nameOf(id),
    ...mixtures.map((mixture) => cell(mixture, id)),
  ]);
  return [
    ...table(head, rows),
    "",
    "In brackets the 95% bootstrap interval over seeds and questions, in parentheses the paired seeds. A method wins or loses on a",
    "mixture where the t-test over seeds, corrected for the six methods of the mixture (Holm), and this interval both exclude 0.",
    "The last line is the headroom: the mean of the weights that four searches found, tuned on seeds that none of them saw.",
  ];
}

/** What the rules say of regret. */
function verdictOfRegret({ regret, mixtures, after }: StudyFigures): RegretVerdict {
  const searched = mixtures.flatMap(({ mixture, methods }) => {
    const difference = methods.find(({ method }) => method === fixed.id)?.difference;
    return difference ? [[mixture, difference.mean] as const] : [];
  });
  return judgeRegret(regret.checks, new Map(searched), after);
}

/** What regret did, once it has run. */
export function regretSentence(figures: StudyFigures): string | undefined {
  const { regret } = figures;
  return regret.checks.length === 0 ? undefined : regretText(regret, verdictOfRegret(figures));
}

/**
 * How far the study is, or, once it is finished, the default of `tune` and why.
 *
 * @param figures The figures.
 * @returns Paragraphs, in lines.
 */
export function conclusion(figures: StudyFigures): string[] {
  const { left, mixtures, compared, after } = figures;
  if (left.length === 0) {
    const said = regretSentence(figures);
    const paragraphs = [
      ...defaultArgued(mixtures, compared, after),
      ...(said === undefined ? [] : [said]),
    ];
    return paragraphs.flatMap((text, i) => [...(i > 0 ? [""] : []), ...wrapped(text)]);
  }
  return wrapped(
    `**The study is not finished**: ${left.length} runs are left, \`${
      left[0]!.id
    }\` first; \`deno task study\` goes on. ` +
      "What stands here is what the finished ones say, and no verdict of the protocol is final.",
  );
}

/** What there is to say of regret in a sentence: whether it pays, or how near it comes. */
function regretShort({ wins, losses, pays }: RegretVerdict): string {
  if (losses.length > 0 || wins.length === 0) return "";
  const weights = "weight to tasks that equal weights leave behind a model of their own";
  if (!pays) {
    const gains = wins.map(({ mixture, difference }) => `${gain(difference)} on ${mixture}`);
    return ` What was thought of afterwards, ${weights}, is ${
      listed(gains)
    } above EW, with no loss elsewhere: less than the rules ask for.`;
  }
  const on = listed(wins.filter(isEnough).map(({ mixture }) => mixture));
  return ` What does pay, on ${on}, and loses nothing on the other mixtures of the study, for the tokens of three tunings more: ${weights}, \`--methods ew,regret\`.`;
}

/** The answer in two sentences, once the study is finished. */
function shortAnswer(figures: StudyFigures): string[] {
  const { left, mixtures, compared } = figures;
  if (left.length > 0 || mixtures.length === 0) return [];
  const { methods } = judge(mixtures, compared);
  const paying = methods.filter(({ pays }) => pays).map(({ method }) => nameOf(method));
  const longer = mixtures.flatMap(({ methods }) =>
    methods.find(({ method }) => method === ewBudget.id)?.difference ?? []
  );
  const gains = longer.map(({ mean }) => mean);
  const said = paying.length === 0
    ? `**At this size, no**: on ${mixtures.length} mixtures none of ${methods.length} methods counts as better than equal weights.`
    : `**${listed(paying)} ${
      paying.length === 1 ? "does" : "do"
    }**, on ${mixtures.length} mixtures and by the rules below.`;
  const tokens = longer.length === mixtures.length && longer.every(({ bootstrap }) => bootstrap.low > 0)
    ? ` What CoTBal's probes cost, spent on longer training with equal weights, gains ${
      Math.min(...gains).toFixed(1)
    } to ${Math.max(...gains).toFixed(1)} points.`
    : "";
  return [...wrapped(said + regretShort(verdictOfRegret(figures)) + tokens), ""];
}

/**
 * The README's section on the study.
 *
 * @param figures The figures.
 * @returns Lines of Markdown.
 */
export function resultsSection(figures: StudyFigures): string[] {
  const { records, runs, mixtures } = figures;
  return [
    ...shortAnswer(figures),
    ...(mixtures.length === 0 ? [] : [...resultsTable(mixtures), ""]),
    ...conclusion(figures),
    "",
    `${records.length} of ${runs} runs are done; every method, task and cost stands in [the study](docs/study.md).`,
  ];
}

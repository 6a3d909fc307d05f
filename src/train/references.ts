/**
 * Scores that need no model: chance, and answers that are always the same.
 *
 * @module
 */

import type { Dataset, EvaluationItem, MetricName } from "../data/mod.ts";
import { majorityScores, score } from "../metrics/mod.ts";
import { Random } from "../random.ts";
import type { TaskQuestions } from "./evaluate.ts";
import type { References } from "./types.ts";

/** More different answers than this are not a choice that could be guessed. */
const LARGEST_CHOICE = 100;

/** Training boxes that a blind guess of a box is drawn from. */
const BOXES = 100;

/**
 * Scores without a model.
 *
 * @param dataset The dataset; the answers come from its training split.
 * @param tasks The questions of the test.
 * @returns Chance, majority, and majority of the question's template, in points.
 */
export function references(dataset: Dataset, tasks: readonly TaskQuestions[]): References {
  const result: References = {
    tasks: tasks.map(({ task }) => task),
    chance: [],
    majority: [],
    majorityAnswer: [],
    majorityPerTemplate: [],
  };
  for (const { task, metric, questions } of tasks) {
    const train = (dataset.samples.train.get(task) ?? []).flatMap(({ turns }) =>
      turns.map(({ answer, template }) => ({ truth: answer, ...withTemplate(template) }))
    );
    const test = questions.map(({ sample, truth, template }) => (
      { truth, id: sample.id, ...withTemplate(template) }
    ));
    const { overall, perTemplate } = majorityScores(train, test, metric);
    result.majority.push(overall.score.points);
    result.majorityAnswer.push(overall.answer);
    result.majorityPerTemplate.push(perTemplate?.score.points ?? null);
    result.chance.push(chance(metric, train, questions));
  }
  return result;
}

/** The expected score of a blind guess; null where there is no sensible one. */
function chance(
  metric: MetricName,
  train: readonly { truth: string; template?: string }[],
  questions: readonly EvaluationItem[],
): number | null {
  const choices = (of: (item: { template?: string }) => boolean) => [
    ...new Set(train.filter(of).map(({ truth }) => truth)),
  ];
  if (metric === "exact-match" || metric === "relaxed-match") {
    const known = new Map<string | undefined, string[]>();
    let sum = 0;
    for (const { template, truth } of questions) {
      const answers = known.get(template) ??
        choices((item) => template === undefined || item.template === template);
      known.set(template, answers);
      if (answers.length === 0 || answers.length > LARGEST_CHOICE) return null;
      sum += score(metric, answers.map((prediction) => ({ prediction, truth }))).points;
    }
    return sum / questions.length;
  }
  if (metric === "iou") {
    // Every box of a fixed draw meets every question: the expected score, not one throw of the dice.
    const boxes = new Random("boxes").shuffle(choices(() => true)).slice(0, BOXES);
    const points = boxes.map((prediction) =>
      score(metric, questions.map(({ truth }) => ({ prediction, truth }))).points
    );
    return points.reduce((a, b) => a + b, 0) / points.length;
  }
  return null;
}

function withTemplate(template: string | undefined): { template?: string } {
  return template === undefined ? {} : { template };
}

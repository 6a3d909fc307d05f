/**
 * Scores that need no model: chance, and answers that are always the same.
 *
 * @module
 */

import type { EvaluationItem } from "../../data/draw/evaluation_items.ts";
import type { Dataset } from "../../data/types.ts";
import type { BoxForm } from "../../metrics/iou.ts";
import type { MetricName } from "../../metrics/metric_name.ts";
import { majorityScores } from "../../metrics/majority.ts";
import { score } from "../../metrics/score.ts";
import type { TaskQuestions } from "../../answer/evaluate.ts";
import type { References } from "../../run/records/results.ts";

/** More different answers than this are not a choice that could be guessed. */
const LARGEST_CHOICE = 100;

/** Times that every question gets another question's answer. */
const ROUNDS = 50;

/** Questions of a task, whether or not they are ready to be asked. */
export type UnaskedQuestions = Omit<TaskQuestions, "questions"> & { questions: readonly EvaluationItem[] };

/**
 * Scores without a model.
 *
 * @param dataset The dataset; the answers come from its training split.
 * @param tasks The questions of the test.
 * @returns Chance, majority, and majority of the question's template, in points.
 */
export function references(dataset: Dataset, tasks: readonly UnaskedQuestions[]): References {
  const result: References = {
    tasks: tasks.map(({ task }) => task),
    chance: [],
    majority: [],
    majorityAnswer: [],
    majorityPerTemplate: [],
  };
  for (const { task, metric, questions } of tasks) {
    const { box } = dataset.tasks.find(({ name }) => name === task) ?? {};
    const train = (dataset.samples.train.get(task) ?? []).flatMap(({ turns }) =>
      turns.map(({ question, answer, template, references }) => (
        { truth: answer, question, ...known({ template, references, box }) }
      ))
    );
    const test = questions.map(({ sample, question, truth, template, references }) => (
      { truth, question, id: sample.id, ...known({ template, references, box }) }
    ));
    const { overall, perTemplate } = majorityScores(train, test, metric);
    result.majority.push(overall.score.points);
    result.majorityAnswer.push(overall.answer);
    result.majorityPerTemplate.push(perTemplate?.score.points ?? null);
    result.chance.push(chance(metric, train, questions));
  }
  return result;
}

/**
 * The expected score of a blind guess: where a template has few different answers, one of them; else the true answer
 * to another question of the test, the answers moved on by one, by two, and so on.
 */
function chance(
  metric: MetricName,
  train: readonly { truth: string; template?: string }[],
  questions: readonly EvaluationItem[],
): number {
  if (metric === "exact-match" || metric === "relaxed-match") {
    const seen = new Map<string | undefined, string[]>();
    let sum = 0;
    let closed = true;
    for (const { template, truth, references } of questions) {
      const own = train.filter((item) => template === undefined || item.template === template);
      const answers = seen.get(template) ?? [...new Set(own.map(({ truth }) => truth))];
      seen.set(template, answers);
      if (answers.length === 0 || answers.length > LARGEST_CHOICE) closed = false;
      else {sum +=
          score(metric, answers.map((prediction) => ({ prediction, truth, ...known({ references }) })))
            .points;}
    }
    if (closed) return sum / questions.length;
  }
  const n = questions.length;
  const rounds = Math.min(ROUNDS, n - 1);
  let sum = 0;
  for (let shift = 1; shift <= rounds; shift++) {
    const items = questions.map(({ question, truth, references, box }, i) => (
      { prediction: questions[(i + shift) % n]!.truth, truth, question, ...known({ references, box }) }
    ));
    sum += score(metric, items).points;
  }
  return rounds === 0 ? 0 : sum / rounds;
}

/** Without what is undefined. */
function known(
  { template, references, box }: {
    template?: string | undefined;
    references?: readonly string[] | undefined;
    box?: BoxForm | undefined;
  },
): { template?: string; references?: readonly string[]; box?: BoxForm } {
  return {
    ...(template === undefined ? {} : { template }),
    ...(references === undefined ? {} : { references }),
    ...(box === undefined ? {} : { box }),
  };
}

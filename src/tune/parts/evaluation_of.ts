/**
 * What a tuning looks at while it goes on.
 *
 * @module
 */

import { evaluate, type TaskQuestions } from "../../answer/evaluate.ts";
import type { TaskLosses } from "../../lmm/trainer/loss_programs.ts";
import { cutStep, dealStep, type TrainStep } from "../../lmm/trainer/train_step.ts";
import type { TunePart } from "../../run/part.ts";
import type { EvaluationSettings } from "../../run/records/run_info.ts";
import type { EngineModel } from "../../train/engine.ts";
import type { EvaluationPlan } from "../../train/evaluations.ts";
import { validationSequences } from "../data/prepare.ts";
import { stepsOfCadence } from "../options/kinds.ts";
import type { PartContext } from "./context.ts";
import { featuresFor } from "./evaluate_part.ts";

/**
 * How probes that end early are looked at: losses alone, since answers cost as much as training, and seldom, since a look
 * costs the forward half of as many conversations.
 */
const EARLY: EvaluationSettings = { every: "10%", questions: 16, by: "loss", patience: 2 };

/**
 * The looks at validation questions of a part: losses of the true answers and, in final tunings, scores of generated
 * ones, to the first questions of each task it is tuned on, always the same.
 *
 * @param part The part.
 * @param steps Its steps.
 * @param model The model that is tuned.
 * @param context The dataset, the questions a task, and how many sequences a forward pass takes.
 * @returns The plan; undefined where nobody asked.
 */
export function evaluationOf(
  part: TunePart,
  steps: number,
  model: EngineModel,
  context: Pick<PartContext, "prepared" | "options" | "checkpoint" | "callbacks">,
): EvaluationPlan | undefined {
  const { prepared, options, checkpoint } = context;
  const { tasks } = options;
  const looked = lookOf(part, context);
  if (looked === undefined) return undefined;
  const { settings, questions, work } = looked;
  const asked = questions.flatMap((of) => of.questions);
  const promptTokens = asked.reduce((sum, { prompt }) => sum + prompt.length, 0);
  return {
    every: stepsOfCadence(settings.every, steps),
    by: settings.by,
    patience: settings.patience,
    async measure(trainer, signal) {
      const began = performance.now();
      let done = 0;
      const images = prepared.inputs.ready?.(prepared.imagesOf(work), model);
      let losses: TaskLosses;
      try {
        await images?.done;
        losses = await trainer.losses(work);
      } finally {
        images?.release();
      }
      const { nll, tokens } = losses;
      const { scores } = asked.length === 0 ? { scores: [] } : await evaluate(model, questions, {
        tokenizer: checkpoint.tokenizer,
        stops: checkpoint.stops,
        together: options.evaluationBatch,
        ...await featuresFor(model, false, context),
        progress: (count) => context.callbacks.looked?.(part.id, done += count, asked.length),
        signal,
      });
      return {
        loss: nll.map((sum, i) => tokens[i]! > 0 ? sum / tokens[i]! : null),
        score: tasks.map((task) => scores.find((one) => one.task === task)?.score ?? null),
        questions: asked.length,
        tokens: work.tokens + promptTokens,
        seconds: (performance.now() - began) / 1000,
      };
    },
  };
}

/**
 * What each look of a part is at.
 *
 * @param part The part.
 * @param context The dataset, the questions a task, and how many sequences a forward pass takes.
 * @returns How often and by what the best step is found, the questions that are answered, and the conversations whose
 * loss is taken; undefined where nobody asked.
 */
export function lookOf(
  part: TunePart,
  { prepared, options }: Pick<PartContext, "prepared" | "options">,
): { settings: EvaluationSettings; questions: TaskQuestions[]; work: TrainStep } | undefined {
  const { tasks, microBatch } = options;
  const settings = part.early ? EARLY : part.split === "test" ? options.evaluation : undefined;
  if (settings === undefined) return undefined;
  const tuned = Object.keys(part.data);
  const questions = part.early ? [] : prepared.questions.val.filter(({ task }) => tuned.includes(task))
    .map((of) => ({ ...of, questions: of.questions.slice(0, settings.questions) }));
  const sequences = validationSequences(prepared, settings.questions, tuned);
  return { settings, questions, work: dealStep(cutStep(sequences, microBatch), tasks.length) };
}

/**
 * Looks at validation questions while a training goes on: the best step is kept, and where it is long ago the training
 * ends.
 *
 * @module
 */

import { Interrupted } from "../errors.ts";
import { type BestBy, type BestEvaluation, bestEvaluation } from "../run/best_evaluation.ts";
import type { EvaluationRecord, MetricsLine } from "../run/records/metrics_line.ts";
import type { ChosenStep } from "../run/records/part_result.ts";
import { keepBest, restoreBest, settleBest } from "./best_state.ts";
import type { EngineTrainer } from "./engine.ts";

/** What is looked at, how often, and what follows from it. */
export interface EvaluationPlan {
  /** Steps from one look to the next; the last step is looked at whatever its number. */
  every: number;
  /** What the best step is best by. */
  by: BestBy;
  /** Looks without a better one after which the training ends; never before its last step without it. */
  patience?: number | undefined;
  /** Measures the parameters as they are. Throws `Interrupted` if the signal fired. */
  measure(trainer: EngineTrainer, signal: AbortSignal | undefined): Promise<EvaluationRecord>;
}

/** What a training needs for it. */
export interface EvaluatedTraining {
  /** Its folder. */
  folder: string;
  /** The run and the part that its files belong to. */
  owner?: string | undefined;
  /** The trainer, restored. */
  trainer: EngineTrainer;
  /** What is looked at. */
  plan: EvaluationPlan;
  /** Steps of the training. */
  steps: number;
}

/** The looks of one training. */
export class Evaluations {
  readonly #of: EvaluatedTraining;
  readonly #seen: Pick<MetricsLine, "step" | "evaluation">[];

  /**
   * Takes up the looks of earlier sittings.
   *
   * @param of The training.
   * @param lines The steps behind it.
   */
  constructor(of: EvaluatedTraining, lines: readonly MetricsLine[]) {
    this.#of = of;
    this.#seen = lines.filter(({ evaluation }) => evaluation !== undefined);
  }

  /** The best step so far. */
  get best(): BestEvaluation | undefined {
    return bestEvaluation(this.#seen, this.#of.plan.by);
  }

  /** Whether the training ends here: its last step is done, or the best one is too long ago. */
  get over(): boolean {
    const { trainer, steps, plan: { patience = Infinity } } = this.#of;
    return trainer.step >= steps || (this.best?.since ?? 0) >= patience;
  }

  /** Whether the step that was just done is to be looked at, and was not. */
  get due(): boolean {
    const { trainer: { step }, steps, plan } = this.#of;
    return step > 0 && (step % plan.every === 0 || step === steps) && this.#seen.at(-1)?.step !== step;
  }

  /** Whether the step that was just done is the best so far. */
  get improved(): boolean {
    return this.best?.step === this.#of.trainer.step;
  }

  /** Keeps the best step's state alone, as far as the training knows of it. */
  async settle(): Promise<void> {
    await settleBest(this.#of, this.best?.step);
  }

  /**
   * Looks at the step that was just done.
   *
   * @param signal Ends it early.
   * @returns What was measured; undefined if the signal fired first: the step is looked at when the training goes on.
   */
  async look(signal: AbortSignal | undefined): Promise<EvaluationRecord | undefined> {
    const { trainer, plan } = this.#of;
    try {
      if (signal?.aborted === true) return undefined;
      const evaluation = await plan.measure(trainer, signal);
      this.#seen.push({ step: trainer.step, evaluation });
      return evaluation;
    } catch (error) {
      if (error instanceof Interrupted || signal?.aborted === true) return undefined;
      throw error;
    }
  }

  /**
   * Keeps the state that was just saved, if the step that was just done is the best so far.
   */
  async keep(): Promise<void> {
    const { folder, trainer } = this.#of;
    if (this.improved) await keepBest(folder, trainer.step);
  }

  /**
   * Gives the model the parameters of the best step, once the training is over.
   *
   * @returns Which step that is.
   */
  async choose(): Promise<ChosenStep> {
    const { trainer, steps: planned, plan: { by } } = this.#of;
    const trained = trainer.step, best = this.best!;
    if (best.step !== trained) await restoreBest(this.#of, best.step);
    return { ...best, by, trained, planned };
  }

  /** What all looks took. */
  get cost(): { seconds: number; tokens: number } {
    const sum = (of: (one: EvaluationRecord) => number) =>
      this.#seen.reduce((total, { evaluation }) => total + of(evaluation!), 0);
    return { seconds: sum((one) => one.seconds), tokens: sum((one) => one.tokens) };
  }
}

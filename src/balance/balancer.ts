/**
 * What a weighting method is to the training loop.
 *
 * @module
 */

/** What a training step showed of every task. */
export interface StepObservation {
  /** Number of the step: 1, 2, ... */
  step: number;
  /** Unweighted mean loss an answer token, in nats, one a task; `null` for a task that was absent from the step. */
  taskLoss: readonly (number | null)[];
  /** Answer tokens in the step, one a task; 0 for a task that was absent. */
  taskTokens: readonly number[];
  /**
   * Mean loss an answer token on validation questions, in nats, one a task, with the parameters that the step began
   * with, as `taskLoss` is; `null` for a task without such questions. There at the steps at which the method asked for
   * it (`validation` of `WeightingMethod`), 1 among them: there it is that of the base.
   */
  validationLoss?: readonly (number | null)[];
}

/**
 * A method that gives every task a weight, step by step. The loss of a step is then (equation 2)
 *
 * ```
 * L = Σ_tokens −λ[task(token)] · log p(token) / Σ_tokens λ[task(token)]
 * ```
 *
 * with both sums over the whole optimiser step. A common factor of all weights has therefore no effect.
 *
 * So the mean loss of task i counts n_i·λ_i, n_i its answer tokens in the step. UW, DWA, IGBv1, FAMO, CoBa and RLW were
 * written for sums of task means, Σ λ_i·L_i: here, as in CoTBal's comparison of them, their λ weighs tokens, so that a task
 * with long answers counts more than in their papers. TLA is what makes task means of it.
 *
 * The loop asks for the weights of a step, trains, and hands back what it saw. A method keeps its history itself;
 * a task that is absent from a step must leave no trace in it (its loss is `null`, not 0).
 */
export interface Balancer {
  /** The id of its method, for messages. */
  readonly name: string;
  /**
   * The weights of a step.
   *
   * @param step Number of the step that is about to be trained: 1, 2, ...
   * @param taskTokens Answer tokens a task in that step. Methods that need it say so.
   * @returns One weight a task, 0 or more.
   */
  weights(step: number, taskTokens?: readonly number[]): number[];
  /**
   * Takes in what a step showed. Steps come in order; they may come late, several at once: in a run those up to step
   * 20, 40, … come before the next one. So weights follow the losses with a delay of up to twenty steps.
   *
   * @param observation What the step showed.
   */
  observe(observation: StepObservation): void;
}

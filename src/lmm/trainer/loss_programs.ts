/**
 * Losses without training: the forward half of a step, no gradient, no update.
 *
 * @module
 */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import { recordTaskSums } from "../../ops/cross_entropy.ts";
import { SCALARS } from "../../optim/adamw.ts";
import {
  answerLoss,
  forwardArrays,
  type ForwardContext,
  forwardInputs,
  type ForwardSize,
  forwardSize,
} from "./forward.ts";
import { ProgramCache } from "./program_cache.ts";
import type { TrainingSettings } from "./settings.ts";
import type { MicroBatch } from "./train_step.ts";

/** What loss programs share. */
export interface LossContext extends ForwardContext {
  /** Number of tasks. */
  tasks: number;
  /** How activations are stored. */
  storage: TrainingSettings["storage"];
}

/** The loss of some sequences, task by task. */
export interface TaskLosses {
  /** Sum of the answer tokens' losses, in nats, one a task; not weighted. */
  nll: number[];
  /** How many answer tokens, one a task. */
  tokens: number[];
}

/** The forward-only programs of a trainer: one for each size of micro-batch. */
export class LossPrograms {
  readonly #context: LossContext;
  readonly #programs = new ProgramCache();
  readonly #sums: Tensor; // [1, 2 + 2·tasks]: loss, unused; a task's loss and tokens

  /** @param context What they share. */
  constructor(context: LossContext) {
    this.#context = context;
    this.#sums = Tensor.of(context.model.gpu, [1, 2 + 2 * context.tasks]);
  }

  /** The most arena bytes that one of the kept programs needs at one time. */
  get largestNeed(): number {
    return this.#programs.largestNeed;
  }

  /**
   * Runs the model on micro-batches, adds their sums up on the device, and reads them once.
   *
   * @param microBatches The sequences.
   * @returns Sums and counts; 0 for a task without answer tokens.
   */
  async run(microBatches: readonly MicroBatch[]): Promise<TaskLosses> {
    const { model, tasks } = this.#context;
    const weights = new Array<number>(tasks).fill(1);
    const scalars = new Float32Array(SCALARS.count);
    scalars[SCALARS.scale] = 1;
    const queued = microBatches.filter(({ answerRows }) => answerRows.length > 0);
    if (queued.length === 0) return { nll: weights.map(() => 0), tokens: weights.map(() => 0) };
    queued.forEach((batch, i) => {
      const size = forwardSize(batch);
      const key = `${size.rows} ${size.images} ${size.targets} ${i === 0}`;
      const program = this.#programs.get(key, () => this.#record(size, i === 0));
      program.upload({ ...forwardArrays(this.#context, batch, size, weights), scalars });
      program.run();
    });
    const sums = (await this.#sums.read(model.gpu)).subarray(2);
    return { nll: weights.map((_, i) => sums[2 * i]!), tokens: weights.map((_, i) => sums[2 * i + 1]!) };
  }

  #record(size: ForwardSize, first: boolean): Program {
    const { model, tasks, storage } = this.#context;
    const tape = new Tape(model.gpu, { storage });
    const inputs = forwardInputs(tape, this.#context, size);
    tape.noGrad(() => {
      const { nll, goal } = answerLoss(tape, this.#context, size, inputs, false);
      const options = { tasks, slotAt: SCALARS.line, add: !first };
      recordTaskSums(tape, nll, goal, inputs.task, this.#sums, options);
    });
    return tape.compile();
  }

  /** Frees the programs and the sums. */
  destroy() {
    this.#programs.destroy();
    this.#sums.destroy(this.#context.model.gpu);
  }
}

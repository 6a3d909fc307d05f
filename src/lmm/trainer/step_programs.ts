/**
 * The recorded programs of a training step: one for each size of micro-batch.
 *
 * @module
 */
import { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import { recordTaskSums } from "../../ops/cross_entropy.ts";
import { type AdamW, SCALARS } from "../../optim/adamw.ts";
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

/** What programs of a trainer share. */
export interface StepContext extends ForwardContext {
  /** What updates the modules that are trained. */
  optimizer: AdamW;
  /** Where steps leave their sums until they are read, [steps, 2 + 2·tasks]. */
  ring: Tensor;
  /** Number of tasks. */
  tasks: number;
  /** How activations are stored. */
  storage: TrainingSettings["storage"];
  /** Whether they are computed again for the backward pass. */
  checkpointActivations: TrainingSettings["checkpointActivations"];
}

/** Where in a step a micro-batch stands: the first clears the gradients, the last updates the parameters. */
export interface Place {
  first: boolean;
  last: boolean;
}

/** The programs of a trainer. */
export class StepPrograms {
  readonly #context: StepContext;
  readonly #programs = new ProgramCache();

  /** @param context What they share. */
  constructor(context: StepContext) {
    this.#context = context;
  }

  /** The most arena bytes that one of the kept programs needs at one time. */
  get largestNeed(): number {
    return this.#programs.largestNeed;
  }

  /**
   * Queues a micro-batch.
   *
   * @param batch The sequences.
   * @param place Where in the step they stand.
   * @param weights λ of each task.
   * @param scalars The step's scalars, as {@linkcode SCALARS} places them.
   */
  run(batch: MicroBatch, place: Place, weights: readonly number[], scalars: Float32Array) {
    const size = forwardSize(batch);
    const key = `${size.rows} ${size.images} ${size.targets} ${place.first} ${place.last}`;
    const program = this.#programs.get(key, () => this.#record(size, place));
    program.upload({ ...forwardArrays(this.#context, batch, size, weights), scalars });
    program.run();
  }

  #record(size: ForwardSize, { first, last }: Place): Program {
    const { model, optimizer, ring, tasks, storage, checkpointActivations = false } = this.#context;
    const tape = new Tape(model.gpu, { storage, checkpoint: checkpointActivations });
    const inputs = forwardInputs(tape, this.#context, size);
    if (first) optimizer.clear(tape);
    const { nll, goal } = answerLoss(tape, this.#context, size, inputs, true);
    recordTaskSums(tape, nll, goal, inputs.task, ring, { tasks, slotAt: SCALARS.line, add: !first });
    tape.backward(nll, nll);
    if (last) optimizer.update(tape, inputs.scalars, ring);
    return tape.compile();
  }

  /** Frees the programs. */
  destroy() {
    this.#programs.destroy();
  }
}

/**
 * The recorded programs of a training step: one for each size of micro-batch, kept for as long as sizes come back.
 *
 * @module
 */
import { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import { recordTaskSums, weightedCrossEntropy } from "../../ops/cross_entropy.ts";
import { gatherRows } from "../../ops/embedding/gather_rows.ts";
import { type AdamW, SCALARS } from "../../optim/adamw.ts";
import { batchArrays, batchInputs, type BatchSize, batchSize, joinImages, roundUp } from "../batch.ts";
import { type Llava, packedAttention, type Trainable } from "../llava.ts";
import type { TrainingSettings } from "./settings.ts";
import type { MicroBatch } from "./train_step.ts";

/** What programs of a trainer share. */
export interface StepContext {
  /** The model that is trained. */
  model: Llava;
  /** The modules that are trained. */
  trainable: Trainable;
  /** What updates them. */
  optimizer: AdamW;
  /** Where steps leave their sums until they are read, [steps, 2 + 2·tasks]. */
  ring: Tensor;
  /** Number of tasks. */
  tasks: number;
  /** How activations are stored. */
  storage: TrainingSettings["storage"];
}

/** Where in a step a micro-batch stands: the first clears the gradients, the last updates the parameters. */
export interface Place {
  first: boolean;
  last: boolean;
}

/** Recorded programs that are kept. */
const KEPT = 48;

interface StepProgram {
  program: Program;
  size: BatchSize;
  targets: number;
}

/** The programs of a trainer. */
export class StepPrograms {
  readonly #context: StepContext;
  readonly #kept = new Map<string, StepProgram>();

  /** @param context What they share. */
  constructor(context: StepContext) {
    this.#context = context;
  }

  /** The most arena bytes that one of the kept programs needs at one time. */
  get largestNeed(): number {
    return Math.max(0, ...[...this.#kept.values()].map(({ program }) => program.largestNeed));
  }

  /** Values of an image: its pixels, or its features where the tower is frozen. */
  get imageValues(): number {
    const { model: { config, imageSize, imageTokens, featureWidth }, trainable } = this.#context;
    return trainable.has("vision")
      ? config.vision_config.num_channels * imageSize ** 2
      : imageTokens * featureWidth;
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
    const { program, size, targets } = this.#program(batch, place);
    program.upload({ ...this.#arrays(batch, size, targets, weights), scalars });
    program.run();
  }

  #arrays(
    { sequences, answerRows }: MicroBatch,
    size: BatchSize,
    targets: number,
    weights: readonly number[],
  ) {
    const { config, imageTokens } = this.#context.model;
    const target = new Int32Array(targets).fill(-1), task = new Int32Array(targets).fill(-1);
    const weight = new Float32Array(targets);
    const pick = new Int32Array(targets).fill(-1), picked = new Int32Array(size.rows).fill(-1);
    answerRows.forEach((answer, i) => {
      target[i] = answer.target;
      task[i] = answer.task;
      weight[i] = weights[answer.task]!;
      pick[i] = answer.row;
      picked[answer.row] = i;
    });
    return {
      ...batchArrays(sequences, size, imageTokens, config.image_token_index),
      images: joinImages(sequences, size.images, this.imageValues),
      target,
      task,
      weight,
      pick,
      picked,
    };
  }

  /** The program for a micro-batch's size, recorded on first use. */
  #program({ sequences, answerRows }: MicroBatch, place: Place): StepProgram {
    const size = batchSize(sequences);
    const targets = roundUp(answerRows.length);
    const key = `${size.rows} ${size.images} ${targets} ${place.first} ${place.last}`;
    let made = this.#kept.get(key);
    if (made) {
      this.#kept.delete(key); // and put back as the latest used
    } else {
      if (this.#kept.size >= KEPT) {
        const [oldest, { program }] = this.#kept.entries().next().value!;
        program.destroy();
        this.#kept.delete(oldest);
      }
      made = { program: this.#record(size, targets, place), size, targets };
    }
    this.#kept.set(key, made);
    return made;
  }

  #record(size: BatchSize, targets: number, { first, last }: Place): Program {
    const { model, trainable, optimizer, ring, tasks, storage } = this.#context;
    const { imageTokens, imageSize, featureWidth, config } = model;
    const tape = new Tape(model.gpu, { storage });
    const inputs = batchInputs(tape, size, imageTokens);
    const scalars = tape.input("scalars", [SCALARS.count]);
    const target = tape.input("target", [targets], "i32");
    const task = tape.input("task", [targets], "i32");
    const weight = tape.input("weight", [targets]);
    const pick = tape.input("pick", [targets], "i32");
    const picked = tape.input("picked", [size.rows], "i32");
    if (first) optimizer.clear(tape);
    let features: Tensor;
    if (trainable.has("vision")) {
      const pixels = [size.images, config.vision_config.num_channels, imageSize, imageSize];
      features = model.vision(tape, tape.input("images", pixels), trainable);
    } else {
      features = tape.input("images", [size.images * imageTokens, featureWidth]);
    }
    const projected = model.project(tape, features, trainable); // [images·imageTokens, hidden]
    const x = model.embed(tape, projected, inputs.index, trainable); // [rows, hidden]
    const attend = packedAttention(tape, inputs.span, model.heads);
    const hidden = model.decode(tape, x, inputs.positions, attend, trainable);
    const answers = model.finish(tape, gatherRows(tape, hidden, pick, picked), trainable); // [targets, hidden]
    const goal = { target, weight, scalars, scaleAt: SCALARS.scale };
    const nll = weightedCrossEntropy(tape, answers, model.head(trainable, storage), goal);
    recordTaskSums(tape, nll, goal, task, ring, { tasks, slotAt: SCALARS.line, add: !first });
    tape.backward(nll, nll);
    if (last) optimizer.update(tape, scalars, ring);
    return tape.compile();
  }

  /** Frees the programs. */
  destroy() {
    for (const { program } of this.#kept.values()) program.destroy();
    this.#kept.clear();
  }
}

/**
 * From the sequences of a micro-batch to the loss of its answer tokens: what a training step and a validation share.
 *
 * @module
 */
import type { Tape } from "../../autograd/tape.ts";
import { elements, type Tensor } from "../../autograd/tensor.ts";
import { type Targets, weightedCrossEntropy } from "../../ops/cross_entropy.ts";
import { gatherRows } from "../../ops/embedding/gather_rows.ts";
import { SCALARS } from "../../optim/adamw.ts";
import { batchArrays, batchInputs, type BatchSize, batchSize, joinImages, roundUp } from "../batch.ts";
import type { Trainable } from "../layout.ts";
import { type Lmm, packedAttention } from "../lmm.ts";
import type { MicroBatch } from "./train_step.ts";

/** Which model is run, and which of its modules are trained: frozen ones are stored and fed differently. */
export interface ForwardContext {
  /** The model. */
  model: Lmm;
  /** The modules that are trained. */
  trainable: Trainable;
}

/** Sizes that a program is recorded for. */
export interface ForwardSize extends BatchSize {
  /** Rows with a loss, padding included. */
  targets: number;
}

/** The sizes that a micro-batch needs. */
export function forwardSize({ sequences, answerRows }: MicroBatch): ForwardSize {
  return { ...batchSize(sequences), targets: roundUp(answerRows.length) };
}

/** Values of an image: its pixels, or its features where the tower is not run. */
export function imageValues({ model, trainable }: ForwardContext): number {
  return model.runsVision(trainable) ? elements(model.pixelShape) : model.imageTokens * model.featureWidth;
}

/** A program's inputs: the sequences, and what is to be predicted where. */
export interface ForwardInputs extends ReturnType<typeof batchInputs> {
  /** [{@linkcode SCALARS}.count] */
  scalars: Tensor;
  /** [targets] int32 token to predict; -1 in padding. */
  target: Tensor;
  /** [targets] int32 index of the task; -1 in padding. */
  task: Tensor;
  /** [targets] λ of the row's task. */
  weight: Tensor;
  /** [targets] int32 the row of the sequences. */
  pick: Tensor;
  /** [rows] int32 the inverse of `pick`; -1 where a row has no loss. */
  picked: Tensor;
}

/** Declares the inputs of a micro-batch on a tape. */
export function forwardInputs(tape: Tape, { model }: ForwardContext, size: ForwardSize): ForwardInputs {
  const { targets } = size;
  return {
    ...batchInputs(tape, size, model.imageTokens),
    scalars: tape.input("scalars", [SCALARS.count]),
    target: tape.input("target", [targets], "i32"),
    task: tape.input("task", [targets], "i32"),
    weight: tape.input("weight", [targets]),
    pick: tape.input("pick", [targets], "i32"),
    picked: tape.input("picked", [size.rows], "i32"),
  };
}

/** Host values of {@linkcode forwardInputs} and of the images, scalars apart. */
export function forwardArrays(
  context: ForwardContext,
  { sequences, answerRows }: MicroBatch,
  size: ForwardSize,
  weights: readonly number[],
) {
  const { targets } = size;
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
    ...batchArrays(sequences, size, context.model),
    images: joinImages(sequences, size.images, imageValues(context)),
    target,
    task,
    weight,
    pick,
    picked,
  };
}

/**
 * Records the model on a micro-batch.
 *
 * @param training Whether something may be dropped.
 * @returns nll [targets], the unweighted loss of every answer token in nats, and what it was measured against.
 */
export function answerLoss(
  tape: Tape,
  { model, trainable }: ForwardContext,
  size: ForwardSize,
  inputs: ForwardInputs,
  training: boolean,
): { nll: Tensor; goal: Targets } {
  const { imageTokens, pixelShape, featureWidth } = model;
  const { step: stepAt, pass: passAt } = SCALARS;
  const noise = training ? { scalars: inputs.scalars, stepAt, passAt } : undefined;
  let features: Tensor;
  if (model.runsVision(trainable)) {
    features = model.vision(tape, tape.input("images", [size.images, ...pixelShape]), trainable, noise);
  } else {
    features = tape.input("images", [size.images * imageTokens, featureWidth]);
  }
  const projected = model.project(tape, features, trainable, noise); // [images·imageTokens, hidden]
  const x = model.embed(tape, projected, inputs.index, trainable); // [rows, hidden]
  const attend = packedAttention(tape, inputs.span, model.heads);
  const hidden = model.decode(tape, x, inputs.positions, attend, trainable, noise);
  const answers = model.finish(tape, gatherRows(tape, hidden, inputs.pick, inputs.picked), trainable); // [targets, hidden]
  const { target, weight, scalars } = inputs;
  const goal = { target, weight, scalars, scaleAt: SCALARS.scale };
  return { nll: weightedCrossEntropy(tape, answers, model.head(trainable), goal), goal };
}

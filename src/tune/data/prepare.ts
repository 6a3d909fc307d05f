/**
 * A dataset made ready for the parts of a run.
 *
 * @module
 */

import type { ReadyConversation } from "../../data/dataset/packed_conversations.ts";
import { tileCount } from "../../data/images/picture.ts";
import type { Sample } from "../../data/types.ts";
import type { TrainSequence, TrainStep } from "../../lmm/trainer/train_step.ts";
import type { ImageInputs } from "../../train/image_inputs.ts";
import type { Encoded } from "./encode.ts";

/** A conversation ready to train on, of which it is known without looking at its images how many tiles they make. */
export interface DatasetSequence extends TrainSequence {
  /** Tiles of its images. */
  tiles: number;
}

/** A dataset made ready. */
export interface Prepared extends Encoded {
  /** Every training sample as a sequence, whose images are read when they are asked for. */
  sequences: ReadonlyMap<Sample, DatasetSequence>;
  /** What the model is given of each image. */
  inputs: ImageInputs;
  /** The images that a step reads. */
  imagesOf(step: TrainStep): string[];
}

/**
 * Joins conversations and images.
 *
 * @param encoded The conversations.
 * @param inputs What the model is given of each image.
 * @returns Both, and the training sequences.
 */
export function prepare(encoded: Encoded, inputs: ImageInputs): Prepared {
  const sequences = new Map<Sample, DatasetSequence>();
  for (const [task, { name }] of encoded.dataset.tasks.entries()) {
    for (const sample of encoded.dataset.samples.train.get(name) ?? []) {
      sequences.set(sample, sequenceOf(sample, task, encoded, inputs));
    }
  }
  const imagesOf = (step: TrainStep) =>
    step.microBatches.flatMap(({ sequences }) => sequences.flatMap((one) => (one as Pictured).paths));
  return { ...encoded, sequences, inputs, imagesOf };
}

/** A conversation as a sequence whose images are got when they are asked for. */
class Pictured implements DatasetSequence {
  constructor(
    private readonly sample: Sample,
    readonly task: number,
    private readonly conversation: ReadyConversation,
    private readonly inputs: ImageInputs,
  ) {}

  /** The trainer names these where a loss is not finite: the task belongs there too. */
  get id(): string {
    return `${this.sample.task}/${this.sample.id}`;
  }

  get ids(): Int32Array {
    return this.conversation.ids;
  }

  get mask(): Uint8Array {
    return this.conversation.mask;
  }

  get tiles(): number {
    return this.conversation.grids.reduce((sum, grid) => sum + tileCount(grid), 0);
  }

  /** The images' files. */
  get paths(): readonly string[] {
    return this.sample.images;
  }

  get images(): Float32Array[] {
    return this.sample.images.flatMap((path) => this.inputs.get(path));
  }
}

/**
 * Conversations of the validation split whose losses are measured while a model is tuned.
 *
 * @param prepared The dataset made ready.
 * @param questions Validation questions a task; fewer where a validation asks fewer.
 * @param tasks The tasks that are tuned on.
 * @returns The conversations of these questions, each once and with all its answers, task after task.
 */
export function validationSequences(
  prepared: Prepared,
  questions: number,
  tasks: readonly string[],
): DatasetSequence[] {
  return prepared.questions.val.flatMap(({ task: name, questions: asked }, task) => {
    if (!tasks.includes(name)) return [];
    const samples = new Set(asked.slice(0, questions).map(({ sample }) => sample));
    return [...samples].map((sample) => sequenceOf(sample, task, prepared, prepared.inputs));
  });
}

function sequenceOf(
  sample: Sample,
  task: number,
  { conversations }: Encoded,
  inputs: ImageInputs,
): Pictured {
  return new Pictured(sample, task, conversations.get(sample)!, inputs);
}

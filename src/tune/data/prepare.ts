/**
 * A dataset made ready for the parts of a run.
 *
 * @module
 */

import type { Sample } from "../../data/types.ts";
import type { TrainSequence } from "../../lmm/trainer/train_step.ts";
import type { ImageInputs } from "../../train/image_inputs.ts";
import type { Encoded } from "./encode.ts";

/** A dataset made ready. */
export interface Prepared extends Encoded {
  /** Every training sample as a sequence, whose images are read when they are asked for. */
  sequences: ReadonlyMap<Sample, TrainSequence>;
  /** What the model is given of each image. */
  inputs: ImageInputs;
}

/**
 * Joins conversations and images.
 *
 * @param encoded The conversations.
 * @param inputs What the model is given of each image.
 * @returns Both, and the training sequences.
 */
export function prepare(encoded: Encoded, inputs: ImageInputs): Prepared {
  const sequences = new Map<Sample, TrainSequence>();
  for (const [task, { name }] of encoded.dataset.tasks.entries()) {
    for (const sample of encoded.dataset.samples.train.get(name) ?? []) {
      const { ids, mask } = encoded.conversations.get(sample)!;
      sequences.set(sample, {
        // The trainer names these where a loss is not finite: the task belongs there too.
        id: `${name}/${sample.id}`,
        task,
        ids,
        mask,
        get images() {
          return sample.images.map((path) => inputs.get(path));
        },
      });
    }
  }
  return { ...encoded, sequences, inputs };
}

// Random sequences for a model.

import type { Sequence } from "../../src/lmm/batch.ts";
import type { Lmm } from "../../src/lmm/lmm.ts";
import { elements } from "../../src/autograd/tensor.ts";
import type { Random } from "../../src/random.ts";

/** A sequence of some text tokens around images of random pixels. */
export function drawSequence(model: Lmm, random: Random, text: number, images: number): Sequence {
  const { imageTokens, imageId, vocabulary, pixelShape } = model;
  const ids: number[] = [];
  for (let left = images; left > 0 || text > 0;) {
    if (left > 0 && (text === 0 || random.next() < 0.5)) {
      for (let i = 0; i < imageTokens; i++) ids.push(imageId);
      left--;
    } else {
      ids.push(4 + random.int(vocabulary - 4));
      text--;
    }
  }
  const values = elements(pixelShape);
  return {
    ids: Int32Array.from(ids),
    images: Array.from(
      { length: images },
      () => Float32Array.from({ length: values }, () => random.normal()),
    ),
  };
}

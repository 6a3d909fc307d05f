/** The batch of the row step: images, token ids, what is to be predicted. @module */
import { integers, uniform } from "./inputs.ts";
import { LLAVA } from "./workload.ts";

/** Rows that an image takes. */
export const IMAGE_TOKENS = (LLAVA.image / LLAVA.patch) ** 2;

/** Rows of a sequence: the image, then the text. */
export const SEQUENCE = IMAGE_TOKENS + LLAVA.text;

/** The batch, sequence by sequence. */
export interface LlavaBatch {
  /** [batch, 3, image, image] */
  pixels: Float32Array<ArrayBuffer>;
  /** [batch, text] */
  ids: Int32Array<ArrayBuffer>;
  /** [batch, SEQUENCE] the token after each row; 0 where the row has weight 0. */
  labels: Int32Array<ArrayBuffer>;
  /** [batch, SEQUENCE] 1 on rows whose next token belongs to the answer, the last tokens of the text. */
  weights: Float32Array<ArrayBuffer>;
}

/** Makes the batch. */
export function llavaBatch(): LlavaBatch {
  const { batch, text, answer, image, language } = LLAVA;
  const ids = integers(51, batch * text, language.vocab);
  const labels = new Int32Array(batch * SEQUENCE), weights = new Float32Array(batch * SEQUENCE);
  ids.forEach((id, i) => {
    const sequence = Math.floor(i / text), token = i % text;
    const row = sequence * SEQUENCE + IMAGE_TOKENS + token - 1; // the row before the token predicts it
    labels[row] = id;
    weights[row] = Number(token >= text - answer);
  });
  return { pixels: uniform(50, batch * 3 * image * image), ids, labels, weights };
}

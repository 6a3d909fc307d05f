/**
 * A trainer's state as bytes: version, step and sizes; trained parameters; first moments; second moments.
 *
 * @module
 */
import { RunError } from "../../errors.ts";
import type { AdamW } from "../../optim/adamw.ts";
import type { Lmm } from "../lmm.ts";

/** First word of a state: its layout. States of version 1 held the parameters that are not trained as well. */
const STATE_VERSION = 2;
const HEAD = 4;

/**
 * Reads everything that the next step depends on and that training changes.
 *
 * @param model The model that is trained.
 * @param optimizer Its optimiser.
 * @param step Steps done.
 * @returns The state. Parameters that are not trained are not in it: they are as they were loaded.
 */
export async function packState({ gpu, parameters }: Lmm, { theta, m, v }: AdamW, step: number) {
  const words = new Float32Array(HEAD + 3 * m.size);
  new Uint32Array(words.buffer).set([STATE_VERSION, step, parameters.size, m.size]);
  let at = HEAD;
  for (const part of [theta, m, v]) {
    await part.readInto(gpu, words.subarray(at, at + part.size));
    at += part.size;
  }
  return new Uint8Array(words.buffer);
}

/**
 * Writes a state back.
 *
 * @param bytes What {@linkcode packState} gave.
 * @param model The model.
 * @param optimizer Its optimiser.
 * @returns The steps that it had done.
 * @throws {RunError} If the state is of another model or another choice of frozen modules, or of an older version.
 */
export function unpackState(bytes: Uint8Array, { gpu, parameters }: Lmm, { theta, m, v }: AdamW): number {
  // Typed arrays of words must begin at one.
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = Math.floor(whole.length / 4);
  const [version, step = 0, size = 0, moments = 0] = new Uint32Array(
    whole.buffer,
    whole.byteOffset,
    Math.min(HEAD, words),
  );
  const expected = [STATE_VERSION, parameters.size, m.size];
  const length = 4 * (HEAD + 3 * moments);
  if ([version, size, moments].some((x, i) => x !== expected[i]) || bytes.length !== length) {
    throw new RunError(
      `training state: expected version, parameters and moments ${expected.join(", ")}; found ` +
        `${version}, ${size}, ${moments} in ${bytes.length} bytes. It belongs to another model or setting`,
    );
  }
  const all = new Float32Array(whole.buffer, whole.byteOffset, words);
  [theta, m, v].forEach((part, i) => {
    part.write(gpu, all.subarray(HEAD + i * moments, HEAD + (i + 1) * moments));
  });
  return step;
}

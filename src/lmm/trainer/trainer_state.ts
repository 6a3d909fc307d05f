/**
 * A trainer's state as bytes: version, step and sizes; parameters; first moments; second moments.
 *
 * @module
 */
import { RunError } from "../../errors.ts";
import type { AdamW } from "../../optim/adamw.ts";
import type { Lmm } from "../lmm.ts";

/** First word of a state: its layout. */
const STATE_VERSION = 1;

/**
 * Reads everything that the next step depends on.
 *
 * @param model The model that is trained.
 * @param optimizer Its optimiser.
 * @param step Steps done.
 * @returns The state.
 */
export async function packState({ gpu, parameters }: Lmm, { m, v }: AdamW, step: number) {
  const pieces = [
    Uint32Array.of(STATE_VERSION, step, parameters.size, m.size),
    await parameters.values.read(gpu),
    await m.read(gpu),
    await v.read(gpu),
  ];
  const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength), at);
    at += piece.byteLength;
  }
  return bytes;
}

/**
 * Writes a state back.
 *
 * @param bytes What {@linkcode packState} gave.
 * @param model The model.
 * @param optimizer Its optimiser.
 * @returns The steps that it had done.
 * @throws {RunError} If the state is of another model or another choice of frozen modules.
 */
export function unpackState(bytes: Uint8Array, { gpu, parameters }: Lmm, { m, v }: AdamW): number {
  const { buffer } = bytes.slice(0, bytes.length - bytes.length % 4);
  const all = new Float32Array(buffer);
  const [version, step = 0, size = 0, moments = 0] = new Uint32Array(buffer);
  const expected = [STATE_VERSION, parameters.size, m.size];
  const length = 4 * (4 + size + 2 * moments);
  if ([version, size, moments].some((x, i) => x !== expected[i]) || bytes.length !== length) {
    throw new RunError(
      `training state: expected version, parameters and moments ${expected.join(", ")}; found ` +
        `${version}, ${size}, ${moments} in ${bytes.length} bytes. It belongs to another model or setting`,
    );
  }
  parameters.values.write(gpu, all.slice(4, 4 + size));
  parameters.refresh();
  m.write(gpu, all.slice(4 + size, 4 + size + moments));
  v.write(gpu, all.slice(4 + size + moments));
  return step;
}

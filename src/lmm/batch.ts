/** A batch as the model takes it: sequences packed one after the other, no padding between them. @module */
import type { Lmm } from "./lmm.ts";
import { spans } from "./spans.ts";
import { indexTokens, type TokenIndex, type TokenIndexArrays } from "../ops/embedding/embedding.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { InputError } from "../errors.ts";
import { adapterKind } from "../gpu/kernel/adapter_kind.ts";

/** A sequence of token ids with the images in it. */
export interface Sequence {
  /** Token ids; an image is a run of `imageTokens` placeholders. */
  ids: Int32Array;
  /** Each image's features [imageTokens, visionWidth] or pixels [3, size, size], in order of appearance. */
  images: readonly Float32Array[];
}

/** Trips after which a known driver cuts an invocation's loops. */
const LOOP_LIMIT = 65_535;

/**
 * Checks that a model can read a sequence.
 *
 * @param imageSize Values of an image: those of its features or of its pixels.
 * @param name Which sequence, for messages.
 * @throws {InputError} If it is empty or over the model's positions, if a token is not in the vocabulary, or if
 * placeholders and images do not match.
 */
export function checkSequence(
  model: Lmm,
  sequence: Sequence,
  imageSize: number,
  name: string,
) {
  const { ids, images } = sequence;
  const { vocabulary, maxPositions: positions, imageTokens, imageId, gpu } = model;
  const fail = (message: string) => new InputError(`${name}: ${message}`);
  if (ids.length === 0) throw fail("expected at least one token, found none");
  if (ids.length > positions) {
    throw fail(`${ids.length} tokens are over the model's ${positions} positions; shorten it`);
  }
  // Attention walks the rows of two neighbours, for each head of a group, in one loop.
  const { heads, groups } = model.heads;
  const trips = 2 * ids.length * heads / groups;
  if (adapterKind(gpu) === "cpu" && trips > LOOP_LIMIT) {
    throw fail(
      `${ids.length} tokens make attention loop ${trips} times, and drivers that run on the CPU may cut loops at ` +
        `${LOOP_LIMIT} in silence; shorten it, or use a graphics card`,
    );
  }
  let placeholders = 0;
  for (const id of ids) {
    if (id === imageId) placeholders++;
    else if (id < 0 || id >= vocabulary) throw fail(`token ${id} is not in the vocabulary of ${vocabulary}`);
  }
  if (placeholders !== images.length * imageTokens) {
    throw fail(
      `expected ${imageTokens} image placeholders for each of ${images.length} images, found ${placeholders}`,
    );
  }
  const wrong = images.find((image) => image.length !== imageSize);
  if (wrong) throw fail(`expected ${imageSize} values an image, found ${wrong.length}`);
}

/** Sizes that a recorded program is made for. */
export interface BatchSize {
  /** Rows, padding included. */
  rows: number;
  /** Images (tiles), at least one. */
  images: number;
}

/** Rows are padded to a multiple of this, so that few programs serve all batches. */
const ROW_STEP = 32;

/** The size that a batch of sequences needs. */
export function batchSize(sequences: readonly Sequence[]): BatchSize {
  const rows = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const images = sequences.reduce((sum, s) => sum + s.images.length, 0);
  return { rows: roundUp(rows), images: Math.max(1, images) };
}

/** Rounds up to a size that programs are made for: steps of 32, coarser (an eighth) for large batches. */
export function roundUp(count: number): number {
  const step = Math.max(ROW_STEP, 2 ** Math.floor(Math.log2(Math.max(1, count)) - 3));
  return Math.max(step, Math.ceil(count / step) * step);
}

/** A program's inputs that describe packed sequences. */
export interface BatchTensors {
  index: TokenIndex;
  /** [rows] int32 */
  positions: Tensor;
  /** [rows, 2] int32 */
  span: Tensor;
}

/** Declares the inputs of a batch on a tape. */
export function batchInputs(tape: Tape, { rows, images }: BatchSize, imageTokens: number): BatchTensors {
  return {
    index: {
      ids: tape.input("ids", [rows], "i32"),
      image: tape.input("image", [rows], "i32"),
      place: tape.input("place", [images * imageTokens], "i32"),
      held: tape.input("held", [rows, 3], "i32"),
      rows: tape.input("rows", [rows], "i32"),
    },
    positions: tape.input("positions", [rows], "i32"),
    span: tape.input("span", [rows, 2], "i32"),
  };
}

/** Host values of {@linkcode batchInputs}. */
export function batchArrays(
  sequences: readonly Sequence[],
  { rows, images }: BatchSize,
  { imageTokens, imageId, paddingId }: Pick<Lmm, "imageTokens" | "imageId" | "paddingId">,
): TokenIndexArrays & { positions: Int32Array; span: Int32Array } {
  const tokens = new Int32Array(sequences.reduce((sum, { ids }) => sum + ids.length, 0));
  const positions = new Int32Array(rows);
  let at = 0;
  for (const { ids } of sequences) {
    tokens.set(ids, at);
    for (let i = 0; i < ids.length; i++) positions[at + i] = i;
    at += ids.length;
  }
  const used = sequences.reduce((sum, s) => sum + s.images.length, 0) * imageTokens;
  return {
    ...indexTokens(tokens, { imageId, rows, features: images * imageTokens, used, padding: paddingId }),
    positions,
    span: spans(sequences.map(({ ids }) => ids.length), rows),
  };
}

/** All images of a batch, one after the other, in an array for `images` of them. */
export function joinImages(sequences: readonly Sequence[], images: number, size: number): Float32Array {
  const joined = new Float32Array(images * size);
  let at = 0;
  for (const image of sequences.flatMap((s) => s.images)) {
    if (image.length !== size) throw new Error(`expected ${size} values an image, found ${image.length}`);
    joined.set(image, size * at++);
  }
  return joined;
}

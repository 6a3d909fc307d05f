/** Files of weights: read piece by piece, wherever they lie; what they hold is known before any of it is read. @module */
import { decode, WIDTH } from "./dtype.ts";
import { HEADER_START, type HeaderEntry, headerLength, parseHeader } from "./safetensors_header.ts";
import { InputError } from "../errors.ts";

/** One safetensors file. */
export interface WeightFile {
  /** Its name, for messages. */
  name: string;
  /** Its bytes. */
  size: number;
  /**
   * Reads a piece.
   *
   * @param offset Its first byte.
   * @param length Its bytes.
   * @returns Exactly so many bytes.
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A tensor that lies in a file. */
export interface StoredTensor extends HeaderEntry {
  /** The file. */
  file: WeightFile;
}

/** How a checkpoint holds its parameters. */
export interface Source {
  /** The tensor of each parameter, by the parameter's name. */
  tensors: Map<string, StoredTensor>;
  /** What a LoRA adapter holds: its own matrices, and what stands in the place of the checkpoint's. */
  adapter?: ReadonlyMap<string, StoredTensor> | undefined;
  /** The head of a model that ties it to the table of embeddings, where the checkpoint holds both. */
  tiedHead: StoredTensor | undefined;
  /** The text of its config.json, where it is known. */
  config?: string | undefined;
}

/**
 * A file in memory.
 *
 * @param name Its name, for messages.
 * @param bytes What it holds.
 */
export function memoryFile(name: string, bytes: Uint8Array): WeightFile {
  return {
    name,
    size: bytes.length,
    // deno-lint-ignore require-await -- as files do
    read: async (offset, length) => bytes.slice(offset, offset + length),
  };
}

/**
 * Reads the headers of files and checks all that they say.
 *
 * @param files The files of one model.
 * @returns Their tensors, by name.
 * @throws {InputError} If a file is broken or of another kind, or two hold a tensor of one name.
 *
 * @example What a file holds
 * ```ts
 * import { memoryFile, openWeights } from "./weights.ts";
 * import { writeSafetensors } from "./safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors(new Map([["a", { shape: [2, 1], values: Float32Array.of(1, 2) }]]));
 * const tensors = await openWeights([memoryFile("model.safetensors", bytes)]);
 * assertEquals(tensors.get("a")!.shape, [2, 1]);
 * ```
 */
export async function openWeights(files: readonly WeightFile[]): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const file of files) {
    const first = await file.read(0, Math.min(HEADER_START, file.size));
    const length = headerLength(first, file.size, file.name);
    for (const entry of parseHeader(await file.read(HEADER_START, length), file.size, file.name)) {
      const other = tensors.get(entry.name);
      if (other) {
        throw new InputError(
          `${file.name}: tensor ${entry.name} is in ${other.file.name} as well; expected it in one of the files`,
        );
      }
      tensors.set(entry.name, { ...entry, file });
    }
  }
  return tensors;
}

/** Reads a file from beginning to end, piece by piece. */
export async function* wholeFile({ size, read }: WeightFile): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (let at = 0; at < size; at += PIECE) yield await read(at, Math.min(PIECE, size - at));
}

/**
 * Reads a tensor whole.
 *
 * @param tensor Where it lies.
 * @returns Its values, row by row.
 */
export async function readTensor(tensor: StoredTensor): Promise<Float32Array> {
  const values = new Float32Array(tensor.bytes / WIDTH.get(tensor.dtype)!);
  let at = 0;
  for await (const piece of readPieces(tensor)) {
    const part = decode(piece, tensor.dtype);
    values.set(part, at);
    at += part.length;
  }
  return values;
}

/** Bytes that are read at a time. */
const PIECE = 8 << 20;

/**
 * Reads a tensor piece by piece.
 *
 * @param tensor Where it lies.
 * @returns Pieces of whole elements, in order.
 */
export async function* readPieces({ file, start, bytes, dtype }: StoredTensor): AsyncGenerator<
  Uint8Array<ArrayBuffer>,
  void
> {
  const most = PIECE - PIECE % WIDTH.get(dtype)!;
  for (let done = 0; done < bytes; done += most) {
    const length = Math.min(most, bytes - done);
    const piece = await file.read(start + done, length);
    if (piece.length !== length) {
      throw new InputError(
        `${file.name}: expected ${length} bytes from ${start + done}, found ${piece.length}`,
      );
    }
    yield piece;
  }
}

/**
 * What a run's model is given of each image: the vision tower's features where it is frozen, computed once an image for
 * the whole run; the image's pixels where the tower is trained.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { EngineModel } from "./engine.ts";

/** What the model is given of the images of a run. */
export interface ImageInputs {
  /** Features or pixels of an image, by its path. */
  get(path: string): Float32Array;
  /** Those of the blank image. */
  readonly blank: Float32Array;
  /** Gives the file back. */
  close(): void;
}

/** Where they are kept, and what tells them from another run's. */
export interface ImageInputsCache {
  /** The file. */
  path: string;
  /** Changes with the checkpoint, the images and the adapter. */
  key: string;
}

/** Pixels of the images that are computed together, in bytes. */
const CHUNK_BYTES = 32 << 20;

/** Up to this size they stay in memory, in bytes; above it they are read from the file as they are needed. */
const IN_MEMORY = 256 << 20;

/**
 * Computes the inputs of all images, or takes them from the file that an earlier sitting of the run left.
 *
 * The file: a line of JSON {key, images, values}, then float32 values, image after image, the blank image first.
 * It appears whole or not at all.
 *
 * @param model Turns pixels into what is kept: by its vision tower, or as they are.
 * @param paths The images, each once.
 * @param pixels Reads and preprocesses an image: [3, S, S].
 * @param cache Where they are kept.
 * @param progress Called after every chunk, with the number of images done.
 * @returns The store.
 */
export async function computeImageInputs(
  model: Pick<EngineModel, "imageSize" | "encodeImages">,
  paths: readonly string[],
  pixels: (path: string) => Promise<Float32Array>,
  cache: ImageInputsCache,
  progress: (done: number) => void,
): Promise<ImageInputs> {
  const index = new Map(paths.map((path, i) => [path, i + 1]));
  const known = await openCache(cache, paths.length + 1);
  if (known !== undefined) return store(known, index);

  await Deno.mkdir(dirname(cache.path), { recursive: true });
  const temporary = `${cache.path}.part`;
  const file = await Deno.open(temporary, { write: true, create: true, truncate: true });
  try {
    // After normalisation, zero is the mean colour: the blank image shows nothing but that.
    const blank = (await model.encodeImages([new Float32Array(3 * model.imageSize ** 2)]))[0]!;
    const header: Header = { key: cache.key, images: paths.length + 1, values: blank.length };
    await writeAll(file, new TextEncoder().encode(JSON.stringify(header) + "\n"));
    await writeAll(file, bytesOf(blank));
    const size = Math.max(1, Math.floor(CHUNK_BYTES / (3 * model.imageSize ** 2 * 4)));
    for (let from = 0; from < paths.length; from += size) {
      const chunk: Float32Array[] = [];
      for (const path of paths.slice(from, from + size)) chunk.push(await pixels(path));
      for (const input of await model.encodeImages(chunk)) await writeAll(file, bytesOf(input));
      progress(Math.min(from + size, paths.length));
    }
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(temporary, cache.path);
  const fresh = await openCache(cache, paths.length + 1);
  if (fresh === undefined) {
    throw new Error(`${cache.path}: expected what was just written, found another file`);
  }
  return store(fresh, index);
}

interface Header {
  key: string;
  images: number;
  values: number;
}

interface OpenCache {
  file: Deno.FsFile;
  header: Header;
  /** Bytes before the first image. */
  start: number;
}

/** Opens the file if it holds what is wanted, whole. */
async function openCache(cache: ImageInputsCache, images: number): Promise<OpenCache | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(cache.path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const head = new Uint8Array(4096);
  const read = await file.read(head) ?? 0;
  const end = head.subarray(0, read).indexOf(10);
  try {
    const header = JSON.parse(new TextDecoder().decode(head.subarray(0, Math.max(0, end)))) as Header;
    const size = end + 1 + header.images * header.values * 4;
    if (header.key === cache.key && header.images === images && (await file.stat()).size === size) {
      return { file, header, start: end + 1 };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  file.close();
  return undefined;
}

function store({ file, header, start }: OpenCache, index: ReadonlyMap<string, number>): ImageInputs {
  const { images, values } = header;
  const read = (first: number, count: number): Float32Array => {
    const into = new Float32Array(count * values);
    const bytes = bytesOf(into);
    file.seekSync(start + first * values * 4, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) {
      const n = file.readSync(bytes.subarray(done));
      if (n === null) throw new Error("the file of the images' inputs ended early");
      done += n;
    }
    return into;
  };
  const at = (path: string): number => {
    const i = index.get(path);
    if (i === undefined) throw new Error(`nothing was computed of the image ${path}`);
    return i;
  };
  if (images * values * 4 > IN_MEMORY) {
    return { get: (path) => read(at(path), 1), blank: read(0, 1), close: () => file.close() };
  }
  const all = read(0, images);
  file.close();
  const of = (i: number) => all.subarray(i * values, (i + 1) * values);
  return { get: (path) => of(at(path)), blank: of(0), close: () => {} };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/**
 * In place of {@linkcode computeImageInputs} where every part of a run is finished, so that no image is looked at.
 *
 * @returns Inputs that cannot be read.
 */
export function noImageInputs(): ImageInputs {
  const fail = () => {
    throw new Error("an image is asked for, but no part of the run was left to read any");
  };
  return {
    get: fail,
    get blank(): Float32Array {
      return fail();
    },
    close: () => {},
  };
}

/**
 * What a run's model is given of each image: the vision tower's features where it is frozen, computed once an image for
 * the whole run; the image's pixels where the tower is trained.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname } from "@std/path";
import { inOrder } from "../data/workers/in_order.ts";
import { writing } from "../run/disk_error.ts";
import { partialName, removeIfThere } from "../run/files.ts";
import { filePieces, sha256Of } from "../run/sha256.ts";
import { encodeTiles, tilesTogether } from "./encode_tiles.ts";
import type { EngineModel } from "./engine.ts";

/** What the model is given of the images of a run. */
export interface ImageInputs {
  /** Features or pixels of an image's tiles, by its path; where there is `ready`, only while the image is. */
  get(path: string): Float32Array[];
  /**
   * Begins to make images ready to be got; missing where all of them always are.
   *
   * @param paths The images.
   * @param model Encodes them, if that is not done yet.
   * @returns When they are; let them go afterwards.
   */
  ready?(paths: readonly string[], model: Pick<EngineModel, "encodeImages">): Readied;
  /** Those of a blank image that has as many tiles as the one of this path. */
  blank(path: string): Float32Array[];
  /** Those of a blank tile. */
  readonly blankTile: Float32Array;
  /** Gives the file back. */
  close(): void;
}

/** Images that are ready, or will be. */
export interface Readied {
  /** When their files have been read. */
  readonly read: Promise<void>;
  /** When they can be got. Fails where an image cannot be read. */
  readonly done: Promise<void>;
  /** Lets them go: they may not be got any more, unless they were made ready for somebody else too. */
  release(): void;
}

/** Where they are kept, and what tells them from another run's. */
export interface ImageInputsCache {
  /** The file. */
  path: string;
  /** Changes with the checkpoint, the images and the adapter. */
  key: string;
}

/**
 * Up to this size, in bytes, the inputs of all images are computed first and stay in memory; above it they are made when
 * they are needed ({@linkcode inputsAhead}).
 */
export const IN_MEMORY = 256 << 20;

/**
 * Computes the inputs of all images, or takes them from the file that an earlier sitting of the run left.
 *
 * The file: a line of JSON {key, images, values}, float32 values, tile after tile, a blank tile first and then those of
 * image after image, then how many tiles each image has, as uint32, and at its end the SHA-256 of all before. It appears
 * whole or not at all; one that is damaged or another run's is computed again.
 *
 * @param model Turns pixels into what is kept: by its vision tower, or as they are.
 * @param paths The images, each once.
 * @param tiles Reads an image and makes its tiles, each [3, S, S].
 * @param cache Where they are kept.
 * @param progress Called after every chunk, with the number of images done.
 * @param ahead How many images are read at a time; 1, if left out.
 * @returns The store.
 */
export async function computeImageInputs(
  model: Pick<EngineModel, "imageSize" | "encodeImages">,
  paths: readonly string[],
  tiles: (path: string) => Promise<Float32Array[]>,
  cache: ImageInputsCache,
  progress: (done: number) => void,
  ahead = 1,
): Promise<ImageInputs> {
  const known = await openImageInputs(cache, paths);
  if (known !== undefined) return known;

  await writing(cache.path, () => writeCache(model, paths, tiles, cache, progress, ahead));
  const fresh = await openImageInputs(cache, paths);
  if (fresh !== undefined) return fresh;
  throw new Error(`${cache.path}: expected what was just written, found another file`);
}

/**
 * Opens the file that {@linkcode computeImageInputs} wrote.
 *
 * @param cache Where it lies, and whose it must be.
 * @param paths The images, each once.
 * @returns The store; undefined where there is no file, or one that is damaged or another run's.
 */
export async function openImageInputs(
  cache: ImageInputsCache,
  paths: readonly string[],
): Promise<ImageInputs | undefined> {
  const known = await openCache(cache, paths.length);
  return known && store(known, paths);
}

async function writeCache(
  model: Pick<EngineModel, "imageSize" | "encodeImages">,
  paths: readonly string[],
  tiles: (path: string) => Promise<Float32Array[]>,
  cache: ImageInputsCache,
  progress: (done: number) => void,
  ahead: number,
): Promise<void> {
  await Deno.mkdir(dirname(cache.path), { recursive: true });
  const temporary = partialName(cache.path);
  const file = await Deno.open(temporary, { write: true, createNew: true });
  const hash = createHash("sha256");
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await writeAll(file, bytes);
  };
  try {
    // After normalisation, zero is the mean colour: the blank image shows nothing but that.
    const blank = (await model.encodeImages([new Float32Array(3 * model.imageSize ** 2)]))[0]!;
    const header: Header = { key: cache.key, images: paths.length, values: blank.length };
    await write(new TextEncoder().encode(JSON.stringify(header) + "\n"));
    await write(bytesOf(blank));
    const counts = new Uint32Array(paths.length);
    let done = 0;
    const pictures = async function* () {
      for await (const settled of inOrder(paths, tiles, ahead)) {
        if ("error" in settled) throw settled.error;
        yield settled.value;
      }
    };
    const encode = (chunk: Float32Array[]) => model.encodeImages(chunk);
    for await (const finished of encodeTiles(encode, pictures(), tilesTogether(model.imageSize))) {
      for (const picture of finished) {
        counts[done++] = picture.length;
        for (const tile of picture) await write(bytesOf(tile));
      }
      progress(done);
    }
    await write(bytesOf(counts));
    await writeAll(file, hash.digest());
    await file.sync();
  } catch (error) {
    await removeIfThere(temporary);
    throw error;
  } finally {
    file.close();
  }
  await Deno.rename(temporary, cache.path);
}

/** Bytes of the SHA-256 at the end of the file. */
const CHECKSUM = 32;

interface Header {
  key: string;
  /** Without the blank one. */
  images: number;
  /** Numbers a tile. */
  values: number;
}

interface OpenCache {
  file: Deno.FsFile;
  header: Header;
  /** Bytes before the first tile. */
  start: number;
  /** Tiles of each image. */
  counts: Uint32Array;
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
    const { size } = await file.stat();
    const start = end + 1;
    if (header?.key === cache.key && header.images === images && size >= start + images * 4 + CHECKSUM) {
      const counts = new Uint32Array(images);
      readAll(file, size - CHECKSUM - counts.byteLength, bytesOf(counts));
      const tiles = counts.reduce((sum, count) => sum + count, 1);
      const expected = start + tiles * header.values * 4 + counts.byteLength + CHECKSUM;
      if (size === expected && await isWhole(file, size, cache.path)) return { file, header, start, counts };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  file.close();
  return undefined;
}

/** Whether what the file holds has the checksum at its end. */
async function isWhole(file: Deno.FsFile, size: number, path: string): Promise<boolean> {
  const checksum = new Uint8Array(CHECKSUM);
  readAll(file, size - CHECKSUM, checksum);
  return await sha256Of(filePieces(path, size - CHECKSUM)) === checksum.toHex();
}

function store(
  { file, header: { values }, start, counts }: OpenCache,
  paths: readonly string[],
): ImageInputs {
  // The blank tile is the first.
  const places = new Map<string, { first: number; count: number }>();
  let tiles = 1;
  for (const [i, path] of paths.entries()) {
    places.set(path, { first: tiles, count: counts[i]! });
    tiles += counts[i]!;
  }
  const place = (path: string) => {
    const found = places.get(path);
    if (found === undefined) throw new Error(`nothing was computed of the image ${path}`);
    return found;
  };
  const cut = (first: number, count: number): Float32Array[] =>
    Array.from({ length: count }, (_, i) => all.subarray((first + i) * values, (first + i + 1) * values));
  const all = new Float32Array(tiles * values);
  readAll(file, start, bytesOf(all));
  file.close();
  const blankTile = all.subarray(0, values);
  return {
    get(path) {
      const { first, count } = place(path);
      return cut(first, count);
    },
    blank: (path) => new Array<Float32Array>(place(path).count).fill(blankTile),
    blankTile,
    close: () => {},
  };
}

function readAll(file: Deno.FsFile, from: number, into: Uint8Array): void {
  file.seekSync(from, Deno.SeekMode.Start);
  for (let done = 0; done < into.length;) {
    const n = file.readSync(into.subarray(done));
    if (n === null) throw new Error("the file of the images' inputs ended early");
    done += n;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
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
    blank: fail,
    get blankTile(): Float32Array {
      return fail();
    },
    close: () => {},
  };
}

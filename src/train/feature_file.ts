/**
 * Features of images in a file that grows as they are computed, up to a budget.
 *
 * The file: a line of JSON {key, values}, then records: image, tiles and checksum as uint32, and the tiles' values as float16. A
 * record that was cut off is dropped, one whose checksum is wrong is computed again.
 *
 * @module
 */

import { dirname } from "@std/path";
import { crc32 } from "node:zlib";
import { RunError } from "../errors.ts";

/** What a file is and may become. */
export interface FeatureFileOptions {
  /** The file. */
  path: string;
  /** Changes with the checkpoint, the images and the adapter: a file with another one is begun anew. */
  key: string;
  /** Numbers a tile. */
  values: number;
  /** How many images there are. */
  images: number;
  /** The most bytes that it may have. */
  maxBytes: number;
}

/** Bytes before a record's values. */
const HEAD = 12;

/** An open file of features. */
export class FeatureFile {
  readonly #file: Deno.FsFile;
  readonly #options: FeatureFileOptions;
  /** Where the record of each image begins; 0 for none. */
  readonly #places: Float64Array;
  #end: number;

  private constructor(file: Deno.FsFile, options: FeatureFileOptions, start: number) {
    this.#file = file;
    this.#options = options;
    this.#places = new Float64Array(options.images);
    this.#end = start;
  }

  /**
   * Opens a file, or begins it.
   *
   * @param options What it is.
   * @returns The file, with the features that an earlier sitting left there.
   */
  static open(options: FeatureFileOptions): FeatureFile {
    const { path, key, values } = options;
    Deno.mkdirSync(dirname(path), { recursive: true });
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    const head = new TextEncoder().encode(JSON.stringify({ key, values }) + "\n");
    const opened = new FeatureFile(file, options, head.length);
    const found = new Uint8Array(head.length);
    if (opened.#read(0, found) && found.every((byte, i) => byte === head[i])) opened.#scan();
    else {
      file.truncateSync(0);
      opened.#write(0, head);
    }
    return opened;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#end;
  }

  /**
   * The features of an image.
   *
   * @param image Its number.
   * @param tiles How many tiles it has.
   * @returns Tile by tile; undefined if the file has none that are whole.
   */
  get(image: number, tiles: number): Float16Array[] | undefined {
    const at = this.#places[image]!;
    if (at === 0) return undefined;
    const { values } = this.#options;
    const record = new Uint8Array(HEAD + 2 * tiles * values);
    const [found, count, sum] = this.#read(at, record) ? new Uint32Array(record.buffer, 0, 3) : [];
    if (found !== image || count !== tiles || sum !== crc32(record.subarray(HEAD))) {
      this.#places[image] = 0;
      return undefined;
    }
    const all = new Float16Array(record.buffer, HEAD);
    return Array.from({ length: tiles }, (_, i) => all.subarray(i * values, (i + 1) * values));
  }

  /**
   * Adds the features of an image, if there is room.
   *
   * @param image Its number.
   * @param tiles Tile by tile.
   * @throws {RunError} If the disk is full.
   */
  add(image: number, tiles: readonly Float16Array[]): void {
    const { values, maxBytes, path } = this.#options;
    const record = new Uint8Array(HEAD + 2 * tiles.length * values);
    if (this.#places[image] !== 0 || this.#end + record.length > maxBytes) return;
    const all = new Float16Array(record.buffer, HEAD);
    for (const [i, tile] of tiles.entries()) all.set(tile, i * values);
    new Uint32Array(record.buffer, 0, 3).set([image, tiles.length, crc32(record.subarray(HEAD))]);
    try {
      this.#write(this.#end, record);
    } catch (error) {
      throw new RunError(
        `${path}: expected room for ${record.length} bytes of features, found none (${
          error instanceof Error ? error.message : String(error)
        }); make room, or go on with --resume and a smaller --cache-gb`,
      );
    }
    this.#places[image] = this.#end;
    this.#end += record.length;
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  /** Finds the records that are there, by their heads. */
  #scan(): void {
    const { images, values } = this.#options;
    const { size } = this.#file.statSync();
    const head = new Uint8Array(HEAD);
    while (this.#end + HEAD <= size && this.#read(this.#end, head)) {
      const [image, tiles] = new Uint32Array(head.buffer);
      const next = this.#end + HEAD + 2 * tiles! * values;
      if (image! >= images || tiles === 0 || next > size) break;
      this.#places[image!] = this.#end;
      this.#end = next;
    }
    this.#file.truncateSync(this.#end);
  }

  /** Fills an array from a place; false if the file ends before. */
  #read(at: number, into: Uint8Array): boolean {
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < into.length;) {
      const n = this.#file.readSync(into.subarray(done));
      if (n === null) return false;
      done += n;
    }
    return true;
  }

  #write(at: number, bytes: Uint8Array): void {
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += this.#file.writeSync(bytes.subarray(done));
  }
}

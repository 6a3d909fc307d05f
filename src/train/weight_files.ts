/**
 * Weights on the disk: read where they are asked for, never as a whole.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { INDEX, weightNames } from "../lmm/weight_names.ts";
import type { WeightFile } from "../lmm/weights.ts";
import { statFile } from "../run/stat_file.ts";

/** Longest index that is read: some 200,000 parameters. */
const MAX_INDEX = 32e6;

/**
 * Finds the weights of a folder.
 *
 * @param folder A Hugging Face folder.
 * @returns Its safetensors files; none is open between two reads.
 * @throws {InputError} If there are none, or the index of several cannot be used.
 */
export async function openWeightFiles(folder: string): Promise<WeightFile[]> {
  const present = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) if (!isDirectory) present.add(name);
  const names = await weightNames(present, async () => {
    const { size } = await statFile(join(folder, INDEX));
    if (size > MAX_INDEX) {
      throw new InputError(`${INDEX}: expected at most ${MAX_INDEX} bytes, found ${size}`);
    }
    return await Deno.readTextFile(join(folder, INDEX));
  });
  return await Promise.all(names.map((name) => weightFile(join(folder, name), name)));
}

/**
 * A file of weights.
 *
 * @param path Where it lies.
 * @param name What it is called in messages.
 * @throws {InputError} If it is not there.
 */
export async function weightFile(path: string, name: string = path): Promise<WeightFile> {
  let size: number;
  try {
    ({ size } = await statFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`${name}: expected a file of weights, found none at ${path}`);
  }
  return { name, size, read: (offset, length) => readAt(path, offset, length) };
}

async function readAt(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(path);
  try {
    await file.seek(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const read = await file.read(bytes.subarray(done));
      if (read === null) break; // the caller finds too few
      done += read;
    }
    return bytes.subarray(0, done);
  } finally {
    file.close();
  }
}

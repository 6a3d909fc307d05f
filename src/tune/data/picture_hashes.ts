/**
 * What the pictures of a dataset hold, so that one that was swapped is found and named.
 *
 * @module
 */

import { readImageFile } from "../../data/images/file_head.ts";
import { SPLITS } from "../../data/dataset/dataset_files.ts";
import type { Dataset } from "../../data/types.ts";
import { InputError } from "../../errors.ts";
import { readIfThere, writeWhole } from "../../run/files.ts";
import { sha256 } from "../../run/sha256.ts";

/** Bytes of a SHA-256. */
const BYTES = 32;

/** Pictures that are read at a time: enough to keep the disk busy. */
const TOGETHER = 8;

/**
 * The pictures of a dataset, each once, in the order of the samples.
 *
 * @param dataset The dataset.
 * @returns Their paths.
 */
export function picturesOf({ tasks, samples }: Dataset): string[] {
  const paths = new Set<string>();
  for (const split of SPLITS) {
    for (const { name } of tasks) {
      for (const { images } of samples[split].get(name) ?? []) for (const path of images) paths.add(path);
    }
  }
  return [...paths];
}

/**
 * Hashes pictures as they lie on the disk; nothing is decoded.
 *
 * @param paths The pictures.
 * @param progress Called after each, with the number done; may throw to stop.
 * @returns Their SHA-256, 32 bytes each, one after the other: 6.4 MB for 200,000.
 * @throws {InputError} If a picture cannot be read; the message begins with its path.
 */
export async function hashPictures(
  paths: readonly string[],
  progress: (done: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const hashes = new Uint8Array(BYTES * paths.length);
  let next = 0, done = 0;
  const work = async () => {
    while (next < paths.length) {
      const i = next++;
      hashes.set(new Uint8Array(await digest(paths[i]!)), BYTES * i);
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return hashes;
}

async function digest(path: string): Promise<ArrayBuffer> {
  try {
    return await crypto.subtle.digest("SHA-256", await readImageFile(path) as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

/** Pictures named in a message. */
const NAMED = 3;

/**
 * Keeps the hashes of a run's pictures, or compares them with those it began with.
 *
 * @param file Where they are kept; run.json has the hash of this file.
 * @param hashes Those of now.
 * @param paths The pictures.
 * @param before The hash of the file when the run began; undefined for a run that begins.
 * @returns The hash of the file.
 * @throws {InputError} If pictures are not as they were; the message names them where the file is whole.
 */
export async function keepPictureHashes(
  file: string,
  hashes: Uint8Array<ArrayBuffer>,
  paths: readonly string[],
  before: string | undefined,
): Promise<string> {
  const now = await sha256(hashes);
  const kept = before === undefined ? undefined : await readIfThere(file);
  const whole = kept !== undefined && await sha256(kept) === before;
  if (before !== undefined && now !== before) {
    const changed = whole && kept.length === hashes.length ? differing(kept, hashes, paths) : [];
    const named = changed.slice(0, NAMED).join(", ") +
      (changed.length > NAMED ? ` and ${changed.length - NAMED} more` : "");
    throw new InputError(
      `--resume: expected the pictures as they were when the run began, found ${
        changed.length === 0 ? "others" : `other contents in ${named}`
      }. Bring them back, or start another run with another --out`,
    );
  }
  if (!whole) await writeWhole(file, hashes);
  return now;
}

function differing(before: Uint8Array, now: Uint8Array, paths: readonly string[]): string[] {
  return paths.filter((_, i) => {
    for (let k = BYTES * i; k < BYTES * (i + 1); k++) if (before[k] !== now[k]) return true;
    return false;
  });
}

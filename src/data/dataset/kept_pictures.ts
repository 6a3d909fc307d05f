/**
 * Pictures that stand inside the files of a dataset (as base64, or in tables), kept as files of their own: everything
 * that follows knows pictures by their path.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "@std/path";
import { InputError } from "../../errors.ts";
import { fileKind } from "../images/file_kind.ts";

/** The folder beside the data that holds them. */
export const KEPT = ".cotbal-images";

/** Keeps pictures. */
export interface KeptPictures {
  /** How many different ones were kept. */
  readonly count: number;
  /** The folder that they are in; undefined as long as there are none. */
  readonly folder: string | undefined;
  /**
   * Writes a picture's file, if it is not there yet.
   *
   * @param bytes The file.
   * @returns Its absolute path: the same for the same bytes.
   */
  keep(bytes: Uint8Array): string;
}

/**
 * Keeps pictures under the SHA-256 of their bytes, in `.cotbal-images` of the data's folder: a second reading finds them
 * there, and a run that is resumed finds the same paths. Where the folder cannot be written to, they go to a folder
 * of the system's for temporary files, under the same names.
 *
 * @param root The data's folder, absolute.
 * @returns The empty collection.
 */
export function createKeptPictures(root: string): KeptPictures {
  const known = new Set<string>();
  let folder: string | undefined;
  return {
    get count() {
      return known.size;
    },
    get folder() {
      return folder;
    },
    keep(bytes) {
      const kind = fileKind(bytes)?.extension ?? "bin";
      const name = `${createHash("sha256").update(bytes).digest("hex")}.${kind}`;
      folder ??= openFolder(root);
      const path = join(folder, name);
      if (!known.has(name)) writeOnce(path, bytes);
      known.add(name);
      return path;
    },
  };
}

function openFolder(root: string): string {
  const beside = join(root, KEPT);
  try {
    Deno.mkdirSync(beside, { recursive: true });
    const probe = Deno.makeTempFileSync({ dir: beside });
    Deno.removeSync(probe);
    return beside;
  } catch {
    // A folder that cannot be written to: read-only media, somebody else's.
  }
  try {
    const temporary = Deno.makeTempDirSync();
    Deno.removeSync(temporary);
    const shared = join(dirname(temporary), KEPT.slice(1));
    Deno.mkdirSync(shared, { recursive: true });
    return shared;
  } catch (error) {
    throw new InputError(
      `${root}: expected a folder that can be written to, as pictures inside the files are kept beside them, found ` +
        `none (${
          error instanceof Error ? error.message : String(error)
        }); allow it, or save the pictures as files`,
    );
  }
}

/** A file appears whole or not at all; one that is there already must have these bytes. */
function writeOnce(path: string, bytes: Uint8Array): void {
  try {
    const there = Deno.readFileSync(path);
    if (there.length === bytes.length && there.every((byte, i) => byte === bytes[i])) return;
  } catch {
    // Not there yet.
  }
  const draft = Deno.makeTempFileSync({ dir: dirname(path) });
  Deno.writeFileSync(draft, bytes);
  Deno.renameSync(draft, path);
}

/**
 * Files that a page's server gives out piece by piece.
 *
 * @module
 */

import { RunError } from "../errors.ts";
import type { OpenedFile } from "./opened_file.ts";
import type { ServedModel } from "./packed.ts";

/**
 * Files that are asked for where they are needed: bytes FROM to TO of file number K at model/K/FROM-TO.
 *
 * @param files Their names and bytes.
 * @param at Where their server is, with a slash at the end; where the page comes from, if left out.
 * @returns The files. Reading one throws RunError where the server refuses it.
 */
export function servedFiles(files: ServedModel["files"], at = ""): OpenedFile[] {
  return files.map(({ name, size }, k) => ({
    name,
    size,
    slice: (from, to) => ({ arrayBuffer: () => piece(`${at}model/${k}/${from}-${to}`) }),
  }));
}

async function piece(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(path);
  if (answer.ok) return await answer.arrayBuffer();
  throw new RunError(`expected a piece of the model from its server, found: ${await answer.text()}`);
}

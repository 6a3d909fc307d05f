/**
 * A model too large for a page, whose server gives out its files piece by piece.
 *
 * @module
 */

import { RunError } from "../errors.ts";
import { openedCheckpoint, type OpenedFile } from "./unpack_models.ts";
import type { NamedCheckpoint } from "./pack_models.ts";

/** Id of the element in which a page says what is served. */
export const SERVED = "served";

/** What a server gives out. */
export interface ServedModel {
  /** What the model is called. */
  name: string;
  /** The files of its folder. */
  files: { name: string; size: number }[];
}

/**
 * Opens a model that is served; its weights are asked for where they are needed.
 *
 * @param model What is served.
 * @param at Where its server is, with a slash at the end; where the page comes from, if left out.
 * @returns The model.
 * @throws {InputError} If its files cannot be used.
 */
export async function servedCheckpoint({ name, files }: ServedModel, at = ""): Promise<NamedCheckpoint> {
  const opened = files.map(({ name, size }, i): OpenedFile => ({
    name,
    size,
    slice: (from, to) => ({ arrayBuffer: () => piece(`${at}model/${i}/${from}-${to}`) }),
  }));
  return { name, checkpoint: await openedCheckpoint(opened) };
}

async function piece(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(path);
  if (answer.ok) return await answer.arrayBuffer();
  throw new RunError(`expected a piece of the model from its server, found: ${await answer.text()}`);
}

/**
 * The state of the best step so far, beside the state that a training goes on from.
 *
 * @module
 */

import { join } from "@std/path";
import { RunError } from "../errors.ts";
import { exists, removeIfThere } from "../run/files.ts";
import type { EngineTrainer } from "./engine.ts";
import { STATE_FILE } from "./saves.ts";
import { readState } from "./state_file.ts";

/** A training's folder, whose its files are, and its trainer. */
interface Place {
  folder: string;
  owner?: string | undefined;
  trainer: EngineTrainer;
}

const NAME = /^best-\d+\.bin(\.part)?$/;

function pathOf(folder: string, step: number): string {
  return join(folder, `best-${step}.bin`);
}

/**
 * Keeps the state that was just saved as the best step's, and no other.
 *
 * That state is the one that the training goes on from: whatever is kept is a step that it knows of, and a kill in between is
 * mended by {@linkcode settleBest}.
 *
 * @param folder The training's folder.
 * @param step The step that was saved.
 */
export async function keepBest(folder: string, step: number): Promise<void> {
  const path = pathOf(folder, step), part = `${path}.part`, state = join(folder, STATE_FILE);
  await removeIfThere(part);
  try {
    // Saved states are replaced, never written to: a second name for one costs nothing.
    await Deno.link(state, part);
  } catch {
    await Deno.copyFile(state, part); // not every file system has second names
  }
  await Deno.rename(part, path);
  await removeOthers(folder, step);
}

/**
 * Makes what is kept fit the steps that a training has behind it when it goes on.
 *
 * @param place Its folder, and its trainer, restored.
 * @param best The best of the steps behind it, if any was looked at.
 * @throws {RunError} If that step's state is not there.
 */
export async function settleBest({ folder, trainer }: Place, best: number | undefined): Promise<void> {
  if (best !== undefined && best === trainer.step) return await keepBest(folder, best);
  if (best !== undefined && !(await exists(pathOf(folder, best)))) {
    throw new RunError(
      `${folder}: expected the state of step ${best}, the best so far, in best-${best}.bin, found no such file. ` +
        "Bring it back, or remove the folder to tune from the start",
    );
  }
  await removeOthers(folder, best);
}

/**
 * Goes back to the best step.
 *
 * @param place The folder, and the trainer, which is restored.
 * @param best The step.
 * @throws {RunError} If its state is not there, is damaged, or is of another run or part.
 */
export async function restoreBest({ folder, owner = "", trainer }: Place, best: number): Promise<void> {
  const path = pathOf(folder, best);
  const saved = await readState(path, owner) ?? "is not there";
  if (typeof saved === "string") {
    throw new RunError(
      `${path}: expected the state of the best step, but it ${saved}. Bring it back, or remove ${folder} to tune from the start`,
    );
  }
  trainer.restore(saved.state);
}

/**
 * Removes what was kept, once a training's result is written.
 *
 * @param folder The training's folder.
 */
export async function removeBest(folder: string): Promise<void> {
  await removeOthers(folder, undefined);
}

async function removeOthers(folder: string, step: number | undefined): Promise<void> {
  if (!(await exists(folder))) return;
  const kept = step === undefined ? undefined : `best-${step}.bin`;
  for await (const { name } of Deno.readDir(folder)) {
    if (NAME.test(name) && name !== kept) await removeIfThere(join(folder, name));
  }
}

/**
 * The state of the best step so far, beside the state that a training goes on from.
 *
 * @module
 */

import { join } from "@std/path";
import { RunError } from "../errors.ts";
import { exists, readIfThere, removeIfThere, writeWhole } from "../run/files.ts";
import type { EngineTrainer } from "./engine.ts";

/** A training's folder and its trainer. */
interface Place {
  folder: string;
  trainer: EngineTrainer;
}

const NAME = /^best-\d+\.bin(\.part)?$/;

function pathOf(folder: string, step: number): string {
  return join(folder, `best-${step}.bin`);
}

/**
 * Keeps the state of a step, and no other.
 *
 * The state that a training goes on from is to be saved before: whatever is kept is then a step that it knows of, and a
 * kill in between is mended by {@linkcode settleBest}.
 *
 * @param folder The training's folder.
 * @param step The step.
 * @param state The trainer's state after it.
 */
export async function keepBest(folder: string, step: number, state: Uint8Array): Promise<void> {
  await writeWhole(pathOf(folder, step), state);
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
  if (best !== undefined && !(await exists(pathOf(folder, best)))) {
    if (best !== trainer.step) {
      throw new RunError(
        `${folder}: expected the state of step ${best}, the best so far, in best-${best}.bin, found no such file. ` +
          "Bring it back, or remove the folder to tune from the start",
      );
    }
    await writeWhole(pathOf(folder, best), await trainer.state());
  }
  await removeOthers(folder, best);
}

/**
 * Goes back to the best step.
 *
 * @param place The folder, and the trainer, which is restored.
 * @param best The step.
 * @throws {RunError} If its state is not there.
 */
export async function restoreBest({ folder, trainer }: Place, best: number): Promise<void> {
  const state = await readIfThere(pathOf(folder, best));
  if (state === undefined) {
    throw new RunError(`${pathOf(folder, best)}: expected the best step's state, found none`);
  }
  trainer.restore(state);
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

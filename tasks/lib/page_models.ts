/**
 * The tuned models of a run that its report carries.
 *
 * @module
 */

import { join } from "@std/path";
import { cotbal } from "../../src/balance/methods/cotbal.ts";
import { ew } from "../../src/balance/methods/ew.ts";
import { findMethod } from "../../src/balance/methods/registry.ts";
import { InputError } from "../../src/errors.ts";
import { type NamedCheckpoint, packModels } from "../../src/page/pack_models.ts";
import type { PageModels } from "../../src/page/packed.ts";
import { exists } from "../../src/run/files.ts";
import { methodFolder } from "../../src/run/folders.ts";
import type { LoadedRun } from "../../src/run/records/loaded_run.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";

/** Methods whose models are carried where nothing else is said, in their order. */
const USUAL = [cotbal.id, ew.id];

/** How many are. */
const CARRIED = 2;

/** A model of a run. */
interface TunedModel {
  /** The method's name. */
  name: string;
  /** Its checkpoint, seen from the run's folder. */
  folder: string;
}

/**
 * Packs the models of a run's first seed.
 *
 * @param run The run.
 * @param wanted Ids of methods; if left out CoTBal and EW, and where one of them did not run, the run's other methods in
 * their order, two in all.
 * @param note Told what keeps usual models, which nobody asked for, out of the page.
 * @returns What the page carries; undefined where the run has none of the usual ones.
 * @throws {InputError} If a method that is wanted was not run, or its checkpoint is not there any more.
 */
export async function pageModels(
  run: LoadedRun,
  wanted: readonly string[] | undefined,
  note: (text: string) => void,
): Promise<PageModels | undefined> {
  try {
    return await modelsOf(run, wanted);
  } catch (error) {
    if (wanted !== undefined || !(error instanceof InputError)) throw error;
    note(`the report carries no model: ${error.message}`);
    return undefined;
  }
}

async function modelsOf(run: LoadedRun, wanted?: readonly string[]): Promise<PageModels | undefined> {
  const { methods, seeds } = run.run.resolved;
  const found: TunedModel[] = [];
  const usual = [...USUAL, ...methods.filter((id) => !USUAL.includes(id))];
  for (const id of wanted ?? usual) {
    if (wanted === undefined && found.length === CARRIED) break;
    if (wanted !== undefined && !methods.includes(id)) {
      throw new InputError(`--model ${id}: expected a method of the run (${methods.join(", ")})`);
    }
    const folder = join(methodFolder(id, seeds, seeds[0]!), "checkpoint");
    if (await exists(join(run.folder, folder))) found.push({ name: findMethod(id)?.name ?? id, folder });
    else if (wanted !== undefined) {
      throw new InputError(`--model ${id}: expected its model in ${join(run.folder, folder)}, found none`);
    }
  }
  if (found.length === 0) return undefined;
  // What is compared with EW stands before it.
  if (wanted === undefined) found.sort((a, b) => Number(a.name === ew.name) - Number(b.name === ew.name));
  const named = await Promise.all(found.map(async ({ name, folder }): Promise<NamedCheckpoint> => ({
    name,
    checkpoint: await readCheckpoint(join(run.folder, folder)),
  })));
  const { packed, left } = await packModels(named);
  return { packed, beside: found.filter(({ name }) => left.includes(name)) };
}

/**
 * How the parts of a run stand, from its folder; nothing is written.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { claimName } from "./claims/claim_names.ts";
import { holdersIn, type WorkHolder } from "./claims/claims.ts";
import { isExtending } from "./extend_seeds.ts";
import { exists } from "./files.ts";
import type { Part } from "./part.ts";
import { planRun } from "./plan.ts";
import type { RunInfo } from "./records/run_info.ts";
import { readRunInfo } from "./run_info_file.ts";

/** How a part stands. */
export type PartState =
  /** Its file is there. */
  | { state: "done" }
  /** A process has it. */
  | { state: "claimed"; holder: WorkHolder }
  /** What it needs is there, and nobody has it. */
  | { state: "ready" }
  /** It needs files that are not there, and the parts that write them. */
  | { state: "not ready"; missing: { file: string; part: string }[] };

/**
 * How all parts of a run stand.
 *
 * @param folder The run's folder.
 * @returns The plan, each part with its state.
 * @throws {InputError} If the folder holds no run that was prepared.
 */
export async function partStates(folder: string): Promise<{ part: Part; state: PartState }[]> {
  const run = await preparedRun(folder);
  const holders = await holdersIn(folder), plan = planRun(run.resolved);
  return await Promise.all(
    plan.map(async (part) => {
      const holder = holders.get(claimName(part.id));
      const state = await stateOfPart(part, plan, folder);
      return {
        part,
        state: state.state !== "done" && holder !== undefined ? { state: "claimed", holder } : state,
      };
    }),
  );
}

/**
 * Finds a part of a run.
 *
 * @param folder The run's folder.
 * @param id The part's id.
 * @returns The part, all parts of the plan, and run.json.
 * @throws {InputError} If the folder holds no run that was prepared, or the run has no such part.
 */
export async function findPart(
  folder: string,
  id: string,
): Promise<{ part: Part; plan: Part[]; run: RunInfo }> {
  const run = await preparedRun(folder);
  const plan = planRun(run.resolved);
  const part = plan.find((part) => part.id === id);
  if (part !== undefined) return { part, plan, run };
  throw new InputError(
    `${JSON.stringify(id)}: expected a part of the run in ${folder}, found none of this name. Its parts are ${
      plan.map(({ id }) => id).join(", ")
    }`,
  );
}

/**
 * How a part stands, whoever has it.
 *
 * @param part The part.
 * @param plan All parts of its run.
 * @param folder The run's folder.
 */
export async function stateOfPart(
  part: Part,
  plan: readonly Part[],
  folder: string,
): Promise<Exclude<PartState, { state: "claimed" }>> {
  if (await exists(join(folder, part.file))) return { state: "done" };
  const makers = new Map(plan.map(({ id, file }) => [file, id]));
  const missing: { file: string; part: string }[] = [];
  for (const file of part.needs) {
    const maker = makers.get(file);
    if (maker !== undefined && !(await exists(join(folder, file)))) missing.push({ file, part: maker });
  }
  return missing.length === 0 ? { state: "ready" } : { state: "not ready", missing };
}

async function preparedRun(folder: string): Promise<RunInfo> {
  if (await isExtending(folder)) {
    throw new InputError(
      `${folder}: expected a run at rest, found one that was to get more seeds and was stopped. ` +
        `Go on with that: deno task tune --out ${folder} --resume`,
    );
  }
  const run = await readRunInfo(folder);
  if (run !== undefined) return run;
  throw new InputError(
    `${folder}: expected the folder of a run that was prepared, found no run.json. ` +
      `Prepare it: deno task tune … --prepare --out ${folder}`,
  );
}

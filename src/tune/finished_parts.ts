/**
 * Which parts of a run are finished, from the files they left.
 *
 * @module
 */

import { join } from "@std/path";
import { methodById } from "../balance/methods/registry.ts";
import { removeIfThere } from "../run/files.ts";
import type { Part } from "../run/part.ts";
import { inspectRecord, type RunFiles } from "../run/run_files.ts";
import { sha256OfFile } from "../run/sha256.ts";

/**
 * Looks at what the parts of a run left: their files, the models they kept, the lines of their metrics. A part of which
 * something is damaged, missing, or another part's or run's is not finished: its file is removed, and it is carried out
 * again.
 *
 * @param plan The parts.
 * @param run Where the run's files are.
 * @param note Told of each part that is carried out again.
 * @returns Names of the parts that are finished.
 */
export async function finishedParts(
  plan: readonly Part[],
  run: RunFiles,
  note: (text: string) => void,
): Promise<Set<string>> {
  const finished = new Set<string>();
  for (const part of plan) {
    const state = await stateOf(part, run);
    if (state === "finished") finished.add(part.id);
    if (typeof state === "string") continue;
    note(`${state.fault}. ${part.id} is carried out again.`);
    await removeIfThere(join(run.folder, part.file));
  }
  return finished;
}

/**
 * Looks at what a part left.
 *
 * @param part The part.
 * @param run Where the run's files are.
 * @returns Whether it is finished; or what is not to be believed, in words.
 * @throws {InputError} If something is no file, or may not be read.
 */
export async function stateOf(part: Part, run: RunFiles): Promise<"open" | "finished" | { fault: string }> {
  const found = await inspectRecord(run, part.file);
  if (found === undefined) return "open";
  if (found.fault !== undefined) {
    return {
      fault: `${join(run.folder, part.file)}: expected a file as this run wrote it, found ${found.fault}`,
    };
  }
  const fault = await faultBeside(part, run, found.files);
  return fault === undefined ? "finished" : { fault };
}

/** What is wrong with a file that belongs to a part's. */
async function faultBeside(
  part: Part,
  run: RunFiles,
  files: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (part.kind === "balance") {
    const told = methodById(part.method).intervals !== undefined && part.intervals !== undefined;
    for (const file of [part.table, ...(told ? [part.intervals!] : [])]) {
      const found = await inspectRecord(run, file);
      if (found !== undefined && found.fault === undefined) continue;
      return `${join(run.folder, file)}: expected a file as this run wrote it, found ${
        found?.fault ?? "none"
      }`;
    }
  }
  for (const [name, known] of Object.entries(files)) {
    const path = join(run.folder, part.id, name);
    const sha256 = await sha256OfFile(path);
    if (sha256 === known) continue;
    return `${path}: expected the file that the part left, found ${
      sha256 === undefined ? "none" : "another"
    }`;
  }
  return undefined;
}

/**
 * The JSON files of a run folder: each says of itself whether it is whole, and which file of which run it is.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { diskError, folderVanished } from "./disk_error.ts";
import { readIfThere, writeJson } from "./files.ts";
import { sha256 } from "./sha256.ts";

/** Version of the form of a run folder's files: older ones had no checks. */
export const RUN_FORMAT = 2;

/** Name of the file that says what is run, in the run's folder: the first that is written. */
export const RUN_FILE = "run.json";

/** Name of the file that says what a run adds up to, in the run's folder: the last that is written. */
export const RESULTS_FILE = "results.json";

/** Where a run's files are, and what they name it. */
export interface RunFiles {
  /** The run's folder. */
  folder: string;
  /** The run's id; undefined where its files have no checks, as in runs of older versions. */
  runId?: string | undefined;
  /** Makes sure, before a file is written, that it is this process's to write; throws where it is not. */
  guard?: (() => Promise<void>) | undefined;
}

/** Who made a file, and what that took. */
export interface Made {
  /** The process: the `id` of a sitting in run.json. */
  sitting: string;
  /** Seconds since it took the part, by the clock. */
  seconds: number;
  /** Joules that its whole machine used meanwhile; left out where the system does not tell. */
  joules?: number;
}

/**
 * What a file says of itself, as its last field, `check`. Nothing else lies beside it: the file appears with its check in
 * one piece, and several processes may write in one folder.
 */
export interface FileCheck {
  /** {@linkcode RUN_FORMAT}. */
  format: number;
  /** The run's id. */
  run: string;
  /** Its place in the run. */
  file: string;
  /** SHA-256, by name, of files that lie in the folder of the part and came into being with this one. */
  files?: Readonly<Record<string, string>>;
  /** Who made it; only in results of parts, where clocks have a say anyway. Not in older runs. */
  made?: Made;
  /** SHA-256 of the file without this field, as `JSON.stringify(value, null, 1)` writes it. */
  sha256: string;
}

/** A file that was looked at: what it holds, or in words why it is not to be believed. */
export type Inspected<T> =
  | { value: T; files: Readonly<Record<string, string>>; made?: Made | undefined; fault?: undefined }
  | { fault: string };

/**
 * Writes a file of a run, whole or not at all.
 *
 * @param run Where it goes.
 * @param file Its place in the run.
 * @param value What it holds; numbers survive a round trip bit by bit.
 * @param about SHA-256 of files that belong to it; its place once it has moved, if it is about to; who made it.
 * @throws {RunError} If the run's folder has vanished, the disk is full, and the like.
 */
export async function writeRecord(
  run: RunFiles,
  file: string,
  value: object,
  { files = {}, place = file, made }: {
    files?: Readonly<Record<string, string>>;
    place?: string;
    made?: Made | undefined;
  } = {},
): Promise<void> {
  const path = join(run.folder, file), { runId } = run;
  if (runId !== undefined && file !== RUN_FILE) await checkThere(run, path);
  await writeJson(
    path,
    runId === undefined ? value : await withCheck(value, { run: runId, file: place, files, made }),
  );
}

/**
 * Misses a run's folder that was taken away while the run went on, as writing would make another one in its place; and
 * asks the run's guard.
 *
 * @param run The run, whose run.json is there.
 * @param path What is to be written.
 * @throws {RunError} If the folder has vanished.
 */
export async function checkThere(run: RunFiles, path: string): Promise<void> {
  await run.guard?.();
  try {
    await Deno.stat(join(run.folder, RUN_FILE));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw diskError(path, error);
    throw folderVanished(path);
  }
}

/**
 * A value with its check.
 *
 * @param value What a file holds.
 * @param about Its run, its place there, and what belongs to it.
 * @returns The same fields, and `check` behind them.
 */
export async function withCheck(
  value: object,
  { run, file, files = {}, made }: Pick<FileCheck, "run" | "file" | "files"> & { made?: Made | undefined },
): Promise<object> {
  const check: FileCheck = {
    format: RUN_FORMAT,
    run,
    file,
    ...(Object.keys(files).length > 0 && { files }),
    ...(made && { made }),
    sha256: await sha256(JSON.stringify(value, null, 1)),
  };
  return { ...value, check };
}

/**
 * Looks at a file of a run.
 *
 * @typeParam T What it holds; the caller vouches for it, since only a run writes files with such checks.
 * @param run Where it lies.
 * @param file Its place in the run.
 * @returns What it holds, or why it is not to be believed; undefined if there is none.
 * @throws {InputError} If it is no file, or may not be read.
 */
export async function inspectRecord<T>(run: RunFiles, file: string): Promise<Inspected<T> | undefined> {
  const bytes = await readIfThere(join(run.folder, file));
  if (bytes === undefined) return undefined;
  const { value, check, fault } = await openChecked(bytes);
  if (fault !== undefined) return { fault };
  if (run.runId !== undefined) {
    if (check === undefined) {
      return { fault: "one without a check: another version wrote it, or it was edited" };
    }
    if (check.run !== run.runId) return { fault: "one of another run" };
    if (check.file !== file) return { fault: `what belongs to ${check.file}` };
  }
  return { value: value as T, files: check?.files ?? {}, made: check?.made };
}

/**
 * Takes the check off what a file holds, if it fits.
 *
 * @param bytes The file.
 * @returns Value and check, if there is one; or what is wrong.
 */
export async function openChecked(
  bytes: Uint8Array,
): Promise<{ value?: unknown; check?: FileCheck; fault?: string }> {
  let all: unknown;
  try {
    all = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: `no JSON (${error.message})` };
  }
  if (typeof all !== "object" || all === null || !("check" in all)) return { value: all };
  const { check, ...value } = all;
  if (!isCheck(check)) return { fault: "a check of another version" };
  if (await sha256(JSON.stringify(value, null, 1)) !== check.sha256) {
    return { fault: "that it was damaged or edited: its checksum does not fit" };
  }
  return { value, check };
}

function isCheck(check: unknown): check is FileCheck {
  if (typeof check !== "object" || check === null) return false;
  const { format, run, file, sha256, files = {} } = check as Partial<FileCheck>;
  return format === RUN_FORMAT && [run, file, sha256].every((text) => typeof text === "string") &&
    typeof files === "object" && files !== null;
}

/**
 * Reads a file of a run.
 *
 * @typeParam T What it holds.
 * @param run Where it lies.
 * @param file Its place in the run.
 * @param todo What to do where it is not to be believed.
 * @returns What it holds; undefined if there is none.
 * @throws {InputError} If it is damaged, or another file's, or another run's, or another version's.
 */
export async function readRecord<T>(
  run: RunFiles,
  file: string,
  todo: string = AGAIN,
): Promise<T | undefined> {
  const found = await inspectRecord<T>(run, file);
  if (found === undefined) return undefined;
  if (found.fault === undefined) return found.value;
  throw new InputError(
    `${join(run.folder, file)}: expected a file as this run wrote it, found ${found.fault}. ${todo}`,
  );
}

const AGAIN = "Remove it, and have it computed again with --resume";

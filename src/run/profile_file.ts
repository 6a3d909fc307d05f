/**
 * The profile of a run, as it lies in its folder.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import type { StepProfile } from "./records/profile.ts";
import { readRecord, type RunFiles } from "./run_files.ts";

/** Name of the file, in the run's folder. */
export const PROFILE_FILE = "profile.json";

const numbers = (value: object, names: readonly string[]) =>
  names.every((name) => {
    const x: unknown = (value as Record<string, unknown>)[name];
    return typeof x === "number" && x >= 0;
  });
const texts = (value: object, names: readonly string[]) =>
  names.every((name) => typeof (value as Record<string, unknown>)[name] === "string");
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Reads a run's profile.
 *
 * @param run Where the run's files are.
 * @returns What profile.json holds; null if there is none.
 * @throws {InputError} If it is damaged, or not of the form that this version writes.
 */
export async function readProfile(run: RunFiles): Promise<StepProfile | null> {
  const path = join(run.folder, PROFILE_FILE);
  const value = await readRecord<unknown>(run, PROFILE_FILE, "Remove the file to do without it");
  if (value === undefined) return null;
  const fault = faultOf(value);
  if (fault === undefined) return value as StepProfile;
  throw new InputError(
    `${path}: expected a profile as --profile writes it, found ${fault}. Remove the file to do without it`,
  );
}

/** What is wrong with a profile; undefined if nothing is. */
function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return JSON.stringify(value);
  const { format, adapter, roofline, rows } = value as Partial<Record<keyof StepProfile, unknown>>;
  if (format !== 1) return `format ${JSON.stringify(format)}`;
  const sums = ["from", "steps", "dispatches", "ms", "bytes", "arenaBytes", "textureBytes", "liveBytes"];
  if (!numbers(value, sums) || !texts(value, ["part"])) return "a missing total";
  if (!isObject(adapter) || !texts(adapter, ["vendor", "architecture", "device", "description"])) {
    return "no adapter";
  }
  if (!isObject(roofline) || !numbers(roofline, ["flops", "bandwidth", "kernelBandwidth"])) {
    return "no roofline";
  }
  if (!Array.isArray(rows)) return "no rows";
  const bad = rows.findIndex((row: unknown) =>
    !isObject(row) || !texts(row, ["kernel", "variant"]) || !numbers(row, ["dispatches", "ms", "bytes"]) ||
    !["operations", "gflops", "gbs", "fraction"].every((name) =>
      (row as Record<string, unknown>)[name] === null || numbers(row, [name])
    )
  );
  return bad < 0 ? undefined : `row ${bad + 1} incomplete`;
}

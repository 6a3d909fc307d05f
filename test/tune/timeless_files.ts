/**
 * Runs compared file by file.
 *
 * @module
 */

import { join } from "@std/path";
import { PROGRESS_FILE } from "../../src/run/records/progress_line.ts";
import { sha256OfFile } from "../../src/run/sha256.ts";

/** Names of what a clock, a sitting's memory or a machine's name says, and of the checksums over it: no two runs are alike in them. */
export const TIMES = [
  "seconds",
  "tokensPerSecond",
  "residentBytes",
  "peakDeviceBytes",
  "waiting",
  "trainSeconds",
  "evaluateSeconds",
  "sittings",
  "check",
  "origins",
];

/**
 * Every file of a run, without what a clock says.
 *
 * @param folder The run's folder.
 * @param at A folder in it.
 * @returns What the files hold, or the SHA-256 of those that are not JSON, by their places.
 */
export async function timelessFiles(folder: string, at = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(join(folder, at))) {
    const path = join(at, name);
    if (path === PROGRESS_FILE) continue;
    if (isDirectory) {
      for (const [below, content] of await timelessFiles(folder, path)) found.set(below, content);
      continue;
    }
    if (!/\.jsonl?$/.test(name)) {
      found.set(path, (await sha256OfFile(join(folder, path)))!);
      continue;
    }
    const text = await Deno.readTextFile(join(folder, path));
    const timeless = (json: string) =>
      JSON.stringify(JSON.parse(json, (key, value) => TIMES.includes(key) ? undefined : value));
    const pieces = name.endsWith(".json") ? [text] : text.split("\n").filter(Boolean);
    found.set(path, pieces.map(timeless).join("\n"));
  }
  return new Map([...found].sort());
}

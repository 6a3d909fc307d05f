/**
 * Which files of a folder hold a dataset.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { InputError } from "../../errors.ts";
import { METRICS } from "../../metrics/metric_name.ts";
import { readJson } from "./read_json.ts";
import type { MetricName, Split } from "../types.ts";

/** The splits, in the order they are used. */
export const SPLITS: readonly Split[] = ["train", "val", "test"];

/** A file of samples. */
export interface Part {
  file: string;
  split: Split;
  /** The task of all its samples; undefined if each sample says its own. */
  task?: string;
}

/** The files that hold samples. */
export async function findParts(path: string, notes: string[]): Promise<{ root: string; parts: Part[] }> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = error instanceof Deno.errors.NotFound ? "nothing" : `none that can be read (${reason})`;
    throw new InputError(
      `${path || '""'}: expected a dataset folder or a LLaVA JSON file, found ${found}; check the path`,
    );
  }
  if (info.isFile) return { root: dirname(path), parts: [{ file: path, split: "train" }] };

  const names: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    if (!entry.isDirectory && entry.name.endsWith(".json") && entry.name !== "tasks.json") {
      names.push(entry.name);
    }
  }
  names.sort();
  const parts: Part[] = [];
  for (const name of names) {
    const match = /^(.+)_(train|val|test)\.json$/.exec(name);
    if (match !== null) parts.push({ file: join(path, name), split: match[2] as Split, task: match[1]! });
  }
  if (parts.length > 0) {
    for (const part of parts) checkTaskName(part.task!, part.file);
    const others = names.filter((name) =>
      !/_(train|val|test)\.json$/.test(name) && holdsList(join(path, name))
    );
    if (others.length > 0) {
      notes.push(`Not read, the name is not <task>_<train|val|test>.json: ${others.join(", ")}.`);
    }
    return { root: path, parts };
  }
  const whole = SPLITS.filter((split) => names.includes(`${split}.json`));
  if (whole.includes("train")) {
    return { root: path, parts: whole.map((split) => ({ file: join(path, `${split}.json`), split })) };
  }
  const lists = names.length === 1 ? names : names.filter((name) => holdsList(join(path, name)));
  if (lists.length === 1) return { root: path, parts: [{ file: join(path, lists[0]!), split: "train" }] };
  throw new InputError(
    `${path}: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found ` +
      `${lists.length === 0 ? "no list of samples" : lists.join(", ")}; ` +
      (lists.length === 0 ? "check the path" : "rename them, or name the one to read"),
  );
}

/** Whether a JSON file holds a list, as files of samples do and files about them do not. */
function holdsList(file: string): boolean {
  using opened = Deno.openSync(file);
  const start = new Uint8Array(64);
  const count = opened.readSync(start) ?? 0;
  return new TextDecoder().decode(start.subarray(0, count)).trimStart().startsWith("[");
}

/** The metrics of tasks.json, in its order; undefined without the file. */
export async function readTasks(
  root: string,
  path: string,
): Promise<Map<string, MetricName | undefined> | undefined> {
  const file = join(root, "tasks.json");
  if (root !== path) return undefined; // one file was named: what else lies in its folder is no part of it
  try {
    await Deno.stat(file);
  } catch {
    return undefined;
  }
  const value = await readJson(file);
  const form = '{"<task>": {"metric": "..."}}';
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${file}: expected ${form}, found ${JSON.stringify(value).slice(0, 60)}; mend it`);
  }
  return new Map(
    Object.entries(value).map(([task, entry]) => {
      const metric = (entry as { metric?: unknown } | null)?.metric;
      if (typeof entry !== "object" || entry === null) {
        throw new InputError(
          `${file}, task ${task}: expected ${form}, found ${JSON.stringify(entry)}; mend it`,
        );
      }
      if (metric !== undefined && !METRICS.includes(metric as MetricName)) {
        throw new InputError(
          `${file}, task ${task}: expected a metric of ${METRICS.join(", ")}, found ${
            JSON.stringify(metric)
          }; choose one`,
        );
      }
      return [task, metric as MetricName | undefined];
    }),
  );
}

/** Task names become names of folders. */
export function checkTaskName(task: string, where: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u.test(task)) {
    throw new InputError(
      `${where}: expected a task name of letters, digits, spaces and . _ + -, found ${
        JSON.stringify(task)
      }; rename it`,
    );
  }
}

/**
 * Which files of a folder hold a dataset.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { pathKind } from "../images/path_kind.ts";
import { BOX_FORMS, BOX_SCALES, type BoxForm, PARTS } from "../../metrics/iou.ts";
import { METRICS } from "../../metrics/metric_name.ts";
import { readJson } from "./read_json.ts";
import { isParquet } from "./read_parquet.ts";
import { listsSamples } from "./read_samples.ts";
import type { MetricName, Split } from "../types.ts";

/** The splits, in the order they are used. */
export const SPLITS: readonly Split[] = ["train", "val", "test"];

/** A file of samples. */
export interface Part {
  file: string;
  split: Split;
  /** The task of all its samples; undefined if each sample says its own. */
  task?: string;
  /** Files that go on with it: the shards of a Parquet table. */
  more?: string[];
  /** The task of samples that say none, where it is not the file's name. */
  otherwise?: string;
}

/** Endings of files of samples. */
const ENDING = /\.(?:jsonl?|ndjson|parquet)$/i;
/** Endings of files that often hold samples and are not read. */
const OTHER_ENDING = /\.(?:csv|tsv|xlsx?|arrow|feather|(?:jsonl?|ndjson|csv|tsv)\.(?:gz|bz2|xz|zst))$/i;
/** What a split is called in names of files. */
const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  train: "train",
  val: "val",
  validation: "val",
  test: "test",
};
const TASK_FILE = new RegExp(`^(.+)_(${Object.keys(SPLIT_NAMES).join("|")})${ENDING.source}`, "i");

/** A table's file on the Hub: one of several, with or without its checksum. */
const SHARD = /^(train|validation|val|test)(?:-\d+-of-\d+(?:-[0-9a-f]+)?)?\.parquet$/i;

/** A file's name without folder and ending. */
export function stem(file: string): string {
  return basename(file).replace(ENDING, "");
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
  if (!info.isDirectory) {
    throw new InputError(
      `${path}: expected a dataset folder or a LLaVA JSON file, found ${pathKind(info)}; check the path`,
    );
  }

  const names: string[] = [], unread: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    if (!entry.isDirectory && OTHER_ENDING.test(entry.name)) unread.push(entry.name);
    if (entry.isDirectory || !ENDING.test(entry.name) || entry.name === "tasks.json") continue;
    await checkFile(join(path, entry.name));
    names.push(entry.name);
  }
  names.sort();
  if (unread.length > 0) {
    notes.push(`Not read, samples are read from JSON, JSON Lines and Parquet: ${unread.sort().join(", ")}.`);
  }
  const parts = names.flatMap((name): Part[] => {
    const match = TASK_FILE.exec(name);
    return match === null
      ? []
      : [{ file: join(path, name), split: SPLIT_NAMES[match[2]!]!, task: match[1]! }];
  });
  if (parts.length > 0) {
    for (const part of parts) checkTaskName(part.task!, part.file);
    checkTwice(path, parts);
    const others = names.filter((name) =>
      !TASK_FILE.test(name) && (isParquet(name) || listsSamples(join(path, name)))
    );
    if (others.length > 0) {
      notes.push(`Not read, the name is not <task>_<train|val|test>.json: ${others.join(", ")}.`);
    }
    return { root: path, parts };
  }
  const whole = names.flatMap((name): Part[] => {
    if (isParquet(name)) return [];
    const split = SPLIT_NAMES[stem(name)];
    return split === undefined ? [] : [{ file: join(path, name), split }];
  });
  if (whole.some(({ split }) => split === "train")) {
    checkTwice(path, whole);
    return { root: path, parts: whole };
  }
  const tables = await findTables(path);
  if (tables.some(({ split }) => split === "train") || (tables.length > 0 && names.length === 0)) {
    return { root: path, parts: tables };
  }
  const lists = names.length === 1
    ? names
    : names.filter((name) => isParquet(name) || listsSamples(join(path, name)));
  if (lists.length === 1) return { root: path, parts: [{ file: join(path, lists[0]!), split: "train" }] };
  throw new InputError(
    `${path}: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found ` +
      `${
        lists.length === 0
          ? ["no list of samples", unread.join(", ")].filter(Boolean).join(", but ")
          : lists.join(", ")
      }; ` +
      (lists.length === 0
        ? unread.length > 0
          ? "unpack or convert them: JSON, JSON Lines and Parquet are read"
          : "check the path"
        : "rename them, or name the one to read"),
  );
}

/** Parquet files as they lie on the Hub: in the folder, in `data/`, or in a folder a subset, which is a task. */
async function findTables(path: string): Promise<Part[]> {
  const own: Part[] = [], parts = new Map<string, Part>();
  const otherwise = taskFromFolder(path);
  for (const folder of ["", ...await foldersIn(path)]) {
    const files: string[] = [];
    for await (const { name } of Deno.readDir(join(path, folder))) if (SHARD.test(name)) files.push(name);
    for (const name of files.sort()) {
      const file = join(path, folder, name);
      await checkFile(file);
      const split = SPLIT_NAMES[SHARD.exec(name)![1]!.toLowerCase()]!;
      if (folder === "" || folder === "data" || folder === "default") {
        own.push({ file, split, ...(otherwise !== undefined && { otherwise }) });
        continue;
      }
      checkTaskName(folder, file);
      const known = parts.get(`${folder}_${split}`);
      if (known === undefined) parts.set(`${folder}_${split}`, { file, split, task: folder });
      else known.more = [...known.more ?? [], file];
    }
  }
  return [...own, ...parts.values()];
}

async function foldersIn(path: string): Promise<string[]> {
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory && !name.startsWith(".")) folders.push(name);
  }
  return folders.sort();
}

/** A dataset's name, where it can be a task's. */
function taskFromFolder(path: string): string | undefined {
  const name = basename(resolve(path));
  return TASK_NAME.test(name) ? name : undefined;
}

/** Reading from a pipe would never end, a link may lead nowhere. */
async function checkFile(file: string): Promise<void> {
  let found: string;
  try {
    found = pathKind(await Deno.stat(file));
  } catch {
    found = "a link that leads nowhere, or one that cannot be read";
  }
  if (found !== "a file") {
    throw new InputError(`${file}: expected a file of samples, found ${found}; remove it`);
  }
}

/** Two files of one task and split, such as a JSON and a JSON Lines file of the same name, are not both read. */
function checkTwice(path: string, parts: readonly Part[]): void {
  const same = Map.groupBy(parts, ({ task, split }) => `${task ?? ""}_${split}`);
  for (const group of same.values()) {
    if (group.length < 2) continue;
    const names = group.map(({ file }) => basename(file)).join(", ");
    throw new InputError(`${path}: expected one file a task and split, found ${names}; keep one of them`);
  }
}

/** What tasks.json says of a task. */
export interface DeclaredTask {
  /** The metric; undefined if it is to be guessed. */
  metric?: MetricName;
  /** How boxes are written; undefined if it is to be guessed. */
  box?: BoxForm;
}

/** What tasks.json says, in its order; undefined without the file. */
export async function readTasks(
  root: string,
  path: string,
): Promise<Map<string, DeclaredTask> | undefined> {
  const file = join(root, "tasks.json");
  if (root !== path) return undefined; // one file was named: what else lies in its folder is no part of it
  try {
    await Deno.lstat(file);
  } catch {
    return undefined;
  }
  await checkFile(file);
  const value = await readJson(file);
  const form = '{"<task>": {"metric": "..."}}';
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${file}: expected ${form}, found ${JSON.stringify(value).slice(0, 60)}; mend it`);
  }
  return new Map(
    Object.entries(value).map(([task, entry]) => {
      const where = `${file}, task ${task}`;
      if (typeof entry !== "object" || entry === null) {
        throw new InputError(`${where}: expected ${form}, found ${JSON.stringify(entry)}; mend it`);
      }
      const { metric, box } = entry as { metric?: unknown; box?: unknown };
      if (metric !== undefined && !METRICS.includes(metric as MetricName)) {
        throw new InputError(
          `${where}: expected a metric of ${METRICS.join(", ")}, found ${JSON.stringify(metric)}; choose one`,
        );
      }
      return [task, {
        ...(metric !== undefined && { metric: metric as MetricName }),
        ...(box !== undefined && { box: checkBoxForm(box, where) }),
      }];
    }),
  );
}

function checkBoxForm(value: unknown, where: string): BoxForm {
  const { scale = PARTS.scale, form = PARTS.form, ...others } = typeof value === "object" && value !== null
    ? value as Partial<BoxForm>
    : { scale: undefined, form: value as undefined };
  if (BOX_SCALES.includes(scale) && BOX_FORMS.includes(form) && Object.keys(others).length === 0) {
    return { scale, form };
  }
  throw new InputError(
    `${where}: expected box to be {"scale": 1, 1000 or "pixels", "form": "xyxy" or "xywh"}, found ${
      JSON.stringify(value)
    }; mend it`,
  );
}

/** Task names become names of folders. */
const TASK_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u;

/** Refuses a task name that cannot be a folder's. */
export function checkTaskName(task: string, where: string): void {
  if (!TASK_NAME.test(task)) {
    throw new InputError(
      `${where}: expected a task name of letters, digits, spaces and . _ + -, found ${
        JSON.stringify(task)
      }; rename it`,
    );
  }
}

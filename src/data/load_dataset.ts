/**
 * Reads a dataset of LLaVA files.
 *
 * @module
 */

import { basename, dirname, isAbsolute, join, relative, resolve } from "@std/path";
import { InputError } from "../errors.ts";
import { cutSplits, type Splits } from "./cut_splits.ts";
import { guessMetric, METRICS } from "./guess_metric.ts";
import { readJson, readJsonArray } from "./read_json.ts";
import { parseSample, type RawSample } from "./sample.ts";
import type { Dataset, MetricName, Sample, Split, TaskInfo } from "./types.ts";

/** What to read of a dataset, and how. */
export interface LoadOptions {
  /** The tasks to read; all if left out. */
  tasks?: readonly string[];
  /** The splits that every task must have; all three if left out. The others stay empty. */
  splits?: readonly Split[];
  /** Decides which images go to a split that is cut from train; 0 if left out. */
  seed?: number;
}

const SPLITS: readonly Split[] = ["train", "val", "test"];

/** A file of samples. */
interface Part {
  file: string;
  split: Split;
  /** The task of all its samples; undefined if each sample says its own. */
  task?: string;
}

/**
 * Reads a dataset and checks its form. Whatever the loader decides by itself (a metric guessed, a split cut) is in
 * `notes`, to be said aloud.
 *
 * Three forms:
 * - a folder with `<task>_<train|val|test>.json`, one file a task and split,
 * - a folder with one LLaVA file under any name, or with `train.json`, `val.json`, `test.json` of mixed tasks,
 * - one LLaVA file.
 *
 * In the last two a sample's task is its `task` field, else the first folder of its image's path (below `images/`),
 * else "text" for a sample without image. `tasks.json` gives the metrics and the order of the tasks; without it they
 * are guessed from the answers and sorted by name. Missing val and test splits are cut from train, by image. Image
 * paths are relative to the folder, or to its `images/`.
 *
 * @param path The folder or file.
 * @param options What to read.
 * @returns The dataset; image paths are absolute and every file is there.
 * @throws {InputError} If something is missing or malformed: the message names file, sample and task, and what to do.
 *
 * @example A folder with one file
 * ```ts
 * import { encodePng, loadDataset } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dir = await Deno.makeTempDir();
 * const samples = Array.from({ length: 30 }, (_, i) => ({
 *   id: i,
 *   image: `pets/${i}.png`,
 *   conversations: [{ from: "human", value: "<image>\nCat or dog?" }, { from: "gpt", value: "cat" }],
 * }));
 * await Deno.mkdir(`${dir}/pets`);
 * for (const { image } of samples) await Deno.writeFile(`${dir}/${image}`, encodePng(new Uint8Array(3), 1, 1));
 * await Deno.writeTextFile(`${dir}/my_pets.json`, JSON.stringify(samples));
 *
 * const dataset = await loadDataset(dir);
 * assertEquals(dataset.tasks, [{ name: "pets", metric: "exact-match" }]);
 * assertEquals(dataset.samples.train.get("pets")!.length, 24);
 * assertEquals(dataset.samples.val.get("pets")![0]!.turns, [{ question: "Cat or dog?", answer: "cat" }]);
 * ```
 */
export async function loadDataset(path: string, options: LoadOptions = {}): Promise<Dataset> {
  const notes: string[] = [];
  const required = options.splits ?? SPLITS;
  const { root, parts } = await findParts(path, notes);
  const declared = await readTasks(root, path);

  const split: Splits = { train: new Map(), val: new Map(), test: new Map() };
  const files = new Map(
    parts.flatMap((part) => part.task === undefined ? [] : [[`${part.task}_${part.split}`, part]]),
  );
  const mixed = parts.filter((part) => part.task === undefined);
  if (mixed.length > 0) {
    // The tasks are only known once everything is read.
    for (const part of mixed) {
      for (const sample of readPart(part, root, notes)) add(split[part.split], sample);
    }
  }
  const found = new Set([
    ...parts.flatMap((part) => part.task ?? []),
    ...SPLITS.flatMap((name) => [...split[name].keys()]),
  ]);
  const has = (task: string, name: Split) => split[name].has(task) || files.has(`${task}_${name}`);
  const names = selectTasks(path, found, declared, required, options.tasks, has, notes);

  // What a cut split holds must not depend on the tasks asked for: all of train is read as soon as one is cut.
  const cutting = names.some((task) => required.some((name) => name !== "train" && !has(task, name)));
  for (const [key, part] of files) {
    const [task, wanted] = [part.task!, names.includes(part.task!) && required.includes(part.split)];
    if (wanted || (cutting && part.split === "train")) {
      split[part.split].set(task, readPart(part, root, notes));
    } else if (cutting) split[part.split].set(task, []);
    if (split[part.split].get(task)?.length === 0 && wanted) {
      throw new InputError(
        `${part.file}: expected samples of task ${task}, found an empty list; fill or remove ${key}.json`,
      );
    }
  }
  if (cutting) {
    const asked = new Set(names);
    notes.push(
      ...cutSplits(split, options.seed ?? 0).filter((note) => asked.has(note.slice(0, note.indexOf(":")))),
    );
  }

  const samples: Splits = { train: new Map(), val: new Map(), test: new Map() };
  for (const name of required) {
    for (const task of names) samples[name].set(task, split[name].get(task) ?? []);
  }
  const tasks = names.map((name): TaskInfo => {
    const metric = declared?.get(name);
    if (metric !== undefined) return { name, metric };
    const answers = required.flatMap((key) =>
      samples[key].get(name)!.flatMap(({ turns }) => turns.map((t) => t.answer))
    );
    const guess = guessMetric(answers);
    notes.push(`${name}: scored by ${guess.metric}, as ${guess.because}; tasks.json can say otherwise.`);
    return { name, metric: guess.metric };
  });
  noteSharedImages(samples, names, notes);
  findImages(samples, root);
  return { tasks, samples, notes };
}

/** The files that hold samples. */
async function findParts(path: string, notes: string[]): Promise<{ root: string; parts: Part[] }> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(
      `${path}: expected a dataset folder or a LLaVA JSON file, found nothing; check the path`,
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
    const others = names.filter((name) => !/_(train|val|test)\.json$/.test(name));
    if (others.length > 0) {
      notes.push(`Not read, the name is not <task>_<train|val|test>.json: ${others.join(", ")}.`);
    }
    return { root: path, parts };
  }
  const whole = SPLITS.filter((split) => names.includes(`${split}.json`));
  if (whole.includes("train")) {
    return { root: path, parts: whole.map((split) => ({ file: join(path, `${split}.json`), split })) };
  }
  if (names.length === 1) return { root: path, parts: [{ file: join(path, names[0]!), split: "train" }] };
  throw new InputError(
    `${path}: expected <task>_<train|val|test>.json files or one LLaVA JSON file, found ` +
      `${names.length === 0 ? "no JSON file" : names.join(", ")}; ` +
      (names.length === 0 ? "check the path" : "rename them, or name the one to read"),
  );
}

/** The metrics of tasks.json, in its order; undefined without the file. */
async function readTasks(
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

/** The tasks to read, in the order they are shown. */
function selectTasks(
  path: string,
  found: Set<string>,
  declared: Map<string, MetricName | undefined> | undefined,
  required: readonly Split[],
  asked: readonly string[] | undefined,
  has: (task: string, split: Split) => boolean,
  notes: string[],
): string[] {
  for (const task of declared?.keys() ?? []) {
    if (!found.has(task)) {
      throw new InputError(
        `${
          join(path, "tasks.json")
        }: expected samples of task ${task}, found none; add them or remove the task`,
      );
    }
  }
  const known = declared === undefined ? [...found].sort() : [...declared.keys()];
  const undeclared = [...found].filter((task) => !known.includes(task));
  if (undeclared.length > 0) {
    notes.push(`Left out, tasks.json does not name them: ${undeclared.sort().join(", ")}.`);
  }
  for (const task of asked ?? []) {
    if (!known.includes(task)) {
      throw new InputError(
        `${path}: expected one of the tasks ${known.join(", ")}, found ${JSON.stringify(task)}; choose one`,
      );
    }
  }
  const lacking = (task: string) => required.find((split) => !has(task, split) && !has(task, "train"));
  const names = known.filter((task) => asked === undefined || asked.includes(task));
  for (const task of names) {
    const split = lacking(task);
    if (split !== undefined && (asked !== undefined || declared !== undefined || names.every(lacking))) {
      throw new InputError(
        `${path}, task ${task}: expected ${task}_${split}.json or ${task}_train.json, found neither; add one`,
      );
    }
  }
  const usable = names.filter((task) => lacking(task) === undefined);
  const left = names.filter((task) => !usable.includes(task));
  if (left.length > 0) notes.push(`Left out, no samples to train on: ${left.join(", ")}.`);
  return usable;
}

/** The samples of a file, images still as written. */
function readPart(part: Part, root: string, notes: string[]): Sample[] {
  const samples: Sample[] = [];
  let late = 0, index = 0;
  for (const { value, line } of readJsonArray(part.file)) {
    const raw = parseSample(value, part.file, index++, line);
    const task = part.task ?? raw.task ?? taskOf(raw, part.file, root);
    if (part.task !== undefined && raw.task !== undefined && raw.task !== part.task) {
      throw new InputError(
        `${part.file}, line ${line}, sample ${
          JSON.stringify(raw.id)
        }: expected task ${part.task}, as the file's name ` +
          `says, found ${
            JSON.stringify(raw.task)
          }; mend one of them, or name this file alone to read mixed tasks`,
      );
    }
    checkTaskName(task, `${part.file}, line ${line}, sample ${JSON.stringify(raw.id)}`);
    if (raw.lateImage) late++;
    samples.push({ id: raw.id, task, images: raw.images.map(tidy), turns: raw.turns, file: part.file });
  }
  if (samples.length === 0 && part.task === undefined) {
    throw new InputError(`${part.file}: expected samples, found an empty list; fill it`);
  }
  if (late > 0) {
    notes.push(
      `${basename(part.file)}: ${late} samples show an image in a later turn; it is put before the first.`,
    );
  }
  return samples;
}

/** A task for a sample that names none. */
function taskOf({ images }: RawSample, file: string, root: string): string {
  const image = images[0];
  if (image === undefined) return "text";
  const inside = isAbsolute(image) ? relative(resolve(root), image).replaceAll("\\", "/") : image;
  const folders = tidy(inside).split("/").slice(0, -1).filter((name) => name !== "" && name !== "..");
  if (folders.length > 1 && folders[0] === "images") folders.shift();
  return folders[0] ?? basename(file, ".json");
}

/** Task names become names of folders. */
function checkTaskName(task: string, where: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u.test(task)) {
    throw new InputError(
      `${where}: expected a task name of letters, digits, spaces and . _ + -, found ${
        JSON.stringify(task)
      }; rename it`,
    );
  }
}

/** An image path without "./" and doubled slashes, so that one image has one name. */
function tidy(image: string): string {
  return image.replace(/\/{2,}/g, "/").replace(/(^|\/)(\.\/)+/g, "$1");
}

function add(split: Map<string, Sample[]>, sample: Sample): void {
  const samples = split.get(sample.task);
  if (samples === undefined) split.set(sample.task, [sample]);
  else samples.push(sample);
}

/** Says which splits that came with the dataset show images that are trained on. */
function noteSharedImages(samples: Splits, names: string[], notes: string[]): void {
  const trained = new Set<string>();
  for (const list of samples.train.values()) {
    for (const { images } of list) for (const image of images) trained.add(image);
  }
  for (const name of ["val", "test"] as const) {
    for (const task of names) {
      const images = new Set((samples[name].get(task) ?? []).flatMap((sample) => sample.images));
      const shared = [...images].filter((image) => trained.has(image)).length;
      if (shared > 0) {
        notes.push(`${task}: ${shared} of the ${images.size} images of ${name} are trained on too.`);
      }
    }
  }
}

/** Makes image paths absolute; all must be files. */
function findImages(samples: Splits, root: string): void {
  const base = resolve(root);
  const known = new Map<string, string | null>();
  const look = (image: string): string | null => {
    for (const candidate of [resolve(base, image), resolve(base, "images", image)]) {
      try {
        if (Deno.statSync(candidate).isFile) return candidate;
      } catch (error) {
        // A path that runs through a file is as missing as one that leads nowhere.
        const missing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
        if (!missing) throw error;
      }
    }
    return null;
  };
  let missing = 0, first: { sample: Sample; image: string } | undefined;
  for (const split of SPLITS) {
    for (const list of samples[split].values()) {
      for (const sample of list) {
        sample.images = sample.images.map((image) => {
          let path = known.get(image);
          if (path === undefined) {
            path = look(image);
            known.set(image, path);
            if (path === null) {
              missing++;
              first ??= { sample, image };
            }
          }
          return path ?? image;
        });
      }
    }
  }
  if (first === undefined) return;
  const { sample, image } = first;
  throw new InputError(
    `${sample.file}, sample ${
      JSON.stringify(sample.id)
    } (task ${sample.task}): expected the image ${image} in ${base} ` +
      `or its images/, found none${missing > 1 ? ` (and ${missing - 1} more are missing)` : ""}; ` +
      "put it there, mend the path, or remove the sample",
  );
}

/**
 * Reads a dataset of LLaVA files.
 *
 * @module
 */

import { basename, isAbsolute, join, relative, resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { parseBox } from "../../metrics/iou.ts";
import { sampleName } from "../text/conversation.ts";
import { cutSplits, type Splits } from "./cut_splits.ts";
import { checkTaskName, findParts, type Part, readTasks, SPLITS } from "./dataset_files.ts";
import { findImages, noteSharedImages } from "./find_images.ts";
import { guessMetric } from "./guess_metric.ts";
import { readJsonArray } from "./read_json.ts";
import { repeatedQuestions, shareReferences } from "./references.ts";
import { parseSample } from "./sample.ts";
import type { Dataset, MetricName, Sample, Split, TaskInfo } from "../types.ts";

/** What to read of a dataset, and how. */
export interface LoadOptions {
  /** The tasks to read; all if left out. */
  tasks?: readonly string[];
  /** The splits that every task must have; all three if left out. The others stay empty. */
  splits?: readonly Split[];
  /** Decides which images go to a split that is cut from train; 0 if left out. */
  seed?: number;
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
 * A question may have several true answers: as `references` of its gpt turn, or as samples of one split that show the
 * same images and ask the same. Each answer is trained on where it stands; the question is asked once and scored by
 * all of them.
 *
 * @param path The folder or file.
 * @param options What to read.
 * @returns The dataset; image paths are absolute and every file is there.
 * @throws {InputError} If something is missing or malformed: the message names file, sample and task, and what to do.
 *
 * @example A folder with one file
 * ```ts
 * import { encodePng, loadDataset } from "../mod.ts";
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
  if (cutting) notes.push(...cutSplits(split, options.seed ?? 0, names));

  const samples: Splits = { train: new Map(), val: new Map(), test: new Map() };
  for (const name of required) {
    for (const task of names) samples[name].set(task, split[name].get(task) ?? []);
  }
  const tasks = names.map((name): TaskInfo => {
    const repeated = required.flatMap((key) => repeatedQuestions(samples[key].get(name)!));
    let metric = declared?.get(name);
    if (metric === undefined) {
      const turns = required.flatMap((key) => samples[key].get(name)!.flatMap(({ turns }) => turns));
      const size = new Map(repeated.flatMap((group) => group.map((turn) => [turn, group.length] as const)));
      const guess = guessMetric(turns.map(({ answer }) => answer), {
        questions: turns.map(({ question }) => question),
        votes: turns.map((turn) => Math.max(turn.references?.length ?? 1, size.get(turn) ?? 1)),
      });
      notes.push(`${name}: scored by ${guess.metric}, as ${guess.because}; tasks.json can say otherwise.`);
      metric = guess.metric;
    }
    const shared = shareReferences(repeated, metric);
    if (shared.questions > 0) {
      notes.push(
        `${name}: ${
          shared.questions === 1 ? "1 question stands" : `${shared.questions} questions stand`
        } in ` +
          `${shared.samples} samples with an answer each; asked once and scored by all answers.`,
      );
    }
    return { name, metric };
  });
  for (const { name, metric } of tasks) if (metric === "iou") checkBoxes(samples, name);
  noteSharedImages(samples, names, notes);
  findImages(samples, root);
  return { tasks, samples, notes };
}

/** Answers that are scored by overlap must be boxes: found out now, not when the first answer is scored. */
function checkBoxes(samples: Splits, task: string): void {
  for (const split of SPLITS) {
    for (const sample of samples[split].get(task) ?? []) {
      for (const { answer, references = [] } of sample.turns) {
        if (references.length > 1) {
          throw new InputError(
            `${
              sampleName(sample)
            }: expected one true box, as the metric iou needs, found ${references.length} ` +
              "references; keep one of them, or choose another metric in tasks.json",
          );
        }
        if (parseBox(answer) !== null) continue;
        throw new InputError(
          `${
            sampleName(sample)
          }: expected an answer [x1, y1, x2, y2] with coordinates in [0, 1], as the metric iou ` +
            `needs, found ${
              JSON.stringify(answer.slice(0, 60))
            }; mend it, or choose another metric in tasks.json`,
        );
      }
    }
  }
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
    if (split !== undefined && (asked !== undefined || names.every(lacking))) {
      const wanted = split === "train"
        ? `${task}_train.json`
        : `${task}_${split}.json, or ${task}_train.json to cut it from`;
      throw new InputError(
        `${path}, task ${task}: expected ${wanted}, found none; add it or leave the task out`,
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
    const unnamed = (image: string | undefined) => part.task ?? taskOf(image, part.file, root);
    const raw = parseSample(value, part.file, index++, line, unnamed);
    const task = part.task ?? raw.task ?? unnamed(raw.images[0]);
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
function taskOf(image: string | undefined, file: string, root: string): string {
  if (image === undefined) return "text";
  const inside = isAbsolute(image) ? relative(resolve(root), image).replaceAll("\\", "/") : image;
  const folders = tidy(inside).split("/").slice(0, -1).filter((name) => name !== "" && name !== "..");
  if (folders.length > 1 && folders[0] === "images") folders.shift();
  return folders[0] ?? basename(file, ".json");
}

/** An image path without "../" and doubled slashes, so that one image has one name. */
function tidy(image: string): string {
  return image.replace(/\/{2,}/g, "/").replace(/(^|\/)(\.\/)+/g, "$1");
}

function add(split: Map<string, Sample[]>, sample: Sample): void {
  const samples = split.get(sample.task);
  if (samples === undefined) split.set(sample.task, [sample]);
  else samples.push(sample);
}

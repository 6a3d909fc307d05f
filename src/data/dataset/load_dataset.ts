/**
 * Reads a dataset of LLaVA files.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { type BoxForm, describeBox, parseBox, PARTS } from "../../metrics/iou.ts";
import { sampleName } from "../text/conversation.ts";
import { type BadSamples, createBadSamples, SampleError } from "./bad_samples.ts";
import { cutSplits, type Splits } from "./cut_splits.ts";
import { findParts, readTasks, SPLITS } from "./dataset_files.ts";
import { createImageFinder, type ImageFinder, noteSharedImages } from "./find_images.ts";
import { guessBox } from "./guess_box.ts";
import { guessMetric } from "./guess_metric.ts";
import { createKeptPictures } from "./kept_pictures.ts";
import { type Reading, readPart } from "./read_part.ts";
import { repeatedQuestions, shareReferences } from "./references.ts";
import type { Dataset, Sample, Split, TaskInfo } from "../types.ts";

/** What to read of a dataset, and how. */
export interface LoadOptions {
  /** The tasks to read; all if left out. */
  tasks?: readonly string[];
  /** The splits that every task must have; all three if left out. The others stay empty. */
  splits?: readonly Split[];
  /** Decides which images go to a split that is cut from train; 0 if left out. */
  seed?: number;
  /** Whether samples that cannot be used are left out, counted in the notes; else they are all named in an error. */
  skipBad?: boolean;
  /** Whether naming them is left to `validateDataset`, which names those that it finds with them; with `skipBad`, counting. */
  nameLater?: boolean;
  /** A folder in which images are looked for before the data's own. */
  imageFolder?: string;
  /** The most pixels that an image may have; as many as Pillow takes, if left out. */
  maxPixels?: number;
}

/**
 * Reads a dataset and checks its form. Whatever the loader decides by itself (a metric guessed, a split cut) is in
 * `notes`, to be said aloud.
 *
 * Three forms of folders:
 * - a folder with `<task>_<train|val|test>.json`, one file a task and split,
 * - a folder with one file of samples under any name, or with `train.json`, `val.json`, `test.json` of mixed tasks,
 * - one file.
 *
 * In the last two a sample's task is its `task` field, else the first folder of its image's path (below `images/`),
 * else "text" for a sample without image. `tasks.json` gives the metrics and the order of the tasks; without it they
 * are guessed from the answers and sorted by name. Missing val and test splits are cut from train, by image. Image
 * paths are relative to the image folder, to the data's, or to its `images/`.
 *
 * Files are JSON arrays, objects around one (`{"data": […]}`), or JSON Lines (`.jsonl`). Samples are LLaVA's, ShareGPT's,
 * chat messages, or a question and its answer in fields; docs/data.md shows all. Images stand where the text's
 * placeholders are. Pictures inside the files are written to `.cotbal-images` beside them.
 *
 * A question may have several true answers: as `references` of its gpt turn, or as samples of one split that show the
 * same images and ask the same. Each answer is trained on where it stands; the question is asked once and scored by
 * all of them.
 *
 * @param path The folder or file.
 * @param options What to read.
 * @returns The dataset; image paths are absolute and every file is there.
 * @throws {InputError} If something is missing or malformed: the message names file, sample and task, and what to do.
 * Samples that cannot be used are all in one message.
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

  const bad = createBadSamples(path);
  const reading: Reading = { root, kept: createKeptPictures(resolve(root)), notes };
  const finder = createImageFinder(root, options.imageFolder, options.maxPixels);

  const split: Splits = { train: new Map(), val: new Map(), test: new Map() };
  const files = new Map(
    parts.flatMap((part) => part.task === undefined ? [] : [[`${part.task}_${part.split}`, part]]),
  );
  const mixed = parts.filter((part) => part.task === undefined);
  if (mixed.length > 0) {
    // The tasks are only known once everything is read.
    for (const part of mixed) {
      for (const sample of await readPart(part, reading, bad)) add(split[part.split], sample);
    }
  }
  const found = new Set([
    ...parts.flatMap((part) => part.task ?? []),
    ...SPLITS.flatMap((name) => [...split[name].keys()]),
  ]);
  if (found.size === 0) throw bad.error();
  const has = (task: string, name: Split) => split[name].has(task) || files.has(`${task}_${name}`);
  const names = selectTasks(path, found, declared, required, options.tasks, has, notes);

  // What a cut split holds must not depend on the tasks asked for: all of train is read as soon as one is cut.
  const cutting = names.some((task) => required.some((name) => name !== "train" && !has(task, name)));
  for (const [key, part] of files) {
    const [task, wanted] = [part.task!, names.includes(part.task!) && required.includes(part.split)];
    const asked = names.includes(task);
    const before = bad.count;
    if (wanted || (cutting && part.split === "train")) {
      // Faults of tasks that were not asked for are nobody's business.
      split[part.split].set(task, await readPart(part, reading, asked ? bad : createBadSamples(path)));
    } else if (cutting) split[part.split].set(task, []);
    if (split[part.split].get(task)?.length === 0 && wanted) {
      if (bad.count > before) throw bad.error();
      throw new InputError(
        `${part.file}: expected samples of task ${task}, found an empty list; fill or remove ${key}.json`,
      );
    }
  }
  if (options.skipBad || options.nameLater) {
    // What is left out must be left out before splits are cut.
    for (const name of SPLITS) {
      for (const [task, list] of split[name]) {
        split[name].set(task, withImages(list, finder, names.includes(task) ? bad : createBadSamples(path)));
      }
    }
  }
  try {
    if (cutting) notes.push(...cutSplits(split, options.seed ?? 0, names));
  } catch (error) {
    throw bad.count > 0 ? bad.error() : error;
  }

  const samples: Splits = { train: new Map(), val: new Map(), test: new Map() };
  for (const name of required) {
    for (const task of names) samples[name].set(task, split[name].get(task) ?? []);
  }
  const tasks = names.map((name): TaskInfo => {
    const repeated = required.flatMap((key) => repeatedQuestions(samples[key].get(name)!));
    let { metric, box } = declared?.get(name) ?? {};
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
    if (metric === "iou" && box === undefined) {
      box = guessBox(
        required.flatMap((key) =>
          samples[key].get(name)!.flatMap(({ turns }) => turns.map(({ answer }) => answer))
        ),
      );
      if (box !== undefined && box !== PARTS) {
        notes.push(
          `${name}: its boxes are taken for ${describeBox(box)}; "box" in tasks.json can say otherwise.`,
        );
      }
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
    return { name, metric, ...(metric === "iou" && box !== undefined && box !== PARTS && { box }) };
  });
  for (const { name, metric, box } of tasks) if (metric === "iou") keepBoxes(samples, name, box, bad);
  noteSharedImages(samples, names, notes);
  for (const name of required) {
    for (const [task, list] of samples[name]) {
      const usable = withImages(list, finder, bad);
      for (const sample of usable) sample.images = finder.find(sample) as string[];
      samples[name].set(task, usable);
    }
  }
  if (bad.count > 0) {
    if (!options.skipBad && !options.nameLater) throw bad.error();
    checkNoneEmpty(samples, names, required, bad);
    if (!options.nameLater) notes.push(...bad.notes());
  }
  if (finder.outside > 0) {
    notes.push(`${images(finder.outside, "lie")} outside the folder of the data, by absolute paths.`);
  }
  const { kept } = reading;
  if (kept.count > 0) {
    notes.push(`${images(kept.count, "stand")} inside the files; kept as files in ${kept.folder}.`);
  }
  return { tasks, samples, notes, ...(options.nameLater && bad.count > 0 && { bad }) };
}

/** A number of images that do something, in the present. */
function images(count: number, verb: string): string {
  return count === 1 ? `1 image ${verb}s` : `${count} images ${verb}`;
}

/** The samples whose images are all there. */
function withImages(samples: readonly Sample[], finder: ImageFinder, bad: BadSamples): Sample[] {
  return samples.filter((sample) => {
    const images = finder.find(sample);
    if (images instanceof SampleError) bad.add(sample.task, images);
    return !(images instanceof SampleError);
  });
}

/** A task of which nothing is left cannot be left out in silence. */
function checkNoneEmpty(
  samples: Splits,
  names: readonly string[],
  required: readonly Split[],
  bad: BadSamples,
): void {
  for (const task of names) {
    if (required.some((name) => samples[name].get(task)?.length === 0)) throw bad.error();
  }
}

/** Answers that are scored by overlap must be boxes: found out now, not when the first answer is scored. */
function keepBoxes(samples: Splits, task: string, box: BoxForm | undefined, bad: BadSamples): void {
  for (const split of SPLITS) {
    const list = samples[split].get(task);
    if (list === undefined) continue;
    samples[split].set(
      task,
      list.filter((sample) => {
        const fault = boxFault(sample, box);
        if (fault !== undefined) bad.add(task, new SampleError(fault, "without a true box"));
        return fault === undefined;
      }),
    );
  }
}

/** What keeps a sample from being scored by overlap. */
function boxFault(sample: Sample, box: BoxForm | undefined): string | undefined {
  for (const { answer, references = [] } of sample.turns) {
    if (references.length > 1) {
      return `${
        sampleName(sample)
      }: expected one true box, as the metric iou needs, found ${references.length} ` +
        "references; keep one of them, or choose another metric in tasks.json";
    }
    if (parseBox(answer, box) !== null) continue;
    return `${sampleName(sample)}: expected an answer ${describeBox(box)}, as the metric iou needs, found ${
      JSON.stringify(answer.slice(0, 60))
    }; mend it, say how boxes are written ("box" in tasks.json), or choose another metric there`;
  }
  return undefined;
}

/** The tasks to read, in the order they are shown. */
function selectTasks(
  path: string,
  found: Set<string>,
  declared: ReadonlyMap<string, unknown> | undefined,
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

function add(split: Map<string, Sample[]>, sample: Sample): void {
  const samples = split.get(sample.task);
  if (samples === undefined) split.set(sample.task, [sample]);
  else samples.push(sample);
}

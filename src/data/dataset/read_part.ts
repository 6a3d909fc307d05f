/**
 * The samples of one file.
 *
 * @module
 */

import { basename, isAbsolute, relative, resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { type BadSamples, SampleError } from "./bad_samples.ts";
import { checkTaskName, type Part, stem } from "./dataset_files.ts";
import type { PictureReference } from "./forms/form.ts";
import type { KeptPictures } from "./kept_pictures.ts";
import { isParquet, readParquet } from "./read_parquet.ts";
import { readSamples } from "./read_samples.ts";
import { parseSample, type RawSample } from "./sample.ts";
import type { Sample } from "../types.ts";

/** What the files of a dataset share while they are read. */
export interface Reading {
  /** The data's folder. */
  root: string;
  /** Where pictures go that stand inside the files. */
  kept: KeptPictures;
  /** What is decided on the way, a sentence each. */
  notes: string[];
}

/**
 * Reads a file of samples, images still as written.
 *
 * @param part The file, or several that are one.
 * @param reading What the files share.
 * @param bad Gets the samples that cannot be used.
 * @returns The others, in file order.
 * @throws {InputError} If a file cannot be read at all, or holds no sample.
 */
export async function readPart(part: Part, reading: Reading, bad: BadSamples): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const file of [part.file, ...part.more ?? []]) await readFile(file, part, reading, bad, samples);
  return samples;
}

async function readFile(
  file: string,
  part: Part,
  { root, kept, notes }: Reading,
  bad: BadSamples,
  samples: Sample[],
): Promise<void> {
  let inFront = 0, unasked = 0, index = 0;
  const otherwise = part.otherwise ?? stem(file);
  const taskOf = (image: string | undefined) => part.task ?? taskOfImage(image, otherwise, root);
  for await (const element of isParquet(file) ? readParquet(file) : readSamples(file)) {
    const at = index++;
    try {
      if ("error" in element) throw element.error;
      const line = "line" in element ? element.line : undefined;
      const raw = parseSample(element.value, {
        file,
        index: at,
        ...(line !== undefined && { line }),
        taskOf,
      });
      const task = part.task ?? raw.task ?? taskOfRaw(raw, otherwise, root);
      const where = line === undefined ? "" : `, line ${line}`;
      checkTask(part, raw, task, `${file}${where}, sample ${JSON.stringify(raw.id)}`);
      const path = (image: PictureReference) => {
        if (typeof image === "string") return tidy(image);
        const own = relative(resolve(root), kept.keep(image));
        return own.startsWith("..") ? resolve(root, own) : own;
      };
      const { id, images, system, turns } = raw;
      // Copies of arrays that grew have no room for more: of many samples that is much.
      samples.push({
        id,
        task,
        images: images.map(path),
        ...(system && { system }),
        turns: turns.slice(),
        file,
      });
      if (raw.imagesInFront) inFront++;
      if (raw.answerInFront) unasked++;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      bad.add(part.task ?? otherwise, error);
    }
  }
  if (index === 0 && part.task === undefined) {
    throw new InputError(`${file}: expected samples, found an empty list; fill it`);
  }
  const samplesOf = (n: number, verb: string) => n === 1 ? `1 sample ${verb}s` : `${n} samples ${verb}`;
  if (inFront > 0) {
    notes.push(
      `${basename(file)}: ${
        samplesOf(inFront, "name")
      } images without <image> in the text; they stand before the ` +
        "first question.",
    );
  }
  if (unasked > 0) {
    notes.push(
      `${basename(file)}: ${samplesOf(unasked, "begin")} with an answer to no question; it is left out.`,
    );
  }
}

function checkTask(part: Part, raw: RawSample, task: string, where: string): void {
  if (part.task !== undefined && raw.task !== undefined && raw.task !== part.task) {
    throw new InputError(
      `${where}: expected task ${part.task}, as the file's name says, found ${JSON.stringify(raw.task)}; ` +
        "mend one of them, or name this file alone to read mixed tasks",
    );
  }
  checkTaskName(task, where);
}

function taskOfRaw({ images: [first] }: RawSample, otherwise: string, root: string): string {
  return first instanceof Uint8Array ? otherwise : taskOfImage(first, otherwise, root);
}

/** A task for a sample that names none. */
function taskOfImage(image: string | undefined, otherwise: string, root: string): string {
  if (image === undefined) return "text";
  if (image.startsWith("data:")) return otherwise;
  const inside = isAbsolute(image) ? relative(resolve(root), image).replaceAll("\\", "/") : image;
  const folders = tidy(inside).split("/").slice(0, -1).filter((name) => name !== "" && name !== "..");
  if (folders.length > 1 && folders[0] === "images") folders.shift();
  return folders[0] ?? otherwise;
}

/** An image path without "./" and doubled slashes, so that one image has one name. */
function tidy(image: string): string {
  return image.replace(/\/{2,}/g, "/").replace(/(^|\/)(\.\/)+/g, "$1");
}

/**
 * The image files of a dataset.
 *
 * @module
 */

import { dirname, isAbsolute, join, relative, resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { checkImageFile } from "../images/file_head.ts";
import { pathKind } from "../images/path_kind.ts";
import { sampleName } from "../text/conversation.ts";
import { SampleError } from "./bad_samples.ts";
import type { Splits } from "./cut_splits.ts";
import type { Sample } from "../types.ts";

/** Says which splits that came with the dataset show images that are trained on. */
export function noteSharedImages(samples: Splits, names: string[], notes: string[]): void {
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

/** What came of looking for an image. */
type Found = { path: string } | { found: string; outside?: boolean } | { fault: string };

/** Looks for image files. */
export interface ImageFinder {
  /** Images of absolute paths outside the folders that they are looked for in. */
  readonly outside: number;
  /**
   * Finds the images of a sample.
   *
   * @param sample A sample, images as written.
   * @returns Absolute paths, or what is wrong.
   */
  find(sample: Sample): string[] | SampleError;
}

/**
 * Looks for images in the image folder, if there is one, then in the data's folder and its `images/`. Names are found in
 * either Unicode form, as macOS and Windows write different ones. What a path leads to must lie in one of the folders:
 * `../` and links do not lead out of the data's folder; below the image folder links are followed, and absolute paths
 * are taken at their word.
 *
 * @param root The data's folder.
 * @param imageFolder A folder of images elsewhere.
 * @param maxPixels The most pixels that an image may have.
 * @returns The finder.
 * @throws {InputError} If the image folder is none.
 */
export function createImageFinder(root: string, imageFolder?: string, maxPixels?: number): ImageFinder {
  const base = resolve(root);
  const elsewhere = imageFolder === undefined ? undefined : checkFolder(imageFolder);
  const realBase = realPath(base) ?? base;
  const places = [...(elsewhere === undefined ? [] : [elsewhere]), base, join(base, "images")];
  const expectedIn = elsewhere === undefined
    ? `${base} or its images/`
    : `${elsewhere}, ${base} or its images/`;
  const known = new Map<string, Found>();
  const realFolders = new Map<string, string | undefined>();
  let outside = 0;

  /** Whether a file that was found in the data's folder really lies in it. */
  const leadsOut = (path: string): boolean => {
    const folder = dirname(path);
    if (!realFolders.has(folder)) realFolders.set(folder, realPath(folder));
    const realFolder = realFolders.get(folder) ?? folder;
    const real = Deno.lstatSync(path).isSymlink ? realPath(path) ?? path : join(realFolder, "x");
    return !isInside(real, realBase) &&
      (elsewhere === undefined || !isInside(real, realPath(elsewhere) ?? elsewhere));
  };

  const look = (image: string): Found => {
    let found = "none", out = false;
    for (const place of isAbsolute(image) ? ["/"] : places) {
      const path = resolve(place, image);
      // Each folder is to be left on purpose only: "a/../b" stays, "../b" does not.
      const top = place === elsewhere ? elsewhere : base;
      if (!isAbsolute(image) && !isInside(path, top)) {
        out = true;
        continue;
      }
      for (const candidate of spellings(path)) {
        const kind = whatIs(candidate);
        if (kind === "a file") {
          if (isAbsolute(image)) {
            if (!isInside(path, base) && (elsewhere === undefined || !isInside(path, elsewhere))) outside++;
          } else if (place !== elsewhere && leadsOut(candidate)) {
            return {
              found: `a link that leads to ${realPath(candidate) ?? "another folder"}`,
              outside: true,
            };
          }
          return { path: candidate };
        }
        if (kind !== undefined && found === "none") found = kind;
      }
    }
    if (found === "none" && out) return { found: "a path that leads out of it", outside: true };
    return { found };
  };

  return {
    get outside() {
      return outside;
    },
    find(sample) {
      const paths: string[] = [];
      for (const image of sample.images) {
        let found = known.get(image);
        if (found === undefined) known.set(image, found = readable(look(image), maxPixels));
        if ("path" in found) {
          paths.push(found.path);
          continue;
        }
        if ("fault" in found) {
          return new SampleError(
            `${sampleName(sample)}: ${found.fault}`,
            "with an image that cannot be read",
          );
        }
        const name = image.length > 200 ? `${image.slice(0, 200)}...` : image;
        return new SampleError(
          `${sampleName(sample)}: expected the image ${name} in ${expectedIn}, found ${found.found}; ` +
            (found.outside
              ? "copy it into the folder, or name the folder it is in with --image-folder"
              : "put it there, mend the path, name the folder it is in with --image-folder, or remove the sample"),
          found.outside ? "with an image outside the folder" : "with an image that is missing",
        );
      }
      return paths.slice(); // an array that grew keeps room for more
    },
  };
}

/** Whether what was found is an image at all, as far as its first bytes say. */
function readable(found: Found, maxPixels: number | undefined): Found {
  if (!("path" in found)) return found;
  try {
    checkImageFile(found.path, maxPixels);
    return found;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { fault: `${found.path}: ${error.message}` };
  }
}

function checkFolder(folder: string): string {
  const path = resolve(folder);
  const kind = whatIs(path);
  if (kind === "a folder") return path;
  throw new InputError(
    `--image-folder: expected a folder of images, found ${kind ?? "none"} at ${folder}; check the path`,
  );
}

/** Whether a path lies in a folder; neither need exist. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way);
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** What lies at a path; undefined for nothing at all. */
function whatIs(path: string): string | undefined {
  try {
    return pathKind(Deno.statSync(path));
  } catch (error) {
    // A path that runs through a file is as missing as one that leads nowhere.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return isLink(path) ? "a link that leads nowhere" : undefined;
    }
    const reason = (error instanceof Error ? error.message : String(error)).replace(/: l?stat .*$/s, "");
    return `none (${reason})`;
  }
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

/** A path as written, then in the two Unicode forms, then as its folder spells it. */
function* spellings(path: string): Generator<string> {
  yield path;
  if (/^\p{ASCII}*$/u.test(path)) return;
  const seen = new Set([path]);
  for (const form of [path.normalize("NFC"), path.normalize("NFD")]) {
    if (!seen.has(form)) yield form;
    seen.add(form);
  }
  const spelt = spelling(path);
  if (spelt !== undefined && !seen.has(spelt)) yield spelt;
}

/** A path whose parts are spelt in different forms; undefined if there is none. */
function spelling(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return path;
  const folder = whatIs(parent) === "a folder" ? parent : spelling(parent);
  if (folder === undefined) return undefined;
  const wanted = path.slice(parent.length).replace(/^[/\\]/, "").normalize("NFC");
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (name.normalize("NFC") === wanted) return join(folder, name);
    }
  } catch {
    // It cannot be listed.
  }
  return undefined;
}

/**
 * The image files of a dataset.
 *
 * @module
 */

import { resolve } from "@std/path";
import { InputError } from "../../errors.ts";
import { sampleName } from "../text/conversation.ts";
import type { Splits } from "./cut_splits.ts";
import { SPLITS } from "./dataset_files.ts";
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

/** Makes image paths absolute; all must be files. */
export function findImages(samples: Splits, root: string): void {
  const base = resolve(root);
  const known = new Map<string, string | null>();
  let reason = "none";
  const look = (image: string): string | null => {
    for (const candidate of [resolve(base, image), resolve(base, "images", image)]) {
      try {
        if (Deno.statSync(candidate).isFile) return candidate;
      } catch (error) {
        // A path that runs through a file is as missing as one that leads nowhere.
        const missing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
        if (!missing && first === undefined) reason = describe(error);
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
    `${sampleName(sample)}: expected the image ${
      image.length > 200 ? `${image.slice(0, 200)}...` : image
    } in ${base} or its images/, found ${reason}` +
      (missing > 1 ? ` (and ${missing - 1} more are missing)` : "") +
      "; put it there, mend the path, or remove the sample",
  );
}

/** What the system said about a path, without the path. */
function describe(error: unknown): string {
  return `none (${(error instanceof Error ? error.message : String(error)).replace(/: l?stat .*$/s, "")})`;
}

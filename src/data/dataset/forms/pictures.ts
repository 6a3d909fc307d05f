/**
 * The pictures that a sample names beside its conversation.
 *
 * @module
 */

import { asFields, type Fields, isGiven, type PictureReference, type Wrong } from "./form.ts";
import { readPicture } from "./picture_reference.ts";

/** Fields that hold a picture or a list of them. */
const FIELDS = ["image", "images", "image_path", "image_paths", "image_file", "img", "file_name"];
/** Fields that hold what is not read here. */
const OTHERS = ["video", "videos", "audio", "audios"];

const asList = (value: unknown): readonly unknown[] =>
  !isGiven(value) ? [] : Array.isArray(value) ? value : [value];

/**
 * Reads the pictures of a sample.
 *
 * @param fields The sample.
 * @param wrong Makes errors.
 * @returns The pictures, in order.
 * @throws {SampleError} If one is named in a form that is not known or on the web, or there are videos or sounds.
 */
export function readPictures(fields: Fields, wrong: Wrong): PictureReference[] {
  for (const name of OTHERS) {
    if (asList(fields[name]).length === 0 || fields[name] === "") continue;
    throw wrong(
      `no field "${name}"`,
      fields[name],
      "remove the sample: only images are read here; single frames can be saved as images",
      "with a video or sound",
    );
  }
  const given = FIELDS.filter((name) => asList(fields[name]).length > 0);
  const lists = given.map((name) => asList(fields[name]).map((value) => readPicture(value, wrong)));
  const different = lists.filter((list, i) => lists.findIndex((other) => equal(list, other)) === i);
  if (different.length > 1) {
    throw wrong("one field that names the images", given, "keep one of them");
  }
  return different[0] ?? [];
}

function equal(a: readonly PictureReference[], b: readonly PictureReference[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The path of a sample's first picture, where one stands in its fields; for the task of samples that name none. */
export function firstPath(fields: Fields): string | undefined {
  for (const name of FIELDS) {
    const first = asList(fields[name])[0];
    const path = asFields(first)?.path ?? first;
    if (typeof path === "string" && path !== "") return path;
  }
  return undefined;
}

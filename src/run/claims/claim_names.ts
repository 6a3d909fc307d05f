/**
 * Names of the files by which pieces of work are claimed.
 *
 * Claims of one piece of work are numbered, and the highest number counts. A number is made once: a claim that is to be
 * taken over stays where it is until the next one is there, so that of many who want it one gets it.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Names may have 255 bytes, number and temporary ending included. */
const LONGEST = 200;

/**
 * How the claims of a piece of work begin.
 *
 * @param work A part's id, or another name.
 * @returns A name for files: "/" becomes "~", which no id holds; of a long one the beginning and a hash.
 *
 * @example
 * ```ts
 * import { claimName } from "./claim_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(claimName("seed-1/probes/mini"), "seed-1~probes~mini");
 * ```
 */
export function claimName(work: string): string {
  const name = work.replaceAll("/", "~");
  if (new TextEncoder().encode(name).length <= LONGEST) return name;
  return `${name.slice(0, LONGEST / 4)}~${createHash("sha256").update(work).digest("hex").slice(0, 32)}`;
}

/**
 * The file of a claim.
 *
 * @param name What the claims of its work are called.
 * @param number Its number, from 1.
 */
export function claimFile(name: string, number: number): string {
  return `${name}.${number}.claim`;
}

const CLAIM = /^(.+)\.(\d+)\.claim$/;

/**
 * Which files are claims of what.
 *
 * @param files Names of files.
 * @returns Numbers of the claims, rising, by what they are called.
 */
export function claimNumbers(files: Iterable<string>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const file of files) {
    const [, name, number] = CLAIM.exec(file) ?? [];
    if (name === undefined) continue;
    const numbers = found.get(name);
    if (numbers === undefined) found.set(name, [Number(number)]);
    else numbers.push(Number(number));
  }
  for (const numbers of found.values()) numbers.sort((a, b) => a - b);
  return found;
}

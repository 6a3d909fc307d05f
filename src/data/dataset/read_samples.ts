/**
 * The samples of a file, whichever way they are listed: a JSON array, an object around one, or JSON Lines.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { readFileHead } from "../images/file_head.ts";
import { describeKind, fileKind } from "../images/file_kind.ts";
import { asFields } from "./forms/form.ts";
import { FORMS } from "./forms/forms.ts";
import { findLists, type FoundList } from "./find_list.ts";
import { type JsonElement, jsonError, readJsonArray } from "./read_json.ts";
import { SampleError } from "./bad_samples.ts";

/** Fields in which an object holds its samples, where it has several lists. */
const WRAPPERS = [
  "data",
  "samples",
  "examples",
  "instances",
  "items",
  "records",
  "rows",
  "annotations",
  "train",
];

/** The longest line of JSON Lines that is looked at to tell it from other JSON, in bytes. */
const LONGEST_LINE = 1 << 26;
const CHUNK = 1 << 20; // bytes

/** A sample, or what is wrong with its line. */
export type ReadElement = JsonElement | { error: SampleError; line: number };

/** How a file lists its samples. */
type Listing = { kind: "array" } | { kind: "lines" } | { kind: "wrapped"; lists: FoundList[] } | {
  kind: "none";
};

/**
 * Reads the samples of a file one by one.
 *
 * @param path A JSON or JSON Lines file.
 * @returns The samples, in order. A line of JSON Lines that is broken comes as an error, as the next one may be whole.
 * @throws {InputError} If the file is missing, no JSON, or holds no list.
 */
export function* readSamples(path: string): Generator<ReadElement> {
  const listing = listingOf(path);
  if (listing.kind === "lines") return yield* readLines(path);
  if (listing.kind === "wrapped") return yield* readJsonArray(path, chooseList(path, listing.lists));
  if (listing.kind === "none") refuseOtherKinds(path);
  yield* readJsonArray(path);
}

/** Failed downloads, which a complaint about JSON does not help with. */
function refuseOtherKinds(path: string): void {
  const { head, size } = readFileHead(path, 1024);
  const kind = fileKind(head);
  if (size === 0 || kind === undefined || kind.extension === "json") return;
  const { found, todo } = describeKind(head);
  throw new InputError(
    `${path}: expected a JSON file of samples, found ${kind.read ? `a ${found} image` : found}; ${todo}`,
  );
}

/**
 * Whether a file lists samples, as far as its beginning says.
 *
 * @param path The file.
 */
export function listsSamples(path: string): boolean {
  const listing = listingOf(path);
  return listing.kind === "wrapped"
    ? listing.lists.some(({ name }) => WRAPPERS.includes(name))
    : listing.kind !== "none";
}

function listingOf(path: string): Listing {
  let first: Uint8Array, more: boolean;
  try {
    ({ first, more } = firstLine(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError(`${path}: expected a JSON file, found none`);
    }
    throw error;
  }
  const start = first[0];
  if (start === 91) return { kind: "array" };
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return first.length === 0 ? { kind: "none" } : { kind: "lines" };
  if (start !== 123) return { kind: "none" };
  const fields = first.length < LONGEST_LINE ? parsed(first) : undefined;
  if (fields !== undefined && (more || FORMS.some((form) => form.fits(fields)))) return { kind: "lines" };
  const lists = findLists(path);
  return lists.length === 0 ? { kind: "none" } : { kind: "wrapped", lists };
}

/** The first line that is not blank, without byte order mark and indentation, and whether another follows. */
function firstLine(path: string): { first: Uint8Array; more: boolean } {
  using file = Deno.openSync(path);
  const chunk = new Uint8Array(CHUNK);
  const parts: Uint8Array[] = [];
  let size = 0, ended = false;
  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    let bytes = chunk.subarray(0, count);
    if (size === 0) {
      const from = bytes.findIndex((byte, i) =>
        byte > 32 && !(i < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf))
      );
      if (from < 0) continue;
      bytes = bytes.subarray(from);
    }
    if (ended) {
      if (bytes.some((byte) => byte > 32)) return { first: joined(parts), more: true };
      continue;
    }
    const end = bytes.indexOf(10);
    parts.push(bytes.slice(0, end < 0 ? bytes.length : end));
    size += bytes.length;
    if (size >= LONGEST_LINE) break;
    if (end < 0) continue;
    ended = true;
    if (bytes.subarray(end).some((byte) => byte > 32)) return { first: joined(parts), more: true };
  }
  return { first: joined(parts), more: false };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** An object; undefined if the bytes are none. */
function parsed(bytes: Uint8Array) {
  try {
    return asFields(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function chooseList(path: string, lists: readonly FoundList[]): FoundList {
  const known = lists.filter(({ name }) => WRAPPERS.includes(name));
  const [chosen, ...others] = known.length > 0 ? known : lists;
  if (chosen !== undefined && others.length === 0) return chosen;
  throw new InputError(
    `${path}: expected one list of samples, found ${lists.map(({ name }) => name).join(", ")}; ` +
      "leave only the one to read",
  );
}

/** JSON Lines: a value a line. */
function* readLines(path: string): Generator<ReadElement> {
  using file = Deno.openSync(path);
  const chunk = new Uint8Array(CHUNK);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let held: Uint8Array[] = [], line = 1;
  const parse = (last: Uint8Array): ReadElement | undefined => {
    const bytes = held.length === 0 ? last : joined([...held, last]);
    held = [];
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      const message = `${path}, line ${line}: expected text in UTF-8, found bytes of another encoding; ` +
        "save the file as UTF-8";
      return { error: new SampleError(message, "of another form"), line };
    }
    if (text.trim() === "") return undefined;
    try {
      return { value: JSON.parse(text), line };
    } catch {
      return { error: new SampleError(jsonError(path, text, line, 1).message, "of another form"), line };
    }
  };
  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < count; end = chunk.indexOf(10, from)) {
      const element = parse(chunk.subarray(from, end));
      if (element !== undefined) yield element;
      from = end + 1;
      line++;
    }
    if (from < count) held.push(chunk.slice(from, count));
  }
  const element = parse(new Uint8Array());
  if (element !== undefined) yield element;
}

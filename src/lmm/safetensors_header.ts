/** Headers of safetensors files: everything is checked before any tensor is read. @module */
import { WIDTH } from "./dtype.ts";
import { InputError } from "../errors.ts";

/** A tensor of a file. */
export interface HeaderEntry {
  /** Its name. */
  name: string;
  /** The type of its elements, of {@linkcode WIDTH}. */
  dtype: string;
  /** Sizes; empty for a scalar. */
  shape: number[];
  /** Its first byte in the file. */
  start: number;
  /** Its bytes. */
  bytes: number;
}

/** Bytes that tell the length of the header. */
export const HEADER_START = 8;

/** Longest header that is read: the format's own limit. */
const MAX_HEADER = 100_000_000;

/** Most colons, commas and brackets in a header: some 150,000 tensors. More would take memory without bound. */
const MAX_TOKENS = 1 << 21;

/** Deepest nesting: a list in a tensor in the header. */
const MAX_DEPTH = 3;

/** Longest name of a tensor: messages show it whole. */
const MAX_NAME = 1000;

/** Most sizes of a tensor. */
const MAX_RANK = 16;

/**
 * The length of a header.
 *
 * @param first The first bytes of the file, {@linkcode HEADER_START} or what there is.
 * @param size Bytes of the whole file.
 * @param name Its name, for messages.
 * @throws {InputError} If the file is empty, of another kind, or cut short.
 */
export function headerLength(first: Uint8Array, size: number, name: string): number {
  if (size === 0) throw new InputError(`${name}: the file is empty; download it again`);
  if (first.length < HEADER_START || size < HEADER_START) {
    throw new InputError(`${name}: expected a header, found ${size} bytes; the file is cut short`);
  }
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length <= MAX_HEADER && HEADER_START + length <= size) return length;
  const text = new TextDecoder().decode(first);
  if (text.startsWith("version ")) {
    throw new InputError(
      `${name}: this is a pointer of Git LFS, not the weights: fetch them with \`git lfs pull\`, or download the file`,
    );
  }
  if (/^\s*<(!|h|\?)/i.test(text)) {
    throw new InputError(
      `${name}: this is a web page, not the weights; download the file itself`,
    );
  }
  if (text.startsWith("PK\x03\x04") || first[0] === 0x80) {
    throw new InputError(`${name}: this is a file of PyTorch, not of safetensors; convert it`);
  }
  throw new InputError(
    `${name}: the header should take ${length} bytes, the file has ${size}: it is cut short or of another kind`,
  );
}

/**
 * Reads a header.
 *
 * @param json The bytes of the header.
 * @param size Bytes of the whole file.
 * @param name Its name, for messages.
 * @returns Its tensors, in the order in which they are named.
 * @throws {InputError} If the header is broken, or its tensors do not fill the file without gap or overlap.
 */
export function parseHeader(json: Uint8Array, size: number, name: string): HeaderEntry[] {
  const fail = (message: string) => new InputError(`${name}: ${message}`);
  const names = countNames(json, fail);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (error) {
    throw fail(`the header is not JSON (${(error as Error).message.slice(0, 200)})`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw fail("the header is not an object");
  }
  const from = HEADER_START + json.length;
  const entries: HeaderEntry[] = [];
  const all = Object.entries(header);
  if (all.length !== names) throw fail(`the header names ${names - all.length} tensors more than once`);
  for (const [tensor, entry] of all) {
    if (tensor !== "__metadata__") entries.push(readEntry(tensor, entry, from, size, fail));
  }
  checkFilled(entries, from, size, fail);
  return entries;
}

type Fail = (message: string) => InputError;

function readEntry(tensor: string, entry: unknown, from: number, size: number, fail: Fail): HeaderEntry {
  if (tensor.length > MAX_NAME) {
    throw fail(`a tensor's name is ${tensor.length} characters long: ${tensor.slice(0, 100)}…`);
  }
  if (typeof entry !== "object" || entry === null) {
    throw fail(`tensor ${tensor}: expected an object in the header`);
  }
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  const whole = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole) || !Array.isArray(offsets) || !offsets.every(whole)) {
    throw fail(`tensor ${tensor}: shape or data_offsets are missing or not whole numbers`);
  }
  if (shape.length > MAX_RANK) {
    throw fail(`tensor ${tensor}: expected at most ${MAX_RANK} sizes, found ${shape.length}`);
  }
  const width = typeof dtype === "string" ? WIDTH.get(dtype) : undefined;
  if (width === undefined) {
    throw fail(
      `tensor ${tensor}: expected ${[...WIDTH.keys()].join(", ")}, found ${
        JSON.stringify(dtype)?.slice(0, 100)
      }`,
    );
  }
  const bytes = shape.reduce((product: number, n: number) => product * n, width);
  const [start = 0, end = 0] = offsets as number[];
  if (offsets.length !== 2 || end - start !== bytes || from + end > size) {
    throw fail(
      `tensor ${tensor}: ${dtype} [${shape}] takes ${bytes} bytes, found ${start} to ${end} of the ` +
        `${size - from} bytes after the header`,
    );
  }
  return { name: tensor, dtype: dtype as string, shape: shape as number[], start: from + start, bytes };
}

/** Tensors must follow each other from the header to the end of the file. */
function checkFilled(entries: readonly HeaderEntry[], from: number, size: number, fail: Fail) {
  let at = from, before = "the header";
  for (const { name, start, bytes } of entries.toSorted((a, b) => a.start - b.start || a.bytes - b.bytes)) {
    if (start < at) throw fail(`tensors ${before} and ${name} overlap by ${at - start} bytes`);
    if (start > at) throw fail(`${start - at} bytes between ${before} and tensor ${name} belong to none`);
    at = start + bytes;
    before = name;
  }
  if (at !== size) throw fail(`the last ${size - at} bytes, after ${before}, belong to no tensor`);
}

/**
 * Counts the names at the top, and refuses what would take a JSON parser memory or depth without bound.
 *
 * @returns Names at the top, those that occur twice included.
 */
function countNames(json: Uint8Array, fail: Fail): number {
  let depth = 0, tokens = 0, names = 0, quoted = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i]!;
    if (quoted) {
      if (c === 0x5c) i++; // a backslash and what it covers
      else if (c === 0x22) quoted = false;
      continue;
    }
    if (c === 0x22) {
      quoted = true;
    } else if (c === 0x7b || c === 0x5b) { // { [
      tokens++;
      if (++depth > MAX_DEPTH) throw fail(`the header is nested deeper than ${MAX_DEPTH} levels`);
    } else if (c === 0x7d || c === 0x5d) { // } ]
      depth--;
    } else if (c === 0x3a || c === 0x2c) { // : ,
      tokens++;
      if (c === 0x3a && depth === 1) names++;
    }
    if (tokens > MAX_TOKENS) throw fail(`the header has over ${MAX_TOKENS} names and numbers`);
  }
  return names;
}

/**
 * Damages files as disks, downloads and enemies do.
 *
 * @module
 */

import type { Random } from "../../src/random.ts";

/** Files by name. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Numbers that break readers: at and beyond the ends of the types that formats use. */
const NUMBERS = [
  ...["0", "-1", "1", "127", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295"],
  ...["9007199254740993", "18446744073709551615", "1e308", "-1e308", "1e999", "0.1", "1e-400", "00", "NaN"],
];

/** Pieces of text that formats give a meaning to. */
const WORDS = [
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ":",
    "null",
    "true",
    "{}",
    "[]",
    '""',
    "\\",
    "\\u0000",
    "\\ud800",
    "\n",
    "\0",
  ],
  ..."../../../etc/passwd /etc/passwd ..\\..\\x file:///etc/passwd C:\\x . .. / %2e%2e%2f".split(" "),
  ...[
    "<image>",
    "</s>",
    "<|im_start|>",
    "\ufeff",
    "\u202e",
    "\ud83d\ude00",
    "__proto__",
    "constructor",
    "{{",
    "{%",
    "%}",
    "}}",
  ],
];

type Damage = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
const place = (random: Random, length: number): number => Math.floor(random.next() * (length + 1));

function spliced(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  const made = new Uint8Array(from + middle.length + bytes.length - to);
  made.set(bytes.subarray(0, from));
  made.set(middle, from);
  made.set(bytes.subarray(to), from + middle.length);
  return made;
}

/** A stretch of a file, mostly a short one. */
function stretch(random: Random, length: number): [from: number, to: number] {
  const from = place(random, length);
  const most = random.next() < 0.7 ? 16 : length;
  return [from, Math.min(length, from + place(random, most))];
}

const DAMAGES: readonly Damage[] = [
  // A flipped bit, or several.
  (bytes, random) => {
    const made = bytes.slice();
    for (let i = 1 + place(random, 7); i > 0 && made.length > 0; i--) {
      made[place(random, made.length - 1)]! ^= 1 << place(random, 7);
    }
    return made;
  },
  // Cut short.
  (bytes, random) => bytes.slice(0, place(random, bytes.length)),
  // A stretch that is gone, or there twice.
  (bytes, random) => spliced(bytes, ...stretch(random, bytes.length), new Uint8Array()),
  (bytes, random) => {
    const [from, to] = stretch(random, bytes.length);
    return spliced(bytes, to, to, bytes.subarray(from, to));
  },
  // Bytes of another value.
  (bytes, random) => {
    const made = bytes.slice(), value = pick(random, [0, 255, 127, 128, 10, 32]);
    return made.fill(value, ...stretch(random, made.length));
  },
  // A stretch of another file.
  (bytes, random, others) => {
    const other = pick(random, others);
    const [from, to] = stretch(random, other.length);
    return spliced(bytes, ...stretch(random, bytes.length), other.subarray(from, to));
  },
  // A length or an offset in binary: eight bytes at once.
  (bytes, random) => {
    const word = new DataView(new ArrayBuffer(8));
    const value = pick(random, [
      0n,
      1n,
      255n,
      65_536n,
      2n ** 31n,
      2n ** 32n,
      2n ** 53n,
      2n ** 63n,
      2n ** 64n - 1n,
    ]);
    word.setBigUint64(0, value, random.next() < 0.8);
    const at = random.next() < 0.5 ? 0 : place(random, bytes.length);
    return spliced(
      bytes,
      at,
      Math.min(bytes.length, at + pick(random, [2, 4, 8])),
      new Uint8Array(word.buffer),
    );
  },
  // A number of a text.
  (bytes, random) => inText(bytes, random, /-?\d+(\.\d+)?([eE][-+]?\d+)?/g, NUMBERS),
  // A string, or a word in any place.
  (bytes, random) =>
    inText(bytes, random, /"[^"\n]{0,80}"/g, [...WORDS.map((w) => JSON.stringify(w)), ...NUMBERS]),
  (bytes, random) => {
    const at = place(random, bytes.length);
    return spliced(bytes, at, at, new TextEncoder().encode(pick(random, WORDS)));
  },
  // Nested deeply, or repeated often.
  (bytes, random) => {
    const at = place(random, bytes.length),
      unit = pick(random, ["[", '{"a":', "(", "<image>", "{{", "\u00e9", " "]);
    return spliced(bytes, at, at, new TextEncoder().encode(unit.repeat(2 ** place(random, 16))));
  },
  // Something else altogether: a page, a pointer of Git LFS, nothing.
  (_, random) =>
    new TextEncoder().encode(pick(random, [
      "",
      "<!DOCTYPE html><html><body>404</body></html>",
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
      "\ufeff{}",
      "null",
      "[]",
      '"text"',
    ])),
];

/** Replaces one of the places that a pattern finds; the bytes as they are where it finds none. */
function inText(bytes: Uint8Array, random: Random, pattern: RegExp, by: readonly string[]): Uint8Array {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 100_000));
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return bytes.slice();
  const { index, 0: { length } } = pick(random, found);
  return spliced(bytes, index, index + length, new TextEncoder().encode(pick(random, by)));
}

/**
 * Damages one file of some, once or a few times.
 *
 * @param files The files, whole.
 * @param random Where chance comes from.
 * @returns The files, one of them damaged, and its name.
 */
export function mutate(files: Files, random: Random): { files: Map<string, Uint8Array>; damaged: string } {
  const made = new Map(files);
  const damaged = pick(random, [...files.keys()]);
  const others = [...files.values()];
  let bytes = files.get(damaged)!;
  for (let times = random.next() < 0.6 ? 1 : 1 + place(random, 4); times > 0; times--) {
    bytes = pick(random, DAMAGES)(bytes, random, others);
  }
  made.set(damaged, bytes);
  return { files: made, damaged };
}

/**
 * The letters of the signs: sixteen capitals on a grid of 5 × 7 dots.
 *
 * The sixteen were chosen so that any two differ in many dots (F, P, R and B, for example, resemble E too much),
 * and so that none is a word of the captions ("a").
 *
 * @module
 */

/** Width of a letter in dots. */
export const LETTER_WIDTH = 5;

/** Height of a letter in dots. */
export const LETTER_HEIGHT = 7;

const ROWS = {
  c: "01110 10001 10000 10000 10000 10001 01110",
  e: "11111 10000 10000 11110 10000 10000 11111",
  h: "10001 10001 10001 11111 10001 10001 10001",
  j: "00111 00010 00010 00010 00010 10010 01100",
  k: "10001 10010 10100 11000 10100 10010 10001",
  l: "10000 10000 10000 10000 10000 10000 11111",
  m: "10001 11011 10101 10101 10001 10001 10001",
  o: "01110 10001 10001 10001 10001 10001 01110",
  p: "11110 10001 10001 11110 10000 10000 10000",
  s: "01111 10000 10000 01110 00001 00001 11110",
  t: "11111 00100 00100 00100 00100 00100 00100",
  u: "10001 10001 10001 10001 10001 10001 01110",
  v: "10001 10001 10001 10001 01010 01010 00100",
  x: "10001 10001 01010 00100 01010 10001 10001",
  y: "10001 10001 01010 00100 00100 00100 00100",
  z: "11111 00001 00010 00100 01000 10000 11111",
} as const;

/** The letters that a sign can carry. */
export const LETTERS = Object.keys(ROWS) as readonly string[];

const DOTS: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(ROWS).map((
    [letter, rows],
  ) => [letter, Uint8Array.from(rows.replaceAll(" ", ""), (dot) => Number(dot))]),
);

/**
 * The dots of a letter.
 *
 * @param letter One of `LETTERS`.
 * @returns `LETTER_HEIGHT` rows of `LETTER_WIDTH` dots, 1 where there is ink.
 * @throws {RangeError} If signs do not carry this letter.
 */
export function letterDots(letter: string): Uint8Array {
  const dots = DOTS.get(letter);
  if (dots === undefined) {
    throw new RangeError(`letterDots: expected one of ${LETTERS.join(" ")}, found ${JSON.stringify(letter)}`);
  }
  return dots;
}

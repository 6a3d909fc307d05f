/**
 * How a box is written: `[x1, y1, x2, y2]`, each coordinate a fraction of the picture's side with at most two
 * decimals.
 *
 * Boxes lie on a grid of 1/32. Two decimals give each of the 33 grid values a text of its own, at most 0.005 away:
 * a third of half a grid step, so the text rounds back to the value it came from, and a box read from its own text
 * is the true box (IoU 1). The values are cut to two decimals to the even side of a half (0.125 → "0.12",
 * 0.375 → "0.38"), as printing in most languages does; trailing zeros are left out.
 *
 * @module
 */

import { type GridBox, UNITS } from "./picture/scene.ts";

/** The texts of the grid values 0/32 … 32/32. */
export const COORDINATES: readonly string[] = Array.from({ length: UNITS + 1 }, (_, k) => {
  const hundredths = k * 100 / UNITS; // exact in binary
  const below = Math.floor(hundredths);
  const rest = hundredths - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  return String(rounded / 100);
});

/**
 * Writes a box.
 *
 * @param box The box, in units of 1/32.
 * @returns Four pieces separated by spaces.
 *
 * @example There and back
 * ```ts
 * import { gridBoxText, readGridBox } from "./box_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gridBoxText([4, 8, 16, 32]), "[0.12, 0.25, 0.5, 1]");
 * assertEquals(readGridBox("[0.12, 0.25, 0.5, 1]"), [4, 8, 16, 32]);
 * ```
 */
export function gridBoxText(box: GridBox): string {
  return `[${box.map((value) => COORDINATES[value]!).join(", ")}]`;
}

/**
 * Reads a box that `gridBoxText` wrote.
 *
 * @param text The text.
 * @returns The box in units of 1/32, or undefined if the text is no box.
 */
export function readGridBox(text: string): GridBox | undefined {
  const found = /^\[(\S+), (\S+), (\S+), (\S+)\]$/.exec(text);
  if (found === null) return undefined;
  const [x1, y1, x2, y2] = found.slice(1).map((value) => Math.round(Number(value) * UNITS));
  return [x1!, y1!, x2!, y2!].some(Number.isNaN) ? undefined : [x1!, y1!, x2!, y2!];
}

/** Every piece of a written box: each value as the first, an inner and the last coordinate. */
export const COORDINATE_PIECES: readonly string[] = [
  ...COORDINATES.map((value) => `[${value},`),
  ...COORDINATES.map((value) => `${value},`),
  ...COORDINATES.map((value) => `${value}]`),
];

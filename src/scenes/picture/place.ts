/**
 * Where things may stand, and what a place is called.
 *
 * The picture is divided into three rows and three columns. A thing stands only where its middle is at least two
 * units away from the lines between them, so a place's name is never in doubt; its corner lies on a grid of 4 units
 * (a small model learns much more slowly from free positions).
 *
 * @module
 */

import { type GridBox, SIZES, UNITS } from "./scene.ts";

/** Names of the rows, from the top. */
export const ROW_NAMES = ["top", "middle", "bottom"] as const;

/** Names of the columns, from the left. */
export const COLUMN_NAMES = ["left", "centre", "right"] as const;

/** Corners lie on multiples of this many units. */
export const SNAP = 4;

/** How far the middle of a thing stays away from the lines between the places, in units. */
export const PLACE_MARGIN = 2;

function third(a: number, b: number): number {
  return Math.min(2, Math.floor((a + b) / 2 / (UNITS / 3)));
}

/**
 * The row of a box.
 *
 * @param box The box.
 * @returns 0 (top), 1 or 2.
 */
export function rowOf(box: GridBox): number {
  return third(box[1], box[3]);
}

/**
 * The column of a box.
 *
 * @param box The box.
 * @returns 0 (left), 1 or 2.
 */
export function columnOf(box: GridBox): number {
  return third(box[0], box[2]);
}

/**
 * The name of the place of a box.
 *
 * @param box The box.
 * @returns Row and column in words.
 *
 * @example A small object in the corner
 * ```ts
 * import { placeName } from "./place.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeName([24, 4, 31, 11]), "top right");
 * ```
 */
export function placeName(box: GridBox): string {
  return `${ROW_NAMES[rowOf(box)]!} ${COLUMN_NAMES[columnOf(box)]!}`;
}

/**
 * The coordinates at which a thing may begin.
 *
 * @param length Its width or height, in units.
 * @returns Multiples of `SNAP` at which it lies inside the picture, its middle clear of the lines between places.
 */
export function starts(length: number): number[] {
  const found: number[] = [];
  for (let start = 0; start + length <= UNITS; start += SNAP) {
    const middle = start + length / 2;
    const clear = [UNITS / 3, 2 * UNITS / 3].every((line) => Math.abs(middle - line) >= PLACE_MARGIN);
    if (clear) found.push(start);
  }
  return found;
}

/** Where an object of each size may begin, on either axis. */
export const OBJECT_STARTS = { small: starts(SIZES.small), large: starts(SIZES.large) } as const;

/**
 * Whether two boxes lie apart, with at least one unit between them.
 *
 * @param a A box.
 * @param b Another box.
 * @returns True if they neither overlap nor touch.
 */
export function apart(a: GridBox, b: GridBox): boolean {
  return a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
}

/**
 * Draws scenes.
 *
 * @module
 */

import type { Split } from "../../data/types.ts";
import type { Random } from "../../random.ts";
import { LETTER_HEIGHT, LETTERS } from "./font.ts";
import { apart } from "./place.ts";
import {
  type Bar,
  COLOUR_NAMES,
  isHeldOut,
  MAX_BAR,
  type Scene,
  type SceneKind,
  type SceneObject,
  SHAPES,
  type Sign,
  UNITS,
} from "./scene.ts";
import { splitOf } from "./scene_key.ts";
import { barOf, OBJECT_BOXES, objectAt, readingOrder } from "./things.ts";

/** What `generateScene` may be told. */
export interface SceneOptions {
  /** The kind of the scene; drawn, if left out: half objects, a quarter signs, a quarter charts. */
  kind?: SceneKind;
  /** The split that the scene must belong to (see `splitOf`); any, if left out. */
  split?: Split;
  /** Whether the held-out pairs of colour and shape may occur; they may not, if left out. */
  heldOut?: boolean;
  /** The fewest and the most letters of a sign, from 1 to 6; two or three, if left out. */
  letters?: readonly [least: number, most: number];
}

/** Width of the cell of one letter of a sign, in units; signs begin at multiples of it. */
export const LETTER_CELL = 8;

/** Letters of a sign that stand in a row, at most: with four, no object fits beside it. */
export const LETTERS_A_ROW = 3;

/** Height of a row of letters, in units: the letter and one unit above. */
export const LETTER_ROW: number = LETTER_HEIGHT + 1;

/** How far the letter stands from the left edge of its cell, in units. */
export const LETTER_INSET = 1;

/**
 * Draws a scene. No two objects have both colour and shape in common, at most one stands in a place, and nothing
 * touches anything else.
 *
 * @param random The stream to draw from.
 * @param options What to draw.
 * @returns The scene.
 * @throws {RangeError} If a sign's numbers of letters are none of 1 to 6.
 *
 * @example The same seed gives the same scene
 * ```ts
 * import { generateScene } from "./generate.ts";
 * import { Random } from "../../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(generateScene(new Random(1)), generateScene(new Random(1)));
 * ```
 */
export function generateScene(random: Random, options: SceneOptions = {}): Scene {
  const letters = options.letters ?? [2, 3];
  const [least, most] = letters;
  if (!(least >= 1 && most <= 2 * LETTERS_A_ROW && least <= most && letters.every(Number.isInteger))) {
    throw new RangeError(
      `generateScene: expected the letters of a sign as least and most from 1 to 6, found ${letters}`,
    );
  }
  for (;;) {
    const kind = options.kind ?? random.pick<SceneKind>(["objects", "objects", "sign", "chart"]);
    const sign = kind === "sign" ? drawSign(random, letters) : undefined;
    const scene: Scene = {
      kind,
      objects: kind === "chart" ? [] : drawObjects(random, sign, options.heldOut ?? false),
      ...(sign === undefined ? {} : { sign }),
      bars: kind === "chart" ? drawBars(random) : [],
      background: [196 + random.int(24), 196 + random.int(24), 196 + random.int(24)],
      noise: random.int(0x100000000),
    };
    if (options.split === undefined || splitOf(scene) === options.split) return scene;
  }
}

/** Two to four objects, or one or two beside a sign, in reading order. */
function drawObjects(random: Random, sign: Sign | undefined, heldOut: boolean): SceneObject[] {
  const count = sign === undefined ? 2 + random.int(3) : 1 + random.int(2);
  const objects: SceneObject[] = [];
  for (let tries = 0; objects.length < count; tries++) {
    if (tries === 60) { // what stands already leaves no room
      objects.length = 0;
      tries = 0;
    }
    const box = random.pick(random.pick(random.pick(OBJECT_BOXES)));
    if (sign !== undefined && !apart(box, sign.box)) continue;
    if (objects.some((other) => !apart(box, other.box))) continue;
    const object = objectAt(box, random.int(COLOUR_NAMES.length), random.int(SHAPES.length));
    const { colour, shape } = object;
    if (!heldOut && isHeldOut(colour, shape)) continue;
    if (objects.some((other) => other.colour === colour && other.shape === shape)) continue;
    objects.push(object);
  }
  return objects.sort((a, b) => readingOrder(a) - readingOrder(b));
}

function drawSign(random: Random, [least, most]: readonly [number, number]): Sign {
  const letters = random.shuffle([...LETTERS]).slice(0, least + random.int(most - least + 1));
  const { columns, rows } = signPlaces(letters.length);
  const column = random.int(columns), row = random.int(rows);
  return signAt(letters, column, row);
}

/** Width and height of a sign of so many letters, in units. */
function signExtent(letters: number): { width: number; height: number } {
  return {
    width: Math.min(letters, LETTERS_A_ROW) * LETTER_CELL,
    height: Math.ceil(letters / LETTERS_A_ROW) * LETTER_ROW + 1,
  };
}

/**
 * How many places there are for a sign.
 *
 * @param letters How many letters it has.
 * @returns Places in a row, and rows of them.
 */
export function signPlaces(letters: number): { columns: number; rows: number } {
  const { width, height } = signExtent(letters);
  const places = (length: number) => Math.floor((UNITS - length) / LETTER_CELL) + 1;
  return { columns: places(width), rows: places(height) };
}

/**
 * A sign at one of its places.
 *
 * @param letters Its letters.
 * @param column Which place of {@linkcode signPlaces} in a row, from 0.
 * @param row Which row, from 0.
 * @returns The sign.
 */
export function signAt(letters: readonly string[], column: number, row: number): Sign {
  const { width, height } = signExtent(letters.length);
  const x = LETTER_CELL * column, y = LETTER_CELL * row;
  return { letters, box: [x, y, x + width, y + height] };
}

/** Indices of all colours, and all values of a bar. */
const COLOURS: readonly number[] = [...COLOUR_NAMES.keys()];
const VALUES: readonly number[] = Array.from({ length: MAX_BAR }, (_, k) => k + 1);

function drawBars(random: Random): Bar[] {
  const colours = random.shuffle(COLOURS.slice()).slice(0, 3 + random.int(2));
  const values = random.shuffle(VALUES.slice());
  return colours.map((colour, k) => barOf(colour, values[k]!));
}

/**
 * Draws scenes.
 *
 * @module
 */

import type { Split } from "../../data/types.ts";
import type { Random } from "../../random.ts";
import { LETTER_HEIGHT, LETTERS } from "./font.ts";
import { apart, columnOf, OBJECT_STARTS, rowOf } from "./place.ts";
import {
  type Bar,
  COLOUR_NAMES,
  type GridBox,
  isHeldOut,
  MAX_BAR,
  type Scene,
  type SceneKind,
  type SceneObject,
  SHAPES,
  type Sign,
  SIZE_NAMES,
  SIZES,
  UNITS,
} from "./scene.ts";

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
    const size = random.pick(SIZE_NAMES);
    const x = random.pick(OBJECT_STARTS[size]);
    const y = random.pick(OBJECT_STARTS[size]);
    const box: GridBox = [x, y, x + SIZES[size], y + SIZES[size]];
    if (sign !== undefined && !apart(box, sign.box)) continue;
    if (objects.some((other) => !apart(box, other.box))) continue;
    const colour = random.pick(COLOUR_NAMES);
    const shape = random.pick(SHAPES);
    if (!heldOut && isHeldOut(colour, shape)) continue;
    if (objects.some((other) => other.colour === colour && other.shape === shape)) continue;
    objects.push({ colour, shape, size, box });
  }
  const order = (object: SceneObject) => rowOf(object.box) * 3 + columnOf(object.box);
  return objects.sort((a, b) => order(a) - order(b));
}

function drawSign(random: Random, [least, most]: readonly [number, number]): Sign {
  const letters = random.shuffle([...LETTERS]).slice(0, least + random.int(most - least + 1));
  const width = Math.min(letters.length, LETTERS_A_ROW) * LETTER_CELL;
  const height = Math.ceil(letters.length / LETTERS_A_ROW) * LETTER_ROW + 1;
  const x = LETTER_CELL * random.int((UNITS - width) / LETTER_CELL + 1);
  const y = LETTER_CELL * random.int(Math.floor((UNITS - height) / LETTER_CELL) + 1);
  return { letters, box: [x, y, x + width, y + height] };
}

function drawBars(random: Random): Bar[] {
  const colours = random.shuffle([...COLOUR_NAMES]).slice(0, 3 + random.int(2));
  const values = random.shuffle(Array.from({ length: MAX_BAR }, (_, k) => k + 1));
  return colours.map((colour, k) => ({ colour, value: values[k]! }));
}

/**
 * A text that two scenes share if, and only if, they show the same things at the same places.
 *
 * @param scene The scene.
 * @returns The text; the background and the noise have no part in it.
 */
export function sceneKey(scene: Scene): string {
  const parts = scene.objects.map((o) => `${o.colour} ${o.shape} ${o.size} ${o.box.join(" ")}`);
  if (scene.sign !== undefined) parts.push(`sign ${scene.sign.letters.join("")} ${scene.sign.box.join(" ")}`);
  for (const bar of scene.bars) parts.push(`bar ${bar.colour} ${bar.value}`);
  return parts.join("|");
}

/**
 * The split that a scene belongs to, by a hash of what it shows: a tenth of all scenes can only ever be used for
 * test, a tenth for val, the rest for train and for pretraining. So no scene is shared between splits, whatever the
 * seeds, and none that a model was pretrained on is ever validated or tested.
 *
 * @param scene The scene.
 * @returns Its split.
 */
export function splitOf(scene: Scene): Split {
  const key = sceneKey(scene);
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const tenth = ((hash ^ (hash >>> 12)) >>> 0) % 10;
  return tenth === 0 ? "test" : tenth === 1 ? "val" : "train";
}

/**
 * A picture that is being drawn: the things of a scene, each at a place that scenes of the benchmark know.
 *
 * @module
 */

import { LETTERS } from "../../scenes/picture/font.ts";
import { LETTER_CELL, LETTERS_A_ROW, signAt, signPlaces } from "../../scenes/picture/generate.ts";
import { apart, columnOf, placeName, rowOf } from "../../scenes/picture/place.ts";
import {
  type Bar,
  COLOUR_NAMES,
  type GridBox,
  MAX_BAR,
  type Scene,
  type SceneObject,
  type Sign,
  SIZE_NAMES,
  UNITS,
} from "../../scenes/picture/scene.ts";
import { barBox } from "../../scenes/picture/render.ts";
import { OBJECT_BOXES } from "../../scenes/picture/things.ts";

/** A thing that is drawn. */
export type Thing =
  | ({ kind: "object" } & SceneObject)
  | ({ kind: "sign" } & Sign)
  | ({ kind: "bar" } & Bar);

/** What is drawn: objects, with a sign or without, or bars; the benchmark has no picture of both. */
export interface Sketch {
  /** In the order in which they were added; bars from left to right. */
  readonly things: readonly Thing[];
}

/** Nothing. */
export const EMPTY: Sketch = { things: [] };

/** The most bars that a picture has room for. */
export const MOST_BARS: number = Math.floor(UNITS / 8);

/** The most letters of a sign. */
export const MOST_LETTERS: number = 2 * LETTERS_A_ROW;

/** Colour behind everything and noise over it: the middle of what the benchmark draws, and one of its seeds. */
const GROUND = { background: [208, 208, 208], noise: 1 } as const;

/** What came of a change: the sketch with the thing at `at`, or why there is none. */
export type Change = { sketch: Sketch; at: number } | { refused: string };

const NO_ROOM = "There is no room for it: move or remove something first.";

/**
 * A sketch as a scene, which the benchmark's own renderer paints.
 *
 * @param sketch What is drawn.
 * @returns The scene.
 */
export function sceneOf({ things }: Sketch): Scene {
  const objects = things.filter((thing) => thing.kind === "object").map(({ kind: _, ...object }) => object);
  const bars = things.filter((thing) => thing.kind === "bar").map(({ kind: _, ...bar }) => bar);
  const sign = things.find((thing) => thing.kind === "sign");
  return {
    kind: bars.length > 0 ? "chart" : sign !== undefined ? "sign" : "objects",
    objects: objects.sort((a, b) => readingOrder(a.box) - readingOrder(b.box)),
    ...sign && { sign: { letters: sign.letters, box: sign.box } },
    bars,
    ...GROUND,
  };
}

/**
 * Where a thing lies.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 * @returns Its box, in units.
 */
export function boxOf({ things }: Sketch, at: number): GridBox {
  const thing = things[at]!;
  if (thing.kind !== "bar") return thing.box;
  return barBox(things.slice(0, at).filter(({ kind }) => kind === "bar").length, thing.value);
}

/**
 * A thing in words.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 * @returns Such as "large red circle at top left".
 */
export function wordsOf(sketch: Sketch, at: number): string {
  const thing = sketch.things[at]!;
  if (thing.kind === "bar") return `${thing.colour} bar of height ${thing.value}`;
  const place = placeName(thing.box);
  if (thing.kind === "sign") return `sign with ${thing.letters.join(" ")} at ${place}`;
  return `${thing.size} ${thing.colour} ${thing.shape} at ${place}`;
}

/** What an object is, but for where it lies. */
export type Style = Pick<SceneObject, "colour" | "shape" | "size">;

/**
 * Adds an object.
 *
 * @param sketch What is drawn.
 * @param style What it is.
 * @param near Where its middle is wanted, in units; the upper left corner if left out, so that as many as can fit.
 */
export function addObject(
  sketch: Sketch,
  style: Style,
  near: readonly [x: number, y: number] = [0, 0],
): Change {
  if (sketch.things.some(({ kind }) => kind === "bar")) return { refused: ONE_KIND };
  return put(sketch, sketch.things.length, objectPlaces(style.size), near, (box) => objectOf(style, box));
}

const ONE_KIND = "A picture has shapes and a sign, or bars: clear it to draw the other.";

function objectOf({ colour, shape, size }: Style, box: GridBox): Thing {
  return { kind: "object", colour, shape, size, box };
}

/** Boxes in which an object may lie. */
function objectPlaces(size: SceneObject["size"]): readonly GridBox[] {
  return OBJECT_BOXES[SIZE_NAMES.indexOf(size)]!.flat();
}

function readingOrder(box: GridBox): number {
  return 3 * rowOf(box) + columnOf(box);
}

/** Signs with these letters, at all places. */
function signs(letters: readonly string[]): Sign[] {
  const { columns, rows } = signPlaces(letters.length);
  return Array.from(
    { length: columns * rows },
    (_, i) => signAt(letters, i % columns, Math.floor(i / columns)),
  );
}

/** Puts a thing at the free place whose middle is nearest to where it is wanted. */
function put(
  { things }: Sketch,
  at: number,
  places: readonly GridBox[],
  [x, y]: readonly [number, number],
  make: (box: GridBox) => Thing,
): Change {
  const others = things.filter((other, i): other is Exclude<Thing, { kind: "bar" }> =>
    i !== at && other.kind !== "bar"
  );
  const free = places.filter((box) => others.every((other) => apart(box, other.box)));
  const far = (box: GridBox) => ((box[0] + box[2]) / 2 - x) ** 2 + ((box[1] + box[3]) / 2 - y) ** 2;
  const [nearest] = free.toSorted((a, b) => far(a) - far(b));
  if (nearest === undefined) return { refused: NO_ROOM };
  return { sketch: { things: things.toSpliced(at, 1, make(nearest)) }, at };
}

function middle([x1, y1, x2, y2]: GridBox): [number, number] {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/**
 * Adds a sign, or changes the letters of the one that is there.
 *
 * @param sketch What is drawn.
 * @param text Its letters; what signs cannot carry is refused.
 */
export function setSign(sketch: Sketch, text: string): Change {
  const letters = [...text.toLowerCase().replaceAll(/\s/g, "")];
  const strange = letters.filter((letter) => !LETTERS.includes(letter));
  if (strange.length > 0 || letters.length === 0 || letters.length > MOST_LETTERS) {
    return {
      refused: `A sign has 1 to ${MOST_LETTERS} of the letters ${LETTERS.join(" ")}${
        strange.length > 0 ? `; not ${[...new Set(strange)].join(" ")}` : ""
      }.`,
    };
  }
  if (sketch.things.some(({ kind }) => kind === "bar")) return { refused: ONE_KIND };
  const present = sketch.things.findIndex(({ kind }) => kind === "sign");
  const at = present < 0 ? sketch.things.length : present;
  const near = present < 0 ? [0, 0] as const : middle(boxOf(sketch, present));
  return put(
    sketch,
    at,
    signs(letters).map(({ box }) => box),
    near,
    (box) => ({ kind: "sign", letters, box }),
  );
}

/**
 * Adds a bar.
 *
 * @param sketch What is drawn.
 * @param bar Its colour and value, from 1 to `MAX_BAR`.
 */
export function addBar(sketch: Sketch, { colour, value }: Bar): Change {
  const { things } = sketch;
  if (things.some(({ kind }) => kind !== "bar")) return { refused: ONE_KIND };
  if (things.length >= MOST_BARS) return { refused: `A picture has room for ${MOST_BARS} bars.` };
  const high = Math.min(MAX_BAR, Math.max(1, Math.round(value)));
  return { sketch: { things: [...things, { kind: "bar", colour, value: high }] }, at: things.length };
}

/**
 * Gives an object or a bar another style.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 * @param change What is to be different; what a thing does not have is not looked at.
 */
export function restyle(sketch: Sketch, at: number, change: Partial<Style & Bar>): Change {
  const thing = sketch.things[at]!;
  if (thing.kind === "sign") return { sketch, at };
  const { colour = thing.colour } = change;
  if (thing.kind === "bar") {
    const value = Math.min(MAX_BAR, Math.max(1, Math.round(change.value ?? thing.value)));
    return { sketch: { things: sketch.things.toSpliced(at, 1, { ...thing, colour, value }) }, at };
  }
  const style = { colour, shape: change.shape ?? thing.shape, size: change.size ?? thing.size };
  return put(sketch, at, objectPlaces(style.size), middle(thing.box), (box) => objectOf(style, box));
}

/**
 * Moves a thing to the free place that is nearest: a bar among the bars.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 * @param near Where its middle is wanted, in units.
 */
export function moveTo(sketch: Sketch, at: number, near: readonly [x: number, y: number]): Change {
  const thing = sketch.things[at]!;
  if (thing.kind === "object") {
    return put(sketch, at, objectPlaces(thing.size), near, (box) => ({ ...thing, box }));
  }
  if (thing.kind === "sign") {
    return put(sketch, at, signs(thing.letters).map(({ box }) => box), near, (box) => ({ ...thing, box }));
  }
  const to = Math.min(sketch.things.length - 1, Math.max(0, Math.floor(near[0] / 8)));
  return { sketch: { things: sketch.things.toSpliced(at, 1).toSpliced(to, 0, thing) }, at: to };
}

/**
 * Moves a thing by one place: the next free one in a direction. A bar goes past its neighbour, or grows and shrinks.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 * @param dx −1, 0 or 1, to the right.
 * @param dy −1, 0 or 1, downwards.
 */
export function nudge(sketch: Sketch, at: number, dx: number, dy: number): Change {
  const thing = sketch.things[at]!;
  if (thing.kind === "bar") {
    if (dy !== 0) return restyle(sketch, at, { value: thing.value - dy });
    return moveTo(sketch, at, [8 * Math.max(0, at + dx) + 4, 0]);
  }
  const [x, y] = middle(thing.box);
  const stride = thing.kind === "sign" ? LETTER_CELL : 4; // the finest of each
  for (let far = 1; far * stride < UNITS; far++) {
    const moved = moveTo(sketch, at, [x + dx * far * stride, y + dy * far * stride]);
    if ("refused" in moved) return moved;
    const [nx, ny] = middle(boxOf(moved.sketch, at));
    // Forward, and no further aside than that.
    const ahead = (nx - x) * dx + (ny - y) * dy, aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    if (ahead > 0 && ahead >= aside) return moved;
  }
  return { refused: "There is no free place in that direction." };
}

/**
 * Takes a thing away.
 *
 * @param sketch What is drawn.
 * @param at Which thing.
 */
export function remove(sketch: Sketch, at: number): Sketch {
  return { things: sketch.things.toSpliced(at, 1) };
}

/**
 * A colour that no thing has yet, for the next one.
 *
 * @param sketch What is drawn.
 * @returns The first such colour; the first of all where all are taken.
 */
export function freshColour({ things }: Sketch): Bar["colour"] {
  const taken = new Set(things.map((thing) => thing.kind === "sign" ? undefined : thing.colour));
  return COLOUR_NAMES.find((colour) => !taken.has(colour)) ?? COLOUR_NAMES[0]!;
}

/**
 * The things that scenes are made of, each made once: scenes are drawn by the hundred for one that fits, and to make and to
 * describe what they show would take most of the time.
 *
 * @module
 */

import { columnOf, OBJECT_STARTS, rowOf } from "./place.ts";
import {
  type Bar,
  COLOUR_NAMES,
  type GridBox,
  MAX_BAR,
  type SceneObject,
  SHAPES,
  SIZE_NAMES,
  SIZES,
} from "./scene.ts";

/** By size, place along x, and place along y, as indices: where an object may stand. */
export const OBJECT_BOXES: readonly (readonly (readonly GridBox[])[])[] = SIZE_NAMES.map((size) =>
  OBJECT_STARTS[size].map((x) =>
    OBJECT_STARTS[size].map((y): GridBox => [x, y, x + SIZES[size], y + SIZES[size]])
  )
);

const objects = new Map<GridBox, readonly (readonly SceneObject[])[]>(
  OBJECT_BOXES.flatMap((byX, size) =>
    byX.flat().map((box) => [
      box,
      COLOUR_NAMES.map((colour) =>
        SHAPES.map((shape): SceneObject => ({ colour, shape, size: SIZE_NAMES[size]!, box }))
      ),
    ])
  ),
);

/**
 * An object.
 *
 * @param box One of {@linkcode OBJECT_BOXES}.
 * @param colour Index of its colour.
 * @param shape Index of its shape.
 * @returns The object: the same one each time.
 */
export function objectAt(box: GridBox, colour: number, shape: number): SceneObject {
  return objects.get(box)![colour]![shape]!;
}

const orders = new Map([...objects.keys()].map((box) => [box, 3 * rowOf(box) + columnOf(box)]));

/**
 * Where an object comes in reading order.
 *
 * @param object An object of {@linkcode objectAt}.
 * @returns Its place, row by row, from 0.
 */
export function readingOrder({ box }: SceneObject): number {
  return orders.get(box)!;
}

const bars: readonly (readonly Bar[])[] = COLOUR_NAMES.map((colour) =>
  Array.from({ length: MAX_BAR }, (_, k) => ({ colour, value: k + 1 }))
);

/**
 * A bar.
 *
 * @param colour Index of its colour.
 * @param value Its value, from 1 to `MAX_BAR`.
 * @returns The bar: the same one each time.
 */
export function barOf(colour: number, value: number): Bar {
  return bars[colour]![value - 1]!;
}

const texts = new WeakMap<SceneObject | Bar, string>();

/**
 * An object or a bar in a scene's key.
 *
 * @param thing The object or bar.
 * @returns A text that no other has.
 */
export function textOf(thing: SceneObject | Bar): string {
  let text = texts.get(thing);
  if (text === undefined) {
    text = "value" in thing
      ? `bar ${thing.colour} ${thing.value}`
      : `${thing.colour} ${thing.shape} ${thing.size} ${thing.box.join(" ")}`;
    texts.set(thing, text);
  }
  return text;
}

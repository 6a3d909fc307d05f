/**
 * What a scene is made of. A scene is a graph of facts; everything else, the picture, the questions and the
 * captions, is derived from it.
 *
 * @module
 */

/** The side of a scene in units. Every place and size in a scene is a whole number of units. */
export const UNITS = 32;

/** The colours of objects and bars, and how they are painted (red, green, blue; 0-255). */
export const COLOURS = {
  red: [222, 38, 38],
  green: [30, 160, 62],
  blue: [42, 78, 226],
  yellow: [246, 214, 26],
  purple: [164, 54, 196],
  black: [28, 28, 30],
} as const satisfies Record<string, readonly [number, number, number]>;

/** The name of a colour. */
export type Colour = keyof typeof COLOURS;

/** All colours, in the order of their definition. */
export const COLOUR_NAMES = Object.keys(COLOURS) as readonly Colour[];

/** All shapes. */
export const SHAPES = ["circle", "square", "triangle", "cross", "ring"] as const;

/** The name of a shape. */
export type Shape = typeof SHAPES[number];

/** Width and height of an object of each size, in units. */
export const SIZES = { small: 7, large: 12 } as const;

/** The name of a size. */
export type Size = keyof typeof SIZES;

/** All sizes. */
export const SIZE_NAMES = Object.keys(SIZES) as readonly Size[];

/** The highest bar of a chart; the lowest is 1. */
export const MAX_BAR = 9;

/** The height of a bar of value 1, in units. */
export const BAR_STEP = 3;

/**
 * Pairs of colour and shape that no scene of the seven tasks and of the pretraining stream shows, each of whose
 * halves is common. They are kept for the zero-shot tasks.
 */
export const HELD_OUT_PAIRS: readonly (readonly [Colour, Shape])[] = [
  ["yellow", "cross"],
  ["purple", "ring"],
  ["green", "triangle"],
];

/** Left, top, right and bottom edge, in units from the top left corner; right and bottom are exclusive. */
export type GridBox = readonly [x1: number, y1: number, x2: number, y2: number];

/** A thing of one colour and shape. */
export interface SceneObject {
  /** Its colour. */
  readonly colour: Colour;
  /** Its shape. */
  readonly shape: Shape;
  /** Its size. */
  readonly size: Size;
  /** The square that it fills. */
  readonly box: GridBox;
}

/** A white panel with letters, in rows of three at most. */
export interface Sign {
  /** Lower-case letters of `LETTERS`; they are painted as capitals. */
  readonly letters: readonly string[];
  /** The panel. */
  readonly box: GridBox;
}

/** One bar of a chart. No two bars of a chart share a colour or a value. */
export interface Bar {
  /** Its colour. */
  readonly colour: Colour;
  /** 1 … `MAX_BAR`. */
  readonly value: number;
}

/** What kind of picture a scene is. */
export type SceneKind = "objects" | "sign" | "chart";

/** One picture's facts. */
export interface Scene {
  /** What kind of picture it is. */
  readonly kind: SceneKind;
  /** In reading order: by place, row by row. Empty for a chart. */
  readonly objects: readonly SceneObject[];
  /** Present where `kind` is "sign". */
  readonly sign?: Sign;
  /** From left to right; empty unless `kind` is "chart". */
  readonly bars: readonly Bar[];
  /** The colour behind everything (red, green, blue; 0-255). */
  readonly background: readonly [number, number, number];
  /** Seed of the slight noise over the picture. */
  readonly noise: number;
}

/**
 * Whether a pair of colour and shape is kept for the zero-shot tasks.
 *
 * @param colour The colour.
 * @param shape The shape.
 * @returns True for the pairs of `HELD_OUT_PAIRS`.
 */
export function isHeldOut(colour: Colour, shape: Shape): boolean {
  return HELD_OUT_PAIRS.some(([c, s]) => c === colour && s === shape);
}

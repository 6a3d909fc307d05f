/**
 * Paints scenes, at any size, without a canvas: the same pixels on every machine.
 *
 * @module
 */

import { LETTER_CELL, LETTER_INSET, LETTER_ROW, LETTERS_A_ROW } from "./generate.ts";
import { LETTER_HEIGHT, LETTER_WIDTH, letterDots } from "./font.ts";
import { BAR_STEP, COLOURS, type GridBox, type Scene, type Shape, UNITS } from "./scene.ts";

type Rgb = readonly [number, number, number];

/** A pixel's coverage is the share of SAMPLES × SAMPLES points inside it that the shape covers. */
const SAMPLES = 4;

const PANEL: Rgb = [250, 250, 250];
const INK: Rgb = [20, 20, 20];
const AXIS: Rgb = [90, 90, 90];

/** Whether a shape covers the point (u, v) of its box; both run from 0 to 1, v downwards. */
const INSIDE: Record<Shape, (u: number, v: number) => boolean> = {
  circle: (u, v) => (u - 0.5) ** 2 + (v - 0.5) ** 2 <= 0.25,
  square: () => true,
  triangle: (u, v) => Math.abs(u - 0.5) <= v / 2,
  cross: (u, v) => Math.abs(u - 0.5) <= 0.215 || Math.abs(v - 0.5) <= 0.215,
  ring: (u, v) => {
    const squared = (u - 0.5) ** 2 + (v - 0.5) ** 2;
    return squared <= 0.25 && squared >= 0.0625;
  },
};

/**
 * Where bar number `index` of a chart stands.
 *
 * @param index 0 for the leftmost bar.
 * @param value Its value.
 * @returns The bar's box in units.
 */
export function barBox(index: number, value: number): GridBox {
  const bottom = UNITS - 1;
  return [8 * index + 1, bottom - BAR_STEP * value, 8 * index + 7, bottom];
}

/**
 * Paints a scene.
 *
 * @param scene The scene.
 * @param size Width and height of the picture in pixels, at least 1. At 32 every straight edge falls between pixels;
 *   other sizes scale the scene and smooth its edges.
 * @returns `size` × `size` pixels of three bytes (red, green, blue), row by row.
 * @throws {RangeError} If the size is not a whole number of pixels.
 *
 * @example A picture of 64 × 64 pixels
 * ```ts
 * import { generateScene } from "./generate.ts";
 * import { renderScene } from "./render.ts";
 * import { Random } from "../../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(renderScene(generateScene(new Random(1)), 64).length, 64 * 64 * 3);
 * ```
 */
export function renderScene(scene: Scene, size: number): Uint8Array {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`renderScene: expected a size of 1 pixel or more, found ${size}`);
  }
  const rgb = new Uint8Array(size * size * 3);
  const [r, g, b] = scene.background;
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = r;
    rgb[i + 1] = g;
    rgb[i + 2] = b;
  }
  const fill = (box: GridBox, colour: Rgb, inside: (u: number, v: number) => boolean) =>
    paint(rgb, size, box, colour, inside);
  for (const object of scene.objects) fill(object.box, COLOURS[object.colour], INSIDE[object.shape]);
  for (const [index, bar] of scene.bars.entries()) {
    fill(barBox(index, bar.value), COLOURS[bar.colour], INSIDE.square);
  }
  if (scene.kind === "chart") fill([0, UNITS - 1, UNITS, UNITS], AXIS, INSIDE.square);
  if (scene.sign !== undefined) {
    const { letters, box: [left, top] } = scene.sign;
    fill(scene.sign.box, PANEL, INSIDE.square);
    for (const [index, letter] of letters.entries()) {
      const dots = letterDots(letter);
      const x = left + (index % LETTERS_A_ROW) * LETTER_CELL + LETTER_INSET;
      const y = top + Math.floor(index / LETTERS_A_ROW) * LETTER_ROW + 1;
      fill([x, y, x + LETTER_WIDTH, y + LETTER_HEIGHT], INK, (u, v) => {
        const row = Math.min(LETTER_HEIGHT - 1, Math.floor(v * LETTER_HEIGHT));
        return dots[row * LETTER_WIDTH + Math.min(LETTER_WIDTH - 1, Math.floor(u * LETTER_WIDTH))] === 1;
      });
    }
  }
  addNoise(rgb, scene.noise);
  return rgb;
}

/** Mixes a colour into every pixel that a shape touches, by the share of the pixel that it covers. */
function paint(
  rgb: Uint8Array,
  size: number,
  box: GridBox,
  colour: Rgb,
  inside: (u: number, v: number) => boolean,
): void {
  const scale = size / UNITS;
  const left = box[0] * scale;
  const top = box[1] * scale;
  const width = (box[2] - box[0]) * scale;
  const height = (box[3] - box[1]) * scale;
  const right = Math.min(size, Math.ceil(left + width));
  const bottom = Math.min(size, Math.ceil(top + height));
  for (let py = Math.floor(top); py < bottom; py++) {
    for (let px = Math.floor(left); px < right; px++) {
      let hits = 0;
      for (let s = 0; s < SAMPLES; s++) {
        const v = (py + (s + 0.5) / SAMPLES - top) / height;
        if (v < 0 || v > 1) continue;
        for (let t = 0; t < SAMPLES; t++) {
          const u = (px + (t + 0.5) / SAMPLES - left) / width;
          if (u >= 0 && u <= 1 && inside(u, v)) hits++;
        }
      }
      if (hits === 0) continue;
      const share = hits / (SAMPLES * SAMPLES);
      const at = (py * size + px) * 3;
      for (let c = 0; c < 3; c++) {
        rgb[at + c] = Math.round(rgb[at + c]! + share * (colour[c]! - rgb[at + c]!));
      }
    }
  }
}

/** Moves every byte by −6 … 6. */
function addNoise(rgb: Uint8Array, seed: number): void {
  let state = seed >>> 0;
  for (let i = 0; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = rgb[i]! + ((state >>> 16) % 13) - 6;
    rgb[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

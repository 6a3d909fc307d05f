/**
 * Pictures with transparency on white paper.
 *
 * @module
 */

import type { Rgba } from "./codecs/codec.ts";

/**
 * Drops the alpha channel: what shines through is white, rounded as Pillow's `alpha_composite` rounds.
 *
 * @param image Red, green, blue and alpha a pixel; alpha not multiplied in.
 * @returns Red, green, blue a pixel: an `Image`.
 */
export function overWhite(
  { width, height, data }: Rgba,
): { width: number; height: number; data: Uint8Array } {
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = data[from + 3]!;
    for (let c = 0; c < 3; c++) {
      const value = data[from + c]!;
      const sum = 128 * (value * alpha + 255 * (255 - alpha) + 128);
      rgb[to + c] = alpha === 255 ? value : (((sum >> 8) + sum) >> 8) >> 7;
    }
  }
  return { width, height, data: rgb };
}

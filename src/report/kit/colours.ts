/**
 * The cividis colour map, for the cells of tables; charts use Plotly's own copy of it.
 *
 * @module
 */

/** Cividis (Nuñez, Anderton and Renslow 2018), sampled at 0, 1/17, … 1 as Plotly's "Cividis" is. */
// deno-fmt-ignore
const CIVIDIS: [number, number, number][] = [
  [0, 32, 76], [0, 42, 102], [0, 52, 110], [39, 63, 108], [60, 74, 107], [76, 85, 107],
  [91, 95, 109], [104, 106, 112], [117, 117, 117], [131, 129, 120], [146, 140, 120], [161, 152, 118],
  [176, 165, 114], [192, 177, 109], [209, 191, 102], [225, 204, 92], [243, 219, 79], [255, 233, 69],
];

/**
 * A cell's colours: cividis as the ground, and whichever of black and white reads better on it.
 *
 * @param t Where on the map, 0 (dark blue) to 1 (yellow); values outside are cut.
 * @returns Two CSS colours.
 *
 * @example The ends of the map
 * ```ts
 * import { cividis } from "./colours.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cividis(0), { ground: "rgb(0,32,76)", text: "#fff" });
 * assertEquals(cividis(1), { ground: "rgb(255,233,69)", text: "#000" });
 * ```
 */
export function cividis(t: number): { ground: string; text: string } {
  const place = Math.min(1, Math.max(0, t)) * (CIVIDIS.length - 1);
  const low = CIVIDIS[Math.floor(place)] ?? [0, 0, 0];
  const high = CIVIDIS[Math.ceil(place)] ?? low;
  const part = place - Math.floor(place);
  const rgb = low.map((value, i) => Math.round(value + part * ((high[i] ?? value) - value)));
  // Relative luminance as WCAG defines it; black and white are equally far from 0.179.
  const [r, g, b] = rgb.map((value) => {
    const c = value / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  return { ground: `rgb(${rgb.join(",")})`, text: luminance > 0.179 ? "#000" : "#fff" };
}

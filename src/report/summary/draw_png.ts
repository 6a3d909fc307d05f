/**
 * Drawings as PNG files, without a browser: by resvg in WebAssembly, with letters of this package's own.
 *
 * The letters are Open Sans (Digitized data copyright 2010-2011 Google Corporation; Apache License 2.0), Regular and
 * Semibold, cut down to Latin, Greek, Cyrillic and some signs, without hints: `pyftsubset --layout-features=kern,liga,tnum
 * --no-hinting`. No font of the machine is looked at, so that the same drawing gives the same bytes everywhere.
 *
 * @module
 */

import { initWasm, Resvg } from "@resvg/resvg-wasm";
import regular from "./open_sans_regular.txt" with { type: "text" };
import semibold from "./open_sans_semibold.txt" with { type: "text" };

/** What the letters are called in a drawing. */
export const FONT = "Open Sans";

let ready: Promise<void> | undefined;

/** Opens the WebAssembly, once for all time. */
function open(): Promise<void> {
  return ready ??= initWasm(fetch(new URL("index_bg.wasm", import.meta.resolve("@resvg/resvg-wasm"))));
}

/**
 * Draws a drawing.
 *
 * @param svg The drawing: SVG whose texts are in {@linkcode FONT}, weight 400 or 600.
 * @returns A PNG file of its width and height in pixels.
 */
export async function drawPng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  await open();
  const resvg = new Resvg(svg, {
    font: {
      fontBuffers: [regular, semibold].map((text) => Uint8Array.fromBase64(text)),
      loadSystemFonts: false,
      defaultFontFamily: FONT,
    },
  });
  try {
    const picture = resvg.render();
    try {
      return picture.asPng().slice();
    } finally {
      picture.free();
    }
  } finally {
    resvg.free();
  }
}

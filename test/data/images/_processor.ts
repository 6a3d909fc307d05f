/** Processors and pictures for tests. */

import { type Processor, type ProcessorOptions, readProcessor } from "../../../src/data/images/processor.ts";
import type { Image } from "../../../src/data/images/image.ts";

/** A processor by settings that a preprocessor_config.json would hold. */
export function processorOf(settings: object, config = {}, options: ProcessorOptions = {}): Processor {
  return readProcessor(new Map([["preprocessor_config.json", json(settings)]]), config, options);
}

/** A file's bytes. */
export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Bytes of base64. */
export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** The pictures of test/fixtures/make_pictures.py. */
export function draw(picture: string, width: number, height: number): Image {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    data[i] = picture === "noise" ? (i * 97 + (i * i) % 89 * 13) % 256 : [
      Math.floor(255 * x / width),
      Math.floor(255 * y / height),
      255 * (Math.floor((x + y) / 3) % 2),
    ][i % 3]!;
  }
  return { width, height, data };
}

/**
 * What the codecs of image files have in common.
 *
 * @module
 */

/** A picture as codecs give it: red, green, blue and alpha, 0 to 255, row after row. */
export interface Rgba {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

/**
 * Reads the file of one format.
 *
 * @param bytes The file.
 * @returns The picture; of several the first.
 * @throws {Error} If it cannot be decoded; the message is for people.
 */
export type Codec = (bytes: Uint8Array) => Rgba | Promise<Rgba>;

/** The error of a file that cannot be decoded, or of a kind that is not read here. */
export class CodecError extends Error {
  /**
   * @param message What is wrong, for people.
   * @param todo What to do; undefined if the file is broken.
   */
  constructor(message: string, readonly todo?: string) {
    super(message);
  }
}

/** CMYK as Pillow makes red, green and blue of it: 255 is full ink. */
export function cmykToRgb(cmyk: ArrayLike<number>, pixels: number, samples = 4): Uint8Array {
  const rgba = new Uint8Array(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - cmyk[samples * i + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = cmyk[samples * i + c]! * light + 128;
      rgba[4 * i + c] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return rgba;
}

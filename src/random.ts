/**
 * Random numbers that are the same bits on every machine: xoshiro128**, seeded by a hash of the seed's text.
 *
 * @module
 */

/** Spreads a text over four 32-bit words: FNV-1a with four offsets, each finished by a murmur3 mix. */
function hashWords(text: string): [number, number, number, number] {
  const bytes = new TextEncoder().encode(text);
  const word = (offset: number): number => {
    let h = offset;
    for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
    h = Math.imul(h ^ bytes.length ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x7f4a7c15), word(0x2545f491)];
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/**
 * A stream of random numbers. The same seed gives the same stream everywhere. Not for secrets.
 *
 * Source of the generator: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47 (2021): xoshiro128** 1.1.
 *
 * @example A stream, and independent streams made from it
 * ```ts
 * import { Random } from "./random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const random = new Random(0);
 * const scenes = random.fork("scenes");
 * random.next(); // drawing from a stream does not change what its forks give
 * assertEquals(scenes.next(), random.fork("scenes").next());
 * ```
 */
export class Random {
  readonly #seed: string;
  readonly #s: Int32Array;
  #spare: number | undefined;

  /**
   * Starts a stream.
   *
   * @param seed Any number or text; `7` and `"7"` are the same seed.
   */
  constructor(seed: number | string) {
    this.#seed = String(seed);
    this.#s = Int32Array.from(hashWords(this.#seed));
    // The all-zero state is the one state the generator never leaves.
    if (this.#s.every((word) => word === 0)) this.#s[0] = 1;
  }

  /** 32 random bits, as an integer in [0, 2³²). */
  #bits(): number {
    const s = this.#s;
    const [a, b, c, d] = [s[0]!, s[1]!, s[2]!, s[3]!];
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const x = c ^ a;
    const y = d ^ b;
    s[1] = b ^ x;
    s[0] = a ^ y;
    s[2] = x ^ (b << 9);
    s[3] = rotateLeft(y, 11);
    return result;
  }

  /**
   * A number drawn evenly from [0, 1), with 53 random bits.
   *
   * @returns The number.
   */
  next(): number {
    const high = this.#bits() >>> 5; // 27 bits
    const low = this.#bits() >>> 6; // 26 bits
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * An integer drawn evenly from 0 … n−1, without the bias of a plain remainder.
   *
   * @param n How many integers to draw from: 1 … 2³².
   * @returns The integer.
   * @throws {RangeError} If n is not an integer in that range.
   */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new RangeError(`Random.int: expected an integer from 1 to 2^32, found ${n}`);
    }
    if (n === 0x100000000) return this.#bits();
    for (;;) {
      const bits = this.#bits();
      // Both as unsigned integers, whose remainder takes a fraction of that of floating-point numbers.
      const rest = (bits >>> 0) % (n >>> 0);
      // The last numbers below 2^32 that do not make a whole n would favour the lower results.
      if (bits - rest + n <= 0x100000000) return rest;
    }
  }

  /**
   * A number drawn from the normal distribution with mean 0 and deviation 1 (Marsaglia's polar method).
   *
   * @returns The number.
   */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    let u = 0, v = 0, q = 0;
    do {
      u = 2 * this.next() - 1;
      v = 2 * this.next() - 1;
      q = u * u + v * v;
    } while (q >= 1 || q === 0);
    const scale = Math.sqrt(-2 * Math.log(q) / q);
    this.#spare = v * scale;
    return u * scale;
  }

  /**
   * Puts an array into random order, in place (Fisher-Yates).
   *
   * @param array The array to shuffle.
   * @returns The same array.
   */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = array[i]!;
      array[i] = array[j]!;
      array[j] = held;
    }
    return array;
  }

  /**
   * Draws one element.
   *
   * @param array What to draw from.
   * @returns The element.
   * @throws {RangeError} If the array is empty.
   */
  pick<T>(array: readonly T[]): T {
    if (array.length === 0) throw new RangeError("Random.pick: expected at least one element, found none");
    return array[this.int(array.length)]!;
  }

  /**
   * An independent stream. It depends on this stream's seed and the label, not on how much was drawn already,
   * so work may be reordered, skipped or resumed without changing what any part of it draws.
   *
   * @param label What the new stream is for.
   * @returns The new stream.
   */
  fork(label: string): Random {
    // The length keeps fork("a/b") apart from fork("a").fork("b").
    return new Random(`${this.#seed}/${label.length}:${label}`);
  }
}

/** Inputs that TypeScript and Python make alike: hashed integers in place of random numbers. @module */

/** Scrambles a seed and an index into 32 bits (the last steps of MurmurHash3). */
function hash(seed: number, index: number): number {
  let x = (Math.imul(seed, 0x9e3779b1) + index) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * Even values in [shift − scale, shift + scale).
 *
 * @param seed Which stream.
 * @param count How many.
 * @param scale Half of the interval's width.
 * @param shift Its middle.
 * @returns The values, the same bits as data/bench/torch_bench.py makes.
 */
export function uniform(seed: number, count: number, scale = 1, shift = 0): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = shift + scale * ((hash(seed, i) >>> 8) / 2 ** 23 - 1);
  return values;
}

/**
 * Integers from 0.
 *
 * @param seed Which stream.
 * @param count How many.
 * @param limit The first integer that does not occur.
 * @returns The values.
 */
export function integers(seed: number, count: number, limit: number): Int32Array<ArrayBuffer> {
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = hash(seed, i) % limit;
  return values;
}

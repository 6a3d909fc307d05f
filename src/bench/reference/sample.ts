/** Which elements are checked. @module */

/** 2³² divided by the golden ratio: its multiples spread evenly. */
const STRIDE = 2_654_435_761n;

/**
 * Indices that spread over an array, the same ones as in data/bench/torch_bench.py.
 *
 * @param length Of the array.
 * @param count How many at most.
 * @returns The indices; some may come twice.
 */
export function sample(length: number, count: number): number[] {
  return Array.from(
    { length: Math.min(length, count) },
    (_, i) => Number(BigInt(i) * STRIDE % BigInt(length)),
  );
}

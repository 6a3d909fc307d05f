/**
 * The filters by which pictures are resized, as Pillow defines them.
 *
 * @module
 */

/** A filter: what a pixel counts at a distance. */
interface Kernel {
  /** Beyond this distance nothing counts, in pixels of the coarser picture. */
  support: number;
  /** The weight at a distance. */
  weight(x: number): number;
}

const sinc = (x: number): number => x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);

/** Hamming's constants, as Pillow's C code rounds them. */
const HAMMING = [Math.fround(0.54), Math.fround(0.46)] as const;

/** The filters by Pillow's numbers, which `resample` in the files holds; 0, nearest, is none. */
const KERNELS: Readonly<Record<number, Kernel>> = {
  // Lanczos: a sinc under a sinc three times as wide.
  1: { support: 3, weight: (x) => -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0 },
  // Bilinear: a triangle.
  2: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // The cubic of R. Keys (1981) with a = -0.5.
  3: {
    support: 2,
    weight(x) {
      const d = Math.abs(x), a = -0.5;
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    },
  },
  // Box: every pixel under it counts the same.
  4: { support: 0.5, weight: (x) => -0.5 < x && x <= 0.5 ? 1 : 0 },
  // Hamming: a sinc under a raised cosine.
  5: {
    support: 1,
    weight(x) {
      const d = Math.abs(x);
      if (d === 0) return 1;
      return d >= 1 ? 0 : sinc(d) * (HAMMING[0] + HAMMING[1] * Math.cos(d * Math.PI));
    },
  },
};

/** Names of the filters, by Pillow's numbers. */
export const FILTERS = ["nearest", "Lanczos", "bilinear", "bicubic", "box", "Hamming"] as const;

/** Pillow's number of the bicubic filter. */
export const BICUBIC = 3;

/** The weights with which one line of pixels becomes another. */
export interface Weights {
  /** First pixel each result reads. */
  first: Int32Array;
  /** How many pixels each result reads. */
  count: Int32Array;
  /** Weights, `taps` places a result: integers of 22 fractional bits. */
  weights: Int32Array;
  /** Places of a result. */
  taps: number;
}

/** Fractional bits of a weight. */
export const FRACTION_BITS = 22;

/**
 * Weights as Pillow computes them: shrinking, the filter is widened by the scale, so that every pixel counts.
 *
 * @param filter Pillow's number of a filter, 1 to 5.
 * @param from Pixels of the line.
 * @param to Pixels of the result.
 * @returns The weights.
 */
export function filterWeights(filter: number, from: number, to: number): Weights {
  const { support: reach, weight } = KERNELS[filter]!;
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const shrink = 1 / stretch;
  const support = reach * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to), count = new Int32Array(to), weights = new Int32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw: number[] = [];
    let sum = 0;
    for (let at = low; at < high; at++) {
      const value = weight((at - centre + 0.5) * shrink);
      raw.push(value);
      sum += value;
    }
    first[i] = low;
    count[i] = raw.length;
    for (const [k, value] of raw.entries()) {
      const fixed = (sum === 0 ? value : value / sum) * 2 ** FRACTION_BITS;
      weights[i * taps + k] = Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, taps };
}

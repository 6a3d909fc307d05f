/** Splitting tensors that are larger than one binding may be. @module */
import type { Gpu } from "../gpu/gpu.ts";

/** Pieces start at multiples of this many elements, so that sums of 1,024 and tables of 64 start aligned as well. */
const STEP = 65_536;

/**
 * Parts of a tensor that each fit a binding. Adapters differ: 128 MiB on software ones, gigabytes on graphics cards.
 *
 * @param gpu The device, for its largest binding.
 * @param count Elements of four bytes.
 * @returns First element and number of elements of each part.
 * @throws {Error} If the device's bindings are smaller than one step of 256 KiB.
 */
export function pieces(gpu: Gpu, count: number): { first: number; count: number }[] {
  const most = Math.floor(gpu.largestBinding / 4 / STEP) * STEP;
  if (most === 0) {
    throw new Error(`bindings of ${gpu.largestBinding} bytes are too small; ${4 * STEP} are needed`);
  }
  const parts = [];
  for (let first = 0; first < count; first += most) {
    parts.push({ first, count: Math.min(most, count - first) });
  }
  return parts;
}

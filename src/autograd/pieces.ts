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

/** Bytes of which the offset of a binding must be a multiple. */
export const ALIGNMENT = 256;

/** Rows of so many bytes after which a binding may begin: any multiple of them. */
export function alignedRows(bytes: number): number {
  let rows = 1;
  while (rows * bytes % ALIGNMENT !== 0) rows *= 2;
  return rows;
}

/**
 * Parts of the rows of a matrix that each fit a binding, where they can.
 *
 * @param rows Number of rows.
 * @param bytes Bytes of a row.
 * @returns First row and number of rows of each part.
 */
export function rowPieces(gpu: Gpu, rows: number, bytes: number): { first: number; count: number }[] {
  if (rows * bytes <= gpu.largestBinding) return [{ first: 0, count: rows }];
  const step = alignedRows(bytes);
  const most = Math.max(step, Math.floor(gpu.largestBinding / bytes / step) * step);
  return Array.from({ length: Math.ceil(rows / most) }, (_, i) => ({
    first: i * most,
    count: Math.min(most, rows - i * most),
  }));
}

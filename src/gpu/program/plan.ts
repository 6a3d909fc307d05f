/** Where each intermediate tensor lies in the arena: greedy by size, over lifetimes. @module */

/** A piece of memory that lives from one dispatch to another (both included). */
export interface Lifetime {
  bytes: number;
  first: number;
  last: number;
}

/** Alignment of a storage binding's offset, in bytes, that every WebGPU device takes. */
export const ALIGNMENT = 256;

/**
 * Gives every piece an offset so that pieces alive at the same time never overlap.
 *
 * Largest first, each at the lowest gap that fits: for training steps this lies within a few per cent of the
 * largest simultaneous need, the lower bound.
 *
 * @param pieces Sizes and lifetimes.
 * @returns The offset of each piece in bytes, and the bytes needed in all.
 *
 * @example Two pieces that never meet share their place
 * ```ts
 * import { planArena } from "./plan.ts";
 * const { offsets, total } = planArena([{ bytes: 512, first: 0, last: 1 }, { bytes: 256, first: 2, last: 3 }]);
 * if (offsets[1] !== 0 || total !== 512) throw new Error("not shared");
 * ```
 */
export function planArena(pieces: readonly Lifetime[]): { offsets: number[]; total: number } {
  const offsets = new Array<number>(pieces.length).fill(0);
  const order = pieces.map((_, i) => i).sort((a, b) => pieces[b]!.bytes - pieces[a]!.bytes || a - b);
  const placed: { offset: number; end: number; first: number; last: number }[] = []; // by offset
  let total = 0;
  for (const i of order) {
    const piece = pieces[i]!;
    const bytes = Math.ceil(piece.bytes / ALIGNMENT) * ALIGNMENT;
    let offset = 0;
    for (const other of placed) {
      if (other.last < piece.first || other.first > piece.last) continue;
      if (other.offset >= offset + bytes) break;
      offset = Math.max(offset, other.end);
    }
    offsets[i] = offset;
    total = Math.max(total, offset + bytes);
    const at = placed.findIndex((other) => other.offset > offset);
    placed.splice(at < 0 ? placed.length : at, 0, { offset, end: offset + bytes, ...piece });
  }
  return { offsets, total };
}

/** The largest number of bytes alive at one time: what no plan can go below. */
export function largestNeed(pieces: readonly Lifetime[]): number {
  const change = new Map<number, number>();
  for (const { bytes, first, last } of pieces) {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    change.set(first, (change.get(first) ?? 0) + size);
    change.set(last + 1, (change.get(last + 1) ?? 0) - size);
  }
  let live = 0, most = 0;
  for (const at of [...change.keys()].sort((a, b) => a - b)) most = Math.max(most, live += change.get(at)!);
  return most;
}

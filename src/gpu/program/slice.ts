/** Where a tensor's bytes are. @module */

/** A place for a tensor's bytes: a buffer of its own, or a place in the arena that the plan gives it. */
export interface Slot {
  /** Name for messages. */
  readonly label: string;
  /** Size. */
  readonly bytes: number;
  /** Set for tensors that outlive the program (parameters, inputs, outputs). */
  buffer?: GPUBuffer;
  /** Byte offset in `buffer`, or in the arena once planned. */
  offset: number;
}

/** A part of a slot that a kernel reads or writes. */
export interface Slice {
  /** The slot. */
  readonly slot: Slot;
  /** Bytes from the slot's start; a multiple of 256. */
  readonly offset: number;
  /** Size. */
  readonly bytes: number;
  /** Whether it holds 16-bit floats; elements of four bytes otherwise. */
  readonly f16?: boolean;
}

/** Whether two slices share bytes. */
export function overlap(a: Slice, b: Slice): boolean {
  return a.slot === b.slot && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

/**
 * The records of TensorBoard's event files: scalars alone.
 *
 * A file is a sequence of records: 8 bytes of length, their masked CRC-32C, the data, its masked CRC-32C; all numbers
 * little-endian. The data is an `Event` of tensorflow/core/util/event.proto in the protocol buffers' encoding.
 *
 * @module
 */

import { maskedCrc32c } from "./crc32c.ts";

/** What happened at a moment. */
export interface Event {
  /** Seconds since 1970. */
  wallTime: number;
  /** The step; left out where none is meant. */
  step?: number;
  /** What the file is: first in every file, "brain.Event:2". */
  fileVersion?: string;
  /** Says that the steps from this one on begin anew: what was read of them before is forgotten. */
  starts?: true;
  /** Values by their names, rounded to float32. */
  scalars?: readonly (readonly [tag: string, value: number])[];
}

/** Kinds of fields. */
const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;

const utf8 = new TextEncoder();

/** Bytes that are put together piece by piece. */
class Message {
  readonly bytes: number[] = [];

  varint(value: number): this {
    let rest = BigInt(value);
    for (; rest > 127n; rest >>= 7n) this.bytes.push(Number(rest & 127n) | 128);
    this.bytes.push(Number(rest));
    return this;
  }

  integer(field: number, value: number): this {
    return this.varint(field << 3 | VARINT).varint(value);
  }

  double(field: number, value: number): this {
    this.varint(field << 3 | FIXED64);
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    return this.raw(new Uint8Array(view.buffer));
  }

  float(field: number, value: number): this {
    this.varint(field << 3 | FIXED32);
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, true);
    return this.raw(new Uint8Array(view.buffer));
  }

  text(field: number, value: string): this {
    return this.inside(field, utf8.encode(value));
  }

  inside(field: number, bytes: ArrayLike<number>): this {
    return this.varint(field << 3 | BYTES).varint(bytes.length).raw(bytes);
  }

  raw(bytes: ArrayLike<number>): this {
    for (let i = 0; i < bytes.length; i++) this.bytes.push(bytes[i]!);
    return this;
  }
}

/**
 * An event as a message: `Event {1: wall_time, 2: step, 3: file_version, 5: summary, 7: session_log}`,
 * `Summary {1: Value {1: tag, 2: simple_value}}`, `SessionLog {1: status, START = 1}`. Fields of the value 0 are left out,
 * as encoders of proto3 do.
 *
 * @param event The event.
 * @returns Its bytes.
 */
export function encodeEvent({ wallTime, step = 0, fileVersion, starts, scalars }: Event): Uint8Array {
  const message = new Message();
  if (wallTime !== 0) message.double(1, wallTime);
  if (step !== 0) message.integer(2, step);
  if (fileVersion !== undefined) message.text(3, fileVersion);
  if (scalars !== undefined) {
    const summary = new Message();
    for (const [tag, value] of scalars) {
      // The one of a value's kinds that was chosen is written even where it is 0.
      summary.inside(1, new Message().text(1, tag).float(2, value).bytes);
    }
    message.inside(5, summary.bytes);
  }
  if (starts === true) message.inside(7, new Message().integer(1, 1).bytes);
  return Uint8Array.from(message.bytes);
}

/**
 * Data as a record of a file.
 *
 * @param data The data.
 * @returns The record's bytes.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

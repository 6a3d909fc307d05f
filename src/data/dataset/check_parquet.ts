/**
 * The frame of a Parquet file, walked through before it is read: a wrong length in it makes the reader turn in circles.
 *
 * @module
 */

/** Numbers of the top level of a struct, and where it ends. */
interface Walked {
  end: number;
  numbers: Map<number, number>;
}

/** Deepest nesting; the format's own is 6. */
const DEEPEST = 32;

/**
 * Walks through a struct in Thrift's compact protocol.
 *
 * @param bytes The bytes.
 * @param start Where it begins.
 * @returns Its whole numbers by field, and where it ends.
 * @throws {RangeError} If a length leads out of the bytes.
 */
export function walkThrift(bytes: Uint8Array, start = 0): Walked {
  let at = start;
  const byte = () => {
    if (at >= bytes.length) throw new RangeError("the file ends early");
    return bytes[at++]!;
  };
  const varint = (): number => {
    let value = 0, factor = 1;
    for (let i = 0; i < 10; i++, factor *= 128) {
      const next = byte();
      value += (next & 127) * factor;
      if (next < 128) return value;
    }
    throw new RangeError("a number without end");
  };
  const skip = (type: number, depth: number): number | undefined => {
    switch (type) {
      case 1:
      case 2:
        return undefined;
      case 3:
        byte();
        return undefined;
      case 4:
      case 5:
      case 6: {
        const value = varint();
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      case 7:
        at += 8;
        break;
      case 8: {
        const length = varint();
        at += length;
        break;
      }
      case 9: {
        const head = byte();
        const count = head >> 4 === 15 ? varint() : head >> 4, of = head & 15;
        // Every entry takes a byte at least.
        if (count > bytes.length - at) throw new RangeError("a list longer than the file");
        for (let i = 0; i < count; i++) skip(of <= 2 ? 3 : of, depth + 1);
        return undefined;
      }
      case 12:
        struct(depth + 1);
        return undefined;
      default:
        throw new RangeError(`a type ${type} that the format does not use`);
    }
    if (at > bytes.length) throw new RangeError("a length that leads out of the file");
    return undefined;
  };
  const struct = (depth: number): Map<number, number> => {
    if (depth > DEEPEST) throw new RangeError("nesting without end");
    const numbers = new Map<number, number>();
    for (let field = 0, head = byte(); (head & 15) !== 0; head = byte()) {
      if (head >> 4 !== 0) field += head >> 4;
      else field = skip(5, depth)!;
      const value = skip(head & 15, depth);
      if (value !== undefined) numbers.set(field, value);
    }
    return numbers;
  };
  const numbers = struct(0);
  return { end: at, numbers };
}

/**
 * Walks through the pages of a column's chunk.
 *
 * @param bytes The chunk.
 * @param most The most bytes that a page may unpack to.
 * @throws {RangeError} If a page leads out of it, or unpacks to more.
 */
export function walkPages(bytes: Uint8Array, most: number): void {
  for (let at = 0; at < bytes.length - 1;) {
    const { end, numbers } = walkThrift(bytes, at);
    const unpacked = numbers.get(2) ?? 0, packed = numbers.get(3) ?? 0;
    if (packed < 0 || end + packed > bytes.length) {
      throw new RangeError("a page that leads out of its column");
    }
    if (unpacked < 0 || unpacked > most) throw new RangeError(`a page of ${unpacked} bytes`);
    at = end + packed;
  }
}

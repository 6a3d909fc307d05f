/**
 * The first directory of a TIFF file, which EXIF has the form of too (TIFF 6.0).
 *
 * @module
 */

/** Where a directory stands, and what its numbers are. */
export interface TiffHead {
  /** Whether numbers begin with their lowest byte. */
  little: boolean;
  /** Where the directory stands. */
  at: number;
  /** Its entries. */
  count: number;
  /** The first number of a tag; undefined if it is not there, or no whole number. */
  number(tag: number): number | undefined;
  /** All numbers of a tag that stand in the file; none if it is not there. */
  numbers(tag: number): number[];
}

/**
 * Reads the first directory.
 *
 * @param bytes A TIFF file, or its beginning.
 * @returns The directory; undefined if these bytes do not hold it.
 */
export function tiffHead(bytes: Uint8Array): TiffHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || (bytes[0] !== 0x49 && bytes[0] !== 0x4d)) return undefined;
  const little = bytes[0] === 0x49;
  if (view.getUint16(2, little) !== 42) return undefined;
  const at = view.getUint32(4, little);
  if (at + 2 > bytes.length) return undefined;
  const count = view.getUint16(at, little);
  if (count === 0 || at + 2 + 12 * count > bytes.length) return undefined;
  const numbers = (tag: number, most = Infinity): number[] => {
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + 12 * i;
      if (view.getUint16(entry, little) !== tag) continue;
      const [type, values] = [view.getUint16(entry + 2, little), view.getUint32(entry + 4, little)];
      const size = type === 1 ? 1 : type === 3 ? 2 : type === 4 ? 4 : 0;
      if (size === 0) return [];
      // Values that fit stand in the entry, others where it points.
      const from = size * values <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
      const there = Math.max(0, Math.min(values, most, Math.floor((bytes.length - from) / size)));
      return Array.from({ length: there }, (_, i) => {
        const place = from + i * size;
        return size === 1
          ? view.getUint8(place)
          : size === 2
          ? view.getUint16(place, little)
          : view.getUint32(place, little);
      });
    }
    return [];
  };
  return { little, at, count, numbers, number: (tag) => numbers(tag, 1)[0] };
}

/**
 * Tiles of many pictures through the vision tower, some at a time, whatever picture they are of.
 *
 * @module
 */

/** Bytes of the pixels that are computed together. */
const CHUNK_BYTES = 32 << 20;

/**
 * How many tiles are computed together.
 *
 * @param side Side of a tile, in pixels.
 * @param bytes The most bytes that their pixels take.
 * @returns At least one.
 */
export function tilesTogether(side: number, bytes = CHUNK_BYTES): number {
  return Math.max(1, Math.floor(bytes / (3 * side ** 2 * 4)));
}

/**
 * Encodes the tiles of pictures in chunks.
 *
 * @param encode Turns tiles into what the model is given of them.
 * @param pictures The tiles of each picture.
 * @param together Tiles of a chunk, at most.
 * @returns After each chunk, the pictures that it finished: for each a list, tile by tile; none is empty.
 */
export async function* encodeTiles(
  encode: (tiles: Float32Array[]) => Promise<Float32Array[]>,
  pictures: AsyncIterable<Float32Array[]>,
  together: number,
): AsyncGenerator<Float32Array[][]> {
  let waiting: Float32Array[] = [], encoded: Float32Array[] = [];
  let counts: number[] = [];
  const chunk = async (size: number): Promise<Float32Array[][]> => {
    encoded.push(...await encode(waiting.slice(0, size)));
    waiting = waiting.slice(size);
    const done: Float32Array[][] = [];
    let from = 0;
    while (counts.length > done.length && from + counts[done.length]! <= encoded.length) {
      const count = counts[done.length]!;
      done.push(encoded.slice(from, from + count));
      from += count;
    }
    counts = counts.slice(done.length);
    encoded = encoded.slice(from);
    return done;
  };
  for await (const tiles of pictures) {
    waiting.push(...tiles);
    counts.push(tiles.length);
    while (waiting.length >= together) {
      const done = await chunk(together);
      if (done.length > 0) yield done;
    }
  }
  if (waiting.length > 0) yield await chunk(waiting.length);
}

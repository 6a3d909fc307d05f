/** Which rows of a packed batch belong together. @module */

/**
 * First row and end of the sequence that each row belongs to; 0, 0 in padding.
 *
 * @param lengths Rows of each sequence, one after the other.
 * @param rows Rows in all.
 * @returns [rows, 2], row-major.
 */
export function spans(lengths: readonly number[], rows: number): Int32Array {
  const span = new Int32Array(rows * 2);
  let first = 0;
  for (const length of lengths) {
    for (let row = first; row < first + length; row++) span.set([first, first + length], 2 * row);
    first += length;
  }
  return span;
}

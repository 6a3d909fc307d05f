/** Token embedding with image features in their places, in float64. @module */

/** Rows of `table` by id, or the next row of `features` where the id is `imageId`; 0 where the id is negative. */
export function embedding(
  table: ArrayLike<number>,
  features: ArrayLike<number>,
  ids: ArrayLike<number>,
  imageId: number,
  width: number,
) {
  let next = 0;
  const rows = Array.from(ids, (id) => {
    if (id === imageId) return { from: "features" as const, at: next++ * width };
    return id < 0 ? undefined : { from: "table" as const, at: id * width };
  });
  const y = new Float64Array(ids.length * width);
  rows.forEach((row, r) => {
    const source = row?.from === "features" ? features : table;
    for (let i = 0; row && i < width; i++) y[r * width + i] = source[row.at + i]!;
  });
  const backward = (dy: Float64Array) => {
    const gradients = { table: new Float64Array(table.length), features: new Float64Array(features.length) };
    rows.forEach((row, r) => {
      for (let i = 0; row && i < width; i++) gradients[row.from][row.at + i]! += dy[r * width + i]!;
    });
    return gradients;
  };
  return { y, backward };
}

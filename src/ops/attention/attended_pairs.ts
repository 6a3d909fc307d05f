/** How much attention a batch asks for. @module */

/**
 * Pairs of a row and a row that it sees.
 *
 * @param span [rows, 2]: first row and end (excluded) of the row's sequence; end ≤ first marks padding.
 * @param causal Whether a row sees only itself and rows before it.
 * @returns Pairs of one head.
 */
export function attendedPairs(span: Int32Array, causal: boolean): number {
  let pairs = 0;
  for (let row = 0; 2 * row < span.length; row++) {
    const first = span[2 * row]!, end = span[2 * row + 1]!;
    if (end > first) pairs += causal ? row + 1 - first : end - first;
  }
  return pairs;
}

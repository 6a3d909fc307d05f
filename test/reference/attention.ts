/** Attention in float64, with all scores at hand. @module */

/** How heads lie in a row. */
export interface Heads {
  heads: number;
  groups: number;
  headSize: number;
}

/**
 * softmax(q·Kᵀ/√headSize)·V. `qkv` [rows, (heads + 2·groups)·headSize]; `span` [rows, 2] first row and end of a row's
 * sequence, end ≤ first for padding.
 */
export function attention(qkv: ArrayLike<number>, span: ArrayLike<number>, layout: Heads, causal: boolean) {
  const { heads, groups, headSize } = layout;
  const rows = span.length / 2, stride = (heads + 2 * groups) * headSize;
  const scale = 1 / Math.sqrt(headSize);
  const y = new Float64Array(rows * heads * headSize);
  const dot = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number) => {
    let sum = 0;
    for (let d = 0; d < headSize; d++) sum += a[i + d]! * b[j + d]!;
    return sum;
  };
  // For every row and head: where its query, its keys and values and its result lie, and its probabilities.
  const cells = Array.from({ length: rows * heads }, (_, i) => {
    const row = Math.floor(i / heads), head = i % heads;
    const group = Math.floor(head / (heads / groups));
    const first = span[2 * row]!, end = causal ? Math.min(span[2 * row + 1]!, row + 1) : span[2 * row + 1]!;
    const query = row * stride + head * headSize;
    const key = (heads + group) * headSize, value = key + groups * headSize;
    const seen = Array.from({ length: Math.max(0, end - first) }, (_, j) => (first + j) * stride);
    const scores = seen.map((at) => dot(qkv, query, qkv, at + key) * scale);
    const most = Math.max(...scores);
    const powers = scores.map((s) => Math.exp(s - most));
    const total = powers.reduce((sum, p) => sum + p, 0);
    const out = i * headSize;
    const largest = Math.max(0, ...scores.map(Math.abs));
    return { query, key, value, out, seen, largest, p: powers.map((power) => power / total) };
  });
  for (const { value, out, seen, p } of cells) {
    seen.forEach((at, j) => {
      for (let d = 0; d < headSize; d++) y[out + d]! += p[j]! * qkv[at + value + d]!;
    });
  }
  /** The probabilities of some rows, averaged over heads: [rows asked about, length] from the first of a sequence on. */
  const probabilities = (asked: readonly number[], length: number) => {
    const mean = new Float64Array(asked.length * length);
    asked.forEach((row, i) => {
      for (const { p } of cells.slice(row * heads, (row + 1) * heads)) {
        p.slice(0, length).forEach((x, j) => mean[i * length + j]! += x / heads);
      }
    });
    return mean;
  };
  const backward = (dy: Float64Array) => {
    const dqkv = new Float64Array(qkv.length);
    for (const { query, key, value, out, seen, p } of cells) {
      const dp = seen.map((at) => dot(dy, out, qkv, at + value));
      const mean = dp.reduce((sum, x, j) => sum + x * p[j]!, 0);
      seen.forEach((at, j) => {
        const ds = p[j]! * (dp[j]! - mean) * scale;
        for (let d = 0; d < headSize; d++) {
          dqkv[query + d]! += ds * qkv[at + key + d]!;
          dqkv[at + key + d]! += ds * qkv[query + d]!;
          dqkv[at + value + d]! += p[j]! * dy[out + d]!;
        }
      });
    }
    return { qkv: dqkv };
  };
  /** The largest magnitude of a score. */
  const largest = cells.reduce((most, cell) => Math.max(most, cell.largest), 0);
  return { y, backward, probabilities, largest };
}

/** Spans of sequences that lie one after the other, then of padding rows. */
export function spans(lengths: readonly number[], padding = 0): Int32Array {
  const out: number[] = [];
  let first = 0;
  for (const length of lengths) {
    for (let i = 0; i < length; i++) out.push(first, first + length);
    first += length;
  }
  for (let i = 0; i < padding; i++) out.push(0, 0);
  return Int32Array.from(out);
}

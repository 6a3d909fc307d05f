// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

//#if BLOCK
// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from `start` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / ${BLOCK}u + 1u) * ${BLOCK}u;
}

// Whether a block of what a row sees, or is seen by, ends at `stop` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }
//#end BLOCK

// The rows that `row` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see `row`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}

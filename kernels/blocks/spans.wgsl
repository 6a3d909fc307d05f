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
fn block_end(start: u32, own: vec2u) -> u32 {
  if (start >= own.y) { return 0xffffffffu; }
  if (start < own.x) { return own.x; }
  return own.x + ((start - own.x) / ${BLOCK}u + 1u) * ${BLOCK}u;
}

// Whether a sequence's block ends at `stop` and another follows.
fn ends_block(stop: u32, own: vec2u) -> bool { return stop > own.x && stop < own.y; }
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

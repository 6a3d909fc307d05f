// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32×32 pairs an invocation makes 4×4:
// rows 4·ty … of its own side, a vec4, and rows tx, tx + 8, … of the other. A tile takes these steps:
//
//   scores     own·otherᵀ, DEPTH vec4 of the head size at a time, both sides brought into `stage`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights·other (attention_tile_sums.wgsl): the weights go through `pairs`, STEP rows of the other side at
//              a time through `stage`. An invocation makes its four rows of the vec4s tx, tx + 8, … of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH·4, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, ${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;
//#if BLOCK
var<workgroup> sequences: array<vec2u, 32>; // first and end of own rows' sequences
var<workgroup> stop_of_all: u32;
//#end BLOCK

// Where a head's 4·D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4·ty … of one tile with rows tx, tx + 8, … (columns) of another, whose rows from `end` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < ${D4}u; d += ${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < ${DEPTH}u) {
      let at = min(d + ty, ${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + ${q}u) * 8u + tx] = block[${q}];
      //#end q
    }
    for (var n = i; n < ${32 * DEPTH}u; n += ${WORKGROUP}u) {
      let row = n / ${DEPTH}u;
      let at = n % ${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < ${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[${32 * DEPTH}u + row * ${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < ${DEPTH}u; at++) {
      //#repeat q 4
      let a${q} = stage[(4u * at + ${q}u) * 8u + ty];
      //#end q
      //#repeat c 4
      let b${c} = stage[${32 * DEPTH}u + (tx + ${8 * c}u) * ${PITCH}u + at];
      //#repeat q 4
      s[${c}] = fma(a${q}, vec4f(b${c}[${q}]), s[${c}]);
      //#end q
      //#end c
    }
  }
  return s;
}

// What of the other side each of own rows 4·ty … sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from `own_row` sees, or is seen by; fills `ranges`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  //#if BLOCK
  if (i < 32u) { sequences[i] = sequence(own_row + i); }
  //#end BLOCK
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
//#if BLOCK

// Where the block of rows from `start` on ends, of any of the 32 own rows.
fn tile_stop(start: u32, end: u32, i: u32) -> u32 {
  if (i == 0u) {
    var stop = end;
    for (var r = 0u; r < 32u; r++) { stop = min(stop, block_end(start, sequences[r])); }
    stop_of_all = stop;
  }
  return workgroupUniformLoad(&stop_of_all);
}

// Of which of the own rows 4·ty … a block ends at `stop` and another follows.
fn end_blocks(stop: u32, ty: u32) -> vec4<bool> {
  return vec4<bool>(
    ends_block(stop, ranges[4u * ty]), ends_block(stop, ranges[4u * ty + 1u]),
    ends_block(stop, ranges[4u * ty + 2u]), ends_block(stop, ranges[4u * ty + 3u]));
}
//#end BLOCK

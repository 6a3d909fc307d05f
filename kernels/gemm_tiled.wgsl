// Matrix product Y = op(A)·op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is blocks/gemm_ending.wgsl's.
//
// A workgroup of 2·SIDE invocations (WORKGROUP) makes a square tile of SIDE×SIDE outputs, 4·VROWS × 4·VCOLS an invocation, and
// walks K sixteen at a time. For each step every invocation brings one block of 4×4 values: the first SIDE
// invocations from A, the others from B. In workgroup memory a row holds one k of all the tile's rows (columns), in
// vec4s, so that both operands are read as vec4 whatever the layout: blocks that lie the other way are turned in
// registers, and no matrix is ever transposed in memory. The block of the next step is fetched before the present
// one is multiplied, so that its loads are under way meanwhile; workgroup memory holds one step.
//
// Banks: eight neighbouring invocations store eight neighbouring vec4s (the other three blocks of four k go to the
// next groups of eight), and reads are of neighbouring vec4s or of one and the same. Nothing is padded, and the
// tile of 128 takes 16 KiB, which every WebGPU device grants.
//
// The workgroups may also divide K, into `chunk`s: sheet s of y [splits, M, N] is the product over the s-th of them,
// and gemm_sum.wgsl adds the sheets up. Where such a part is long itself, what BLOCK steps add up goes into a second set
// of sums, as in gemm.wgsl.

struct Params {
//#include gemm_params
  chunk: u32,
}

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end VECTOR_A
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end VECTOR_B
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, ${8 * SIDE}>;

// Four neighbours, from `column`, in the row of A or B that begins at `first`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_A
  return load_a((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x${q} = f32(a[first + min(column + ${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_A
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_B
  return load_b((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x${q} = f32(b[first + min(column + ${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_B
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  //#if PITCHED
  let first = min(row, rows - 1u) * select(p.b_pitch, p.a_pitch, of_a) + select(p.b_first, p.a_first, of_a);
  //#else
  let first = min(row, rows - 1u) * columns;
  //#end PITCHED
  if (of_a) { return four_a(first, column, columns); }
  return four_b(first, column, columns);
}

fn block_of(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  return mat4x4f(
    four(of_a, row, column, rows, columns), four(of_a, row + 1u, column, rows, columns),
    four(of_a, row + 2u, column, rows, columns), four(of_a, row + 3u, column, rows, columns));
}

// A block as it is stored: four rows of op(A) or columns of op(B), from `side`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return block_of(true, k, side, p.k, p.m);
    //#else
    return block_of(true, side, k, p.m, p.k);
    //#end TN
  }
  //#if NT
  return block_of(false, side, k, p.n, p.k);
  //#else
  return block_of(false, k, side, p.k, p.n);
  //#end NT
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#elif TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end NT
}

@compute @workgroup_size(${WORKGROUP})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + ${SIDE - 1}u) / ${SIDE}u;
  let down = (p.m + ${SIDE - 1}u) / ${SIDE}u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * ${SIDE}u;
  let tile_column = (inside / high) * ${SIDE}u;

  // What this invocation brings.
  let of_a = i < ${SIDE}u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % ${SIDE}u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / ${SIDE}u * ${4 * SIDE}u + block_k * ${SIDE / 4}u + block_side;
  // What it makes: VROWS × VCOLS blocks of 4×4, spread over the tile.
  let tx = i % ${ACROSS}u;
  let ty = i / ${ACROSS}u;

  //#repeat r ROWS
  //#repeat c VCOLS
  var y${r}_${c} = vec4f();
  //#end c
  //#end r
  var block = fetch(of_a, side, first + block_k);
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  var sum${r}_${c} = vec4f();
  //#end c
  //#end r
  for (var start = first; start < end_k; start += ${16 * BLOCK}u) {
  for (var k = start; k < min(start + ${16 * BLOCK}u, end_k); k += 16u) {
  //#else
  for (var k = first; k < end_k; k += 16u) {
  //#end BLOCK
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + ${q * SIDE / 4}u] = select(vec4f(), block[${q}], k + block_k + ${q}u < end_k);
    //#end q
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a${k}_${r} = tile[ty + ${k * SIDE / 4 + r * DOWN}u];
    //#end r
    //#repeat c VCOLS
    let b${k}_${c} = tile[tx + ${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end c
    //#repeat r ROWS
    //#repeat c VCOLS
    y${r}_${c} = fma(vec4f(a${k}_${r / 4}[${r % 4}]), b${k}_${c}, y${r}_${c});
    //#end c
    //#end r
    //#end k
  }
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  sum${r}_${c} += y${r}_${c};
  y${r}_${c} = vec4f();
  //#end c
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  let row${r} = tile_row + 4u * (ty + ${r / 4 * DOWN}u) + ${r % 4}u;
  //#repeat c VCOLS
  //#if BLOCK
  end_sheet(sheet, row${r}, tile_column + 4u * (tx + ${c * ACROSS}u), sum${r}_${c});
  //#else
  end_sheet(sheet, row${r}, tile_column + 4u * (tx + ${c * ACROSS}u), y${r}_${c});
  //#end BLOCK
  //#end c
  //#end r
}

// gemm_tiled_ragged: gemm_tiled (TN M37 N13 K512 bias tile 32) for a gpu, 2×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias a_t = f32; alias a_t4 = vec4f;
alias b_t = f32; alias b_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
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
  m: u32, n: u32, k: u32, add: u32,
  chunk: u32,
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(4) var<uniform> p: Params;

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 64u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// How a matrix product ends.
//
//   z = scale·product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform `p` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
alias T = f32;
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;

@group(0) @binding(2) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(3) var<storage, read_write> bias: array<T>;

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  value += bias[column];
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  if (column + 0u < p.n) { end_at(at + 0u, first + 0u, product[0]); }
  if (column + 1u < p.n) { end_at(at + 1u, first + 1u, product[1]); }
  if (column + 2u < p.n) { end_at(at + 2u, first + 2u, product[2]); }
  if (column + 3u < p.n) { end_at(at + 3u, first + 3u, product[3]); }
}

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, 256>;

// Four neighbours, from `column`, in the row of A or B that begins at `first`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  let x0 = f32(a[first + min(column + 0u, columns - 1u)]);
  let x1 = f32(a[first + min(column + 1u, columns - 1u)]);
  let x2 = f32(a[first + min(column + 2u, columns - 1u)]);
  let x3 = f32(a[first + min(column + 3u, columns - 1u)]);
  return vec4f(x0, x1, x2, x3);
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  let x0 = f32(b[first + min(column + 0u, columns - 1u)]);
  let x1 = f32(b[first + min(column + 1u, columns - 1u)]);
  let x2 = f32(b[first + min(column + 2u, columns - 1u)]);
  let x3 = f32(b[first + min(column + 3u, columns - 1u)]);
  return vec4f(x0, x1, x2, x3);
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  let first = min(row, rows - 1u) * columns;
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
    return block_of(true, k, side, p.k, p.m);
  }
  return block_of(false, k, side, p.k, p.n);
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  return block;
}

@compute @workgroup_size(64)
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + 31u) / 32u;
  let down = (p.m + 31u) / 32u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * 32u;
  let tile_column = (inside / high) * 32u;

  // What this invocation brings.
  let of_a = i < 32u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % 32u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / 32u * 128u + block_k * 8u + block_side;
  // What it makes: VROWS × VCOLS blocks of 4×4, spread over the tile.
  let tx = i % 8u;
  let ty = i / 8u;

  var y0_0 = vec4f();
  var y1_0 = vec4f();
  var y2_0 = vec4f();
  var y3_0 = vec4f();
  var block = fetch(of_a, side, first + block_k);
  for (var k = first; k < end_k; k += 16u) {
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    tile[place + 0u] = select(vec4f(), block[0], k + block_k + 0u < end_k);
    tile[place + 8u] = select(vec4f(), block[1], k + block_k + 1u < end_k);
    tile[place + 16u] = select(vec4f(), block[2], k + block_k + 2u < end_k);
    tile[place + 24u] = select(vec4f(), block[3], k + block_k + 3u < end_k);
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    let a0_0 = tile[ty + 0u];
    let b0_0 = tile[tx + 128u];
    y0_0 = fma(vec4f(a0_0[0]), b0_0, y0_0);
    y1_0 = fma(vec4f(a0_0[1]), b0_0, y1_0);
    y2_0 = fma(vec4f(a0_0[2]), b0_0, y2_0);
    y3_0 = fma(vec4f(a0_0[3]), b0_0, y3_0);
    let a1_0 = tile[ty + 8u];
    let b1_0 = tile[tx + 136u];
    y0_0 = fma(vec4f(a1_0[0]), b1_0, y0_0);
    y1_0 = fma(vec4f(a1_0[1]), b1_0, y1_0);
    y2_0 = fma(vec4f(a1_0[2]), b1_0, y2_0);
    y3_0 = fma(vec4f(a1_0[3]), b1_0, y3_0);
    let a2_0 = tile[ty + 16u];
    let b2_0 = tile[tx + 144u];
    y0_0 = fma(vec4f(a2_0[0]), b2_0, y0_0);
    y1_0 = fma(vec4f(a2_0[1]), b2_0, y1_0);
    y2_0 = fma(vec4f(a2_0[2]), b2_0, y2_0);
    y3_0 = fma(vec4f(a2_0[3]), b2_0, y3_0);
    let a3_0 = tile[ty + 24u];
    let b3_0 = tile[tx + 152u];
    y0_0 = fma(vec4f(a3_0[0]), b3_0, y0_0);
    y1_0 = fma(vec4f(a3_0[1]), b3_0, y1_0);
    y2_0 = fma(vec4f(a3_0[2]), b3_0, y2_0);
    y3_0 = fma(vec4f(a3_0[3]), b3_0, y3_0);
    let a4_0 = tile[ty + 32u];
    let b4_0 = tile[tx + 160u];
    y0_0 = fma(vec4f(a4_0[0]), b4_0, y0_0);
    y1_0 = fma(vec4f(a4_0[1]), b4_0, y1_0);
    y2_0 = fma(vec4f(a4_0[2]), b4_0, y2_0);
    y3_0 = fma(vec4f(a4_0[3]), b4_0, y3_0);
    let a5_0 = tile[ty + 40u];
    let b5_0 = tile[tx + 168u];
    y0_0 = fma(vec4f(a5_0[0]), b5_0, y0_0);
    y1_0 = fma(vec4f(a5_0[1]), b5_0, y1_0);
    y2_0 = fma(vec4f(a5_0[2]), b5_0, y2_0);
    y3_0 = fma(vec4f(a5_0[3]), b5_0, y3_0);
    let a6_0 = tile[ty + 48u];
    let b6_0 = tile[tx + 176u];
    y0_0 = fma(vec4f(a6_0[0]), b6_0, y0_0);
    y1_0 = fma(vec4f(a6_0[1]), b6_0, y1_0);
    y2_0 = fma(vec4f(a6_0[2]), b6_0, y2_0);
    y3_0 = fma(vec4f(a6_0[3]), b6_0, y3_0);
    let a7_0 = tile[ty + 56u];
    let b7_0 = tile[tx + 184u];
    y0_0 = fma(vec4f(a7_0[0]), b7_0, y0_0);
    y1_0 = fma(vec4f(a7_0[1]), b7_0, y1_0);
    y2_0 = fma(vec4f(a7_0[2]), b7_0, y2_0);
    y3_0 = fma(vec4f(a7_0[3]), b7_0, y3_0);
    let a8_0 = tile[ty + 64u];
    let b8_0 = tile[tx + 192u];
    y0_0 = fma(vec4f(a8_0[0]), b8_0, y0_0);
    y1_0 = fma(vec4f(a8_0[1]), b8_0, y1_0);
    y2_0 = fma(vec4f(a8_0[2]), b8_0, y2_0);
    y3_0 = fma(vec4f(a8_0[3]), b8_0, y3_0);
    let a9_0 = tile[ty + 72u];
    let b9_0 = tile[tx + 200u];
    y0_0 = fma(vec4f(a9_0[0]), b9_0, y0_0);
    y1_0 = fma(vec4f(a9_0[1]), b9_0, y1_0);
    y2_0 = fma(vec4f(a9_0[2]), b9_0, y2_0);
    y3_0 = fma(vec4f(a9_0[3]), b9_0, y3_0);
    let a10_0 = tile[ty + 80u];
    let b10_0 = tile[tx + 208u];
    y0_0 = fma(vec4f(a10_0[0]), b10_0, y0_0);
    y1_0 = fma(vec4f(a10_0[1]), b10_0, y1_0);
    y2_0 = fma(vec4f(a10_0[2]), b10_0, y2_0);
    y3_0 = fma(vec4f(a10_0[3]), b10_0, y3_0);
    let a11_0 = tile[ty + 88u];
    let b11_0 = tile[tx + 216u];
    y0_0 = fma(vec4f(a11_0[0]), b11_0, y0_0);
    y1_0 = fma(vec4f(a11_0[1]), b11_0, y1_0);
    y2_0 = fma(vec4f(a11_0[2]), b11_0, y2_0);
    y3_0 = fma(vec4f(a11_0[3]), b11_0, y3_0);
    let a12_0 = tile[ty + 96u];
    let b12_0 = tile[tx + 224u];
    y0_0 = fma(vec4f(a12_0[0]), b12_0, y0_0);
    y1_0 = fma(vec4f(a12_0[1]), b12_0, y1_0);
    y2_0 = fma(vec4f(a12_0[2]), b12_0, y2_0);
    y3_0 = fma(vec4f(a12_0[3]), b12_0, y3_0);
    let a13_0 = tile[ty + 104u];
    let b13_0 = tile[tx + 232u];
    y0_0 = fma(vec4f(a13_0[0]), b13_0, y0_0);
    y1_0 = fma(vec4f(a13_0[1]), b13_0, y1_0);
    y2_0 = fma(vec4f(a13_0[2]), b13_0, y2_0);
    y3_0 = fma(vec4f(a13_0[3]), b13_0, y3_0);
    let a14_0 = tile[ty + 112u];
    let b14_0 = tile[tx + 240u];
    y0_0 = fma(vec4f(a14_0[0]), b14_0, y0_0);
    y1_0 = fma(vec4f(a14_0[1]), b14_0, y1_0);
    y2_0 = fma(vec4f(a14_0[2]), b14_0, y2_0);
    y3_0 = fma(vec4f(a14_0[3]), b14_0, y3_0);
    let a15_0 = tile[ty + 120u];
    let b15_0 = tile[tx + 248u];
    y0_0 = fma(vec4f(a15_0[0]), b15_0, y0_0);
    y1_0 = fma(vec4f(a15_0[1]), b15_0, y1_0);
    y2_0 = fma(vec4f(a15_0[2]), b15_0, y2_0);
    y3_0 = fma(vec4f(a15_0[3]), b15_0, y3_0);
  }
  let row0 = tile_row + 4u * (ty + 0u) + 0u;
  end_sheet(sheet, row0, tile_column + 4u * (tx + 0u), y0_0);
  let row1 = tile_row + 4u * (ty + 0u) + 1u;
  end_sheet(sheet, row1, tile_column + 4u * (tx + 0u), y1_0);
  let row2 = tile_row + 4u * (ty + 0u) + 2u;
  end_sheet(sheet, row2, tile_column + 4u * (tx + 0u), y2_0);
  let row3 = tile_row + 4u * (ty + 0u) + 3u;
  end_sheet(sheet, row3, tile_column + 4u * (tx + 0u), y3_0);
}

// Matrix product Y = op(A)·op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is gemm_ending.wgsl's.
//
// A workgroup of 2·SIDE invocations makes a square tile of SIDE×SIDE outputs, 4·VROWS × 4·VCOLS an invocation, and
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
// With SPLIT the workgroups also divide K: sheet s of y [splits, M, N] is the product over the s-th `chunk` of K,
// and gemm_sum.wgsl adds the sheets up.

struct Params { m: u32, n: u32, k: u32, add: u32, chunk: u32 }

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, ${8 * SIDE}>;

// Four neighbours in a row of A as it is stored; beyond its edges, some of its values.
fn four_a(row: u32, column: u32) -> vec4f {
  //#if TN
  let rows = p.k; let columns = p.m;
  //#else
  let rows = p.m; let columns = p.k;
  //#end
  let first = min(row, rows - 1u) * columns;
  //#if VECTOR_A
  return vec4f(a[(first + min(column, columns - 4u)) / 4u]);
  //#else
  let last = columns - 1u;
  return vec4f(
    f32(a[first + min(column, last)]), f32(a[first + min(column + 1u, last)]),
    f32(a[first + min(column + 2u, last)]), f32(a[first + min(column + 3u, last)]));
  //#end
}

// The same of B.
fn four_b(row: u32, column: u32) -> vec4f {
  //#if NT
  let rows = p.n; let columns = p.k;
  //#else
  let rows = p.k; let columns = p.n;
  //#end
  let first = min(row, rows - 1u) * columns;
  //#if VECTOR_B
  return vec4f(b[(first + min(column, columns - 4u)) / 4u]);
  //#else
  let last = columns - 1u;
  return vec4f(
    f32(b[first + min(column, last)]), f32(b[first + min(column + 1u, last)]),
    f32(b[first + min(column + 2u, last)]), f32(b[first + min(column + 3u, last)]));
  //#end
}

// A block as it is stored: four rows of op(A) or columns of op(B), from `side`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return mat4x4f(four_a(k, side), four_a(k + 1u, side), four_a(k + 2u, side), four_a(k + 3u, side));
    //#else
    return mat4x4f(four_a(side, k), four_a(side + 1u, k), four_a(side + 2u, k), four_a(side + 3u, k));
    //#end
  }
  //#if NT
  return mat4x4f(four_b(side, k), four_b(side + 1u, k), four_b(side + 2u, k), four_b(side + 3u, k));
  //#else
  return mat4x4f(four_b(k, side), four_b(k + 1u, side), four_b(k + 2u, side), four_b(k + 3u, side));
  //#end
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#else
  //#if TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end
  //#end
}

@compute @workgroup_size(${2 * SIDE})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + ${SIDE - 1}u) / ${SIDE}u;
  let down = (p.m + ${SIDE - 1}u) / ${SIDE}u;
  let index = group.x + group.y * groups.x;
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
  //#end
  //#end
  var block = fetch(of_a, side, first + block_k);
  for (var k = first; k < end_k; k += 16u) {
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + ${q * SIDE / 4}u] = select(vec4f(), block[${q}], k + block_k + ${q}u < end_k);
    //#end
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a${k}_${r} = tile[ty + ${k * SIDE / 4 + r * DOWN}u];
    //#end
    //#repeat c VCOLS
    let b${k}_${c} = tile[tx + ${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end
    //#repeat r ROWS
    //#repeat c VCOLS
    y${r}_${c} = fma(vec4f(a${k}_${r / 4}[${r % 4}]), b${k}_${c}, y${r}_${c});
    //#end
    //#end
    //#end
  }
  //#repeat r ROWS
  //#repeat c VCOLS
  end_sheet(sheet, tile_row + 4u * (ty + ${r / 4 * DOWN}u) + ${r % 4}u, tile_column + 4u * (tx + ${c * ACROSS}u), y${r}_${c});
  //#end
  //#end
}

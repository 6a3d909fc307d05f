// gemm_nn_long: gemm (NN M4 N4 K49152 bias) for a cpu, 1×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias a_t = f32; alias a_t4 = vec4f;
alias b_t = f32; alias b_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
alias a_texture = texture_storage_2d<rgba32float, read>;
alias b_texture = texture_storage_2d<rgba32float, read>;
fn load_a(i: u32) -> vec4f { return textureLoad(a, vec2u(i & 255u, i >> 8u)); }
fn load_b(i: u32) -> vec4f { return textureLoad(b, vec2u(i & 255u, i >> 8u)); }
// Matrix product Y = op(A)·op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]·B[N,K]ᵀ   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]·B[K,N]    its input gradient  dX = dY·W
//   TN: Y[M,N] = A[K,M]ᵀ·B[K,N]   its weight gradient dW = dYᵀ·X
//
// One invocation holds a tile of ROWS×COLS outputs (COLS = 4·VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
  m: u32, n: u32, k: u32, add: u32,
}

@group(0) @binding(0) var a: a_texture;
@group(0) @binding(1) var b: b_texture;
@group(0) @binding(4) var<storage, read> params: Params; var<private> p: Params;

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 8u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// How a matrix product ends.
//
//   z = scale·product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform `p` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
alias T = vec4f;
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;

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
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
}

@compute @workgroup_size(8)
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let tile = item_index(id, groups);
  let across = (p.n + 8u - 1u) / 8u;
  let row = (tile / across) * 8u;
  let column = (tile % across) * 8u;
  if (row >= p.m) { return; }

  var y0_0 = vec4f();
  var y0_1 = vec4f();
  var y1_0 = vec4f();
  var y1_1 = vec4f();
  var y2_0 = vec4f();
  var y2_1 = vec4f();
  var y3_0 = vec4f();
  var y3_1 = vec4f();
  var y4_0 = vec4f();
  var y4_1 = vec4f();
  var y5_0 = vec4f();
  var y5_1 = vec4f();
  var y6_0 = vec4f();
  var y6_1 = vec4f();
  var y7_0 = vec4f();
  var y7_1 = vec4f();
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  let a_first = 0u;
  let b_first = 0u;
  let a_pitch = k4;
  let b_pitch = p.n / 4u;
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  let ra0 = a_first + min(row + 0u, p.m - 1u) * a_pitch;
  let ra1 = a_first + min(row + 1u, p.m - 1u) * a_pitch;
  let ra2 = a_first + min(row + 2u, p.m - 1u) * a_pitch;
  let ra3 = a_first + min(row + 3u, p.m - 1u) * a_pitch;
  let ra4 = a_first + min(row + 4u, p.m - 1u) * a_pitch;
  let ra5 = a_first + min(row + 5u, p.m - 1u) * a_pitch;
  let ra6 = a_first + min(row + 6u, p.m - 1u) * a_pitch;
  let ra7 = a_first + min(row + 7u, p.m - 1u) * a_pitch;
  let cb0 = b_first + min(column / 4u + 0u, p.n / 4u - 1u);
  let cb1 = b_first + min(column / 4u + 1u, p.n / 4u - 1u);
  var sum0_0 = vec4f();
  var sum0_1 = vec4f();
  var sum1_0 = vec4f();
  var sum1_1 = vec4f();
  var sum2_0 = vec4f();
  var sum2_1 = vec4f();
  var sum3_0 = vec4f();
  var sum3_1 = vec4f();
  var sum4_0 = vec4f();
  var sum4_1 = vec4f();
  var sum5_0 = vec4f();
  var sum5_1 = vec4f();
  var sum6_0 = vec4f();
  var sum6_1 = vec4f();
  var sum7_0 = vec4f();
  var sum7_1 = vec4f();
  for (var first = 0u; first < k4; first += 64u) {
  for (var k = first; k < min(first + 64u, k4); k++) {
    // a: the tile's rows, a vec4 along k each.
    let a0 = load_a(ra0 + k);
    let a1 = load_a(ra1 + k);
    let a2 = load_a(ra2 + k);
    let a3 = load_a(ra3 + k);
    let a4 = load_a(ra4 + k);
    let a5 = load_a(ra5 + k);
    let a6 = load_a(ra6 + k);
    let a7 = load_a(ra7 + k);
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    let b0 = mat4x4f(
      load_b(4u * k * b_pitch + cb0), load_b((4u * k + 1u) * b_pitch + cb0),
      load_b((4u * k + 2u) * b_pitch + cb0), load_b((4u * k + 3u) * b_pitch + cb0));
    // Four columns of a row, four k.
    y0_0 = fma(vec4f(a0.x), b0[0], y0_0);
    y0_0 = fma(vec4f(a0.y), b0[1], y0_0);
    y0_0 = fma(vec4f(a0.z), b0[2], y0_0);
    y0_0 = fma(vec4f(a0.w), b0[3], y0_0);
    // Four columns of a row, four k.
    y1_0 = fma(vec4f(a1.x), b0[0], y1_0);
    y1_0 = fma(vec4f(a1.y), b0[1], y1_0);
    y1_0 = fma(vec4f(a1.z), b0[2], y1_0);
    y1_0 = fma(vec4f(a1.w), b0[3], y1_0);
    // Four columns of a row, four k.
    y2_0 = fma(vec4f(a2.x), b0[0], y2_0);
    y2_0 = fma(vec4f(a2.y), b0[1], y2_0);
    y2_0 = fma(vec4f(a2.z), b0[2], y2_0);
    y2_0 = fma(vec4f(a2.w), b0[3], y2_0);
    // Four columns of a row, four k.
    y3_0 = fma(vec4f(a3.x), b0[0], y3_0);
    y3_0 = fma(vec4f(a3.y), b0[1], y3_0);
    y3_0 = fma(vec4f(a3.z), b0[2], y3_0);
    y3_0 = fma(vec4f(a3.w), b0[3], y3_0);
    // Four columns of a row, four k.
    y4_0 = fma(vec4f(a4.x), b0[0], y4_0);
    y4_0 = fma(vec4f(a4.y), b0[1], y4_0);
    y4_0 = fma(vec4f(a4.z), b0[2], y4_0);
    y4_0 = fma(vec4f(a4.w), b0[3], y4_0);
    // Four columns of a row, four k.
    y5_0 = fma(vec4f(a5.x), b0[0], y5_0);
    y5_0 = fma(vec4f(a5.y), b0[1], y5_0);
    y5_0 = fma(vec4f(a5.z), b0[2], y5_0);
    y5_0 = fma(vec4f(a5.w), b0[3], y5_0);
    // Four columns of a row, four k.
    y6_0 = fma(vec4f(a6.x), b0[0], y6_0);
    y6_0 = fma(vec4f(a6.y), b0[1], y6_0);
    y6_0 = fma(vec4f(a6.z), b0[2], y6_0);
    y6_0 = fma(vec4f(a6.w), b0[3], y6_0);
    // Four columns of a row, four k.
    y7_0 = fma(vec4f(a7.x), b0[0], y7_0);
    y7_0 = fma(vec4f(a7.y), b0[1], y7_0);
    y7_0 = fma(vec4f(a7.z), b0[2], y7_0);
    y7_0 = fma(vec4f(a7.w), b0[3], y7_0);
    let b1 = mat4x4f(
      load_b(4u * k * b_pitch + cb1), load_b((4u * k + 1u) * b_pitch + cb1),
      load_b((4u * k + 2u) * b_pitch + cb1), load_b((4u * k + 3u) * b_pitch + cb1));
    // Four columns of a row, four k.
    y0_1 = fma(vec4f(a0.x), b1[0], y0_1);
    y0_1 = fma(vec4f(a0.y), b1[1], y0_1);
    y0_1 = fma(vec4f(a0.z), b1[2], y0_1);
    y0_1 = fma(vec4f(a0.w), b1[3], y0_1);
    // Four columns of a row, four k.
    y1_1 = fma(vec4f(a1.x), b1[0], y1_1);
    y1_1 = fma(vec4f(a1.y), b1[1], y1_1);
    y1_1 = fma(vec4f(a1.z), b1[2], y1_1);
    y1_1 = fma(vec4f(a1.w), b1[3], y1_1);
    // Four columns of a row, four k.
    y2_1 = fma(vec4f(a2.x), b1[0], y2_1);
    y2_1 = fma(vec4f(a2.y), b1[1], y2_1);
    y2_1 = fma(vec4f(a2.z), b1[2], y2_1);
    y2_1 = fma(vec4f(a2.w), b1[3], y2_1);
    // Four columns of a row, four k.
    y3_1 = fma(vec4f(a3.x), b1[0], y3_1);
    y3_1 = fma(vec4f(a3.y), b1[1], y3_1);
    y3_1 = fma(vec4f(a3.z), b1[2], y3_1);
    y3_1 = fma(vec4f(a3.w), b1[3], y3_1);
    // Four columns of a row, four k.
    y4_1 = fma(vec4f(a4.x), b1[0], y4_1);
    y4_1 = fma(vec4f(a4.y), b1[1], y4_1);
    y4_1 = fma(vec4f(a4.z), b1[2], y4_1);
    y4_1 = fma(vec4f(a4.w), b1[3], y4_1);
    // Four columns of a row, four k.
    y5_1 = fma(vec4f(a5.x), b1[0], y5_1);
    y5_1 = fma(vec4f(a5.y), b1[1], y5_1);
    y5_1 = fma(vec4f(a5.z), b1[2], y5_1);
    y5_1 = fma(vec4f(a5.w), b1[3], y5_1);
    // Four columns of a row, four k.
    y6_1 = fma(vec4f(a6.x), b1[0], y6_1);
    y6_1 = fma(vec4f(a6.y), b1[1], y6_1);
    y6_1 = fma(vec4f(a6.z), b1[2], y6_1);
    y6_1 = fma(vec4f(a6.w), b1[3], y6_1);
    // Four columns of a row, four k.
    y7_1 = fma(vec4f(a7.x), b1[0], y7_1);
    y7_1 = fma(vec4f(a7.y), b1[1], y7_1);
    y7_1 = fma(vec4f(a7.z), b1[2], y7_1);
    y7_1 = fma(vec4f(a7.w), b1[3], y7_1);
  }
  sum0_0 += y0_0;
  y0_0 = vec4f();
  sum0_1 += y0_1;
  y0_1 = vec4f();
  sum1_0 += y1_0;
  y1_0 = vec4f();
  sum1_1 += y1_1;
  y1_1 = vec4f();
  sum2_0 += y2_0;
  y2_0 = vec4f();
  sum2_1 += y2_1;
  y2_1 = vec4f();
  sum3_0 += y3_0;
  y3_0 = vec4f();
  sum3_1 += y3_1;
  y3_1 = vec4f();
  sum4_0 += y4_0;
  y4_0 = vec4f();
  sum4_1 += y4_1;
  y4_1 = vec4f();
  sum5_0 += y5_0;
  y5_0 = vec4f();
  sum5_1 += y5_1;
  y5_1 = vec4f();
  sum6_0 += y6_0;
  y6_0 = vec4f();
  sum6_1 += y6_1;
  y6_1 = vec4f();
  sum7_0 += y7_0;
  y7_0 = vec4f();
  sum7_1 += y7_1;
  y7_1 = vec4f();
  }
  end(row + 0u, column + 0u, sum0_0);
  end(row + 0u, column + 4u, sum0_1);
  end(row + 1u, column + 0u, sum1_0);
  end(row + 1u, column + 4u, sum1_1);
  end(row + 2u, column + 0u, sum2_0);
  end(row + 2u, column + 4u, sum2_1);
  end(row + 3u, column + 0u, sum3_0);
  end(row + 3u, column + 4u, sum3_1);
  end(row + 4u, column + 0u, sum4_0);
  end(row + 4u, column + 4u, sum4_1);
  end(row + 5u, column + 0u, sum5_0);
  end(row + 5u, column + 4u, sum5_1);
  end(row + 6u, column + 0u, sum6_0);
  end(row + 6u, column + 4u, sum6_1);
  end(row + 7u, column + 0u, sum7_0);
  end(row + 7u, column + 4u, sum7_1);
}

// gemm_tn_buffers_f16: gemm (TN M64 N64 K64) for a cpu, 2×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
enable f16;
alias a_t = f16; alias a_t4 = vec4<f16>;
alias b_t = f16; alias b_t4 = vec4<f16>;
alias y_t = f16; alias y_t4 = vec4<f16>;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
fn load_a(i: u32) -> vec4f { return vec4f(a[i]); }
fn load_b(i: u32) -> vec4f { return vec4f(b[i]); }
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

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(3) var<storage, read> params: Params; var<private> p: Params;

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

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
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
  let across = (p.n + 16u - 1u) / 16u;
  let row = (tile / across) * 16u;
  let column = (tile % across) * 16u;
  if (row >= p.m) { return; }

  var y0_0 = vec4f();
  var y0_1 = vec4f();
  var y0_2 = vec4f();
  var y0_3 = vec4f();
  var y1_0 = vec4f();
  var y1_1 = vec4f();
  var y1_2 = vec4f();
  var y1_3 = vec4f();
  var y2_0 = vec4f();
  var y2_1 = vec4f();
  var y2_2 = vec4f();
  var y2_3 = vec4f();
  var y3_0 = vec4f();
  var y3_1 = vec4f();
  var y3_2 = vec4f();
  var y3_3 = vec4f();
  var y4_0 = vec4f();
  var y4_1 = vec4f();
  var y4_2 = vec4f();
  var y4_3 = vec4f();
  var y5_0 = vec4f();
  var y5_1 = vec4f();
  var y5_2 = vec4f();
  var y5_3 = vec4f();
  var y6_0 = vec4f();
  var y6_1 = vec4f();
  var y6_2 = vec4f();
  var y6_3 = vec4f();
  var y7_0 = vec4f();
  var y7_1 = vec4f();
  var y7_2 = vec4f();
  var y7_3 = vec4f();
  var y8_0 = vec4f();
  var y8_1 = vec4f();
  var y8_2 = vec4f();
  var y8_3 = vec4f();
  var y9_0 = vec4f();
  var y9_1 = vec4f();
  var y9_2 = vec4f();
  var y9_3 = vec4f();
  var y10_0 = vec4f();
  var y10_1 = vec4f();
  var y10_2 = vec4f();
  var y10_3 = vec4f();
  var y11_0 = vec4f();
  var y11_1 = vec4f();
  var y11_2 = vec4f();
  var y11_3 = vec4f();
  var y12_0 = vec4f();
  var y12_1 = vec4f();
  var y12_2 = vec4f();
  var y12_3 = vec4f();
  var y13_0 = vec4f();
  var y13_1 = vec4f();
  var y13_2 = vec4f();
  var y13_3 = vec4f();
  var y14_0 = vec4f();
  var y14_1 = vec4f();
  var y14_2 = vec4f();
  var y14_3 = vec4f();
  var y15_0 = vec4f();
  var y15_1 = vec4f();
  var y15_2 = vec4f();
  var y15_3 = vec4f();
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  let a_first = 0u;
  let b_first = 0u;
  let a_pitch = p.m / 4u;
  let b_pitch = p.n / 4u;
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  let ra0 = a_first + min(row / 4u + 0u, p.m / 4u - 1u);
  let ra1 = a_first + min(row / 4u + 1u, p.m / 4u - 1u);
  let ra2 = a_first + min(row / 4u + 2u, p.m / 4u - 1u);
  let ra3 = a_first + min(row / 4u + 3u, p.m / 4u - 1u);
  let cb0 = b_first + min(column / 4u + 0u, p.n / 4u - 1u);
  let cb1 = b_first + min(column / 4u + 1u, p.n / 4u - 1u);
  let cb2 = b_first + min(column / 4u + 2u, p.n / 4u - 1u);
  let cb3 = b_first + min(column / 4u + 3u, p.n / 4u - 1u);
  for (var k = 0u; k < k4; k++) {
    // a: the tile's rows, a vec4 along k each.
    let ta0 = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra0), load_a((4u * k + 1u) * a_pitch + ra0),
      load_a((4u * k + 2u) * a_pitch + ra0), load_a((4u * k + 3u) * a_pitch + ra0)));
    let ta1 = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra1), load_a((4u * k + 1u) * a_pitch + ra1),
      load_a((4u * k + 2u) * a_pitch + ra1), load_a((4u * k + 3u) * a_pitch + ra1)));
    let ta2 = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra2), load_a((4u * k + 1u) * a_pitch + ra2),
      load_a((4u * k + 2u) * a_pitch + ra2), load_a((4u * k + 3u) * a_pitch + ra2)));
    let ta3 = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra3), load_a((4u * k + 1u) * a_pitch + ra3),
      load_a((4u * k + 2u) * a_pitch + ra3), load_a((4u * k + 3u) * a_pitch + ra3)));
    let a0 = ta0[0];
    let a1 = ta0[1];
    let a2 = ta0[2];
    let a3 = ta0[3];
    let a4 = ta1[0];
    let a5 = ta1[1];
    let a6 = ta1[2];
    let a7 = ta1[3];
    let a8 = ta2[0];
    let a9 = ta2[1];
    let a10 = ta2[2];
    let a11 = ta2[3];
    let a12 = ta3[0];
    let a13 = ta3[1];
    let a14 = ta3[2];
    let a15 = ta3[3];
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
    // Four columns of a row, four k.
    y8_0 = fma(vec4f(a8.x), b0[0], y8_0);
    y8_0 = fma(vec4f(a8.y), b0[1], y8_0);
    y8_0 = fma(vec4f(a8.z), b0[2], y8_0);
    y8_0 = fma(vec4f(a8.w), b0[3], y8_0);
    // Four columns of a row, four k.
    y9_0 = fma(vec4f(a9.x), b0[0], y9_0);
    y9_0 = fma(vec4f(a9.y), b0[1], y9_0);
    y9_0 = fma(vec4f(a9.z), b0[2], y9_0);
    y9_0 = fma(vec4f(a9.w), b0[3], y9_0);
    // Four columns of a row, four k.
    y10_0 = fma(vec4f(a10.x), b0[0], y10_0);
    y10_0 = fma(vec4f(a10.y), b0[1], y10_0);
    y10_0 = fma(vec4f(a10.z), b0[2], y10_0);
    y10_0 = fma(vec4f(a10.w), b0[3], y10_0);
    // Four columns of a row, four k.
    y11_0 = fma(vec4f(a11.x), b0[0], y11_0);
    y11_0 = fma(vec4f(a11.y), b0[1], y11_0);
    y11_0 = fma(vec4f(a11.z), b0[2], y11_0);
    y11_0 = fma(vec4f(a11.w), b0[3], y11_0);
    // Four columns of a row, four k.
    y12_0 = fma(vec4f(a12.x), b0[0], y12_0);
    y12_0 = fma(vec4f(a12.y), b0[1], y12_0);
    y12_0 = fma(vec4f(a12.z), b0[2], y12_0);
    y12_0 = fma(vec4f(a12.w), b0[3], y12_0);
    // Four columns of a row, four k.
    y13_0 = fma(vec4f(a13.x), b0[0], y13_0);
    y13_0 = fma(vec4f(a13.y), b0[1], y13_0);
    y13_0 = fma(vec4f(a13.z), b0[2], y13_0);
    y13_0 = fma(vec4f(a13.w), b0[3], y13_0);
    // Four columns of a row, four k.
    y14_0 = fma(vec4f(a14.x), b0[0], y14_0);
    y14_0 = fma(vec4f(a14.y), b0[1], y14_0);
    y14_0 = fma(vec4f(a14.z), b0[2], y14_0);
    y14_0 = fma(vec4f(a14.w), b0[3], y14_0);
    // Four columns of a row, four k.
    y15_0 = fma(vec4f(a15.x), b0[0], y15_0);
    y15_0 = fma(vec4f(a15.y), b0[1], y15_0);
    y15_0 = fma(vec4f(a15.z), b0[2], y15_0);
    y15_0 = fma(vec4f(a15.w), b0[3], y15_0);
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
    // Four columns of a row, four k.
    y8_1 = fma(vec4f(a8.x), b1[0], y8_1);
    y8_1 = fma(vec4f(a8.y), b1[1], y8_1);
    y8_1 = fma(vec4f(a8.z), b1[2], y8_1);
    y8_1 = fma(vec4f(a8.w), b1[3], y8_1);
    // Four columns of a row, four k.
    y9_1 = fma(vec4f(a9.x), b1[0], y9_1);
    y9_1 = fma(vec4f(a9.y), b1[1], y9_1);
    y9_1 = fma(vec4f(a9.z), b1[2], y9_1);
    y9_1 = fma(vec4f(a9.w), b1[3], y9_1);
    // Four columns of a row, four k.
    y10_1 = fma(vec4f(a10.x), b1[0], y10_1);
    y10_1 = fma(vec4f(a10.y), b1[1], y10_1);
    y10_1 = fma(vec4f(a10.z), b1[2], y10_1);
    y10_1 = fma(vec4f(a10.w), b1[3], y10_1);
    // Four columns of a row, four k.
    y11_1 = fma(vec4f(a11.x), b1[0], y11_1);
    y11_1 = fma(vec4f(a11.y), b1[1], y11_1);
    y11_1 = fma(vec4f(a11.z), b1[2], y11_1);
    y11_1 = fma(vec4f(a11.w), b1[3], y11_1);
    // Four columns of a row, four k.
    y12_1 = fma(vec4f(a12.x), b1[0], y12_1);
    y12_1 = fma(vec4f(a12.y), b1[1], y12_1);
    y12_1 = fma(vec4f(a12.z), b1[2], y12_1);
    y12_1 = fma(vec4f(a12.w), b1[3], y12_1);
    // Four columns of a row, four k.
    y13_1 = fma(vec4f(a13.x), b1[0], y13_1);
    y13_1 = fma(vec4f(a13.y), b1[1], y13_1);
    y13_1 = fma(vec4f(a13.z), b1[2], y13_1);
    y13_1 = fma(vec4f(a13.w), b1[3], y13_1);
    // Four columns of a row, four k.
    y14_1 = fma(vec4f(a14.x), b1[0], y14_1);
    y14_1 = fma(vec4f(a14.y), b1[1], y14_1);
    y14_1 = fma(vec4f(a14.z), b1[2], y14_1);
    y14_1 = fma(vec4f(a14.w), b1[3], y14_1);
    // Four columns of a row, four k.
    y15_1 = fma(vec4f(a15.x), b1[0], y15_1);
    y15_1 = fma(vec4f(a15.y), b1[1], y15_1);
    y15_1 = fma(vec4f(a15.z), b1[2], y15_1);
    y15_1 = fma(vec4f(a15.w), b1[3], y15_1);
    let b2 = mat4x4f(
      load_b(4u * k * b_pitch + cb2), load_b((4u * k + 1u) * b_pitch + cb2),
      load_b((4u * k + 2u) * b_pitch + cb2), load_b((4u * k + 3u) * b_pitch + cb2));
    // Four columns of a row, four k.
    y0_2 = fma(vec4f(a0.x), b2[0], y0_2);
    y0_2 = fma(vec4f(a0.y), b2[1], y0_2);
    y0_2 = fma(vec4f(a0.z), b2[2], y0_2);
    y0_2 = fma(vec4f(a0.w), b2[3], y0_2);
    // Four columns of a row, four k.
    y1_2 = fma(vec4f(a1.x), b2[0], y1_2);
    y1_2 = fma(vec4f(a1.y), b2[1], y1_2);
    y1_2 = fma(vec4f(a1.z), b2[2], y1_2);
    y1_2 = fma(vec4f(a1.w), b2[3], y1_2);
    // Four columns of a row, four k.
    y2_2 = fma(vec4f(a2.x), b2[0], y2_2);
    y2_2 = fma(vec4f(a2.y), b2[1], y2_2);
    y2_2 = fma(vec4f(a2.z), b2[2], y2_2);
    y2_2 = fma(vec4f(a2.w), b2[3], y2_2);
    // Four columns of a row, four k.
    y3_2 = fma(vec4f(a3.x), b2[0], y3_2);
    y3_2 = fma(vec4f(a3.y), b2[1], y3_2);
    y3_2 = fma(vec4f(a3.z), b2[2], y3_2);
    y3_2 = fma(vec4f(a3.w), b2[3], y3_2);
    // Four columns of a row, four k.
    y4_2 = fma(vec4f(a4.x), b2[0], y4_2);
    y4_2 = fma(vec4f(a4.y), b2[1], y4_2);
    y4_2 = fma(vec4f(a4.z), b2[2], y4_2);
    y4_2 = fma(vec4f(a4.w), b2[3], y4_2);
    // Four columns of a row, four k.
    y5_2 = fma(vec4f(a5.x), b2[0], y5_2);
    y5_2 = fma(vec4f(a5.y), b2[1], y5_2);
    y5_2 = fma(vec4f(a5.z), b2[2], y5_2);
    y5_2 = fma(vec4f(a5.w), b2[3], y5_2);
    // Four columns of a row, four k.
    y6_2 = fma(vec4f(a6.x), b2[0], y6_2);
    y6_2 = fma(vec4f(a6.y), b2[1], y6_2);
    y6_2 = fma(vec4f(a6.z), b2[2], y6_2);
    y6_2 = fma(vec4f(a6.w), b2[3], y6_2);
    // Four columns of a row, four k.
    y7_2 = fma(vec4f(a7.x), b2[0], y7_2);
    y7_2 = fma(vec4f(a7.y), b2[1], y7_2);
    y7_2 = fma(vec4f(a7.z), b2[2], y7_2);
    y7_2 = fma(vec4f(a7.w), b2[3], y7_2);
    // Four columns of a row, four k.
    y8_2 = fma(vec4f(a8.x), b2[0], y8_2);
    y8_2 = fma(vec4f(a8.y), b2[1], y8_2);
    y8_2 = fma(vec4f(a8.z), b2[2], y8_2);
    y8_2 = fma(vec4f(a8.w), b2[3], y8_2);
    // Four columns of a row, four k.
    y9_2 = fma(vec4f(a9.x), b2[0], y9_2);
    y9_2 = fma(vec4f(a9.y), b2[1], y9_2);
    y9_2 = fma(vec4f(a9.z), b2[2], y9_2);
    y9_2 = fma(vec4f(a9.w), b2[3], y9_2);
    // Four columns of a row, four k.
    y10_2 = fma(vec4f(a10.x), b2[0], y10_2);
    y10_2 = fma(vec4f(a10.y), b2[1], y10_2);
    y10_2 = fma(vec4f(a10.z), b2[2], y10_2);
    y10_2 = fma(vec4f(a10.w), b2[3], y10_2);
    // Four columns of a row, four k.
    y11_2 = fma(vec4f(a11.x), b2[0], y11_2);
    y11_2 = fma(vec4f(a11.y), b2[1], y11_2);
    y11_2 = fma(vec4f(a11.z), b2[2], y11_2);
    y11_2 = fma(vec4f(a11.w), b2[3], y11_2);
    // Four columns of a row, four k.
    y12_2 = fma(vec4f(a12.x), b2[0], y12_2);
    y12_2 = fma(vec4f(a12.y), b2[1], y12_2);
    y12_2 = fma(vec4f(a12.z), b2[2], y12_2);
    y12_2 = fma(vec4f(a12.w), b2[3], y12_2);
    // Four columns of a row, four k.
    y13_2 = fma(vec4f(a13.x), b2[0], y13_2);
    y13_2 = fma(vec4f(a13.y), b2[1], y13_2);
    y13_2 = fma(vec4f(a13.z), b2[2], y13_2);
    y13_2 = fma(vec4f(a13.w), b2[3], y13_2);
    // Four columns of a row, four k.
    y14_2 = fma(vec4f(a14.x), b2[0], y14_2);
    y14_2 = fma(vec4f(a14.y), b2[1], y14_2);
    y14_2 = fma(vec4f(a14.z), b2[2], y14_2);
    y14_2 = fma(vec4f(a14.w), b2[3], y14_2);
    // Four columns of a row, four k.
    y15_2 = fma(vec4f(a15.x), b2[0], y15_2);
    y15_2 = fma(vec4f(a15.y), b2[1], y15_2);
    y15_2 = fma(vec4f(a15.z), b2[2], y15_2);
    y15_2 = fma(vec4f(a15.w), b2[3], y15_2);
    let b3 = mat4x4f(
      load_b(4u * k * b_pitch + cb3), load_b((4u * k + 1u) * b_pitch + cb3),
      load_b((4u * k + 2u) * b_pitch + cb3), load_b((4u * k + 3u) * b_pitch + cb3));
    // Four columns of a row, four k.
    y0_3 = fma(vec4f(a0.x), b3[0], y0_3);
    y0_3 = fma(vec4f(a0.y), b3[1], y0_3);
    y0_3 = fma(vec4f(a0.z), b3[2], y0_3);
    y0_3 = fma(vec4f(a0.w), b3[3], y0_3);
    // Four columns of a row, four k.
    y1_3 = fma(vec4f(a1.x), b3[0], y1_3);
    y1_3 = fma(vec4f(a1.y), b3[1], y1_3);
    y1_3 = fma(vec4f(a1.z), b3[2], y1_3);
    y1_3 = fma(vec4f(a1.w), b3[3], y1_3);
    // Four columns of a row, four k.
    y2_3 = fma(vec4f(a2.x), b3[0], y2_3);
    y2_3 = fma(vec4f(a2.y), b3[1], y2_3);
    y2_3 = fma(vec4f(a2.z), b3[2], y2_3);
    y2_3 = fma(vec4f(a2.w), b3[3], y2_3);
    // Four columns of a row, four k.
    y3_3 = fma(vec4f(a3.x), b3[0], y3_3);
    y3_3 = fma(vec4f(a3.y), b3[1], y3_3);
    y3_3 = fma(vec4f(a3.z), b3[2], y3_3);
    y3_3 = fma(vec4f(a3.w), b3[3], y3_3);
    // Four columns of a row, four k.
    y4_3 = fma(vec4f(a4.x), b3[0], y4_3);
    y4_3 = fma(vec4f(a4.y), b3[1], y4_3);
    y4_3 = fma(vec4f(a4.z), b3[2], y4_3);
    y4_3 = fma(vec4f(a4.w), b3[3], y4_3);
    // Four columns of a row, four k.
    y5_3 = fma(vec4f(a5.x), b3[0], y5_3);
    y5_3 = fma(vec4f(a5.y), b3[1], y5_3);
    y5_3 = fma(vec4f(a5.z), b3[2], y5_3);
    y5_3 = fma(vec4f(a5.w), b3[3], y5_3);
    // Four columns of a row, four k.
    y6_3 = fma(vec4f(a6.x), b3[0], y6_3);
    y6_3 = fma(vec4f(a6.y), b3[1], y6_3);
    y6_3 = fma(vec4f(a6.z), b3[2], y6_3);
    y6_3 = fma(vec4f(a6.w), b3[3], y6_3);
    // Four columns of a row, four k.
    y7_3 = fma(vec4f(a7.x), b3[0], y7_3);
    y7_3 = fma(vec4f(a7.y), b3[1], y7_3);
    y7_3 = fma(vec4f(a7.z), b3[2], y7_3);
    y7_3 = fma(vec4f(a7.w), b3[3], y7_3);
    // Four columns of a row, four k.
    y8_3 = fma(vec4f(a8.x), b3[0], y8_3);
    y8_3 = fma(vec4f(a8.y), b3[1], y8_3);
    y8_3 = fma(vec4f(a8.z), b3[2], y8_3);
    y8_3 = fma(vec4f(a8.w), b3[3], y8_3);
    // Four columns of a row, four k.
    y9_3 = fma(vec4f(a9.x), b3[0], y9_3);
    y9_3 = fma(vec4f(a9.y), b3[1], y9_3);
    y9_3 = fma(vec4f(a9.z), b3[2], y9_3);
    y9_3 = fma(vec4f(a9.w), b3[3], y9_3);
    // Four columns of a row, four k.
    y10_3 = fma(vec4f(a10.x), b3[0], y10_3);
    y10_3 = fma(vec4f(a10.y), b3[1], y10_3);
    y10_3 = fma(vec4f(a10.z), b3[2], y10_3);
    y10_3 = fma(vec4f(a10.w), b3[3], y10_3);
    // Four columns of a row, four k.
    y11_3 = fma(vec4f(a11.x), b3[0], y11_3);
    y11_3 = fma(vec4f(a11.y), b3[1], y11_3);
    y11_3 = fma(vec4f(a11.z), b3[2], y11_3);
    y11_3 = fma(vec4f(a11.w), b3[3], y11_3);
    // Four columns of a row, four k.
    y12_3 = fma(vec4f(a12.x), b3[0], y12_3);
    y12_3 = fma(vec4f(a12.y), b3[1], y12_3);
    y12_3 = fma(vec4f(a12.z), b3[2], y12_3);
    y12_3 = fma(vec4f(a12.w), b3[3], y12_3);
    // Four columns of a row, four k.
    y13_3 = fma(vec4f(a13.x), b3[0], y13_3);
    y13_3 = fma(vec4f(a13.y), b3[1], y13_3);
    y13_3 = fma(vec4f(a13.z), b3[2], y13_3);
    y13_3 = fma(vec4f(a13.w), b3[3], y13_3);
    // Four columns of a row, four k.
    y14_3 = fma(vec4f(a14.x), b3[0], y14_3);
    y14_3 = fma(vec4f(a14.y), b3[1], y14_3);
    y14_3 = fma(vec4f(a14.z), b3[2], y14_3);
    y14_3 = fma(vec4f(a14.w), b3[3], y14_3);
    // Four columns of a row, four k.
    y15_3 = fma(vec4f(a15.x), b3[0], y15_3);
    y15_3 = fma(vec4f(a15.y), b3[1], y15_3);
    y15_3 = fma(vec4f(a15.z), b3[2], y15_3);
    y15_3 = fma(vec4f(a15.w), b3[3], y15_3);
  }
  end(row + 0u, column + 0u, y0_0);
  end(row + 0u, column + 4u, y0_1);
  end(row + 0u, column + 8u, y0_2);
  end(row + 0u, column + 12u, y0_3);
  end(row + 1u, column + 0u, y1_0);
  end(row + 1u, column + 4u, y1_1);
  end(row + 1u, column + 8u, y1_2);
  end(row + 1u, column + 12u, y1_3);
  end(row + 2u, column + 0u, y2_0);
  end(row + 2u, column + 4u, y2_1);
  end(row + 2u, column + 8u, y2_2);
  end(row + 2u, column + 12u, y2_3);
  end(row + 3u, column + 0u, y3_0);
  end(row + 3u, column + 4u, y3_1);
  end(row + 3u, column + 8u, y3_2);
  end(row + 3u, column + 12u, y3_3);
  end(row + 4u, column + 0u, y4_0);
  end(row + 4u, column + 4u, y4_1);
  end(row + 4u, column + 8u, y4_2);
  end(row + 4u, column + 12u, y4_3);
  end(row + 5u, column + 0u, y5_0);
  end(row + 5u, column + 4u, y5_1);
  end(row + 5u, column + 8u, y5_2);
  end(row + 5u, column + 12u, y5_3);
  end(row + 6u, column + 0u, y6_0);
  end(row + 6u, column + 4u, y6_1);
  end(row + 6u, column + 8u, y6_2);
  end(row + 6u, column + 12u, y6_3);
  end(row + 7u, column + 0u, y7_0);
  end(row + 7u, column + 4u, y7_1);
  end(row + 7u, column + 8u, y7_2);
  end(row + 7u, column + 12u, y7_3);
  end(row + 8u, column + 0u, y8_0);
  end(row + 8u, column + 4u, y8_1);
  end(row + 8u, column + 8u, y8_2);
  end(row + 8u, column + 12u, y8_3);
  end(row + 9u, column + 0u, y9_0);
  end(row + 9u, column + 4u, y9_1);
  end(row + 9u, column + 8u, y9_2);
  end(row + 9u, column + 12u, y9_3);
  end(row + 10u, column + 0u, y10_0);
  end(row + 10u, column + 4u, y10_1);
  end(row + 10u, column + 8u, y10_2);
  end(row + 10u, column + 12u, y10_3);
  end(row + 11u, column + 0u, y11_0);
  end(row + 11u, column + 4u, y11_1);
  end(row + 11u, column + 8u, y11_2);
  end(row + 11u, column + 12u, y11_3);
  end(row + 12u, column + 0u, y12_0);
  end(row + 12u, column + 4u, y12_1);
  end(row + 12u, column + 8u, y12_2);
  end(row + 12u, column + 12u, y12_3);
  end(row + 13u, column + 0u, y13_0);
  end(row + 13u, column + 4u, y13_1);
  end(row + 13u, column + 8u, y13_2);
  end(row + 13u, column + 12u, y13_3);
  end(row + 14u, column + 0u, y14_0);
  end(row + 14u, column + 4u, y14_1);
  end(row + 14u, column + 8u, y14_2);
  end(row + 14u, column + 12u, y14_3);
  end(row + 15u, column + 0u, y15_0);
  end(row + 15u, column + 4u, y15_1);
  end(row + 15u, column + 8u, y15_2);
  end(row + 15u, column + 12u, y15_3);
}

// gemm_any_nn: gemm_any (NN M37 N13 K31 gelu bias save) for a cpu, 5×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias a_t = f32; alias a_t4 = vec4f;
alias b_t = f32; alias b_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
// Matrix product Y = op(A)·op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS×COLS outputs (COLS = 4·VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
  m: u32, n: u32, k: u32, add: u32,
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(5) var<storage, read> params: Params; var<private> p: Params;

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
alias T = f32;
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;

@group(0) @binding(2) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(3) var<storage, read_write> bias: array<T>;
@group(0) @binding(4) var<storage, read_write> saved: array<Saved>;
// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x·Φ(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x·sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x·½(1 + tanh u) = x·sigmoid(2u), u = √(2/π)·(x + 0.044715 x³); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x·sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
// The activation function that is asked for, and its derivative.
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  value += bias[column];
  saved[at] = Saved(value);
  value = activate(value);
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

// Where elements of A and B lie.
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    x = f32(a[a_at(row, k)]);
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    x = f32(b[b_at(k, column)]);
  }
  return x;
}

@compute @workgroup_size(8)
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let tile = item_index(id, groups);
  let across = (p.n + 4u - 1u) / 4u;
  let row = (tile / across) * 4u;
  let column = (tile % across) * 4u;
  if (row >= p.m) { return; }

  var y0_0 = vec4f();
  var y1_0 = vec4f();
  var y2_0 = vec4f();
  var y3_0 = vec4f();
  let steps = (p.k + 3u) / 4u;
  for (var k = 0u; k < steps; k++) {
    let a0 = vec4f(
      at_a(row + 0u, 4u * k), at_a(row + 0u, 4u * k + 1u),
      at_a(row + 0u, 4u * k + 2u), at_a(row + 0u, 4u * k + 3u));
    let a1 = vec4f(
      at_a(row + 1u, 4u * k), at_a(row + 1u, 4u * k + 1u),
      at_a(row + 1u, 4u * k + 2u), at_a(row + 1u, 4u * k + 3u));
    let a2 = vec4f(
      at_a(row + 2u, 4u * k), at_a(row + 2u, 4u * k + 1u),
      at_a(row + 2u, 4u * k + 2u), at_a(row + 2u, 4u * k + 3u));
    let a3 = vec4f(
      at_a(row + 3u, 4u * k), at_a(row + 3u, 4u * k + 1u),
      at_a(row + 3u, 4u * k + 2u), at_a(row + 3u, 4u * k + 3u));
    let b0_0 = vec4f(
      at_b(4u * k + 0u, column + 0u), at_b(4u * k + 0u, column + 1u),
      at_b(4u * k + 0u, column + 2u), at_b(4u * k + 0u, column + 3u));
    let b0_1 = vec4f(
      at_b(4u * k + 1u, column + 0u), at_b(4u * k + 1u, column + 1u),
      at_b(4u * k + 1u, column + 2u), at_b(4u * k + 1u, column + 3u));
    let b0_2 = vec4f(
      at_b(4u * k + 2u, column + 0u), at_b(4u * k + 2u, column + 1u),
      at_b(4u * k + 2u, column + 2u), at_b(4u * k + 2u, column + 3u));
    let b0_3 = vec4f(
      at_b(4u * k + 3u, column + 0u), at_b(4u * k + 3u, column + 1u),
      at_b(4u * k + 3u, column + 2u), at_b(4u * k + 3u, column + 3u));
    let b0 = mat4x4f(b0_0, b0_1, b0_2, b0_3);
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
  }
  end(row + 0u, column + 0u, y0_0);
  end(row + 1u, column + 0u, y1_0);
  end(row + 2u, column + 0u, y2_0);
  end(row + 3u, column + 0u, y3_0);
}

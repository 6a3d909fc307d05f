// gemm_sum: gemm_sum (NT M512 N512 K512 silu bias splits 4) for a gpu, 1024×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias y_t = f32; alias y_t4 = vec4f;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

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
alias T = vec4f;
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;

@group(0) @binding(1) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(2) var<storage, read_write> bias: array<T>;
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
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  value += bias[column];
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
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

struct Params {
  m: u32, n: u32, k: u32, add: u32,
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(64)
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    sum += partial[(first + column) / 4u];
  }
  end(row, column, sum);
}

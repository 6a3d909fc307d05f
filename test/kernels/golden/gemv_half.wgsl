// gemv_half: gemv (NT M1 N49152 K576 bias half) for a gpu, 12288×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
enable f16;
alias a_t = f32; alias a_t4 = vec4f;
alias b_t = f16; alias b_t4 = vec4<f16>;
alias y_t = f32; alias y_t4 = vec4f;
alias saved_t = f32; alias saved_t4 = vec4f;
alias residual_t = f32; alias residual_t4 = vec4f;
fn load_a(i: u32) -> vec4f { return vec4f(a[i]); }
// Matrix product Y[M,N] = A[M,K]·B[N,K]ᵀ with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
  m: u32, n: u32, k: u32, add: u32,
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
@group(0) @binding(4) var<uniform> p: Params;

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 32u; }
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
// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

var<workgroup> sums: array<vec4f, 32>; // [row, column / 4, lane]

@compute @workgroup_size(32)
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = 4u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / 8u;
  let b_first = 0u;
  let row0 = b_first + min(column + 0u, p.n - 1u) * b_pitch;
  var y0_0 = vec4f();
  let row1 = b_first + min(column + 1u, p.n - 1u) * b_pitch;
  var y0_1 = vec4f();
  let row2 = b_first + min(column + 2u, p.n - 1u) * b_pitch;
  var y0_2 = vec4f();
  let row3 = b_first + min(column + 3u, p.n - 1u) * b_pitch;
  var y0_3 = vec4f();
  for (var k = lane; k < p.k / 8u; k += 32u) {
    let at0 = a_first + 0u * a_pitch + 2u * k;
    let a0 = load_a(at0);
    let more0 = load_a(at0 + 1u);
    let b0 = b[row0 + k];
    let low0 = vec4f(unpack2x16float(b0.x), unpack2x16float(b0.y));
    let high0 = vec4f(unpack2x16float(b0.z), unpack2x16float(b0.w));
    y0_0 = fma(more0, high0, fma(a0, low0, y0_0));
    let b1 = b[row1 + k];
    let low1 = vec4f(unpack2x16float(b1.x), unpack2x16float(b1.y));
    let high1 = vec4f(unpack2x16float(b1.z), unpack2x16float(b1.w));
    y0_1 = fma(more0, high1, fma(a0, low1, y0_1));
    let b2 = b[row2 + k];
    let low2 = vec4f(unpack2x16float(b2.x), unpack2x16float(b2.y));
    let high2 = vec4f(unpack2x16float(b2.z), unpack2x16float(b2.w));
    y0_2 = fma(more0, high2, fma(a0, low2, y0_2));
    let b3 = b[row3 + k];
    let low3 = vec4f(unpack2x16float(b3.x), unpack2x16float(b3.y));
    let high3 = vec4f(unpack2x16float(b3.z), unpack2x16float(b3.w));
    y0_3 = fma(more0, high3, fma(a0, low3, y0_3));
  }
  sums[0u + lane] = vec4f(
    lane_sum(y0_0), lane_sum(y0_1), lane_sum(y0_2), lane_sum(y0_3));
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= 1u) { return; }
  var sum = vec4f();
  sum += sums[lane * 32u + 0u];
  sum += sums[lane * 32u + 1u];
  sum += sums[lane * 32u + 2u];
  sum += sums[lane * 32u + 3u];
  sum += sums[lane * 32u + 4u];
  sum += sums[lane * 32u + 5u];
  sum += sums[lane * 32u + 6u];
  sum += sums[lane * 32u + 7u];
  sum += sums[lane * 32u + 8u];
  sum += sums[lane * 32u + 9u];
  sum += sums[lane * 32u + 10u];
  sum += sums[lane * 32u + 11u];
  sum += sums[lane * 32u + 12u];
  sum += sums[lane * 32u + 13u];
  sum += sums[lane * 32u + 14u];
  sum += sums[lane * 32u + 15u];
  sum += sums[lane * 32u + 16u];
  sum += sums[lane * 32u + 17u];
  sum += sums[lane * 32u + 18u];
  sum += sums[lane * 32u + 19u];
  sum += sums[lane * 32u + 20u];
  sum += sums[lane * 32u + 21u];
  sum += sums[lane * 32u + 22u];
  sum += sums[lane * 32u + 23u];
  sum += sums[lane * 32u + 24u];
  sum += sums[lane * 32u + 25u];
  sum += sums[lane * 32u + 26u];
  sum += sums[lane * 32u + 27u];
  sum += sums[lane * 32u + 28u];
  sum += sums[lane * 32u + 29u];
  sum += sums[lane * 32u + 30u];
  sum += sums[lane * 32u + 31u];
  end(lane / 1u, column + 4u * (lane % 1u), sum);
}

// gemv: gemv (NT M2 N49152 K576) for a cpu, 6144×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias a_t = f32; alias a_t4 = vec4f;
alias b_t = f32; alias b_t4 = vec4f;
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
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
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
// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

var<workgroup> sums: array<vec4f, 32>; // [row, column / 4, lane]

@compute @workgroup_size(8)
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  p = params;
  let column = 8u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / 4u;
  let b_first = 0u;
  let row0 = b_first + min(column + 0u, p.n - 1u) * b_pitch;
  var y0_0 = vec4f();
  var y1_0 = vec4f();
  let row1 = b_first + min(column + 1u, p.n - 1u) * b_pitch;
  var y0_1 = vec4f();
  var y1_1 = vec4f();
  let row2 = b_first + min(column + 2u, p.n - 1u) * b_pitch;
  var y0_2 = vec4f();
  var y1_2 = vec4f();
  let row3 = b_first + min(column + 3u, p.n - 1u) * b_pitch;
  var y0_3 = vec4f();
  var y1_3 = vec4f();
  let row4 = b_first + min(column + 4u, p.n - 1u) * b_pitch;
  var y0_4 = vec4f();
  var y1_4 = vec4f();
  let row5 = b_first + min(column + 5u, p.n - 1u) * b_pitch;
  var y0_5 = vec4f();
  var y1_5 = vec4f();
  let row6 = b_first + min(column + 6u, p.n - 1u) * b_pitch;
  var y0_6 = vec4f();
  var y1_6 = vec4f();
  let row7 = b_first + min(column + 7u, p.n - 1u) * b_pitch;
  var y0_7 = vec4f();
  var y1_7 = vec4f();
  for (var k = lane; k < p.k / 4u; k += 8u) {
    let at0 = a_first + 0u * a_pitch + 1u * k;
    let a0 = load_a(at0);
    let at1 = a_first + 1u * a_pitch + 1u * k;
    let a1 = load_a(at1);
    let b0 = b[row0 + k];
    y0_0 = fma(a0, b0, y0_0);
    y1_0 = fma(a1, b0, y1_0);
    let b1 = b[row1 + k];
    y0_1 = fma(a0, b1, y0_1);
    y1_1 = fma(a1, b1, y1_1);
    let b2 = b[row2 + k];
    y0_2 = fma(a0, b2, y0_2);
    y1_2 = fma(a1, b2, y1_2);
    let b3 = b[row3 + k];
    y0_3 = fma(a0, b3, y0_3);
    y1_3 = fma(a1, b3, y1_3);
    let b4 = b[row4 + k];
    y0_4 = fma(a0, b4, y0_4);
    y1_4 = fma(a1, b4, y1_4);
    let b5 = b[row5 + k];
    y0_5 = fma(a0, b5, y0_5);
    y1_5 = fma(a1, b5, y1_5);
    let b6 = b[row6 + k];
    y0_6 = fma(a0, b6, y0_6);
    y1_6 = fma(a1, b6, y1_6);
    let b7 = b[row7 + k];
    y0_7 = fma(a0, b7, y0_7);
    y1_7 = fma(a1, b7, y1_7);
  }
  sums[0u + lane] = vec4f(
    lane_sum(y0_0), lane_sum(y0_1), lane_sum(y0_2), lane_sum(y0_3));
  sums[8u + lane] = vec4f(
    lane_sum(y0_4), lane_sum(y0_5), lane_sum(y0_6), lane_sum(y0_7));
  sums[16u + lane] = vec4f(
    lane_sum(y1_0), lane_sum(y1_1), lane_sum(y1_2), lane_sum(y1_3));
  sums[24u + lane] = vec4f(
    lane_sum(y1_4), lane_sum(y1_5), lane_sum(y1_6), lane_sum(y1_7));
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= 4u) { return; }
  var sum = vec4f();
  sum += sums[lane * 8u + 0u];
  sum += sums[lane * 8u + 1u];
  sum += sums[lane * 8u + 2u];
  sum += sums[lane * 8u + 3u];
  sum += sums[lane * 8u + 4u];
  sum += sums[lane * 8u + 5u];
  sum += sums[lane * 8u + 6u];
  sum += sums[lane * 8u + 7u];
  end(lane / 2u, column + 4u * (lane % 2u), sum);
}

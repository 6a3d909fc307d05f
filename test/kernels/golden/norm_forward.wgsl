// norm_forward: norm_forward (rows 5 width 17 centred) for a cpu, 1×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias x_t = f32; alias x_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 8u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
alias T = f32;
// A T as x and y hold it, which may be in 16 bits.
alias X = x_t;
alias Y = y_t;
// The values of a T, added up from the first to the last.
fn element_sum(v: T) -> f32 { return v; }

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
@group(0) @binding(5) var<storage, read> params: Params; var<private> p: Params;

@compute @workgroup_size(8)
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    y[first + i] = Y(hat * weight[i] + bias[i]);
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}

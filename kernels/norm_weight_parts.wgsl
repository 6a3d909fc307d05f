// The gradient of a norm's weight over chunks of rows, of any width; column_sum.wgsl adds them up.
//
//   partial[chunk, column] = Σ rows of the chunk of dy·x̂,  x̂ = (x − mean)·rstd from the stats that norm_forward.wgsl kept
//
// An invocation a column T of a chunk; rows are added one after the other.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32, chunk: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> dy: array<T>;      // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
@group(0) @binding(2) var<storage, read_write> x: array<X>;       // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn norm_weight_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = T();
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += dy[at] * (T(x[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  partial[i] = sum;
}

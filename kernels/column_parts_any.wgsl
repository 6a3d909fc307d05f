// Sums over chunks of rows of any width; column_parts.wgsl is faster where 4 divides it, column_sum.wgsl adds them up.
//
//   partial[chunk, column] = Σ rows of the chunk of x[row, column]
//
// An invocation a column of a chunk; rows are added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn column_parts_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = 0.0;
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  partial[i] = sum;
}

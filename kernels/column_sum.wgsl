// Sums over rows: y[column] (+)= Σ rows of x. An invocation a column; where there are many rows, they are those that
// column_parts.wgsl, column_parts_any.wgsl or norm_weight_parts.wgsl made of chunks of rows, at most 1,024 of them, which
// keeps the loop under 65,535 trips.
//
// Rows are added one after the other, four in a trip, which spares a CPU driver trips.

//#include spread
//#include elements

struct Params { rows: u32, width: u32, add: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + i;
    sum = (((sum + x[at]) + x[at + p.width]) + x[at + 2u * p.width]) + x[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += x[row * p.width + i]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
}

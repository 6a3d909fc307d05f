// y[rows, width] (+)= x[rows, from] with columns left out at the end, or columns of zeros added. Its own backward, the
// other way round. An invocation an element.

//#include spread

struct Params { rows: u32, width: u32, columns: u32, add: u32 } // columns: of x

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn resize_columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  let column = i % p.width;
  if (row >= p.rows) { return; }
  var value = 0.0;
  if (column < p.columns) { value = f32(x[row * p.columns + column]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}

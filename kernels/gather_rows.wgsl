// y[i] (+)= x[index[i]], or 0 where index[i] < 0. With the inverse index it is its own backward.
// An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<y_t>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.width) { return; }
  let source = index[i / p.width];
  var value = 0.0;
  if (source >= 0) { value = f32(x[u32(source) * p.width + i % p.width]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}

// Key-value cache: copies the keys and values of each row of qkv [rows, skip + width] into row place[row] of the
// cache [places, width]; a negative place is padding. skip: the queries. An invocation an element of the cache row.

//#include spread

struct Params { rows: u32, skip: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> place: array<i32>;
@group(0) @binding(2) var<storage, read_write> kept: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn cache(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.rows || place[row] < 0) { return; }
  kept[u32(place[row]) * p.width + i % p.width] = qkv[row * (p.skip + p.width) + p.skip + i % p.width];
}

// d features[f] (+)= dy[place[f]], place[f] being the row that shows feature f (-1: none). No sum is needed, since no two
// rows show one feature. An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: features

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn embedding_features(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let feature = i / p.width;
  if (feature >= p.count) { return; }
  var value = 0.0;
  if (place[feature] >= 0) { value = dy[u32(place[feature]) * p.width + i % p.width]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
}

// Token sequence: row r of y is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
// embedding_features.wgsl and embedding_table.wgsl are its gradients. An invocation an element.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end: what stands in others is
// left as it is, unless the piece is the first, which also writes all that is not of the table.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: rows of y

@group(0) @binding(0) var<storage, read_write> y: array<y_t>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  let token = select(ids[row], -1, image[row] >= 0);
  let own = token >= i32(p.first) && token < i32(p.end);
  if (!own && p.first > 0u) { return; }
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (own) {
    value = f32(table[(u32(token) - p.first) * p.width + column]);
  }
  y[i] = y_t(value);
}

// Token sequence: row r is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
//
//   FORWARD    y [rows, width]
//   FEATURES   d features[f] = dy[place[f]], place[f] the row that shows feature f (-1: none). No sum is needed.
//   TABLE      d table[id] += Σ dy over the rows that hold id. The rows of each id are listed by the host:
//              entry e of `held` has ids [e, 0] = id, [e, 1] = first, [e, 2] = end in `rows`; an entry with
//              first = end is padding. Every id stands in one entry, so sums are deterministic without atomics.
// An invocation an element.

struct Params { count: u32, width: u32, add: u32 }

//#if FORWARD
@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;
//#else
@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
//#end
//#if FEATURES
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;
//#end
//#if TABLE
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>;
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  //#if FORWARD
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (ids[row] >= 0) {
    value = f32(table[u32(ids[row]) * p.width + column]);
  }
  y[i] = y_t(value);
  //#end
  //#if FEATURES
  var value = 0.0;
  if (place[row] >= 0) { value = dy[u32(place[row]) * p.width + column]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
  //#end
  //#if TABLE
  let token = held[3u * row];
  let first = held[3u * row + 1u];
  let end = held[3u * row + 2u];
  if (end <= first) { return; }
  var sum = 0.0;
  var at = first;
  for (; at + 4 <= end; at += 4) { // four a trip: 65,535 trips reach 262,128 rows that hold one id
    //#repeat j 4
    sum += dy[u32(rows[at + ${j}]) * p.width + column];
    //#end
  }
  for (; at < end; at++) { sum += dy[u32(rows[at]) * p.width + column]; }
  d_table[u32(token) * p.width + column] += sum;
  //#end
}

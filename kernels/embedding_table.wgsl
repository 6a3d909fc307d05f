// d table[id] += Σ dy over the rows that hold id. The rows of each id are listed by the host: an entry of `held` is
// id, first and end in `rows`; one with first = end is padding. Every id stands in one entry, so sums are deterministic
// without atomics. An invocation an element of an entry's row.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: entries of `held`

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>; // [count, 3]
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn embedding_table(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let entry = i / p.width;
  if (entry >= p.count) { return; }
  let column = i % p.width;
  let token = held[3u * entry];
  let first = held[3u * entry + 1u];
  let end = held[3u * entry + 2u];
  if (end <= first || token < i32(p.first) || token >= i32(p.end)) { return; }
  var sum = 0.0;
  // In blocks of 1,024 rows, four a trip: 256,000 rows that hold one id take 64,750 trips of all loops.
  for (var start = first; start < end; start += 1024) {
    let stop = min(start + 1024, end);
    var part = 0.0;
    var at = start;
    for (; at + 4 <= stop; at += 4) {
      //#repeat j 4
      part += dy[u32(rows[at + ${j}]) * p.width + column];
      //#end j
    }
    for (; at < stop; at++) { part += dy[u32(rows[at]) * p.width + column]; }
    sum += part;
  }
  d_table[(u32(token) - p.first) * p.width + column] += sum;
}

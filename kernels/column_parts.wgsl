// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = Σ rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES·HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, ….
// STEP rows a trip, added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * ${LANES * HELD}u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  //#repeat c HELD
  let at${c} = min(column + ${c * LANES}u, p.width - 1u);
  var sum${c} = vec4f();
  //#end c
  for (var row = chunk * p.chunk; row < end; row += ${STEP}u) {
    //#repeat r STEP
    let start${r} = min(row + ${r}u, end - 1u) * p.width;
    let here${r} = row + ${r}u < end;
    //#repeat c HELD
    sum${c} += select(vec4f(), x[start${r} + at${c}], here${r});
    //#end c
    //#end r
  }
  if (chunk * p.chunk >= p.rows) { return; }
  //#repeat c HELD
  if (column + ${c * LANES}u < p.width) { partial[chunk * p.width + at${c}] = sum${c}; }
  //#end c
}

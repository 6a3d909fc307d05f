// column_parts: column_parts (rows 4096 width 512 chunk 32 lanes 32) for a gpu, 128×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = Σ rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES·HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, ….
// STEP rows a trip, added one after the other.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 32u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(32)
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * 128u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  let at0 = min(column + 0u, p.width - 1u);
  var sum0 = vec4f();
  let at1 = min(column + 32u, p.width - 1u);
  var sum1 = vec4f();
  let at2 = min(column + 64u, p.width - 1u);
  var sum2 = vec4f();
  let at3 = min(column + 96u, p.width - 1u);
  var sum3 = vec4f();
  for (var row = chunk * p.chunk; row < end; row += 4u) {
    let start0 = min(row + 0u, end - 1u) * p.width;
    let here0 = row + 0u < end;
    sum0 += select(vec4f(), x[start0 + at0], here0);
    sum1 += select(vec4f(), x[start0 + at1], here0);
    sum2 += select(vec4f(), x[start0 + at2], here0);
    sum3 += select(vec4f(), x[start0 + at3], here0);
    let start1 = min(row + 1u, end - 1u) * p.width;
    let here1 = row + 1u < end;
    sum0 += select(vec4f(), x[start1 + at0], here1);
    sum1 += select(vec4f(), x[start1 + at1], here1);
    sum2 += select(vec4f(), x[start1 + at2], here1);
    sum3 += select(vec4f(), x[start1 + at3], here1);
    let start2 = min(row + 2u, end - 1u) * p.width;
    let here2 = row + 2u < end;
    sum0 += select(vec4f(), x[start2 + at0], here2);
    sum1 += select(vec4f(), x[start2 + at1], here2);
    sum2 += select(vec4f(), x[start2 + at2], here2);
    sum3 += select(vec4f(), x[start2 + at3], here2);
    let start3 = min(row + 3u, end - 1u) * p.width;
    let here3 = row + 3u < end;
    sum0 += select(vec4f(), x[start3 + at0], here3);
    sum1 += select(vec4f(), x[start3 + at1], here3);
    sum2 += select(vec4f(), x[start3 + at2], here3);
    sum3 += select(vec4f(), x[start3 + at3], here3);
  }
  if (chunk * p.chunk >= p.rows) { return; }
  if (column + 0u < p.width) { partial[chunk * p.width + at0] = sum0; }
  if (column + 32u < p.width) { partial[chunk * p.width + at1] = sum1; }
  if (column + 64u < p.width) { partial[chunk * p.width + at2] = sum2; }
  if (column + 96u < p.width) { partial[chunk * p.width + at3] = sum3; }
}

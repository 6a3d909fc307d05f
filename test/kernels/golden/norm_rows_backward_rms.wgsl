// norm_rows_backward_rms: norm_rows_backward (RMSNorm 4096×36 backward) for a cpu, 1024×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias x_t = f32; alias x_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd·(g − mean(g) − x̂·mean(g·x̂)),  g = dy·weight; RMSNorm: without mean(g)
//   d weight = Σ rows dy·x̂,  d bias = Σ rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x̂ comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 8u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, …, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  return column < p.width;
}
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
@group(0) @binding(6) var<storage, read> params: Params; var<private> p: Params;

// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, 16>;

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
}

// Where the sums to be added up stand, in `block`'s turn.
fn sums_at(block: u32) -> u32 {
  return 0u;
}
// The sums of all lanes, added up.
fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  store_sums(at + lane, own);
  workgroupBarrier();
  var sums = Sums();
  sums.first += lane_first[at + 0u];
  sums.first += lane_first[at + 1u];
  sums.first += lane_first[at + 2u];
  sums.first += lane_first[at + 3u];
  sums.first += lane_first[at + 4u];
  sums.first += lane_first[at + 5u];
  sums.first += lane_first[at + 6u];
  sums.first += lane_first[at + 7u];
  return sums;
}

@compute @workgroup_size(8)
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  p = params;
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  let at0 = min(0u + lane, p.width - 1u);
  let within0 = within(0u + lane);
  let w0 = weight[at0];
  var dw0 = vec4f();
  var db0 = vec4f();
  let at1 = min(8u + lane, p.width - 1u);
  let within1 = within(8u + lane);
  let w1 = weight[at1];
  var dw1 = vec4f();
  var db1 = vec4f();
  {
    let block = 0u;
    let row = group * 4u;
    var own = Sums(); // of g·x̂, and of g
    let row0 = min(row + 0u, p.rows - 1u);
    let start0 = row0 * p.width;
    let known0 = stats[row0];
    let here0 = select(0.0, 1.0, row + 0u < p.rows); // a row past the last has gradient 0
    var g0 = vec4f();
    var gx0 = vec4f();
    let hat0_0 = (vec4f(x[start0 + at0]) - known0.x) * known0.y;
    let d0_0 = select(vec4f(), dy[start0 + at0] * here0, within0);
    let dw0_0 = d0_0 * hat0_0;
    g0 = fma(d0_0, w0, g0);
    gx0 = fma(dw0_0, w0, gx0);
    dw0 += dw0_0;
    db0 += d0_0;
    let hat0_1 = (vec4f(x[start0 + at1]) - known0.x) * known0.y;
    let d0_1 = select(vec4f(), dy[start0 + at1] * here0, within1);
    let dw0_1 = d0_1 * hat0_1;
    g0 = fma(d0_1, w1, g0);
    gx0 = fma(dw0_1, w1, gx0);
    dw1 += dw0_1;
    db1 += d0_1;
    own.first[0] = lane_sum(gx0);
    own.second[0] = lane_sum(g0);
    let row1 = min(row + 1u, p.rows - 1u);
    let start1 = row1 * p.width;
    let known1 = stats[row1];
    let here1 = select(0.0, 1.0, row + 1u < p.rows); // a row past the last has gradient 0
    var g1 = vec4f();
    var gx1 = vec4f();
    let hat1_0 = (vec4f(x[start1 + at0]) - known1.x) * known1.y;
    let d1_0 = select(vec4f(), dy[start1 + at0] * here1, within0);
    let dw1_0 = d1_0 * hat1_0;
    g1 = fma(d1_0, w0, g1);
    gx1 = fma(dw1_0, w0, gx1);
    dw0 += dw1_0;
    db0 += d1_0;
    let hat1_1 = (vec4f(x[start1 + at1]) - known1.x) * known1.y;
    let d1_1 = select(vec4f(), dy[start1 + at1] * here1, within1);
    let dw1_1 = d1_1 * hat1_1;
    g1 = fma(d1_1, w1, g1);
    gx1 = fma(dw1_1, w1, gx1);
    dw1 += dw1_1;
    db1 += d1_1;
    own.first[1] = lane_sum(gx1);
    own.second[1] = lane_sum(g1);
    let row2 = min(row + 2u, p.rows - 1u);
    let start2 = row2 * p.width;
    let known2 = stats[row2];
    let here2 = select(0.0, 1.0, row + 2u < p.rows); // a row past the last has gradient 0
    var g2 = vec4f();
    var gx2 = vec4f();
    let hat2_0 = (vec4f(x[start2 + at0]) - known2.x) * known2.y;
    let d2_0 = select(vec4f(), dy[start2 + at0] * here2, within0);
    let dw2_0 = d2_0 * hat2_0;
    g2 = fma(d2_0, w0, g2);
    gx2 = fma(dw2_0, w0, gx2);
    dw0 += dw2_0;
    db0 += d2_0;
    let hat2_1 = (vec4f(x[start2 + at1]) - known2.x) * known2.y;
    let d2_1 = select(vec4f(), dy[start2 + at1] * here2, within1);
    let dw2_1 = d2_1 * hat2_1;
    g2 = fma(d2_1, w1, g2);
    gx2 = fma(dw2_1, w1, gx2);
    dw1 += dw2_1;
    db1 += d2_1;
    own.first[2] = lane_sum(gx2);
    own.second[2] = lane_sum(g2);
    let row3 = min(row + 3u, p.rows - 1u);
    let start3 = row3 * p.width;
    let known3 = stats[row3];
    let here3 = select(0.0, 1.0, row + 3u < p.rows); // a row past the last has gradient 0
    var g3 = vec4f();
    var gx3 = vec4f();
    let hat3_0 = (vec4f(x[start3 + at0]) - known3.x) * known3.y;
    let d3_0 = select(vec4f(), dy[start3 + at0] * here3, within0);
    let dw3_0 = d3_0 * hat3_0;
    g3 = fma(d3_0, w0, g3);
    gx3 = fma(dw3_0, w0, gx3);
    dw0 += dw3_0;
    db0 += d3_0;
    let hat3_1 = (vec4f(x[start3 + at1]) - known3.x) * known3.y;
    let d3_1 = select(vec4f(), dy[start3 + at1] * here3, within1);
    let dw3_1 = d3_1 * hat3_1;
    g3 = fma(d3_1, w1, g3);
    gx3 = fma(dw3_1, w1, gx3);
    dw1 += dw3_1;
    db1 += d3_1;
    own.first[3] = lane_sum(gx3);
    own.second[3] = lane_sum(g3);
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    if (row + 0u < p.rows && within0) {
      var value = known0.y * (d0_0 * w0 - mean_g[0] - hat0_0 * mean_gx[0]);
      dx[start0 + at0] = value;
    }
    if (row + 0u < p.rows && within1) {
      var value = known0.y * (d0_1 * w1 - mean_g[0] - hat0_1 * mean_gx[0]);
      dx[start0 + at1] = value;
    }
    if (row + 1u < p.rows && within0) {
      var value = known1.y * (d1_0 * w0 - mean_g[1] - hat1_0 * mean_gx[1]);
      dx[start1 + at0] = value;
    }
    if (row + 1u < p.rows && within1) {
      var value = known1.y * (d1_1 * w1 - mean_g[1] - hat1_1 * mean_gx[1]);
      dx[start1 + at1] = value;
    }
    if (row + 2u < p.rows && within0) {
      var value = known2.y * (d2_0 * w0 - mean_g[2] - hat2_0 * mean_gx[2]);
      dx[start2 + at0] = value;
    }
    if (row + 2u < p.rows && within1) {
      var value = known2.y * (d2_1 * w1 - mean_g[2] - hat2_1 * mean_gx[2]);
      dx[start2 + at1] = value;
    }
    if (row + 3u < p.rows && within0) {
      var value = known3.y * (d3_0 * w0 - mean_g[3] - hat3_0 * mean_gx[3]);
      dx[start3 + at0] = value;
    }
    if (row + 3u < p.rows && within1) {
      var value = known3.y * (d3_1 * w1 - mean_g[3] - hat3_1 * mean_gx[3]);
      dx[start3 + at1] = value;
    }
  }
  if (within0) {
    weight_parts[group * p.width + at0] = dw0;
  }
  if (within1) {
    weight_parts[group * p.width + at1] = dw1;
  }
}

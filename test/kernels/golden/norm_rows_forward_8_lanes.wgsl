// norm_rows_forward_8_lanes: norm_rows_forward (LayerNorm 4096×64 forward) for a cpu, 1024×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias x_t = f32; alias x_t4 = vec4f;
alias y_t = f32; alias y_t4 = vec4f;
// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

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
  return true;
}
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
@group(0) @binding(5) var<storage, read> params: Params; var<private> p: Params;

// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, 16>;
var<workgroup> lane_second: array<vec4f, 16>;

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  lane_second[at] = sums.second;
}

// Where the sums to be added up stand, in `block`'s turn.
fn sums_at(block: u32) -> u32 {
  return 0u;
}
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + 7u - lane) / 8u)); }
// … that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  return held(part);
}

// What `values` values' squares about `mean` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  store_sums(at + lane, own);
  workgroupBarrier();
  var moments = Moments();
  moments.mean += lane_second[at + 0u];
  moments.mean += lane_second[at + 1u];
  moments.mean += lane_second[at + 2u];
  moments.mean += lane_second[at + 3u];
  moments.mean += lane_second[at + 4u];
  moments.mean += lane_second[at + 5u];
  moments.mean += lane_second[at + 6u];
  moments.mean += lane_second[at + 7u];
  moments.mean /= size;
  moments.square += lane_first[at + 0u];
  moments.square += about(moments.mean, lane_second[at + 0u], held_by(0u));
  moments.square += lane_first[at + 1u];
  moments.square += about(moments.mean, lane_second[at + 1u], held_by(1u));
  moments.square += lane_first[at + 2u];
  moments.square += about(moments.mean, lane_second[at + 2u], held_by(2u));
  moments.square += lane_first[at + 3u];
  moments.square += about(moments.mean, lane_second[at + 3u], held_by(3u));
  moments.square += lane_first[at + 4u];
  moments.square += about(moments.mean, lane_second[at + 4u], held_by(4u));
  moments.square += lane_first[at + 5u];
  moments.square += about(moments.mean, lane_second[at + 5u], held_by(5u));
  moments.square += lane_first[at + 6u];
  moments.square += about(moments.mean, lane_second[at + 6u], held_by(6u));
  moments.square += lane_first[at + 7u];
  moments.square += about(moments.mean, lane_second[at + 7u], held_by(7u));
  moments.square /= size;
  return moments;
}

// sum + off², off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  return fma(off, off, sum);
}

@compute @workgroup_size(8)
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  p = params;
  let group = group_index(id, groups);
  let at0 = min(0u + lane, p.width - 1u);
  let within0 = within(0u + lane);
  let w0 = weight[at0];
  let b0 = bias[at0];
  let at1 = min(8u + lane, p.width - 1u);
  let within1 = within(8u + lane);
  let w1 = weight[at1];
  let b1 = bias[at1];
  {
    let block = 0u;
    let row = group * 4u;
    var own = Sums(); // of squares about the lane's mean, and of values
    let start0 = min(row + 0u, p.rows - 1u) * p.width;
    let v0_0 = vec4f(x[start0 + at0]);
    let v0_1 = vec4f(x[start0 + at1]);
    var middle0 = 0.0;
    var sum0 = vec4f();
    sum0 += select(vec4f(), v0_0, within0);
    sum0 += select(vec4f(), v0_1, within1);
    own.second[0] = lane_sum(sum0);
    middle0 = own.second[0] / max(held(lane), 1.0);
    var square0 = vec4f();
    square0 = add_square(square0, v0_0 - middle0, within0);
    square0 = add_square(square0, v0_1 - middle0, within1);
    own.first[0] = lane_sum(square0);
    let start1 = min(row + 1u, p.rows - 1u) * p.width;
    let v1_0 = vec4f(x[start1 + at0]);
    let v1_1 = vec4f(x[start1 + at1]);
    var middle1 = 0.0;
    var sum1 = vec4f();
    sum1 += select(vec4f(), v1_0, within0);
    sum1 += select(vec4f(), v1_1, within1);
    own.second[1] = lane_sum(sum1);
    middle1 = own.second[1] / max(held(lane), 1.0);
    var square1 = vec4f();
    square1 = add_square(square1, v1_0 - middle1, within0);
    square1 = add_square(square1, v1_1 - middle1, within1);
    own.first[1] = lane_sum(square1);
    let start2 = min(row + 2u, p.rows - 1u) * p.width;
    let v2_0 = vec4f(x[start2 + at0]);
    let v2_1 = vec4f(x[start2 + at1]);
    var middle2 = 0.0;
    var sum2 = vec4f();
    sum2 += select(vec4f(), v2_0, within0);
    sum2 += select(vec4f(), v2_1, within1);
    own.second[2] = lane_sum(sum2);
    middle2 = own.second[2] / max(held(lane), 1.0);
    var square2 = vec4f();
    square2 = add_square(square2, v2_0 - middle2, within0);
    square2 = add_square(square2, v2_1 - middle2, within1);
    own.first[2] = lane_sum(square2);
    let start3 = min(row + 3u, p.rows - 1u) * p.width;
    let v3_0 = vec4f(x[start3 + at0]);
    let v3_1 = vec4f(x[start3 + at1]);
    var middle3 = 0.0;
    var sum3 = vec4f();
    sum3 += select(vec4f(), v3_0, within0);
    sum3 += select(vec4f(), v3_1, within1);
    own.second[3] = lane_sum(sum3);
    middle3 = own.second[3] / max(held(lane), 1.0);
    var square3 = vec4f();
    square3 = add_square(square3, v3_0 - middle3, within0);
    square3 = add_square(square3, v3_1 - middle3, within1);
    own.first[3] = lane_sum(square3);
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    if (row + 0u < p.rows && within0) {
      let hat = (v0_0 - mean[0]) * rstd[0];
      y[start0 + at0] = y_t4(hat * w0 + b0);
    }
    if (row + 0u < p.rows && within1) {
      let hat = (v0_1 - mean[0]) * rstd[0];
      y[start0 + at1] = y_t4(hat * w1 + b1);
    }
    if (row + 1u < p.rows && within0) {
      let hat = (v1_0 - mean[1]) * rstd[1];
      y[start1 + at0] = y_t4(hat * w0 + b0);
    }
    if (row + 1u < p.rows && within1) {
      let hat = (v1_1 - mean[1]) * rstd[1];
      y[start1 + at1] = y_t4(hat * w1 + b1);
    }
    if (row + 2u < p.rows && within0) {
      let hat = (v2_0 - mean[2]) * rstd[2];
      y[start2 + at0] = y_t4(hat * w0 + b0);
    }
    if (row + 2u < p.rows && within1) {
      let hat = (v2_1 - mean[2]) * rstd[2];
      y[start2 + at1] = y_t4(hat * w1 + b1);
    }
    if (row + 3u < p.rows && within0) {
      let hat = (v3_0 - mean[3]) * rstd[3];
      y[start3 + at0] = y_t4(hat * w0 + b0);
    }
    if (row + 3u < p.rows && within1) {
      let hat = (v3_1 - mean[3]) * rstd[3];
      y[start3 + at1] = y_t4(hat * w1 + b1);
    }
    if (lane < 4u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}

// attention_forward: attention_forward (rows 1024 heads 4 groups 2 headSize 8 causal forward tile 4 textures) for a cpu, 128×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias qkv_t = f32; alias qkv_t4 = vec4f;
alias o_t = f32; alias o_t4 = vec4f;
alias qkv_texture = texture_storage_2d<rgba32float, read>;
fn load_qkv(i: u32) -> vec4f { return textureLoad(qkv, vec2u(i & 255u, i >> 8u)); }
// Attention over packed sequences, without a T×T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q·Kᵀ·scale)·V by running maximum; keeps lse = log Σ exp  [rows, heads]
//
// qkv [rows, (heads + 2·groups)·D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
// attention_queries.wgsl and attention_keys.wgsl are the backward passes.
//
// An invocation holds ROWS neighbouring rows of a head in registers, so that what it loads of the keys and values serves
// them all; rows that do not see a key are masked. They are read again for every tile of rows: through a texture, where
// it is large enough (src/gpu/program/textures.ts). With BLOCK, which long batches have, so many rows are added up at a
// time. Loops: at most two neighbouring sequences' rows and their blocks, which must stay under 65,535.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 8u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var qkv: qkv_texture; // [rows, (heads + 2·groups)·D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads·D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log Σ exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * 2u; }
fn o_stride() -> u32 { return p.heads * 2u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * 2u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * 2u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * 2u; }
@group(0) @binding(4) var<storage, read> params: Params; var<private> p: Params;
// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }


// The rows that `row` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see `row`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}
// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

@compute @workgroup_size(8)
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * 4u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  let row0 = min(row + 0u, p.rows - 1u);
  let range0 = sees(row + 0u);
  first = min(first, range0.x);
  end = max(end, range0.y);
  let own0_0 = load_qkv(row0 * qkv_stride() + query_at(head) + 0u);
  var o0_0 = vec4f();
  let own0_1 = load_qkv(row0 * qkv_stride() + query_at(head) + 1u);
  var o0_1 = vec4f();
  var most0 = LOW;
  var sum0 = 0.0;
  let row1 = min(row + 1u, p.rows - 1u);
  let range1 = sees(row + 1u);
  first = min(first, range1.x);
  end = max(end, range1.y);
  let own1_0 = load_qkv(row1 * qkv_stride() + query_at(head) + 0u);
  var o1_0 = vec4f();
  let own1_1 = load_qkv(row1 * qkv_stride() + query_at(head) + 1u);
  var o1_1 = vec4f();
  var most1 = LOW;
  var sum1 = 0.0;
  let row2 = min(row + 2u, p.rows - 1u);
  let range2 = sees(row + 2u);
  first = min(first, range2.x);
  end = max(end, range2.y);
  let own2_0 = load_qkv(row2 * qkv_stride() + query_at(head) + 0u);
  var o2_0 = vec4f();
  let own2_1 = load_qkv(row2 * qkv_stride() + query_at(head) + 1u);
  var o2_1 = vec4f();
  var most2 = LOW;
  var sum2 = 0.0;
  let row3 = min(row + 3u, p.rows - 1u);
  let range3 = sees(row + 3u);
  first = min(first, range3.x);
  end = max(end, range3.y);
  let own3_0 = load_qkv(row3 * qkv_stride() + query_at(head) + 0u);
  var o3_0 = vec4f();
  let own3_1 = load_qkv(row3 * qkv_stride() + query_at(head) + 1u);
  var o3_1 = vec4f();
  var most3 = LOW;
  var sum3 = 0.0;
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  for (var j = first; j < end; j++) {
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    let other0 = load_qkv(key + 0u);
    let v0 = load_qkv(value + 0u);
    let other1 = load_qkv(key + 1u);
    let v1 = load_qkv(value + 1u);
    // score: own row r times the other side's row.
    var s0 = own0_0 * other0;
    s0 = fma(own0_1, other1, s0);
    let visible0 = j >= range0.x && j < range0.y;
    let score0 = select(LOW, lane_sum(s0) * p.scale, visible0);
    let top0 = max(most0, score0);
    let fade0 = exp(most0 - top0);
    let e0 = select(0.0, exp(score0 - top0), visible0);
    most0 = top0;
    sum0 = sum0 * fade0 + e0;
    o0_0 = fma(vec4f(e0), v0, o0_0 * fade0);
    o0_1 = fma(vec4f(e0), v1, o0_1 * fade0);
    // score: own row r times the other side's row.
    var s1 = own1_0 * other0;
    s1 = fma(own1_1, other1, s1);
    let visible1 = j >= range1.x && j < range1.y;
    let score1 = select(LOW, lane_sum(s1) * p.scale, visible1);
    let top1 = max(most1, score1);
    let fade1 = exp(most1 - top1);
    let e1 = select(0.0, exp(score1 - top1), visible1);
    most1 = top1;
    sum1 = sum1 * fade1 + e1;
    o1_0 = fma(vec4f(e1), v0, o1_0 * fade1);
    o1_1 = fma(vec4f(e1), v1, o1_1 * fade1);
    // score: own row r times the other side's row.
    var s2 = own2_0 * other0;
    s2 = fma(own2_1, other1, s2);
    let visible2 = j >= range2.x && j < range2.y;
    let score2 = select(LOW, lane_sum(s2) * p.scale, visible2);
    let top2 = max(most2, score2);
    let fade2 = exp(most2 - top2);
    let e2 = select(0.0, exp(score2 - top2), visible2);
    most2 = top2;
    sum2 = sum2 * fade2 + e2;
    o2_0 = fma(vec4f(e2), v0, o2_0 * fade2);
    o2_1 = fma(vec4f(e2), v1, o2_1 * fade2);
    // score: own row r times the other side's row.
    var s3 = own3_0 * other0;
    s3 = fma(own3_1, other1, s3);
    let visible3 = j >= range3.x && j < range3.y;
    let score3 = select(LOW, lane_sum(s3) * p.scale, visible3);
    let top3 = max(most3, score3);
    let fade3 = exp(most3 - top3);
    let e3 = select(0.0, exp(score3 - top3), visible3);
    most3 = top3;
    sum3 = sum3 * fade3 + e3;
    o3_0 = fma(vec4f(e3), v0, o3_0 * fade3);
    o3_1 = fma(vec4f(e3), v1, o3_1 * fade3);
  }
  if (row + 0u < p.rows) {
    let inverse = select(0.0, 1.0 / sum0, sum0 > 0.0);
    o[row0 * o_stride() + query_at(head) + 0u] = o_t4(o0_0 * inverse);
    o[row0 * o_stride() + query_at(head) + 1u] = o_t4(o0_1 * inverse);
    lse[row0 * p.heads + head] = select(0.0, most0 + log(sum0), sum0 > 0.0);
  }
  if (row + 1u < p.rows) {
    let inverse = select(0.0, 1.0 / sum1, sum1 > 0.0);
    o[row1 * o_stride() + query_at(head) + 0u] = o_t4(o1_0 * inverse);
    o[row1 * o_stride() + query_at(head) + 1u] = o_t4(o1_1 * inverse);
    lse[row1 * p.heads + head] = select(0.0, most1 + log(sum1), sum1 > 0.0);
  }
  if (row + 2u < p.rows) {
    let inverse = select(0.0, 1.0 / sum2, sum2 > 0.0);
    o[row2 * o_stride() + query_at(head) + 0u] = o_t4(o2_0 * inverse);
    o[row2 * o_stride() + query_at(head) + 1u] = o_t4(o2_1 * inverse);
    lse[row2 * p.heads + head] = select(0.0, most2 + log(sum2), sum2 > 0.0);
  }
  if (row + 3u < p.rows) {
    let inverse = select(0.0, 1.0 / sum3, sum3 > 0.0);
    o[row3 * o_stride() + query_at(head) + 0u] = o_t4(o3_0 * inverse);
    o[row3 * o_stride() + query_at(head) + 1u] = o_t4(o3_1 * inverse);
    lse[row3 * p.heads + head] = select(0.0, most3 + log(sum3), sum3 > 0.0);
  }
}

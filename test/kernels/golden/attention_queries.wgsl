// attention_queries: attention_queries (rows 1024 heads 4 groups 2 headSize 8 causal queries tile 4 textures) for a cpu, 128×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias qkv_t = f32; alias qkv_t4 = vec4f;
alias o_t = f32; alias o_t4 = vec4f;
alias qkv_texture = texture_storage_2d<rgba32float, read>;
fn load_qkv(i: u32) -> vec4f { return textureLoad(qkv, vec2u(i & 255u, i >> 8u)); }
fn load_d_o(i: u32) -> vec4f { return vec4f(d_o[i]); }
// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO·o,  dq = scale·Σ_j d_score_j·k_j,  d_score_j = weight_j·(dO·v_j − delta),  weight_j = exp(score_j − lse)
//
// Runs before attention_keys.wgsl, which reads delta; together they write all of dqkv. An invocation holds ROWS
// neighbouring rows of a head: their queries and dO. Loops: at most two neighbouring sequences' rows and their
// blocks, under 65,535.

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
// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads·D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO·o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2·groups)·D]
@group(0) @binding(7) var<storage, read> params: Params; var<private> p: Params;
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
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
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
  let query0 = row0 * qkv_stride() + query_at(head);
  let out0 = row0 * o_stride() + query_at(head);
  var delta0 = 0.0;
  let own0_0 = load_qkv(query0 + 0u);
  let own_value0_0 = load_d_o(out0 + 0u);
  delta0 += dot(own_value0_0, vec4f(o[out0 + 0u]));
  var dq0_0 = vec4f();
  let own0_1 = load_qkv(query0 + 1u);
  let own_value0_1 = load_d_o(out0 + 1u);
  delta0 += dot(own_value0_1, vec4f(o[out0 + 1u]));
  var dq0_1 = vec4f();
  let lse0 = lse[row0 * p.heads + head];
  let row1 = min(row + 1u, p.rows - 1u);
  let range1 = sees(row + 1u);
  first = min(first, range1.x);
  end = max(end, range1.y);
  let query1 = row1 * qkv_stride() + query_at(head);
  let out1 = row1 * o_stride() + query_at(head);
  var delta1 = 0.0;
  let own1_0 = load_qkv(query1 + 0u);
  let own_value1_0 = load_d_o(out1 + 0u);
  delta1 += dot(own_value1_0, vec4f(o[out1 + 0u]));
  var dq1_0 = vec4f();
  let own1_1 = load_qkv(query1 + 1u);
  let own_value1_1 = load_d_o(out1 + 1u);
  delta1 += dot(own_value1_1, vec4f(o[out1 + 1u]));
  var dq1_1 = vec4f();
  let lse1 = lse[row1 * p.heads + head];
  let row2 = min(row + 2u, p.rows - 1u);
  let range2 = sees(row + 2u);
  first = min(first, range2.x);
  end = max(end, range2.y);
  let query2 = row2 * qkv_stride() + query_at(head);
  let out2 = row2 * o_stride() + query_at(head);
  var delta2 = 0.0;
  let own2_0 = load_qkv(query2 + 0u);
  let own_value2_0 = load_d_o(out2 + 0u);
  delta2 += dot(own_value2_0, vec4f(o[out2 + 0u]));
  var dq2_0 = vec4f();
  let own2_1 = load_qkv(query2 + 1u);
  let own_value2_1 = load_d_o(out2 + 1u);
  delta2 += dot(own_value2_1, vec4f(o[out2 + 1u]));
  var dq2_1 = vec4f();
  let lse2 = lse[row2 * p.heads + head];
  let row3 = min(row + 3u, p.rows - 1u);
  let range3 = sees(row + 3u);
  first = min(first, range3.x);
  end = max(end, range3.y);
  let query3 = row3 * qkv_stride() + query_at(head);
  let out3 = row3 * o_stride() + query_at(head);
  var delta3 = 0.0;
  let own3_0 = load_qkv(query3 + 0u);
  let own_value3_0 = load_d_o(out3 + 0u);
  delta3 += dot(own_value3_0, vec4f(o[out3 + 0u]));
  var dq3_0 = vec4f();
  let own3_1 = load_qkv(query3 + 1u);
  let own_value3_1 = load_d_o(out3 + 1u);
  delta3 += dot(own_value3_1, vec4f(o[out3 + 1u]));
  var dq3_1 = vec4f();
  let lse3 = lse[row3 * p.heads + head];
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  for (var j = first; j < end; j++) {
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    let other0 = load_qkv(key + 0u);
    let other_value0 = load_qkv(value + 0u);
    let other1 = load_qkv(key + 1u);
    let other_value1 = load_qkv(value + 1u);
    // score: own row r times the other side's row.
    var s0 = own0_0 * other0;
    s0 = fma(own0_1, other1, s0);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw0 = own_value0_0 * other_value0;
    dw0 = fma(own_value0_1, other_value1, dw0);
    let score0 = lane_sum(s0) * p.scale;
    let weight0 = select(0.0, exp(score0 - lse0), j >= range0.x && j < range0.y);
    let d_score0 = weight0 * (lane_sum(dw0) - delta0);
    dq0_0 = fma(vec4f(d_score0), other0, dq0_0);
    dq0_1 = fma(vec4f(d_score0), other1, dq0_1);
    // score: own row r times the other side's row.
    var s1 = own1_0 * other0;
    s1 = fma(own1_1, other1, s1);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw1 = own_value1_0 * other_value0;
    dw1 = fma(own_value1_1, other_value1, dw1);
    let score1 = lane_sum(s1) * p.scale;
    let weight1 = select(0.0, exp(score1 - lse1), j >= range1.x && j < range1.y);
    let d_score1 = weight1 * (lane_sum(dw1) - delta1);
    dq1_0 = fma(vec4f(d_score1), other0, dq1_0);
    dq1_1 = fma(vec4f(d_score1), other1, dq1_1);
    // score: own row r times the other side's row.
    var s2 = own2_0 * other0;
    s2 = fma(own2_1, other1, s2);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw2 = own_value2_0 * other_value0;
    dw2 = fma(own_value2_1, other_value1, dw2);
    let score2 = lane_sum(s2) * p.scale;
    let weight2 = select(0.0, exp(score2 - lse2), j >= range2.x && j < range2.y);
    let d_score2 = weight2 * (lane_sum(dw2) - delta2);
    dq2_0 = fma(vec4f(d_score2), other0, dq2_0);
    dq2_1 = fma(vec4f(d_score2), other1, dq2_1);
    // score: own row r times the other side's row.
    var s3 = own3_0 * other0;
    s3 = fma(own3_1, other1, s3);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw3 = own_value3_0 * other_value0;
    dw3 = fma(own_value3_1, other_value1, dw3);
    let score3 = lane_sum(s3) * p.scale;
    let weight3 = select(0.0, exp(score3 - lse3), j >= range3.x && j < range3.y);
    let d_score3 = weight3 * (lane_sum(dw3) - delta3);
    dq3_0 = fma(vec4f(d_score3), other0, dq3_0);
    dq3_1 = fma(vec4f(d_score3), other1, dq3_1);
  }
  if (row + 0u < p.rows) {
    delta[row0 * p.heads + head] = delta0;
    dqkv[query0 + 0u] = dq0_0 * p.scale;
    dqkv[query0 + 1u] = dq0_1 * p.scale;
  }
  if (row + 1u < p.rows) {
    delta[row1 * p.heads + head] = delta1;
    dqkv[query1 + 0u] = dq1_0 * p.scale;
    dqkv[query1 + 1u] = dq1_1 * p.scale;
  }
  if (row + 2u < p.rows) {
    delta[row2 * p.heads + head] = delta2;
    dqkv[query2 + 0u] = dq2_0 * p.scale;
    dqkv[query2 + 1u] = dq2_1 * p.scale;
  }
  if (row + 3u < p.rows) {
    delta[row3 * p.heads + head] = delta3;
    dqkv[query3 + 0u] = dq3_0 * p.scale;
    dqkv[query3 + 1u] = dq3_1 * p.scale;
  }
}

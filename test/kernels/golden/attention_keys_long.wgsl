// attention_keys_long: attention_keys (rows 4096 heads 4 groups 2 headSize 8 causal keys tile 4 textures) for a cpu, 256×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias qkv_t = f32; alias qkv_t4 = vec4f;
alias o_t = f32; alias o_t4 = vec4f;
alias qkv_texture = texture_storage_2d<rgba32float, read>;
alias d_o_texture = texture_storage_2d<rgba32float, read>;
fn load_qkv(i: u32) -> vec4f { return textureLoad(qkv, vec2u(i & 255u, i >> 8u)); }
fn load_d_o(i: u32) -> vec4f { return textureLoad(d_o, vec2u(i & 255u, i >> 8u)); }
// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale·Σ_i d_score_i·q_i,  dv = Σ_i weight_i·dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i·(dO_i·v − delta_i),  weight_i = exp(score_i − lse_i)
//
// Runs after attention_queries.wgsl, which writes delta. An invocation holds ROWS neighbouring rows of a key-value head:
// their keys and values; queries and dO are what it reads again and again.
// Loops: at most two neighbouring sequences' rows and their blocks times heads/groups, which must stay under 65,535 trips.

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
@group(0) @binding(4) var d_o: d_o_texture;  // [rows, heads·D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO·o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2·groups)·D]
@group(0) @binding(7) var<storage, read> params: Params; var<private> p: Params;
// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from `start` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / 2048u + 1u) * 2048u;
}

// Whether a block of what a row sees, or is seen by, ends at `stop` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }

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
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * 4u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  let row0 = min(row + 0u, p.rows - 1u);
  let range0 = seen_by(row + 0u);
  first = min(first, range0.x);
  end = max(end, range0.y);
  let key0 = row0 * qkv_stride() + key_at(group);
  let value0 = row0 * qkv_stride() + value_at(group);
  let own0_0 = load_qkv(key0 + 0u);
  let own_value0_0 = load_qkv(value0 + 0u);
  var dk0_0 = vec4f();
  var dv0_0 = vec4f();
  let own0_1 = load_qkv(key0 + 1u);
  let own_value0_1 = load_qkv(value0 + 1u);
  var dk0_1 = vec4f();
  var dv0_1 = vec4f();
  let sequence0 = sequence(row + 0u);
  var all_dk0_0 = vec4f();
  var all_dv0_0 = vec4f();
  var all_dk0_1 = vec4f();
  var all_dv0_1 = vec4f();
  let row1 = min(row + 1u, p.rows - 1u);
  let range1 = seen_by(row + 1u);
  first = min(first, range1.x);
  end = max(end, range1.y);
  let key1 = row1 * qkv_stride() + key_at(group);
  let value1 = row1 * qkv_stride() + value_at(group);
  let own1_0 = load_qkv(key1 + 0u);
  let own_value1_0 = load_qkv(value1 + 0u);
  var dk1_0 = vec4f();
  var dv1_0 = vec4f();
  let own1_1 = load_qkv(key1 + 1u);
  let own_value1_1 = load_qkv(value1 + 1u);
  var dk1_1 = vec4f();
  var dv1_1 = vec4f();
  let sequence1 = sequence(row + 1u);
  var all_dk1_0 = vec4f();
  var all_dv1_0 = vec4f();
  var all_dk1_1 = vec4f();
  var all_dv1_1 = vec4f();
  let row2 = min(row + 2u, p.rows - 1u);
  let range2 = seen_by(row + 2u);
  first = min(first, range2.x);
  end = max(end, range2.y);
  let key2 = row2 * qkv_stride() + key_at(group);
  let value2 = row2 * qkv_stride() + value_at(group);
  let own2_0 = load_qkv(key2 + 0u);
  let own_value2_0 = load_qkv(value2 + 0u);
  var dk2_0 = vec4f();
  var dv2_0 = vec4f();
  let own2_1 = load_qkv(key2 + 1u);
  let own_value2_1 = load_qkv(value2 + 1u);
  var dk2_1 = vec4f();
  var dv2_1 = vec4f();
  let sequence2 = sequence(row + 2u);
  var all_dk2_0 = vec4f();
  var all_dv2_0 = vec4f();
  var all_dk2_1 = vec4f();
  var all_dv2_1 = vec4f();
  let row3 = min(row + 3u, p.rows - 1u);
  let range3 = seen_by(row + 3u);
  first = min(first, range3.x);
  end = max(end, range3.y);
  let key3 = row3 * qkv_stride() + key_at(group);
  let value3 = row3 * qkv_stride() + value_at(group);
  let own3_0 = load_qkv(key3 + 0u);
  let own_value3_0 = load_qkv(value3 + 0u);
  var dk3_0 = vec4f();
  var dv3_0 = vec4f();
  let own3_1 = load_qkv(key3 + 1u);
  let own_value3_1 = load_qkv(value3 + 1u);
  var dk3_1 = vec4f();
  var dv3_1 = vec4f();
  let sequence3 = sequence(row + 3u);
  var all_dk3_0 = vec4f();
  var all_dv3_0 = vec4f();
  var all_dk3_1 = vec4f();
  var all_dv3_1 = vec4f();
  first = min(first, end);
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    for (var start = first; start < end;) {
    var stop = end;
    stop = min(stop, block_end(start, sequence0));
    stop = min(stop, block_end(start, sequence1));
    stop = min(stop, block_end(start, sequence2));
    stop = min(stop, block_end(start, sequence3));
    for (var j = start; j < stop; j++) {
      let query = j * qkv_stride() + query_at(head);
      let out = j * o_stride() + query_at(head);
      let lse_j = lse[j * p.heads + head];
      let delta_j = delta[j * p.heads + head];
      let other0 = load_qkv(query + 0u);
      let other_value0 = load_d_o(out + 0u);
      let other1 = load_qkv(query + 1u);
      let other_value1 = load_d_o(out + 1u);
      let lse0 = lse_j;
      let delta0 = delta_j;
    // score: own row r times the other side's row.
    var s0 = own0_0 * other0;
    s0 = fma(own0_1, other1, s0);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw0 = own_value0_0 * other_value0;
    dw0 = fma(own_value0_1, other_value1, dw0);
    let score0 = lane_sum(s0) * p.scale;
    let weight0 = select(0.0, exp(score0 - lse0), j >= range0.x && j < range0.y);
    let d_score0 = weight0 * (lane_sum(dw0) - delta0);
      dk0_0 = fma(vec4f(d_score0), other0, dk0_0);
      dv0_0 = fma(vec4f(weight0), other_value0, dv0_0);
      dk0_1 = fma(vec4f(d_score0), other1, dk0_1);
      dv0_1 = fma(vec4f(weight0), other_value1, dv0_1);
      let lse1 = lse_j;
      let delta1 = delta_j;
    // score: own row r times the other side's row.
    var s1 = own1_0 * other0;
    s1 = fma(own1_1, other1, s1);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw1 = own_value1_0 * other_value0;
    dw1 = fma(own_value1_1, other_value1, dw1);
    let score1 = lane_sum(s1) * p.scale;
    let weight1 = select(0.0, exp(score1 - lse1), j >= range1.x && j < range1.y);
    let d_score1 = weight1 * (lane_sum(dw1) - delta1);
      dk1_0 = fma(vec4f(d_score1), other0, dk1_0);
      dv1_0 = fma(vec4f(weight1), other_value0, dv1_0);
      dk1_1 = fma(vec4f(d_score1), other1, dk1_1);
      dv1_1 = fma(vec4f(weight1), other_value1, dv1_1);
      let lse2 = lse_j;
      let delta2 = delta_j;
    // score: own row r times the other side's row.
    var s2 = own2_0 * other0;
    s2 = fma(own2_1, other1, s2);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw2 = own_value2_0 * other_value0;
    dw2 = fma(own_value2_1, other_value1, dw2);
    let score2 = lane_sum(s2) * p.scale;
    let weight2 = select(0.0, exp(score2 - lse2), j >= range2.x && j < range2.y);
    let d_score2 = weight2 * (lane_sum(dw2) - delta2);
      dk2_0 = fma(vec4f(d_score2), other0, dk2_0);
      dv2_0 = fma(vec4f(weight2), other_value0, dv2_0);
      dk2_1 = fma(vec4f(d_score2), other1, dk2_1);
      dv2_1 = fma(vec4f(weight2), other_value1, dv2_1);
      let lse3 = lse_j;
      let delta3 = delta_j;
    // score: own row r times the other side's row.
    var s3 = own3_0 * other0;
    s3 = fma(own3_1, other1, s3);
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw3 = own_value3_0 * other_value0;
    dw3 = fma(own_value3_1, other_value1, dw3);
    let score3 = lane_sum(s3) * p.scale;
    let weight3 = select(0.0, exp(score3 - lse3), j >= range3.x && j < range3.y);
    let d_score3 = weight3 * (lane_sum(dw3) - delta3);
      dk3_0 = fma(vec4f(d_score3), other0, dk3_0);
      dv3_0 = fma(vec4f(weight3), other_value0, dv3_0);
      dk3_1 = fma(vec4f(d_score3), other1, dk3_1);
      dv3_1 = fma(vec4f(weight3), other_value1, dv3_1);
    }
    start = stop;
    if (ends_block(stop, range0)) {
      all_dk0_0 += dk0_0;
      all_dv0_0 += dv0_0;
      dk0_0 = vec4f();
      dv0_0 = vec4f();
      all_dk0_1 += dk0_1;
      all_dv0_1 += dv0_1;
      dk0_1 = vec4f();
      dv0_1 = vec4f();
    }
    if (ends_block(stop, range1)) {
      all_dk1_0 += dk1_0;
      all_dv1_0 += dv1_0;
      dk1_0 = vec4f();
      dv1_0 = vec4f();
      all_dk1_1 += dk1_1;
      all_dv1_1 += dv1_1;
      dk1_1 = vec4f();
      dv1_1 = vec4f();
    }
    if (ends_block(stop, range2)) {
      all_dk2_0 += dk2_0;
      all_dv2_0 += dv2_0;
      dk2_0 = vec4f();
      dv2_0 = vec4f();
      all_dk2_1 += dk2_1;
      all_dv2_1 += dv2_1;
      dk2_1 = vec4f();
      dv2_1 = vec4f();
    }
    if (ends_block(stop, range3)) {
      all_dk3_0 += dk3_0;
      all_dv3_0 += dv3_0;
      dk3_0 = vec4f();
      dv3_0 = vec4f();
      all_dk3_1 += dk3_1;
      all_dv3_1 += dv3_1;
      dk3_1 = vec4f();
      dv3_1 = vec4f();
    }
    }
  }
  dk0_0 += all_dk0_0;
  dv0_0 += all_dv0_0;
  dk0_1 += all_dk0_1;
  dv0_1 += all_dv0_1;
  if (row + 0u < p.rows) {
    dqkv[key0 + 0u] = dk0_0 * p.scale;
    dqkv[value0 + 0u] = dv0_0;
    dqkv[key0 + 1u] = dk0_1 * p.scale;
    dqkv[value0 + 1u] = dv0_1;
  }
  dk1_0 += all_dk1_0;
  dv1_0 += all_dv1_0;
  dk1_1 += all_dk1_1;
  dv1_1 += all_dv1_1;
  if (row + 1u < p.rows) {
    dqkv[key1 + 0u] = dk1_0 * p.scale;
    dqkv[value1 + 0u] = dv1_0;
    dqkv[key1 + 1u] = dk1_1 * p.scale;
    dqkv[value1 + 1u] = dv1_1;
  }
  dk2_0 += all_dk2_0;
  dv2_0 += all_dv2_0;
  dk2_1 += all_dk2_1;
  dv2_1 += all_dv2_1;
  if (row + 2u < p.rows) {
    dqkv[key2 + 0u] = dk2_0 * p.scale;
    dqkv[value2 + 0u] = dv2_0;
    dqkv[key2 + 1u] = dk2_1 * p.scale;
    dqkv[value2 + 1u] = dv2_1;
  }
  dk3_0 += all_dk3_0;
  dv3_0 += all_dv3_0;
  dk3_1 += all_dk3_1;
  dv3_1 += all_dv3_1;
  if (row + 3u < p.rows) {
    dqkv[key3 + 0u] = dk3_0 * p.scale;
    dqkv[value3 + 0u] = dv3_0;
    dqkv[key3 + 1u] = dk3_1 * p.scale;
    dqkv[value3 + 1u] = dv3_1;
  }
}

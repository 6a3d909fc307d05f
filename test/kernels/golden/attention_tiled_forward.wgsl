// attention_tiled_forward: attention_tiled_forward (rows 1024 heads 4 groups 2 headSize 20 causal forward) for a gpu, 128×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
alias qkv_t = f32; alias qkv_t4 = vec4f;
alias o_t = f32; alias o_t4 = vec4f;
fn load_qkv(i: u32) -> vec4f { return vec4f(qkv[i]); }
// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n·e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 64u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2·groups)·D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads·D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log Σ exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * 5u; }
fn o_stride() -> u32 { return p.heads * 5u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * 5u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * 5u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * 5u; }
@group(0) @binding(4) var<uniform> p: Params;
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

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at `at` of a row of qkv; there is no gradient here.
fn load(gradient: bool, row: u32, at: u32) -> vec4f { return load_qkv(row * qkv_stride() + at); }

// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32×32 pairs an invocation makes 4×4:
// rows 4·ty … of its own side, a vec4, and rows tx, tx + 8, … of the other. A tile takes these steps:
//
//   scores     own·otherᵀ, DEPTH vec4 of the head size at a time, both sides brought into `stage`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights·other (attention_tile_sums.wgsl): the weights go through `pairs`, STEP rows of the other side at
//              a time through `stage`. An invocation makes its four rows of the vec4s tx, tx + 8, … of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH·4, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, 320>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;

// Where a head's 4·D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4·ty … of one tile with rows tx, tx + 8, … (columns) of another, whose rows from `end` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < 5u; d += 5u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < 5u) {
      let at = min(d + ty, 4u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      stage[(4u * ty + 0u) * 8u + tx] = block[0];
      stage[(4u * ty + 1u) * 8u + tx] = block[1];
      stage[(4u * ty + 2u) * 8u + tx] = block[2];
      stage[(4u * ty + 3u) * 8u + tx] = block[3];
    }
    for (var n = i; n < 160u; n += 64u) {
      let row = n / 5u;
      let at = n % 5u;
      var value = vec4f();
      if (other.row + row < end && d + at < 5u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[160u + row * 5u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < 5u; at++) {
      let a0 = stage[(4u * at + 0u) * 8u + ty];
      let a1 = stage[(4u * at + 1u) * 8u + ty];
      let a2 = stage[(4u * at + 2u) * 8u + ty];
      let a3 = stage[(4u * at + 3u) * 8u + ty];
      let b0 = stage[160u + (tx + 0u) * 5u + at];
      s[0] = fma(a0, vec4f(b0[0]), s[0]);
      s[0] = fma(a1, vec4f(b0[1]), s[0]);
      s[0] = fma(a2, vec4f(b0[2]), s[0]);
      s[0] = fma(a3, vec4f(b0[3]), s[0]);
      let b1 = stage[160u + (tx + 8u) * 5u + at];
      s[1] = fma(a0, vec4f(b1[0]), s[1]);
      s[1] = fma(a1, vec4f(b1[1]), s[1]);
      s[1] = fma(a2, vec4f(b1[2]), s[1]);
      s[1] = fma(a3, vec4f(b1[3]), s[1]);
      let b2 = stage[160u + (tx + 16u) * 5u + at];
      s[2] = fma(a0, vec4f(b2[0]), s[2]);
      s[2] = fma(a1, vec4f(b2[1]), s[2]);
      s[2] = fma(a2, vec4f(b2[2]), s[2]);
      s[2] = fma(a3, vec4f(b2[3]), s[2]);
      let b3 = stage[160u + (tx + 24u) * 5u + at];
      s[3] = fma(a0, vec4f(b3[0]), s[3]);
      s[3] = fma(a1, vec4f(b3[1]), s[3]);
      s[3] = fma(a2, vec4f(b3[2]), s[3]);
      s[3] = fma(a3, vec4f(b3[3]), s[3]);
    }
  }
  return s;
}

// What of the other side each of own rows 4·ty … sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from `own_row` sees, or is seen by; fills `ranges`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
// Reductions over the eight invocations tx = 0 … 7 that share own rows 4·ty … of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of `least`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  top = max(top, shared_rows[0u + ty]);
  top = max(top, shared_rows[8u + ty]);
  top = max(top, shared_rows[16u + ty]);
  top = max(top, shared_rows[24u + ty]);
  top = max(top, shared_rows[32u + ty]);
  top = max(top, shared_rows[40u + ty]);
  top = max(top, shared_rows[48u + ty]);
  top = max(top, shared_rows[56u + ty]);
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  sum += shared_rows[0u + ty];
  sum += shared_rows[8u + ty];
  sum += shared_rows[16u + ty];
  sum += shared_rows[24u + ty];
  sum += shared_rows[32u + ty];
  sum += shared_rows[40u + ty];
  sum += shared_rows[48u + ty];
  sum += shared_rows[56u + ty];
  return sum;
}

const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}

@compute @workgroup_size(64)
fn attention_tiled_forward(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  let end = all.y;
  let own = own_ranges(ty);
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));

  var sum0_0_0 = vec4f();
  var sum0_0_1 = vec4f();
  var sum0_0_2 = vec4f();
  var sum0_0_3 = vec4f();
  var most = vec4f(LOW);
  var weight_sum = vec4f();
  for (var other = all.x; other < end; other += 32u) {
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    var top = vec4f(LOW);
    let visible0 = visible(other + tx + 0u, own);
    let score0 = weights0[0] * p.scale;
    let power0 = select(vec4f(LOW), floor(score0 * LOG2_E), visible0);
    top = max(top, power0);
    let visible1 = visible(other + tx + 8u, own);
    let score1 = weights0[1] * p.scale;
    let power1 = select(vec4f(LOW), floor(score1 * LOG2_E), visible1);
    top = max(top, power1);
    let visible2 = visible(other + tx + 16u, own);
    let score2 = weights0[2] * p.scale;
    let power2 = select(vec4f(LOW), floor(score2 * LOG2_E), visible2);
    top = max(top, power2);
    let visible3 = visible(other + tx + 24u, own);
    let score3 = weights0[3] * p.scale;
    let power3 = select(vec4f(LOW), floor(score3 * LOG2_E), visible3);
    top = max(top, power3);
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    {
      let rest = min(score0 - power0 * LN2_HIGH - power0 * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[0] = select(vec4f(), exp(rest) * power_of_two(power0 - top), visible0);
    }
    {
      let rest = min(score1 - power1 * LN2_HIGH - power1 * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[1] = select(vec4f(), exp(rest) * power_of_two(power1 - top), visible1);
    }
    {
      let rest = min(score2 - power2 * LN2_HIGH - power2 * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[2] = select(vec4f(), exp(rest) * power_of_two(power2 - top), visible2);
    }
    {
      let rest = min(score3 - power3 * LN2_HIGH - power3 * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[3] = select(vec4f(), exp(rest) * power_of_two(power3 - top), visible3);
    }
    sum0_0_0 *= fade[0];
    sum0_0_1 *= fade[1];
    sum0_0_2 *= fade[2];
    sum0_0_3 *= fade[3];
    let summands0 = Tile(false, other, value_at(group));
    // sum0 += weights0·rows, of the 32 rows of summands0
    pairs[(tx + 0u) * 8u + ty] = weights0[0];
    pairs[(tx + 8u) * 8u + ty] = weights0[1];
    pairs[(tx + 16u) * 8u + ty] = weights0[2];
    pairs[(tx + 24u) * 8u + ty] = weights0[3];
    for (var first = 0u; first < 32u; first += 32u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < 160u; n += 64u) {
        let j = other + first + n / 5u;
        var summand = vec4f();
        if (j < end) { summand = load(summands0.gradient, j, summands0.at + n % 5u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < 32u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        weight_sum += weight;
        let x0 = stage[n * 5u + min(tx + 0u, 4u)];
        sum0_0_0 = fma(vec4f(weight[0]), x0, sum0_0_0);
        sum0_0_1 = fma(vec4f(weight[1]), x0, sum0_0_1);
        sum0_0_2 = fma(vec4f(weight[2]), x0, sum0_0_2);
        sum0_0_3 = fma(vec4f(weight[3]), x0, sum0_0_3);
      }
    }
  }

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  if (row + 0u < p.rows) {
    if (tx == 0u) { lse[(row + 0u) * p.heads + head] = log_sum[0]; }
    if (tx + 0u < 5u) {
      o[(row + 0u) * o_stride() + query_at(head) + tx + 0u] = o_t4(sum0_0_0 * inverse[0]);
    }
  }
  if (row + 1u < p.rows) {
    if (tx == 0u) { lse[(row + 1u) * p.heads + head] = log_sum[1]; }
    if (tx + 0u < 5u) {
      o[(row + 1u) * o_stride() + query_at(head) + tx + 0u] = o_t4(sum0_0_1 * inverse[1]);
    }
  }
  if (row + 2u < p.rows) {
    if (tx == 0u) { lse[(row + 2u) * p.heads + head] = log_sum[2]; }
    if (tx + 0u < 5u) {
      o[(row + 2u) * o_stride() + query_at(head) + tx + 0u] = o_t4(sum0_0_2 * inverse[2]);
    }
  }
  if (row + 3u < p.rows) {
    if (tx == 0u) { lse[(row + 3u) * p.heads + head] = log_sum[3]; }
    if (tx + 0u < 5u) {
      o[(row + 3u) * o_stride() + query_at(head) + tx + 0u] = o_t4(sum0_0_3 * inverse[3]);
    }
  }
}

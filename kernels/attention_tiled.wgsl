// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed, and how
// qkv, span, o, lse, delta and dqkv lie, is what attention.wgsl says; FORWARD, QUERIES and KEYS are its three passes.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head: its queries, or with KEYS its keys. It walks
// over the rows of the other side, 32 at a time. Of a tile of 32×32 pairs an invocation makes 4×4: rows 4·ty … of its
// own side, a vec4, and rows tx, tx + 8, … of the other. A tile takes these steps:
//
//   scores     own·otherᵀ, DEPTH vec4 of the head size at a time, both sides brought into `stage`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    p and ds of the pairs, in registers. FORWARD: eight invocations share a row and agree on its maximum
//              through `shared_rows`.
//   sums       weights·other: the weights go through `pairs`, STEP rows of the other side at a time through `stage`.
//              An invocation makes its four rows of the vec4s tx, tx + 8, … of the head (VCOLS). KEYS: once for
//              dv = Σ p·dO, once for dk = Σ ds·q.
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. The loops' bounds are the same for all invocations, as barriers want it.
//
// A row's results do not depend on which other rows are in the batch: sums run over the other side's rows in order, and
// FORWARD, where e^s = 2^n·e^r with n whole, scales them by powers of two, which rounds nothing, wherever tiles begin.

struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>;
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>;
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
//#if FORWARD
@group(0) @binding(4) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>;
@group(0) @binding(7) var<uniform> p: Params;
//#end

const LOW = -1e30;
//#if FORWARD
const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}
//#end

// Own side [DEPTH·4, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, ${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;      // weights [other row, own rows / 4]
//#if KEYS
//#else
var<workgroup> shared_rows: array<vec4f, 64>; // of own rows [tx, own rows / 4]
//#end
var<workgroup> seen_by: array<vec2u, 32>;     // first and end of what own rows see (KEYS: of what sees them)
var<workgroup> seen_by_any: vec2u;

// The vec4 at `at` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  //#if FORWARD
  return vec4f(qkv[row * (p.heads + 2u * p.groups) * ${D4}u + at]);
  //#else
  if (gradient) { return d_o[row * p.heads * ${D4}u + at]; }
  return vec4f(qkv[row * (p.heads + 2u * p.groups) * ${D4}u + at]);
  //#end
}

// Where a head's 4·D4 values of 32 rows begin.
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
  for (var d = 0u; d < ${D4}u; d += ${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < ${DEPTH}u) {
      let at = min(d + ty, ${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + ${q}u) * 8u + tx] = block[${q}];
      //#end
    }
    for (var n = i; n < ${32 * DEPTH}u; n += 64u) {
      let row = n / ${DEPTH}u;
      let at = n % ${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < ${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[${32 * DEPTH}u + row * ${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < ${DEPTH}u; at++) {
      //#repeat q 4
      let a${q} = stage[(4u * at + ${q}u) * 8u + ty];
      //#end
      //#repeat c 4
      let b${c} = stage[${32 * DEPTH}u + (tx + ${8 * c}u) * ${PITCH}u + at];
      //#repeat q 4
      s[${c}] = fma(a${q}, vec4f(b${c}[${q}]), s[${c}]);
      //#end
      //#end
    }
  }
  return s;
}

// What own rows 4·ty … see of row j.
fn visible(j: u32, first: vec4u, end: vec4u) -> vec4<bool> { return (vec4u(j) >= first) & (vec4u(j) < end); }

fn seen(row: u32) -> vec2u {
  if (row >= p.rows || span[row].y <= span[row].x) { return vec2u(0xffffffffu, 0u); }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  //#if KEYS
  return vec2u(row, own.y);
  //#else
  return vec2u(own.x, row + 1u);
  //#end
}

@compute @workgroup_size(64)
fn attention_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group.x + group.y * groups.x;
  let tx = i % 8u;
  let ty = i / 8u;
  //#if KEYS
  let across = p.groups;
  //#else
  let across = p.heads;
  //#end
  let own_row = index / across * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;

  if (i < 32u) { seen_by[i] = seen(own_row + i); }
  workgroupBarrier();
  if (i == 0u) {
    var any = vec2u(0xffffffffu, 0u);
    for (var r = 0u; r < 32u; r++) { any = vec2u(min(any.x, seen_by[r].x), max(any.y, seen_by[r].y)); }
    seen_by_any = any;
  }
  let any = workgroupUniformLoad(&seen_by_any);
  let end = any.y;
  let begin = min(any.x, end);
  let first_seen = vec4u(seen_by[4u * ty].x, seen_by[4u * ty + 1u].x, seen_by[4u * ty + 2u].x, seen_by[4u * ty + 3u].x);
  let end_seen = vec4u(seen_by[4u * ty].y, seen_by[4u * ty + 1u].y, seen_by[4u * ty + 2u].y, seen_by[4u * ty + 3u].y);

  //#repeat g SUMS
  //#repeat j VCOLS
  //#repeat r 4
  var sum${g}_${j}_${r} = vec4f();
  //#end
  //#end
  //#end

  //#if KEYS
  let share = p.heads / p.groups;
  let own_group = index % p.groups;
  let key = (p.heads + own_group) * ${D4}u;
  let value = key + p.groups * ${D4}u;
  for (var head = own_group * share; head < (own_group + 1u) * share; head++) {
  //#else
  let head = index % p.heads;
  let key = (p.heads + head / (p.heads / p.groups)) * ${D4}u;
  let value = key + p.groups * ${D4}u;
  {
  //#end
  let query = head * ${D4}u;

  //#if FORWARD
  var most = vec4f(LOW);
  var total = vec4f();
  //#end
  //#if QUERIES
  var norm = vec4f();
  var both = vec4f();
  //#repeat r 4
  {
    let own = min(row + ${r}u, p.rows - 1u);
    norm[${r}] = lse[own * p.heads + head];
    for (var d = tx; d < ${D4}u; d += 8u) {
      both[${r}] += dot(load(true, own, query + d), vec4f(o[own * p.heads * ${D4}u + query + d]));
    }
  }
  //#end
  shared_rows[tx * 8u + ty] = both;
  workgroupBarrier();
  both = vec4f();
  //#repeat t 8
  both += shared_rows[${8 * t}u + ty];
  //#end
  if (tx == 0u) {
    //#repeat r 4
    if (row + ${r}u < p.rows) { delta[(row + ${r}u) * p.heads + head] = both[${r}]; }
    //#end
  }
  //#end

  for (var other = begin; other < end; other += 32u) {
    //#if KEYS
    var weights0 = scores(Tile(false, own_row, key), Tile(false, other, query), end, i);
    var weights1 = scores(Tile(false, own_row, value), Tile(true, other, query), end, i);
    //#repeat c 4
    {
      let j = other + tx + ${8 * c}u;
      let at = min(j, p.rows - 1u) * p.heads + head;
      let power = exp(weights0[${c}] * p.scale - lse[at]);
      weights0[${c}] = select(vec4f(), power, visible(j, first_seen, end_seen));
      weights1[${c}] = weights0[${c}] * (weights1[${c}] - delta[at]);
    }
    //#end
    //#end
    //#if QUERIES
    var weights0 = scores(Tile(false, own_row, query), Tile(false, other, key), end, i);
    let d_weights = scores(Tile(true, own_row, query), Tile(false, other, value), end, i);
    //#repeat c 4
    {
      let power = exp(weights0[${c}] * p.scale - norm);
      let weight = select(vec4f(), power, visible(other + tx + ${8 * c}u, first_seen, end_seen));
      weights0[${c}] = weight * (d_weights[${c}] - both);
    }
    //#end
    //#end
    //#if FORWARD
    var weights0 = scores(Tile(false, own_row, query), Tile(false, other, key), end, i);
    var top = vec4f(LOW);
    //#repeat c 4
    let visible${c} = visible(other + tx + ${8 * c}u, first_seen, end_seen);
    let score${c} = weights0[${c}] * p.scale;
    let power${c} = select(vec4f(LOW), floor(score${c} * LOG2_E), visible${c});
    top = max(top, power${c});
    //#end
    shared_rows[tx * 8u + ty] = top;
    workgroupBarrier();
    top = most;
    //#repeat t 8
    top = max(top, shared_rows[${8 * t}u + ty]);
    //#end
    let fade = power_of_two(most - top);
    most = top;
    total *= fade;
    //#repeat c 4
    {
      let rest = min(score${c} - power${c} * LN2_HIGH - power${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[${c}] = select(vec4f(), exp(rest) * power_of_two(power${c} - top), visible${c});
    }
    //#end
    //#repeat j VCOLS
    //#repeat r 4
    sum0_${j}_${r} *= fade[${r}];
    //#end
    //#end
    //#end

    //#repeat g SUMS
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end
    //#repeat c 4
    pairs[(tx + ${8 * c}u) * 8u + ty] = weights${g}[${c}];
    //#end
    for (var first = 0u; first < 32u; first += ${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < ${STEP * D4}u; n += 64u) {
        let j = other + first + n / ${D4}u;
        let at = n % ${D4}u;
        var summand = vec4f();
        if (j < end) {
          //#if FORWARD
          summand = load(false, j, value + at);
          //#end
          //#if QUERIES
          summand = load(false, j, key + at);
          //#end
          //#if KEYS
          summand = load(${g}u == 0u, j, query + at);
          //#end
        }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < ${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if FORWARD
        total += weight;
        //#end
        //#repeat j VCOLS
        let x${j} = stage[n * ${D4}u + min(tx + ${8 * j}u, ${D4 - 1}u)];
        //#repeat r 4
        sum${g}_${j}_${r} = fma(vec4f(weight[${r}]), x${j}, sum${g}_${j}_${r});
        //#end
        //#end
      }
    }
    //#end
  }

  //#if FORWARD
  let inverse = select(vec4f(), 1.0 / total, total > vec4f());
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(total)), total > vec4f());
  //#end
  //#repeat r 4
  if (row + ${r}u < p.rows) {
    let own = row + ${r}u;
    //#if FORWARD
    if (tx == 0u) { lse[own * p.heads + head] = log_sum[${r}]; }
    //#end
    //#if KEYS
    //#else
    //#repeat j VCOLS
    if (tx + ${8 * j}u < ${D4}u) {
      let at = query + tx + ${8 * j}u;
      //#if FORWARD
      o[own * p.heads * ${D4}u + at] = o_t4(sum0_${j}_${r} * inverse[${r}]);
      //#else
      dqkv[own * (p.heads + 2u * p.groups) * ${D4}u + at] = sum0_${j}_${r} * p.scale;
      //#end
    }
    //#end
    //#end
  }
  //#end
  }

  //#if KEYS
  //#repeat r 4
  if (row + ${r}u < p.rows) {
    let at = (row + ${r}u) * (p.heads + 2u * p.groups) * ${D4}u + tx;
    //#repeat j VCOLS
    if (tx + ${8 * j}u < ${D4}u) {
      dqkv[at + key + ${8 * j}u] = sum1_${j}_${r} * p.scale;
      dqkv[at + value + ${8 * j}u] = sum0_${j}_${r};
    }
    //#end
  }
  //#end
  //#end
}

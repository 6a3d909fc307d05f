var $=class extends Error{name="InputError"},mt=class extends Error{name="AdapterError"},ne=class extends Error{name="RunError"};function fe(e){return e.facts.isFallbackAdapter?"cpu":"gpu"}var Js=`// Reductions over the eight invocations tx = 0 \u2026 7 that share own rows 4\xB7ty \u2026 of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of \`least\`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  //#repeat t 8
  top = max(top, shared_rows[\${8 * t}u + ty]);
  //#end t
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  //#repeat t 8
  sum += shared_rows[\${8 * t}u + ty];
  //#end t
  return sum;
}
`;var Ys=`//#include activations
// The activation function that is asked for, and its derivative.
//#if GELU
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }
//#elif QUICK_GELU
fn activate(x: f32) -> f32 { return quick_gelu(x); }
fn derivative(x: f32) -> f32 { return quick_gelu_derivative(x); }
//#elif GELU_TANH
fn activate(x: f32) -> f32 { return gelu_tanh(x); }
fn derivative(x: f32) -> f32 { return gelu_tanh_derivative(x); }
//#elif SILU
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }
//#end GELU
`;var Xs=`// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x\xB7\u03A6(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x\xB7sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x\xB7\xBD(1 + tanh u) = x\xB7sigmoid(2u), u = \u221A(2/\u03C0)\xB7(x + 0.044715 x\xB3); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x\xB7sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
`;var Zs=`// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads\xB7D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO\xB7o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2\xB7groups)\xB7D]
`;var Qs=`// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2\xB7groups)\xB7D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads\xB7D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log \u03A3 exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * \${D4}u; }
fn o_stride() -> u32 { return p.heads * \${D4}u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * \${D4}u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * \${D4}u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * \${D4}u; }
`;var eo="    //#include attention_score\n    // weight = exp(score\xB7scale \u2212 lse) and d_score = weight\xB7(d_weight \u2212 delta) of own row r and row j\n    var dw${r} = own_value${r}_0 * other_value0;\n    //#repeat d D4MORE\n    dw${r} = fma(own_value${r}_${d + 1}, other_value${d + 1}, dw${r});\n    //#end d\n    let score${r} = lane_sum(s${r}) * p.scale;\n    let weight${r} = select(0.0, exp(score${r} - lse${r}), j >= range${r}.x && j < range${r}.y);\n    let d_score${r} = weight${r} * (lane_sum(dw${r}) - delta${r});\n";var to="    // score: own row r times the other side's row.\n    var s${r} = own${r}_0 * other0;\n    //#repeat d D4MORE\n    s${r} = fma(own${r}_${d + 1}, other${d + 1}, s${r});\n    //#end d\n";var ro=`// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32\xD732 pairs an invocation makes 4\xD74:
// rows 4\xB7ty \u2026 of its own side, a vec4, and rows tx, tx + 8, \u2026 of the other. A tile takes these steps:
//
//   scores     own\xB7other\u1D40, DEPTH vec4 of the head size at a time, both sides brought into \`stage\`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights\xB7other (attention_tile_sums.wgsl): the weights go through \`pairs\`, STEP rows of the other side at
//              a time through \`stage\`. An invocation makes its four rows of the vec4s tx, tx + 8, \u2026 of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH\xB74, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, \${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;
//#if BLOCK
var<workgroup> sequences: array<vec2u, 32>; // first and end of own rows' sequences
var<workgroup> stop_of_all: u32;
//#end BLOCK

// Where a head's 4\xB7D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4\xB7ty \u2026 of one tile with rows tx, tx + 8, \u2026 (columns) of another, whose rows from \`end\` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < \${D4}u; d += \${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < \${DEPTH}u) {
      let at = min(d + ty, \${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + \${q}u) * 8u + tx] = block[\${q}];
      //#end q
    }
    for (var n = i; n < \${32 * DEPTH}u; n += \${WORKGROUP}u) {
      let row = n / \${DEPTH}u;
      let at = n % \${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < \${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[\${32 * DEPTH}u + row * \${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < \${DEPTH}u; at++) {
      //#repeat q 4
      let a\${q} = stage[(4u * at + \${q}u) * 8u + ty];
      //#end q
      //#repeat c 4
      let b\${c} = stage[\${32 * DEPTH}u + (tx + \${8 * c}u) * \${PITCH}u + at];
      //#repeat q 4
      s[\${c}] = fma(a\${q}, vec4f(b\${c}[\${q}]), s[\${c}]);
      //#end q
      //#end c
    }
  }
  return s;
}

// What of the other side each of own rows 4\xB7ty \u2026 sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from \`own_row\` sees, or is seen by; fills \`ranges\`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  //#if BLOCK
  if (i < 32u) { sequences[i] = sequence(own_row + i); }
  //#end BLOCK
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
//#if BLOCK

// Where the block of rows from \`start\` on ends, of any of the 32 own rows.
fn tile_stop(start: u32, end: u32, i: u32) -> u32 {
  if (i == 0u) {
    var stop = end;
    for (var r = 0u; r < 32u; r++) { stop = min(stop, block_end(start, sequences[r])); }
    stop_of_all = stop;
  }
  return workgroupUniformLoad(&stop_of_all);
}

// Of which of the own rows 4\xB7ty \u2026 a block ends at \`stop\` and another follows.
fn end_blocks(stop: u32, ty: u32) -> vec4<bool> {
  return vec4<bool>(
    ends_block(stop, ranges[4u * ty]), ends_block(stop, ranges[4u * ty + 1u]),
    ends_block(stop, ranges[4u * ty + 2u]), ends_block(stop, ranges[4u * ty + 3u]));
}
//#end BLOCK
`;var no=`// The vec4 at \`at\` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  if (gradient) { return load_d_o(row * o_stride() + at); }
  return load_qkv(row * qkv_stride() + at);
}
`;var so=`    // sum\${g} += weights\${g}\xB7rows, of the 32 rows of summands\${g}
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end g
    //#repeat c 4
    pairs[(tx + \${8 * c}u) * 8u + ty] = weights\${g}[\${c}];
    //#end c
    for (var first = 0u; first < 32u; first += \${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < \${STEP * D4}u; n += \${WORKGROUP}u) {
        let j = other + first + n / \${D4}u;
        var summand = vec4f();
        if (j < end) { summand = load(summands\${g}.gradient, j, summands\${g}.at + n % \${D4}u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < \${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if WEIGHT_SUM
        weight_sum += weight;
        //#end WEIGHT_SUM
        //#repeat c VCOLS
        let x\${c} = stage[n * \${D4}u + min(tx + \${8 * c}u, \${D4 - 1}u)];
        //#repeat r 4
        sum\${g}_\${c}_\${r} = fma(vec4f(weight[\${r}]), x\${c}, sum\${g}_\${c}_\${r});
        //#end r
        //#end c
      }
    }
`;var oo=`// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end VECTOR
`;var io=`// How a matrix product ends.
//
//   z = scale\xB7product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform \`p\` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

//#include elements
//#if VECTOR
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end VECTOR

@group(0) @binding(\${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(\${BIAS}) var<storage, read_write> bias: array<T>;
//#end BIAS
//#if SAVE
@group(0) @binding(\${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end SAVE
//#if RESIDUAL
@group(0) @binding(\${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end RESIDUAL
//#if ACTIVATION
//#include activation_chosen
//#end ACTIVATION

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  //#if SCALED
  value *= p.scale;
  //#end SCALED
  //#if BIAS
  value += bias[column];
  //#end BIAS
  //#if SAVE
  saved[at] = Saved(value);
  //#end SAVE
  //#if ACTIVATION
  //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
  //#else
  value = activate(value);
  //#end VECTOR
  //#end ACTIVATION
  //#if RESIDUAL
  value += T(residual[at]);
  //#end RESIDUAL
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  //#if PITCHED
  let first = p.y_first % p.y_pitch + column;
  let at = (sheet * p.m + row) * p.y_pitch + p.y_first + column;
  //#else
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  //#end PITCHED
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
  //#else
  //#repeat q 4
  if (column + \${q}u < p.n) { end_at(at + \${q}u, first + \${q}u, product[\${q}]); }
  //#end q
  //#end VECTOR
}
`;var ao=`  m: u32, n: u32, k: u32, add: u32,
  //#if PITCHED
  // Of each matrix: elements from a row to the next, and before its first.
  a_pitch: u32, a_first: u32, b_pitch: u32, b_first: u32, y_pitch: u32, y_first: u32,
  //#end PITCHED
  //#if SCALED
  scale: f32,
  //#end SCALED
`;var co="    // Four columns of a row, four k.\n    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});\n";var uo=`// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
`;var lo=`//#include stored_elements
// The values of a T, added up from the first to the last.
//#if VECTOR
fn element_sum(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
fn element_sum(v: T) -> f32 { return v; }
//#end VECTOR

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
`;var fo=`// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, \u2026, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  //#if RAGGED
  return column < p.width;
  //#else
  return true;
  //#end RAGGED
}
`;var po=`// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
//#if SHARED
var<workgroup> shared_max: array<f32, \${WORKGROUP}>;
var<workgroup> shared_sum: array<f32, \${WORKGROUP}>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { sum += shared_sum[i]; }
  return sum;
}
//#else
fn max_of_row(own: f32, lane: u32) -> f32 { return own; }
fn sum_of_row(own: f32, lane: u32) -> f32 { return own; }
//#end SHARED
`;var ho=`// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

//#if BLOCK
// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from \`start\` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / \${BLOCK}u + 1u) * \${BLOCK}u;
}

// Whether a block of what a row sees, or is seen by, ends at \`stop\` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }
//#end BLOCK

// The rows that \`row\` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see \`row\`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}
`;var mo=`// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (\`spread\` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * \${WORKGROUP}u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
`;var go=`//#include elements
// A T as x and y hold it, which may be in 16 bits.
//#if VECTOR
alias X = x_t4;
alias Y = y_t4;
//#else
alias X = x_t;
alias Y = y_t;
//#end VECTOR
`;var wo=`// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, \${2 * LANES}>;
//#if CENTRED
var<workgroup> lane_second: array<vec4f, \${2 * LANES}>;
//#end CENTRED

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  //#if CENTRED
  lane_second[at] = sums.second;
  //#end CENTRED
}

// Where the sums to be added up stand, in \`block\`'s turn.
fn sums_at(block: u32) -> u32 {
  //#if TREE
  return \${LANES}u; // those of sixteens
  //#elif LOOP
  return (block & 1u) * \${LANES}u;
  //#else
  return 0u;
  //#end TREE
}
`;var _o=`//#include workgroup_memory
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + \${LANES - 1}u - lane) / \${LANES}u)); }
// \u2026 that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  //#if TREE
  let before = 16u * part;
  let one_more = min(max(p.width % \${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / \${LANES}u) + one_more));
  //#else
  return held(part);
  //#end TREE
}

// What \`values\` values' squares about \`mean\` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}
//#end CENTRED

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#if CENTRED
    //#repeat l 16
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end l
    let middle = sixteen.second / max(held_by(lane), 1.0);
    //#end CENTRED
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.first += about(middle, lane_second[16u * lane + \${l}u], held(16u * lane + \${l}u));
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var moments = Moments();
  //#if CENTRED
  //#repeat l PARTS
  moments.mean += lane_second[at + \${l}u];
  //#end l
  moments.mean /= size;
  //#end CENTRED
  //#repeat l PARTS
  moments.square += lane_first[at + \${l}u];
  //#if CENTRED
  moments.square += about(moments.mean, lane_second[at + \${l}u], held_by(\${l}u));
  //#end CENTRED
  //#end l
  moments.square /= size;
  return moments;
}
`;var vo=`//#include workgroup_memory
// The sums of all lanes, added up.
fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var sums = Sums();
  //#repeat l PARTS
  sums.first += lane_first[at + \${l}u];
  //#if CENTRED
  sums.second += lane_second[at + \${l}u];
  //#end CENTRED
  //#end l
  return sums;
}
`;var yo={across_tile:Js,activation_chosen:Ys,activations:Xs,attention_gradients:Zs,attention_operands:Qs,attention_pair:eo,attention_score:to,attention_tile:ro,attention_tile_backward:no,attention_tile_sums:so,elements:oo,gemm_ending:io,gemm_params:ao,gemm_step:co,lane_sum:uo,norm_elements:lo,norm_lanes:fo,row_reductions:po,spans:ho,spread:mo,stored_elements:go,workgroup_memory:wo,workgroup_moments:_o,workgroup_sums:vo};var gn=`
  p = params;`,bo=/var<uniform> p: Params;/;function sr(e){return bo.test(e)}function $o(e,t){return e.replace(bo,"var<storage, read> params: Params; var<private> p: Params;").replace(new RegExp(`fn ${t}\\([^{]*\\{`),n=>n+gn)}function xo(e,t,r={}){let n={lines:[],places:[]};return or(pd(e,r),t,n),n}function he({file:e,line:t},r){throw new Error(`${e}:${t}: ${r}`)}var fd=/^\s*\/\/#(\w+)\s*(.*?)\s*$/;function pd(e,{file:t="template",block:r=()=>{}}){let n=new Set,s=[];return o(e,t,s),s;function o(i,a,c){let u=[],d=()=>u.at(-1)?.body??c,l=(g,m,w)=>{d().push(m),u.push({name:g,node:m,body:w})},f=(g,m,w)=>{let[,_,x]=/^(!?)(\w+)$/.exec(w)??he(g,`expected //#${m} NAME or //#${m} !NAME, found //#${m} ${w}`);return{condition:x,negated:_==="!",body:[]}},p=(g,m)=>{d().length===0&&he(g,`${m} follows an empty branch: leave it out, or turn the condition with !`)};i.split(`
`).forEach((g,m)=>{let w={file:a,line:m+1},[,_,x=""]=fd.exec(g)??[],S=u.at(-1);if(_===void 0)d().push({kind:"line",text:g,place:w});else if(_==="if"){let T=f(w,_,x);l(T.condition,{kind:"if",branches:[T],place:w},T.body)}else if(_==="elif"||_==="else"){S?.node.kind!=="if"&&he(w,`//#${_} without an //#if`),p(w,`//#${_}`),S.node.branches.at(-1).condition===void 0&&he(w,`//#${_} after //#else`);let T=_==="elif"?f(w,_,x):{condition:void 0,negated:!1,body:[]};S.node.branches.push(T),S.body=T.body}else if(_==="repeat"){let[,T,C]=/^(\w+)\s+(\w+)$/.exec(x)??he(w,`expected //#repeat NAME COUNT, found //#repeat ${x}`),z=[];l(T,{kind:"repeat",name:T,count:C,body:z,place:w},z)}else if(_==="end")S||he(w,"//#end without a block"),x!==S.name&&he(w,`expected //#end ${S.name} for line ${S.node.place.line}, found //#end ${x}`),p(w,"//#end"),u.pop();else if(_==="include"){if(n.has(x))return;n.add(x);let T=r(x)??he(w,`there is no block ${x} to include`);o(T.text.replace(/\n$/,""),T.file,d())}else he(w,`unknown directive //#${_}`)});let h=u.at(-1);h&&he(h.node.place,`block is not closed by //#end ${h.name}`)}}function or(e,t,r){for(let n of e){let{place:s}=n;if(n.kind==="line")r.lines.push(hd(n.text,t,s)),r.places.push(s);else if(n.kind==="repeat"){let o=wn(n.count,t,s);o===0&&or(n.body,{...t,[n.name]:0},{lines:[],places:[]});for(let i=0;i<o;i++)or(n.body,{...t,[n.name]:i},r)}else{let o=!1;for(let{condition:i,negated:a,body:c}of n.branches){let u=i===void 0||wn(i,t,s)!==0!==a;or(c,t,u&&!o?r:{lines:[],places:[]}),o||=u}}}}function wn(e,t,r){let n=/^\d+$/.test(e)?Number(e):t[e];return n===void 0&&he(r,`no value for ${e}`),n}function hd(e,t,r){return e.replace(/\$\{([^}]+)\}/g,(n,s)=>String(md(s,t,r)))}function md(e,t,r){let n=e.match(/\w+|[-+*/%()]/g)??[],s=0,o=()=>{let u=n[s++]??"";if(u!=="(")return wn(u,t,r);let d=a();return s++,d},i=()=>{let u=o();for(;/^[*/%]$/.test(n[s]??"");){let d=n[s++],l=o();u=d==="*"?u*l:d==="/"?Math.floor(u/l):u%l}return u},a=()=>{let u=i();for(;/^[-+]$/.test(n[s]??"");)u+=(n[s++]==="+"?1:-1)*i();return u},c=a();return s!==n.length&&he(r,`cannot read \${${e}}`),c}function Qe(e,t){return e.slot===t.slot&&e.offset<t.offset+t.bytes&&t.offset<e.offset+e.bytes}var Me=256;function ko(e,t){return e.replace(new RegExp(`var<storage, read_write> ${t}: array<\\w+>;`),`var ${t}: ${t}_texture;`)}function Eo(e,t){let r=`vec2u(i & ${Me-1}u, i >> ${Math.log2(Me)}u)`,n=t?`textureLoad(${e}, ${r})`:`vec4f(${e}[i])`;return`fn load_${e}(i: u32) -> vec4f { return ${n}; }`}var gd=2;function wd({f16:e}){return e?"rgba16float":"rgba32float"}function et(e){return Me*(e==="rgba32float"?16:8)}function _n(e){let t=[],r=e.map(({slices:n,textured:s},o)=>{let i=n.map(()=>{}),a=[];for(let c of s){let u=n[c],d=wd(u),l=t.findIndex(({holds:p})=>p&&_d(p,u));if(l<0){let p=[...t.keys()].filter(g=>t[g].format===d&&t[g].used<o).sort((g,m)=>t[g].used-t[m].used);l=p.find(g=>!t[g].holds)??-1;let h=t.filter(g=>g.format===d).length<gd;l<0&&(h||p.length===0)?l=t.push({format:d,rows:0,holds:void 0,used:o})-1:l<0&&(l=p[0]),a.push({slice:u,texture:l})}let f=t[l];f.rows=Math.max(f.rows,Math.ceil(u.bytes/et(d))),f.holds=u,f.used=o,i[c]=l}return n.forEach((c,u)=>{if(i[u]===void 0)for(let d of t)d.holds&&Qe(d.holds,c)&&(d.holds=void 0)}),{textures:i,copies:a}});return{needs:t.map(({format:n,rows:s})=>({format:n,rows:s})),uses:r}}function _d(e,t){return e.slot===t.slot&&e.offset===t.offset&&e.bytes===t.bytes}function So(e,t,r,n,s){let o=et(s.format),i=(u,d,l)=>e.copyBufferToTexture({buffer:t,offset:r+u*o,bytesPerRow:o},{texture:s,origin:[0,u]},[d,l]),a=Math.ceil(n/o);if(r+a*o<=t.size)return i(0,Me,a);let c=Math.floor(n/o);c>0&&i(0,Me,c),i(c,(n-c*o)/(o/Me),1)}function Mt(e,t){return e.label?e.label(t):typeof t!="object"||t===null?String(t):Object.entries(t).flatMap(([r,n])=>Number.isInteger(n)?[`${r} ${n}`]:typeof n=="string"?[n]:n===!0?[r]:[]).join(" ")}var ir={cpu:8,gpu:64};function X(e){return new Uint32Array(new Float32Array([e]).buffer)[0]}function Ao(e,t,r=[],n=ir.gpu,s=!1){let o=(i=[])=>`[${i}]`;return[e.name,JSON.stringify(e.constants(t)),o(e.bindings(t)),o(r),o(e.textures?.(t)),e.workgroup?.(t)??n,s?"stored":"uniform"].join(" ")}function To(e,t,r=[],n=ir.gpu,s=!1){let{lines:o,places:i}=vd(e,t,n),a=o.join(`
`),c=e.textures?.(t)??[];for(let l of c)a=ko(a,l);if(s&&sr(a)){a=$o(a,e.name);let l=a.slice(0,a.indexOf(gn)).split(`
`).length;i.splice(l,0,i[l-1])}let u=r.length>0?["enable f16;"]:[];for(let l of e.f16??[]){let f=r.includes(l);u.push(`alias ${l}_t = ${f?"f16":"f32"}; alias ${l}_t4 = ${f?"vec4<f16>":"vec4f"};`)}for(let l of c){let f=r.includes(l)?"rgba16float":"rgba32float";u.push(`alias ${l}_texture = texture_storage_2d<${f}, read>;`)}for(let l of e.bindings(t))a.includes(`load_${l}(`)&&u.push(Eo(l,c.includes(l)));let d=u.map((l,f)=>({file:`${e.name} (what stands in front of it)`,line:f+1}));return{code:[...u,a].join(`
`),places:[...d,...i]}}function vd(e,t,r){let n={WORKGROUP:e.workgroup?.(t)??r,...e.constants(t)},s=o=>{let i=yo[o];return i===void 0?void 0:{text:i,file:`kernels/blocks/${o}.wgsl`}};try{return xo(e.wgsl,n,{file:`kernels/${e.name}.wgsl`,block:s})}catch(o){throw new Error(`kernel ${e.name} (${Mt(e,t)}): ${o instanceof Error?o.message:o}`)}}var Oo=65535;function L(e,t){let r=Math.max(1,Math.ceil(e/t));if(r<=Oo)return[r,1,1];let n=Math.ceil(r/Oo);return[Math.ceil(r/n),n,1]}function Co(e,t){let r=s=>t[Number(s)-1],n=(s,o,i)=>{let a=r(o);return a?`${a.file}:${a.line}:${i}`:s};return e.replace(/^( *)(\d+)( *│)/gm,(s,o,i,a)=>{let c=r(i);return c?String(c.line).padStart(o.length+i.length)+a:s}).replace(/\bwgsl:(\d+):(\d+)/g,n).replace(/(?<=^|\s):(\d+):(\d+)(?= error| warning)/gm,n)}var yd=["timestamp-query","shader-f16"],bd=/llvmpipe|lavapipe|swiftshader|basic render|software/i;async function yn(e={}){let t=await navigator.gpu?.requestAdapter({powerPreference:e.powerPreference??"high-performance"});if(!t)throw new mt("no WebGPU adapter was found: install a Vulkan driver (see `deno task doctor`)");let{limits:r,info:n}=t,s=await t.requestDevice({requiredFeatures:yd.filter(a=>t.features.has(a)),requiredLimits:{maxBufferSize:r.maxBufferSize,maxStorageBufferBindingSize:r.maxStorageBufferBindingSize,maxTextureDimension2D:r.maxTextureDimension2D,maxStorageBuffersPerShaderStage:Math.min(r.maxStorageBuffersPerShaderStage,16)}}),o=`${n.vendor} ${n.architecture} ${n.device} ${n.description}`,i=n.isFallbackAdapter;return new vn(s,{vendor:n.vendor,architecture:n.architecture,device:n.device,description:n.description,isFallbackAdapter:i===!0||bd.test(o)})}var vn=class{device;facts;largestBinding;largestBuffer;largestTexture;peakBytes=0;profiler;#e=0;#t;#r=new Map;#n=new Map;#s;#o={rgba32float:[],rgba16float:[]};#i=!1;constructor(t,r){this.device=t,this.largestBinding=t.limits.maxStorageBufferBindingSize,this.largestBuffer=Math.floor(t.limits.maxBufferSize/16)*16,this.largestTexture=4*Me*t.limits.maxTextureDimension2D,this.facts=r,t.addEventListener("uncapturederror",n=>{n.preventDefault(),this.#c(`WebGPU error: ${n.error.message}`)}),t.lost.then(n=>{this.#i||this.#c(`the GPU device was lost (${n.reason}: ${n.message}), and all that was on it. A driver that was reset, full memory or a GPU taken away do that: see to it, and go on with --resume`)})}get liveBytes(){return this.#e}set liveBytes(t){this.#e=t,this.peakBytes=Math.max(this.peakBytes,t)}#c(t){this.#t??=new ne(t)}check(){if(this.#t)throw this.#t}buffer(t,r,n=GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST){let s=Math.max(16,Math.ceil(t/16)*16);if(s>this.largestBuffer)throw new ne(`${r}: a buffer of ${s} bytes is over this adapter's limit of ${this.largestBuffer}; use a smaller batch or model`);return this.liveBytes+=s,this.device.createBuffer({size:s,usage:n,label:r})}release(t){this.liveBytes-=t.size,t.destroy()}arena(t){return(!this.#s||this.#s.size<t)&&(this.#s&&this.release(this.#s),this.#s=this.buffer(t,"arena")),this.#s}get workgroup(){return ir[fe(this)]}textures(t){let r={rgba32float:0,rgba16float:0};return t.map(({format:n,rows:s})=>{let o=this.#o[n],i=r[n]++,a=o[i];return a&&a.height>=s?a:(this.liveBytes+=(s-(a?.height??0))*et(n),a?.destroy(),o[i]=this.device.createTexture({label:`operand ${i}`,size:[Me,s],format:n,usage:GPUTextureUsage.COPY_DST|GPUTextureUsage.STORAGE_BINDING}))})}get sharedBytes(){let t=Object.values(this.#o).flat(),r=({height:n,format:s})=>n*et(s);return t.reduce((n,s)=>n+r(s),this.#s?.size??0)}async settle(){this.device.queue.submit([]),await this.device.queue.onSubmittedWorkDone(),this.check()}async read(t,r,n){this.check();let s=Math.max(4,Math.ceil(n/4)*4),o=this.device.createBuffer({size:s,usage:GPUBufferUsage.MAP_READ|GPUBufferUsage.COPY_DST});try{let i=this.device.createCommandEncoder();return i.copyBufferToBuffer(t,r,o,0,s),this.device.queue.submit([i.finish()]),await this.#a(o),this.check(),o.getMappedRange().slice(0,n)}finally{o.destroy()}}async#a(t){try{await t.mapAsync(GPUMapMode.READ)}catch(r){await Promise.race([this.device.lost,new Promise(s=>setTimeout(s,100))]),this.check();let n=r instanceof Error?r.message:String(r);throw new ne(`the GPU gives nothing back: ${n}. Go on with --resume`,{cause:r})}}pipeline(t,r,n=[]){let s=t.textures?.(r)??[],o=t.bindings(r).map(m=>s.includes(m)?n.includes(m)?"rgba16float":"rgba32float":"buffer"),i=o.filter(m=>m==="buffer").length,a=fe(this)==="cpu"&&sr(t.wgsl)&&i<this.device.limits.maxStorageBuffersPerShaderStage,c=Ao(t,r,n,this.workgroup,a),u=this.#r.get(c);if(u)return u;let d=this.#u(o,a),{code:l,places:f}=To(t,r,n,this.workgroup,a);this.device.pushErrorScope("validation");let p=this.device.createShaderModule({code:l,label:t.name}),h=this.device.createComputePipeline({label:t.name,layout:this.device.createPipelineLayout({bindGroupLayouts:[d]}),compute:{module:p,entryPoint:t.name}});this.device.popErrorScope().then(m=>{m&&this.#c(`kernel ${t.name} (${Mt(t,r)}): ${Co(m.message,f)}`)},()=>{});let g={pipeline:h,layout:d};return this.#r.set(c,g),g}#u(t,r){let n=[...t,r].join(" "),s=this.#n.get(n);if(!s){let o=GPUShaderStage.COMPUTE;s=this.device.createBindGroupLayout({entries:[...t.map((i,a)=>i==="buffer"?{binding:a,visibility:o,buffer:{type:"storage"}}:{binding:a,visibility:o,storageTexture:{access:"read-only",format:i}}),{binding:t.length,visibility:o,buffer:{type:r?"read-only-storage":"uniform"}}]}),this.#n.set(n,s)}return s}destroy(){this.#i=!0,this.liveBytes-=this.sharedBytes,this.#s=void 0;for(let t of Object.values(this.#o))t.length=0;this.device.destroy()}};var $d={scale:1,form:"xyxy"};var gt=String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`,bn=Array(4).fill(gt).join(","),xd=[String.raw`\[${bn}\]`,String.raw`\(${gt},${gt}\)\s*,?\s*\(${gt},${gt}\)`,String.raw`\(${bn}\)`,String.raw`<(?:box|bbox)>${bn}</(?:box|bbox)>`].map(e=>new RegExp(e,"i")),kd=new RegExp(String.raw`^${Array(4).fill(gt).join("[,\\s]")}\.?$`,"i"),Ed=1e-6;function No(e,t){let{scale:r,form:n}=t??$d,s=xd.map(h=>h.exec(e)).reduce((h,g)=>g!==null&&(h===null||g.index<h.index)?g:h,null)??(t===void 0?null:kd.exec(e.trim()));if(s===null)return null;let o=r==="pixels"?1:r,[i,a,c,u]=s.slice(1).map(h=>Number(h)/o),[d,l]=n==="xyxy"?[c,u]:[i+c,a+u],f=r==="pixels"?Number.MAX_VALUE:n==="xywh"?1+Ed:1;return[i,a,d,l].every(h=>h>=0&&h<=f)&&i<=d&&a<=l?[i,a,d,l]:null}function Po(e,{defaults:t,ignored:r}){let{temperature:n=t.temperature,topK:s=t.topK,topP:o=t.topP}=e,i=r.map(a=>`generation_config.json: ${a} is not heeded here`);return n===0&&(e.topK!==void 0||e.topP!==void 0)&&i.push("--top-k and --top-p change nothing at a temperature of 0; give --temperature as well"),{options:{temperature:n,topK:s,topP:o,seed:e.seed,repetitionPenalty:e.repetitionPenalty??t.repetitionPenalty,maxNewTokens:e.maxTokens??t.maxNewTokens??64},warnings:i}}function ye(e){return`${e.file}, sample ${JSON.stringify(e.id)} (task ${e.task})`}function ar(e,t){return new $(`${ye(e)}, turn ${t+1}: expected an answer to learn, found ${JSON.stringify(e.turns[t].answer)}; fill it in or remove the turn`)}function cr(e,t){if(!(Number.isInteger(t)&&t>=0&&t<e.turns.length))throw new RangeError(`${ye(e)}: expected a turn from 0 to ${e.turns.length-1}, found ${t}`)}function wt(e,t,r,n){return new $(`${ye(e)}: expected at most ${n} tokens, found ${t}`+(r>0?` (${r} of them for its images)`:"")+"; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)")}function _t(e){let{images:t,turns:r}=e;if(r.every(({places:o})=>o===void 0))return r.map((o,i)=>i===0?t.map(()=>0):[]);let n=r.map(({places:o=[]})=>o),s=n.flat().length;if(s!==t.length)throw new $(`${ye(e)}: expected as many places as images, found ${s} and ${t.length}`);return n.forEach((o,i)=>{let{length:a}=r[i].question;if(!o.every((c,u)=>Number.isInteger(c)&&c>=(o[u-1]??0)&&c<=a))throw new $(`${ye(e)}, turn ${i+1}: expected ascending places from 0 to ${a}, found ${o.join(", ")}`)}),n}function ur(e,t){return[...t,e.length].map((r,n)=>e.slice(t[n-1]??0,r))}function Ae(e,t){return t.reduce((r,n)=>r+e.imageTokens(n),0)}function Lo(e,t=33554432){return Math.max(1,Math.floor(t/(3*e**2*4)))}async function*Ro(e,t,r){let n=[],s=[],o=[],i=async a=>{s.push(...await e(n.slice(0,a))),n=n.slice(a);let c=[],u=0;for(;o.length>c.length&&u+o[c.length]<=s.length;){let d=o[c.length];c.push(s.slice(u,u+d)),u+=d}return o=o.slice(c.length),s=s.slice(u),c};for await(let a of t)for(n.push(...a),o.push(a.length);n.length>=r;){let c=await i(r);c.length>0&&(yield c)}n.length>0&&(yield await i(n.length))}function Mo(e,t,r,n){let{format:s}=e,o=s.promptOf(r,r.turns.length-1,n,{maxTokens:1/0}),i=t.maxPositions-1,a=o.ids.length;if(a<=i)return o;let c=Ae(s,n);throw new $(`expected a conversation of at most ${i} tokens, which is all that the model reads, found ${a}${c>0?` (${c} of them for images)`:""}; ask less at once, or begin anew`)}var lr=class{#e;#t=[];#r="";constructor(t){this.#e=t}push(t){return this.#t.push(t),this.#s(this.#n().replace(/[\s\uFFFD]+$/,""))}end(){let t=this.#n();return t.startsWith(this.#r)?this.#s(t):`
${t}`}#n(){return this.#e.decode(this.#t).trim()}#s(t){if(!t.startsWith(this.#r))return"";let r=t.slice(this.#r.length);return this.#r=t,r}};var dr=class{#e;#t;#r;#n;#s=new Map;#o;#i=[];#c=0;#a=0;constructor(t,r,n,s){this.#e=t,this.#t=n,this.#r=r,this.#o=[...s],this.#n=r.session()}get images(){return this.#o}async add(t){await this.#t.tiles(t),this.#o.push(t)}async ask(t,r){let n=performance.now(),s=()=>(performance.now()-n)/1e3,{onText:o,seed:i=0,...a}=r,{tokenizer:c,stops:u}=this.#e,d=this.#o.slice(this.#c).map(()=>0),l={question:t,places:d,answer:""},f={id:"1",task:"question",images:this.#o,turns:[...this.#i,l],file:"command line"},p=await Promise.all(this.#o.map(H=>this.#t.grid(H))),{ids:h,images:g}=Mo(this.#e,this.#r,f,p),m=await this.#u(g),w={ids:h,images:m},_=new lr(c),x,{ids:S,stop:T,reused:C}=await this.#n.answer(w,{...a,seed:this.#a===0?i:`${i}, question ${this.#a+1}`,maxNewTokens:Math.min(r.maxNewTokens,this.#r.maxPositions-h.length),stops:u,onToken:H=>{x??=s();let ee=_.push(H);ee!==""&&o?.(ee)}}),z=_.end();z!==""&&o?.(z),this.#a++;let W=c.decode(S).trim();W!==""&&(this.#i.push({...l,answer:W}),this.#c=this.#o.length);let F=s();return{answer:W,ended:T===void 0?"length":"stop",stop:T,tokens:S.length,promptTokens:h.length,imageTokens:Ae(this.#e.format,p),reusedTokens:C,seconds:{first:x??F,all:F}}}async#u(t){let r=[...new Set(t)].filter(c=>!this.#s.has(c)),n=this.#t,s=this.#r,o=async function*(){for(let c of r)yield await n.tiles(c)},i=c=>s.encodeImages(c),a=0;for await(let c of Ro(i,o(),Lo(s.imageSize)))for(let u of c)this.#s.set(r[a++],u);return t.flatMap(c=>this.#s.get(c))}end(){this.#n.destroy()}close(){this.end(),this.#r.destroy()}};var Sd=new Set(`_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled
  _name_or_path add_cross_attention architectures attention_dropout auto_map bad_words_ids begin_suppress_tokens
  bos_token_id chunk_size_feed_forward cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample
  dropout dtype early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty
  finetuning_task forced_bos_token_id forced_eos_token_id id2label initializer_factor initializer_range
  is_composition is_decoder is_encoder_decoder label2id length_penalty max_length min_length model_type
  neftune_noise_alpha no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
  output_hidden_states output_scores pad_token_id prefix pretraining_tp problem_type projection_dim pruned_heads
  remove_invalid_values repetition_penalty return_dict return_dict_in_generate sep_token_id suppress_tokens
  task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p
  torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache`.split(/\s+/)),ce=class{json;#e;#t=new Set;constructor(t,r,n="config.json"){if(this.#e=r===""?n:`${n}: ${r}`,typeof t!="object"||t===null||Array.isArray(t)){let s=t===void 0?"nothing":JSON.stringify(t).slice(0,200);throw new $(`${this.#e}: expected an object, found ${s}`)}this.json=t}error(t){return new $(`${this.#e}: ${t}`)}get(t){return this.#t.add(t),Object.hasOwn(this.json,t)?this.json[t]??void 0:void 0}number(t,r){let n=this.get(t)??r;if(typeof n!="number"||!Number.isFinite(n))throw this.error(`${t} must be a number, found ${JSON.stringify(n)}`);return n}whole(t,r,n=1,s=2**31-1){let o=this.number(t,r);if(Number.isInteger(o)&&o>=n&&o<=s)return o;let i=s<2**31-1?`from ${n} to ${s}`:`of at least ${n}`;throw this.error(`${t} must be a whole number ${i}, found ${o}`)}layers(t){return this.whole("num_hidden_layers",t,1,1e3)}flag(t,r){let n=this.get(t)??r;if(typeof n=="boolean")return n;throw this.error(`${t} must be true or false, found ${JSON.stringify(n)}`)}word(t,r,n){let s=this.get(t)??n;if(r.includes(s))return s;throw this.error(`${t} must be ${r.join(" or ")}, found ${JSON.stringify(s)}`)}choice(t,r,n){return r[this.word(t,Object.keys(r),n)]}only(t,r){let n=this.get(t)??r;if(n!==r)throw this.error(`${t} must be ${JSON.stringify(r)}, found ${JSON.stringify(n)}`)}done(t=[]){for(let[r,n]of Object.entries(this.json))if(!(this.#t.has(r)||Sd.has(r)||t.includes(r))&&!(n===null||n===!1)&&!(typeof n=="object"&&Object.keys(n).length===0))throw this.error(`the field ${JSON.stringify(r)} is not known (${JSON.stringify(n).slice(0,100)}). If it does not change what the model computes, take it out; otherwise this model needs code that is not here`)}};var se={f32:4,f16:2,i32:4},J=class e{shape;dtype;slot;offset;requiresGrad=!1;gradient;origin;constructor(t,r,n,s=0,o){this.shape=t,this.dtype=r,this.slot=n,this.offset=s,this.origin=o??this}static of(t,r,n,s="f32"){let o=oe(r);if(n&&n.length!==o)throw new Error(`expected ${o} values for shape [${r}], found ${n.length}`);let i=o*se[s],a=t.buffer(i,`tensor [${r}]`),c=new e(r,s,{label:a.label,bytes:i,buffer:a,offset:0});return n&&c.write(t,s==="i32"?Int32Array.from(n):Float32Array.from(n)),c}get size(){return oe(this.shape)}get bytes(){return this.size*se[this.dtype]}get slice(){return{slot:this.slot,offset:this.offset,bytes:this.bytes,f16:this.dtype==="f16"}}view(t){if(oe(t)!==this.size)throw new Error(`cannot view [${this.shape}] as [${t}]`);let r=new e(t,this.dtype,this.slot,this.offset,this.origin);return r.requiresGrad=this.requiresGrad,r.gradient=this.gradient?.view(t),r}rows(t,r){let n=this.size/(this.shape[0]??1),s=this.offset+t*n*se[this.dtype];if(s%256!==0)throw new Error(`rows: offset ${s} bytes is not a multiple of 256`);return new e([r,...this.shape.slice(1)],this.dtype,this.slot,s)}write(t,r){if(r.length===0)return;let n=this.slot.offset+this.offset;if(this.dtype!=="f16"){t.device.queue.writeBuffer(this.#e(),n,r);return}if(r.length!==this.size||this.size%2===1&&this.bytes<this.slot.bytes)throw new Error(`f16 tensor [${this.shape}]: expected ${this.size} values for the whole of it, found ${r.length} for ${this.bytes} of ${this.slot.bytes} bytes`);let s=new Float16Array(2*Math.ceil(r.length/2));s.set(r),t.device.queue.writeBuffer(this.#e(),n,s)}async read(t){let r=await t.read(this.#e(),this.slot.offset+this.offset,this.bytes);return this.dtype==="f32"?new Float32Array(r):Float32Array.from(this.dtype==="f16"?new Float16Array(r):new Int32Array(r))}destroy(t){t.release(this.#e())}#e(){if(!this.slot.buffer)throw new Error(`tensor "${this.slot.label}" is intermediate: name it as an output of its program to read it`);return this.slot.buffer}};function oe(e){return e.reduce((t,r)=>t*r,1)}function I(e,t,r,n){if(r.length!==n.length||n.some((s,o)=>s!==-1&&s!==r[o])){let s=n.map(o=>o===-1?"*":o);throw new Error(`${e}: ${t} must have shape [${s}], found [${r}]`)}}var Io=`// Rotary position embedding, Llama's half-split form: in each of the first \`rotated\` heads of a row, the pair
// (i, i + D/2) turns by the angle position\xB7theta^(\u22122i/D), looked up in a table.
// The other heads are copied. Backward turns the other way (sign \u22121). An invocation a pair of T: four pairs where
// D/2 is a multiple of 4. The table holds the cosines of a position, then its sines: [positions, 2, D/2].

//#include spread
//#include stored_elements

struct Params { rows: u32, heads: u32, rotated: u32, half: u32, sign: f32 } // half in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;            // [rows, heads\xB7D]
@group(0) @binding(1) var<storage, read_write> y: array<Y>;            // [rows, heads\xB7D]
@group(0) @binding(2) var<storage, read_write> positions: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> table: array<T>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pair = item_index(id, groups);
  let head_row = pair / p.half;
  let row = head_row / p.heads;
  if (row >= p.rows) { return; }
  let i = pair % p.half;
  let at = head_row * 2u * p.half + i;
  let a = T(x[at]);
  let b = T(x[at + p.half]);
  if (head_row % p.heads >= p.rotated) {
    y[at] = Y(a);
    y[at + p.half] = Y(b);
    return;
  }
  let entry = 2u * u32(positions[row]) * p.half + i;
  let c = table[entry];
  let s = p.sign * table[entry + p.half];
  y[at] = Y(a * c - b * s);
  y[at + p.half] = Y(b * c + a * s);
}
`;var Ad={name:"rope",wgsl:Io,constants:({half:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y","positions","table"],f16:["x","y"],params:({rows:e,heads:t,rotated:r,half:n,sign:s})=>[e,t,r,n/Bo(n),X(s)],workgroup:()=>64,groups:({rows:e,heads:t,half:r},n)=>L(e*t*r/Bo(r),n)};function Bo(e){return e%4===0?4:1}function zo(e,t,r,n,s,o){let[i=0,a=0]=t.shape,c=a/s/2;if(!Number.isInteger(c))throw new Error(`rope: ${s} heads of even size do not fill rows of ${a}`);if(o>s)throw new Error(`rope: ${o} of ${s} heads cannot turn`);I("rope","positions",r.shape,[i]),I("rope","table",n.shape,[-1,2,c]);let u=e.result(t.shape,"rope"),d=(l,f,p)=>e.dispatch(Ad,{rows:i,heads:s,rotated:o,half:c,sign:p},[l,f,r,n]);return d(t,u,1),e.needsGrad(t)&&e.differentiable(u,l=>e.assign(t,f=>d(l,f,-1))),u}var jo=["default","linear","llama3"];function Td(e,t){if(t.type==="default")return e;let{factor:r}=t;if(t.type==="linear")return e/r;let{low:n,high:s,original:o}=t,i=(o*e/(2*Math.PI)-n)/(s-n),a=Math.min(1,Math.max(0,i));return(1-a)*e/r+a*e}function Do(e,t,r,n={type:"default"}){let s=t/2,o=Array.from({length:s},(a,c)=>Td(r**(-2*c/t),n)),i=new Float32Array(e*s*2);for(let a=0;a<e;a++)for(let c=0;c<s;c++){let u=a*o[c];i[2*a*s+c]=Math.cos(u),i[(2*a+1)*s+c]=Math.sin(u)}return i}function qo(e,t){let r=e.get("rope_theta"),n=e.get("rope_parameters"),s=e.get("rope_scaling"),o=n===void 0?"rope_scaling":"rope_parameters",i=new ce(n??s??{},`text_config: ${o}`),a=i.get("type"),c=i.word("rope_type",jo,a??"default");i.only("partial_rotary_factor",1);let u=i.number("rope_theta",typeof r=="number"?r:1e4);if(!(u>0))throw i.error(`rope_theta must be above 0, found ${u}`);let l=(()=>{if(c==="default")return{type:c};let f=i.number("factor",0);if(!(f>=1))throw i.error(`factor must be a number of at least 1, found ${JSON.stringify(i.get("factor"))}`);if(c==="linear")return{type:c,factor:f};let p=i.number("low_freq_factor",1),h=i.number("high_freq_factor",4);if(!(p>0&&h>p))throw i.error(`expected 0 < low_freq_factor < high_freq_factor, found ${p} and ${h}`);return{type:c,factor:f,low:p,high:h,original:i.whole("original_max_position_embeddings",t)}})();return i.done(["original_max_position_embeddings","max_position_embeddings"]),{theta:u,scaling:l}}var Uo={llama:{vocab:32e3,mlp:11008,keyValueHeads:void 0,positions:2048,bias:"asked"},mistral:{vocab:32e3,mlp:14336,keyValueHeads:8,positions:131072,bias:"none"},qwen2:{vocab:151936,mlp:22016,keyValueHeads:32,positions:32768,bias:"qkv"}},Cd=["max_window_layers","layer_types","is_llama_config","perceiver_config","pixel_shuffle_factor","qk_layer_norms","use_resampler"];function fr(e,t){let r=e.word("model_type",Object.keys(Uo),"llama"),n=Uo[r];e.word("hidden_act",["silu","swish"],"silu");let s=e.whole("num_attention_heads",32),o=e.whole("hidden_size",4096),i=Nd(e,r),a=e.whole("max_position_embeddings",n.positions),c=qo(e,a),u=e.get("pad_token_id")===void 0?void 0:e.number("pad_token_id",-1),d=e.whole("vocab_size",n.vocab),l={vocab_size:d,hidden_size:o,intermediate_size:e.whole("intermediate_size",n.mlp),num_hidden_layers:e.layers(32),num_attention_heads:s,num_key_value_heads:e.whole("num_key_value_heads",n.keyValueHeads??s),head_dim:e.whole("head_dim",o/s),max_position_embeddings:Math.min(a,i),rms_norm_eps:e.number("rms_norm_eps",t.eps),rope_theta:c.theta,rope_scaling:c.scaling,tie_word_embeddings:t.tiedBySection&&e.flag("tie_word_embeddings",!1)||t.tied,attention_bias:n.bias==="asked"?e.flag("attention_bias",!1)?"all":"none":n.bias,mlp_bias:n.bias==="asked"&&e.flag("mlp_bias",!1),padding:u!==void 0&&u<0?d+u:u};if(e.done(Cd),l.head_dim%2!==0)throw e.error(`head_dim must be even, since RoPE turns pairs, found ${l.head_dim}`);if(s%l.num_key_value_heads!==0)throw e.error(`${l.num_key_value_heads} key-value heads do not divide ${s} heads`);return l}function Nd(e,t){let r=e.get("sliding_window")===void 0?1/0:e.whole("sliding_window",4096);return t==="mistral"?"sliding_window"in e.json?r:4096:e.flag("use_sliding_window",!1)?r:1/0}var Pd=256,Ld=2048;function pr(e,t){return e>Ld?Pd/t:0}function $n(e){return{GELU:+(e==="gelu"),GELU_TANH:+(e==="gelu_tanh"),QUICK_GELU:+(e==="quick_gelu"),SILU:+(e==="silu")}}var tt=["y","saved","residual"];function We({bias:e,save:t,residual:r}){let n=["y"];return e&&n.push("bias"),t&&n.push("saved"),r&&n.push("residual"),n}function rt(e,t){let r=We(e),n=o=>Math.max(0,r.indexOf(o))&&t+r.indexOf(o),{activation:s}=e;return{Y:t,BIAS:n("bias"),SAVE:n("saved"),RESIDUAL:n("residual"),PARAMS:t+r.length,PITCHED:+(e.pitches!==void 0),SCALED:+(e.scale!==void 0),ACTIVATION:+(s!==void 0),...$n(s)}}function nt({m:e,n:t,k:r,add:n,pitches:s,scale:o}){let i=s?[s.a,s.b,s.y]:[];return[e,t,r,Number(n),...i.flatMap(({row:a,first:c})=>[a,c]),...o===void 0?[]:[X(o)]]}function Fe({pitches:e},...t){return!e||t.every(r=>e[r].row%4===0&&e[r].first%4===0)}function st(e){let{layout:t,m:r,n,k:s,bias:o,save:i,residual:a,activation:c,add:u,pitches:d,scale:l}=e;return[...[t,`M${r} N${n} K${s}`,c??"",l!==void 0&&"scaled"],o&&"bias",i&&"save",a&&"residual",u&&"add",d&&"piece"].filter(Boolean).join(" ")}var Wo=`// Matrix product Y[M,N] = A[M,K]\xB7B[N,K]\u1D40 with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#if HALF
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
//#end HALF
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending
//#include lane_sum

var<workgroup> sums: array<vec4f, \${ROWS * VCOLS * LANES}>; // [row, column / 4, lane]

@compute @workgroup_size(\${WORKGROUP})
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = \${COLS}u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_pitch = p.b_pitch / \${EACH}u;
  let b_first = p.b_first / \${EACH}u;
  //#else
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / \${EACH}u;
  let b_first = 0u;
  //#end PITCHED
  //#repeat c COLS
  let row\${c} = b_first + min(column + \${c}u, p.n - 1u) * b_pitch;
  //#repeat r ROWS
  var y\${r}_\${c} = vec4f();
  //#end r
  //#end c
  for (var k = lane; k < p.k / \${EACH}u; k += \${LANES}u) {
    //#repeat r ROWS
    let at\${r} = a_first + \${r}u * a_pitch + \${EACH / 4}u * k;
    let a\${r} = load_a(at\${r});
    //#if HALF
    let more\${r} = load_a(at\${r} + 1u);
    //#end HALF
    //#end r
    //#repeat c COLS
    let b\${c} = b[row\${c} + k];
    //#if HALF
    let low\${c} = vec4f(unpack2x16float(b\${c}.x), unpack2x16float(b\${c}.y));
    let high\${c} = vec4f(unpack2x16float(b\${c}.z), unpack2x16float(b\${c}.w));
    //#repeat r ROWS
    y\${r}_\${c} = fma(more\${r}, high\${c}, fma(a\${r}, low\${c}, y\${r}_\${c}));
    //#end r
    //#else
    //#repeat r ROWS
    y\${r}_\${c} = fma(a\${r}, b\${c}, y\${r}_\${c});
    //#end r
    //#end HALF
    //#end c
  }
  //#repeat r ROWS
  //#repeat v VCOLS
  sums[\${(r * VCOLS + v) * LANES}u + lane] = vec4f(
    lane_sum(y\${r}_\${4 * v}), lane_sum(y\${r}_\${4 * v + 1}), lane_sum(y\${r}_\${4 * v + 2}), lane_sum(y\${r}_\${4 * v + 3}));
  //#end v
  //#end r
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= \${ROWS * VCOLS}u) { return; }
  var sum = vec4f();
  //#repeat l LANES
  sum += sums[lane * \${LANES}u + \${l}u];
  //#end l
  end(lane / \${VCOLS}u, column + 4u * (lane % \${VCOLS}u), sum);
}
`;var Md=4,Id=1<<18,Bd=65536,zd={cpu:{lanes:8,columns:8},gpu:{lanes:32,columns:4}},jd={name:"gemv",wgsl:Wo,constants:e=>({...rt(e,2),VECTOR:Number(e.n%4===0&&Fe(e,"y")),HALF:Number(e.half),EACH:e.half?8:4,ROWS:e.m,COLS:e.columns,VCOLS:e.columns/4,LANES:e.lanes}),bindings:e=>["a","b",...We(e)],f16:["a","b",...tt],params:nt,workgroup:({lanes:e})=>e,groups:({n:e,columns:t})=>L(Math.ceil(e/t),1),label:e=>`${st(e)}${e.half?" half":""}`,operations:({m:e,n:t,k:r})=>2*e*t*r};function Fo({layout:e,m:t,n:r,k:n}){return e==="NT"&&t<=Md&&n%8===0&&n<=Bd&&r*n>=Id}function Dd(e,t,r){return{...e,...zd[r],half:t}}function Ko(e,t,r){e.dispatch(jd,Dd(t,r[1].dtype==="f16",fe(e.gpu)),r)}function hr(e,t){let r=Math.floor(e.largestBinding/4/65536)*65536;if(r===0)throw new Error(`bindings of ${e.largestBinding} bytes are too small; ${4*65536} are needed`);let n=[];for(let s=0;s<t;s+=r)n.push({first:s,count:Math.min(r,t-s)});return n}var xn=256;function mr(e){let t=1;for(;t*e%xn!==0;)t*=2;return t}function It(e,t,r){if(t*r<=e.largestBinding)return[{first:0,count:t}];let n=mr(r),s=Math.max(n,Math.floor(e.largestBinding/r/n)*n);return Array.from({length:Math.ceil(t/s)},(o,i)=>({first:i*s,count:Math.min(s,t-i*s)}))}var gr={NT:{a:["m","k"],b:["n","k"]},NN:{a:["m","k"],b:["k","n"]},TN:{a:["k","m"],b:["k","n"]}},Vo=["m","n"];function Go(e,t,r){return e?{width:t.shape.at(-1),first:e.first}:{width:r,first:0}}function Ho({layout:e,m:t,n:r,k:n},{a:s,b:o,y:i,others:a,columns:c={}},u,d,l=1){let f={m:t,n:r,k:n},p={m:t,n:r,k:Math.min(n,d)},h={m:4,n:4,k:4},g=(w,[_,x],S,T=0)=>{if(!w.every(({bytes:C})=>C<=u))for(let C of w){let z=Go(S,C,f[x]).width*se[C.dtype];h[_]=Math.max(h[_],mr(z)),C.bytes>u&&(p[_]=Math.min(p[_],Math.floor(u/Math.max(z,T))))}};g([s],gr[e].a,c.a),g([o],gr[e].b,c.b),g([i,...a],Vo,c.y,4*r),l>1&&4*l*t*r>u&&(p.m=Math.min(p.m,Math.floor(u/(4*l*r))));let m=w=>{if(p[w]>=f[w])return[{first:0,count:f[w]}];let _=Math.max(h[w],Math.floor(p[w]/h[w])*h[w]);return Array.from({length:Math.ceil(f[w]/_)},(x,S)=>({first:S*_,count:Math.min(_,f[w]-S*_)}))};return m("m").flatMap(w=>m("n").flatMap(_=>m("k").map(x=>({m:w,n:_,k:x}))))}function Jo({layout:e,m:t,n:r,k:n},{a:s,b:o,y:i,others:a,columns:c={}},u){let d={m:t,n:r,k:n},l=(_,[x,S],T)=>{let{width:C,first:z}=Go(T,_[0],d[S]),{first:W,count:F}=u[x],H=_.every(({dtype:_e})=>W*C*se[_e]%xn===0);return{tensors:H&&F<d[x]?_.map(_e=>_e.view([d[x],C]).rows(W,F)):_,pitch:{row:C,first:z+u[S].first+(H?0:W*C)},own:H&&u[S].count===C}},f=l([s],gr[e].a,c.a),p=l([o],gr[e].b,c.b),h=l([i,...a],Vo,c.y),[g,...m]=h.tensors,w=f.own&&p.own&&h.own;return{a:f.tensors[0],b:p.tensors[0],y:g,others:m,pitches:w?void 0:{a:f.pitch,b:p.pitch,y:h.pitch}}}var Yo=`// Matrix product Y = op(A)\xB7op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// Where elements of A and B lie.
//#if PITCHED
fn a_at(row: u32, column: u32) -> u32 { return row * p.a_pitch + p.a_first + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.b_pitch + p.b_first + column; }
//#else
//#if TN
fn a_at(row: u32, column: u32) -> u32 { return row * p.m + column; }
//#else
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#end TN
//#if NT
fn b_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#else
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }
//#end NT
//#end PITCHED

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    //#if TN
    x = f32(a[a_at(k, row)]);
    //#else
    x = f32(a[a_at(row, k)]);
    //#end TN
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    //#if NT
    x = f32(b[b_at(column, k)]);
    //#else
    x = f32(b[b_at(k, column)]);
    //#end NT
  }
  return x;
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let steps = (p.k + 3u) / 4u;
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < steps; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, steps); k++) {
  //#else
  for (var k = 0u; k < steps; k++) {
  //#end BLOCK
    //#repeat i ROWS
    let a\${i} = vec4f(
      at_a(row + \${i}u, 4u * k), at_a(row + \${i}u, 4u * k + 1u),
      at_a(row + \${i}u, 4u * k + 2u), at_a(row + \${i}u, 4u * k + 3u));
    //#end i
    //#repeat j VCOLS
    //#repeat q 4
    let b\${j}_\${q} = vec4f(
      at_b(4u * k + \${q}u, column + \${4 * j}u), at_b(4u * k + \${q}u, column + \${4 * j + 1}u),
      at_b(4u * k + \${q}u, column + \${4 * j + 2}u), at_b(4u * k + \${q}u, column + \${4 * j + 3}u));
    //#end q
    let b\${j} = mat4x4f(b\${j}_0, b\${j}_1, b\${j}_2, b\${j}_3);
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var Xo=`// Matrix product Y = op(A)\xB7op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]\xB7B[N,K]\u1D40   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]\xB7B[K,N]    its input gradient  dX = dY\xB7W
//   TN: Y[M,N] = A[K,M]\u1D40\xB7B[K,N]   its weight gradient dW = dY\u1D40\xB7X
//
// One invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

@compute @workgroup_size(\${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let b_pitch = p.b_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_first = p.b_first / 4u;
  //#else
  let a_first = 0u;
  let b_first = 0u;
  //#if TN
  let a_pitch = p.m / 4u;
  //#else
  let a_pitch = k4;
  //#end TN
  //#if NT
  let b_pitch = k4;
  //#else
  let b_pitch = p.n / 4u;
  //#end NT
  //#end PITCHED
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  //#if TN
  //#repeat i VROWS
  let ra\${i} = a_first + min(row / 4u + \${i}u, p.m / 4u - 1u);
  //#end i
  //#else
  //#repeat i ROWS
  let ra\${i} = a_first + min(row + \${i}u, p.m - 1u) * a_pitch;
  //#end i
  //#end TN
  //#if NT
  //#repeat j COLS
  let cb\${j} = b_first + min(column + \${j}u, p.n - 1u) * b_pitch;
  //#end j
  //#else
  //#repeat j VCOLS
  let cb\${j} = b_first + min(column / 4u + \${j}u, p.n / 4u - 1u);
  //#end j
  //#end NT
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < k4; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, k4); k++) {
  //#else
  for (var k = 0u; k < k4; k++) {
  //#end BLOCK
    // a: the tile's rows, a vec4 along k each.
    //#if TN
    //#repeat i VROWS
    let ta\${i} = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra\${i}), load_a((4u * k + 1u) * a_pitch + ra\${i}),
      load_a((4u * k + 2u) * a_pitch + ra\${i}), load_a((4u * k + 3u) * a_pitch + ra\${i})));
    //#end i
    //#repeat i ROWS
    let a\${i} = ta\${i / 4}[\${i % 4}];
    //#end i
    //#else
    //#repeat i ROWS
    let a\${i} = load_a(ra\${i} + k);
    //#end i
    //#end TN
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if NT
    let b\${j} = transpose(mat4x4f(
      load_b(cb\${4 * j} + k), load_b(cb\${4 * j + 1} + k), load_b(cb\${4 * j + 2} + k), load_b(cb\${4 * j + 3} + k)));
    //#else
    let b\${j} = mat4x4f(
      load_b(4u * k * b_pitch + cb\${j}), load_b((4u * k + 1u) * b_pitch + cb\${j}),
      load_b((4u * k + 2u) * b_pitch + cb\${j}), load_b((4u * k + 3u) * b_pitch + cb\${j}));
    //#end NT
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var Qo=252e3;function kn(e){let{layout:t,m:r,n,k:s}=e;return n%4===0&&s%4===0&&(t!=="TN"||r%4===0)&&Fe(e,"a","b","y")}function Zo(e){return kn(e)?Math.ceil(e.m/16)*Math.ceil(e.n/16)>=16?{rows:16,cols:16}:{rows:8,cols:8}:{rows:4,cols:4}}var ei={constants(e){let{rows:t,cols:r}=Zo(e);return{VECTOR:Number(kn(e)),NT:+(e.layout==="NT"),TN:+(e.layout==="TN"),ROWS:t,VROWS:t/4,COLS:r,VCOLS:r/4,BLOCK:pr(e.k,4),...rt(e,2)}},bindings:e=>["a","b",...We(e)],f16:["a","b",...tt],params:nt,groups(e,t){let{rows:r,cols:n}=Zo(e);return L(Math.ceil(e.m/r)*Math.ceil(e.n/n),t)},label:st,operations:({m:e,n:t,k:r})=>2*e*t*r},Wd={...ei,name:"gemm",wgsl:Xo,textures:({textures:e})=>e?["a","b"]:[]},Fd={...ei,name:"gemm_any",wgsl:Yo};function ti(e,t,r){if(!kn(t))return e.dispatch(Fd,t,r);let[n,s]=r,o=Math.max(n.size,s.size)<=e.gpu.largestTexture;e.dispatch(Wd,{...t,textures:o},r)}var Kd={gemm:{cpu:"registers",gpu:"tiled"},attention:{cpu:"registers",gpu:"tiled"},norm:{cpu:"registers",gpu:"tiled"},columnSum:{cpu:"registers",gpu:"tiled"},adamw:{cpu:"registers",gpu:"tiled"}};function Ke(e,t){return Kd[e][typeof t=="string"?t:fe(t)]}var ri=`// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

//#include spread
//#include gemm_ending

struct Params {
//#include gemm_params
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    //#if VECTOR
    sum += partial[(first + column) / 4u];
    //#else
    let last = p.n - 1u;
    sum += vec4f(partial[first + column], partial[first + min(column + 1u, last)],
      partial[first + min(column + 2u, last)], partial[first + min(column + 3u, last)]);
    //#end VECTOR
  }
  end(row, column, sum);
}
`;var ni=`// Matrix product Y = op(A)\xB7op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is blocks/gemm_ending.wgsl's.
//
// A workgroup of 2\xB7SIDE invocations (WORKGROUP) makes a square tile of SIDE\xD7SIDE outputs, 4\xB7VROWS \xD7 4\xB7VCOLS an invocation, and
// walks K sixteen at a time. For each step every invocation brings one block of 4\xD74 values: the first SIDE
// invocations from A, the others from B. In workgroup memory a row holds one k of all the tile's rows (columns), in
// vec4s, so that both operands are read as vec4 whatever the layout: blocks that lie the other way are turned in
// registers, and no matrix is ever transposed in memory. The block of the next step is fetched before the present
// one is multiplied, so that its loads are under way meanwhile; workgroup memory holds one step.
//
// Banks: eight neighbouring invocations store eight neighbouring vec4s (the other three blocks of four k go to the
// next groups of eight), and reads are of neighbouring vec4s or of one and the same. Nothing is padded, and the
// tile of 128 takes 16 KiB, which every WebGPU device grants.
//
// The workgroups may also divide K, into \`chunk\`s: sheet s of y [splits, M, N] is the product over the s-th of them,
// and gemm_sum.wgsl adds the sheets up. Where such a part is long itself, what BLOCK steps add up goes into a second set
// of sums, as in gemm.wgsl.

struct Params {
//#include gemm_params
  chunk: u32,
}

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end VECTOR_A
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end VECTOR_B
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, \${8 * SIDE}>;

// Four neighbours, from \`column\`, in the row of A or B that begins at \`first\`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_A
  return load_a((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(a[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_A
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_B
  return load_b((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(b[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_B
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  //#if PITCHED
  let first = min(row, rows - 1u) * select(p.b_pitch, p.a_pitch, of_a) + select(p.b_first, p.a_first, of_a);
  //#else
  let first = min(row, rows - 1u) * columns;
  //#end PITCHED
  if (of_a) { return four_a(first, column, columns); }
  return four_b(first, column, columns);
}

fn block_of(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  return mat4x4f(
    four(of_a, row, column, rows, columns), four(of_a, row + 1u, column, rows, columns),
    four(of_a, row + 2u, column, rows, columns), four(of_a, row + 3u, column, rows, columns));
}

// A block as it is stored: four rows of op(A) or columns of op(B), from \`side\`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return block_of(true, k, side, p.k, p.m);
    //#else
    return block_of(true, side, k, p.m, p.k);
    //#end TN
  }
  //#if NT
  return block_of(false, side, k, p.n, p.k);
  //#else
  return block_of(false, k, side, p.k, p.n);
  //#end NT
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#elif TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end NT
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + \${SIDE - 1}u) / \${SIDE}u;
  let down = (p.m + \${SIDE - 1}u) / \${SIDE}u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * \${SIDE}u;
  let tile_column = (inside / high) * \${SIDE}u;

  // What this invocation brings.
  let of_a = i < \${SIDE}u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % \${SIDE}u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / \${SIDE}u * \${4 * SIDE}u + block_k * \${SIDE / 4}u + block_side;
  // What it makes: VROWS \xD7 VCOLS blocks of 4\xD74, spread over the tile.
  let tx = i % \${ACROSS}u;
  let ty = i / \${ACROSS}u;

  //#repeat r ROWS
  //#repeat c VCOLS
  var y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  var block = fetch(of_a, side, first + block_k);
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  var sum\${r}_\${c} = vec4f();
  //#end c
  //#end r
  for (var start = first; start < end_k; start += \${16 * BLOCK}u) {
  for (var k = start; k < min(start + \${16 * BLOCK}u, end_k); k += 16u) {
  //#else
  for (var k = first; k < end_k; k += 16u) {
  //#end BLOCK
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + \${q * SIDE / 4}u] = select(vec4f(), block[\${q}], k + block_k + \${q}u < end_k);
    //#end q
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a\${k}_\${r} = tile[ty + \${k * SIDE / 4 + r * DOWN}u];
    //#end r
    //#repeat c VCOLS
    let b\${k}_\${c} = tile[tx + \${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end c
    //#repeat r ROWS
    //#repeat c VCOLS
    y\${r}_\${c} = fma(vec4f(a\${k}_\${r / 4}[\${r % 4}]), b\${k}_\${c}, y\${r}_\${c});
    //#end c
    //#end r
    //#end k
  }
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  sum\${r}_\${c} += y\${r}_\${c};
  y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  let row\${r} = tile_row + 4u * (ty + \${r / 4 * DOWN}u) + \${r % 4}u;
  //#repeat c VCOLS
  //#if BLOCK
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), sum\${r}_\${c});
  //#else
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), y\${r}_\${c});
  //#end BLOCK
  //#end c
  //#end r
}
`;var wr=16;function Sn(e){return 2*e}function oi(e){return 2*e*wr*4}var Hd={128:{rows:8,cols:8},64:{rows:8,cols:4},32:{rows:4,cols:4}};function En({k:e,splits:t}){return Math.ceil(Math.ceil(e/t)/wr)*wr}function ii(e){return e.n%4===0&&Fe(e,"y")}var si={name:"gemm_tiled",wgsl:ni,constants(e){let{layout:t,m:r,n,k:s,side:o}=e,{rows:i,cols:a}=Hd[o];return{NT:+(t==="NT"),TN:+(t==="TN"),VECTOR_A:Number((t==="TN"?r:s)%4===0&&Fe(e,"a")),VECTOR_B:Number((t==="NT"?s:n)%4===0&&Fe(e,"b")),VECTOR:Number(ii(e)),SIDE:o,ROWS:i,VROWS:i/4,VCOLS:a/4,ACROSS:o/a,DOWN:o/i,BLOCK:pr(En(e),wr),...rt(e,2)}},bindings:e=>["a","b",...We(e)],f16:["a","b",...tt],params:e=>[...nt(e),En(e)],workgroup:({side:e})=>Sn(e),groups({m:e,n:t,side:r,splits:n}){return L(Math.ceil(e/r)*Math.ceil(t/r)*n,1)},label:e=>`${st(e)} tile ${e.side}${e.splits>1?` splits ${e.splits}`:""}`,operations:({m:e,n:t,k:r})=>2*e*t*r},ai={name:"gemm_sum",wgsl:ri,constants:e=>({VECTOR:Number(ii(e)),...rt(e,1)}),bindings:e=>["partial",...We(e)],f16:tt,params:e=>[...nt(e),e.splits],workgroup:()=>64,groups:({m:e,n:t},r)=>L(e*Math.ceil(t/4),r),label:e=>`${st(e)} splits ${e.splits}`};function ci(e,t,{side:r,splits:n},s){let o={...t,side:r,splits:n};if(o.splits=Math.ceil(t.k/En(o)),o.splits===1)return e.dispatch(si,o,s);let[i,a,...c]=s,u=e.empty([o.splits,t.m,t.n],"partial products");e.dispatch(si,{...o,...On(t)},[i,a,u]),e.dispatch(ai,o,[u,...c])}function On({n:e,pitches:t}){return{...{bias:!1,save:!1,residual:!1,activation:void 0,add:!1,scale:void 0},pitches:t&&{...t,y:{row:e,first:0}}}}function _r(e,t,r){e.dispatch(ai,{...t,side:32,splits:1},r)}var Jd=[{side:128,workgroups:128,excess:1.5},{side:64,workgroups:128,excess:1.5},{side:32,workgroups:0,excess:1/0}],Yd=256,Xd=256;function ui(e,t){if(!t.cut&&Fo(t))return{form:"gemv"};if(Ke("gemm",e)==="registers")return{form:"registers"};let{maxComputeInvocationsPerWorkgroup:r,maxComputeWorkgroupStorageSize:n}=e.device.limits;for(let{side:s,workgroups:o,excess:i}of Jd){if(Sn(s)>r||oi(s)>n)continue;let a=Math.ceil(t.m/s)*Math.ceil(t.n/s),c=Zd(a,t,e.largestBinding);if(!(a*c<o||a*s*s>i*t.m*t.n))return{form:"tiled",side:s,splits:c}}return{form:"registers"}}function Zd(e,{m:t,n:r,k:n},s){if(n<2*Math.min(t,r))return 1;let o=Math.min(Math.floor(n/Xd),Math.floor(s/(4*t*r)));return Math.max(1,Math.min(Math.ceil(Yd/e),o))}function te(e,t,r,n,s,o={},i,a={}){let[c,u]=An(r,a.a),[d,l]=An(n,a.b),[f,p]=An(s,a.y),h=t==="TN"?u:c,g=t==="TN"?c:u,m=t==="NT"?d:l;if(g!==(t==="NT"?l:d)||(a.y?f!==h||p!==m:s.size!==h*m))throw new Error(`gemm ${t}: shapes do not fit: A [${r.shape}], B [${n.shape}], Y [${s.shape}]`);let{bias:_,save:x,residual:S,activation:T,add:C=!1,scale:z}=o,W={layout:t,m:h,n:m,k:g,bias:!!_,save:!!x,residual:!!S,activation:T,add:C,scale:z},F=i??ui(e.gpu,{...W,cut:Object.keys(a).length>0}),H={a:r,b:n,y:s,others:[x,S].filter(Y=>Y!==void 0),columns:a},[ee,_e]=F.form==="tiled"?[1/0,F.splits]:[Qo,1],pt=Ho(W,H,e.gpu.largestBinding,ee,_e),Le=T!==void 0||x!==void 0||s.dtype!=="f32",Re;for(let Y of pt){let{pitches:O,...M}=Jo(W,H,Y),A={...W,m:Y.m.count,n:Y.n.count,k:Y.k.count,pitches:O},v=[M.y,..._?[_]:[],...M.others],b=[M.a,M.b],k=Y.k.first===0,R=Y.k.first+Y.k.count===g;k&&R?vr(e,A,F,[...b,...v]):Le?(k&&(Re=e.empty([A.m,A.n],"sum of products")),vr(e,{...A,...On(A),add:!k},F,[...b,Re]),R&&_r(e,A,[Re,...v])):k?vr(e,A,F,[...b,...v]):vr(e,{...A,...{bias:!1,residual:!1,add:!0}},F,[...b,M.y])}}function vr(e,t,r,n){r.form==="tiled"?ci(e,t,r,n):r.form==="gemv"?Ko(e,t,n):ti(e,t,n)}function An(e,t){let[r,n]=ue(e);if(!t)return[r,n];if(t.first+t.count<=n)return[r,t.count];throw new Error(`gemm: columns ${t.first} to ${t.first+t.count} of [${e.shape}]`)}function ue(e){let t=e.shape.at(-1)??1;return[e.size/t,t]}var li=`// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES\xB7HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, \u2026.
// STEP rows a trip, added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * \${LANES * HELD}u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  //#repeat c HELD
  let at\${c} = min(column + \${c * LANES}u, p.width - 1u);
  var sum\${c} = vec4f();
  //#end c
  for (var row = chunk * p.chunk; row < end; row += \${STEP}u) {
    //#repeat r STEP
    let start\${r} = min(row + \${r}u, end - 1u) * p.width;
    let here\${r} = row + \${r}u < end;
    //#repeat c HELD
    sum\${c} += select(vec4f(), x[start\${r} + at\${c}], here\${r});
    //#end c
    //#end r
  }
  if (chunk * p.chunk >= p.rows) { return; }
  //#repeat c HELD
  if (column + \${c * LANES}u < p.width) { partial[chunk * p.width + at\${c}] = sum\${c}; }
  //#end c
}
`;var di=`// Sums over chunks of rows of any width; column_parts.wgsl is faster where 4 divides it, column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// An invocation a column of a chunk; rows are added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = 0.0;
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  partial[i] = sum;
}
`;var fi=`// Sums over rows: y[column] (+)= \u03A3 rows of x. An invocation a column; where there are many rows, they are those that
// column_parts.wgsl, column_parts_any.wgsl or norm_weight_parts.wgsl made of chunks of rows, at most 1,024 of them, which
// keeps the loop under 65,535 trips.
//
// Rows are added one after the other, four in a trip, which spares a CPU driver trips.

//#include spread
//#include elements

struct Params { rows: u32, width: u32, add: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + i;
    sum = (((sum + x[at]) + x[at + p.width]) + x[at + 2u * p.width]) + x[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += x[row * p.width + i]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
}
`;var pi=`// The gradient of a norm's weight over chunks of rows, of any width; column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of dy\xB7x\u0302,  x\u0302 = (x \u2212 mean)\xB7rstd from the stats that norm_forward.wgsl kept
//
// An invocation a column T of a chunk; rows are added one after the other.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32, chunk: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> dy: array<T>;      // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
@group(0) @binding(2) var<storage, read_write> x: array<X>;       // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_weight_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = T();
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += dy[at] * (T(x[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  partial[i] = sum;
}
`;function yr(e){return e%4===0?e/4:e}var nf={name:"column_sum",wgsl:fi,constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y"],params:({rows:e,width:t,add:r})=>[e,yr(t),Number(r)],groups:({width:e},t)=>L(yr(e),t)},sf={name:"column_parts_any",wgsl:di,constants:()=>({}),bindings:()=>["x","partial"],params:({rows:e,width:t,chunk:r})=>[e,t,r],groups:({rows:e,width:t,chunk:r},n)=>L(Math.ceil(e/r)*t,n)},of={name:"norm_weight_parts",wgsl:pi,f16:["x","y"],constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["dy","partial","x","stats"],params:({rows:e,width:t,chunk:r})=>[e,yr(t),r],groups:({rows:e,width:t,chunk:r},n)=>L(Math.ceil(e/r)*yr(t),n)};function Tn({width:e,lanes:t}){return Math.min(16,Math.ceil(e/4/t))}function hi(e){return Math.ceil(e.width/4/(e.lanes*Tn(e)))}var af={name:"column_parts",wgsl:li,constants:e=>({LANES:e.lanes,HELD:Tn(e),STEP:Tn(e)<=4?4:1}),bindings:()=>["x","partial"],params:e=>[e.rows,e.width/4,e.chunk,hi(e)],workgroup:({lanes:e})=>e,groups:e=>L(Math.ceil(e.rows/e.chunk)*hi(e),1)},cf=65536,uf=4096;function ot(e,t,r,n){let[s,o]=ue(t),i=(p,h)=>e.dispatch(nf,{rows:h,width:o,add:r.add},[p,r.tensor]),a=Ke("columnSum",e.gpu)==="registers",c=s<=64||a&&t.size<=cf&&s<=uf;if(!n&&c)return i(t,s);let u=Math.max(32,Math.ceil(s/1024)),d=Math.ceil(s/u),l=e.empty([d,o],"column sums of chunks"),f={rows:s,width:o,chunk:u};n?e.dispatch(of,f,[t,l,n.input,n.stats]):o%4!==0?e.dispatch(sf,f,[t,l]):e.dispatch(af,{...f,lanes:a?8:32},[t,l]),i(l,d)}var mi=`// Inverted dropout, four elements at a time: y (+)= x\xB7factor where a random number is at least \`share\`, else 0.
//
// The numbers are a function of the element (\`before\` are the vec4s before this piece), the place in the model
// (\`site\`), the step and the pass (pcg4d, Jarzynski and Olano 2020): backward draws the same again, and nothing is kept from a step to the next.

//#include spread

struct Params { count: u32, before: u32, site: u32, share: f32, factor: f32, add: u32, step_at: u32, pass_at: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn pcg4d(seed: vec4u) -> vec4u {
  var v = seed * 1664525u + 1013904223u;
  v += v.yzxy * v.wxyz;
  v ^= v >> vec4u(16u);
  v += v.yzxy * v.wxyz;
  return v;
}

@compute @workgroup_size(\${WORKGROUP})
fn dropout(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let vector = item_index(id, groups);
  let drawn = pcg4d(vec4u(p.before + vector, p.site, u32(scalars[p.step_at]), u32(scalars[p.pass_at])));
  let numbers = vec4f(drawn >> vec4u(8u)) / 16777216.0; // from 0 to below 1
  for (var q = 0u; q < 4u; q++) {
    let i = 4u * vector + q;
    if (i >= p.count) { return; }
    var value = 0.0;
    if (numbers[q] >= p.share) { value = f32(x[i]) * p.factor; }
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var df={name:"dropout",wgsl:mi,constants:()=>({}),bindings:()=>["x","y","scalars"],f16:["x","y"],params:({count:e,before:t,site:r,share:n,add:s,stepAt:o,passAt:i})=>[e,t,r,X(n),X(1/(1-n)),Number(s),o,i],workgroup:()=>64,groups:({count:e},t)=>L(Math.ceil(e/4),t)};function Cn(e,{scalars:t,...r},n,s,o=!1){for(let{first:i,count:a}of hr(e.gpu,n.size)){let c=u=>u.view([u.size]).rows(i,a);e.dispatch(df,{...r,before:i/4,count:a,add:o},[c(n),c(s),t])}}function gi({a:e,parts:t}){return[e,...t.map(({b:r})=>r)]}function Nn(e,t,r,n){let[s,o]=ue(r),i=t.parts.reduce((c,{b:u})=>c+u.shape[1],0);I("low rank","A",t.a.shape,[i,o]);let a=e.empty([s,i],"low rank");return te(e,"NT",_i(e,t,r),t.a,a),vi(t,({b:c,scale:u},d,l)=>{te(e,"NT",a,c,n,{scale:u,add:!0},void 0,{a:d,y:l})}),{u:a}}function wi(e,t,{u:r},n,s,o){let i=e.empty(r.shape,"d low rank");vi(t,({b:u,scale:d},l,f)=>{te(e,"NN",s,u,i,{scale:d},void 0,{a:f,y:l});let p=e.target(u);p&&te(e,"TN",s,r,p.tensor,{scale:d,add:p.add},void 0,{a:f,b:l})});let a=e.target(t.a);if(a&&te(e,"TN",i,_i(e,t,n),a.tensor,{add:a.add}),!o)return;if(!t.dropout)return te(e,"NN",i,t.a,o,{add:!0});let c=e.empty(n.shape,"d dropped");te(e,"NN",i,t.a,c),Cn(e,t.dropout,c,o,!0)}function _i(e,{dropout:t},r){if(!t)return r;let n=e.empty(r.shape,"dropped");return Cn(e,t,r,n),n}function vi({parts:e},t){let r=0;for(let n of e){let[s=0,o=0]=n.b.shape;t(n,{first:r,count:o},{first:n.first,count:s}),r+=o}}var yi=`// dx (+)= dy\xB7f'(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    var value = dy[i] * derivative(f32(x[i]));
    if (p.add != 0u) { value += dx[i]; }
    dx[i] = value;
  }
}
`;var bi=`// y = f(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) { y[i] = y_t(activate(f32(x[i]))); }
}
`;function $i(e,t,r){return{name:e,wgsl:t,constants:({activation:n})=>$n(n),bindings:()=>r,f16:["x","y"],params:({count:n,add:s})=>[n,Number(s)],workgroup:()=>64,groups:({count:n},s)=>L(Math.ceil(n/4),s)}}var Cb=$i("activation",bi,["x","y"]),hf=$i("activation_backward",yi,["x","dx","dy"]);function xi(e,t,r,n,s){e.dispatch(hf,{count:r.size,activation:t,add:s.add},[r,s.tensor,n])}function Ve(e,t,r,n={}){let{bias:s,activation:o,residual:i,lowRank:a}=n,[c=0]=r.shape,[u,d]=ue(t);I("linear","weight",r.shape,[-1,d]),s&&I("linear","bias",s.shape,[c]);let l=e.result([...t.shape.slice(0,-1),c],"linear");i&&I("linear","residual",i.shape,l.shape);let f=a?gi(a):[],p=e.needsGrad(t,r,s,i,...f),h=o&&p?e.result([u,c],"pre-activation"):void 0,g={bias:s,activation:o,residual:e.apart(i,t),save:h},m;if(!a)te(e,"NT",t,r,l,g);else if(!o&&l.dtype==="f32")te(e,"NT",t,r,l,g),m=Nn(e,a,t,l);else{let w=e.empty([u,c],"linear in 32 bits");te(e,"NT",t,r,w),m=Nn(e,a,t,w),mf(e,w,l,g)}return p&&e.differentiable(l,w=>{let _=w;o&&e.gradientWanted(t,r,s,...f)&&(_=e.empty([u,c],"d pre-activation"),xi(e,o,h,w,{tensor:_,add:!1}));let x=e.target(t);x&&te(e,"NN",_,r,x.tensor,{add:x.add}),a&&wi(e,a,m,t,_,x?.tensor);let S=e.target(r);S&&te(e,"TN",_,t,S.tensor,{add:S.add});let T=e.target(s);T&&ot(e,_,T),e.pass(i,w)}),l}function mf(e,t,r,{bias:n,activation:s,residual:o,save:i}){let[a,c]=ue(t),u={layout:"NT",n:c,k:0,bias:!!n,save:!!i,residual:!!o};for(let{first:d,count:l}of It(e.gpu,a,4*c)){let f=p=>p.view([a,c]).rows(d,l);_r(e,{...u,m:l,activation:s,add:!1},[f(t),f(r),...n?[n]:[],...i?[f(i)]:[],...o?[f(o)]:[]])}}var ki=`// Cuts images into patches, so that the patch embedding (a convolution whose stride is its size) is a matrix product:
// patches[i] = pixels[pixel_at(i)]. An invocation an element of the patches.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

// The pixel in [images, channels, size, size] that is the i-th value of the patches [images\xB7n, channels\xB7side\xB7side],
// n = \u230Asize/side\u230B\xB2 in reading order: the last rows and columns that
// fill no patch are left out.
fn pixel_at(i: u32) -> u32 {
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  return ((picture * p.channels + channel) * p.size + y) * p.size + x;
}

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  patches[i] = patches_t(pixels[pixel_at(i)]);
}
`;var Ei=`// CLIP's vision embedding: y[image, 0] = cls + position[0], y[image, 1 + i] = patch[image, i] + position[1 + i].
// y is [images, n + 1, width]; an invocation an element. vision_embedding_patches.wgsl and vision_embedding_tables.wgsl
// are its gradients.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;   // [images, n, width]
@group(0) @binding(2) var<storage, read_write> cls: array<f32>;             // [width]
@group(0) @binding(3) var<storage, read_write> position: array<position_t>; // [n + 1, width]
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * (p.n + 1u)) { return; }
  let token = row % (p.n + 1u);
  var value = f32(position[token * p.width + column]);
  if (token == 0u) {
    value += cls[column];
  } else {
    value += f32(patches[((row / (p.n + 1u)) * p.n + token - 1u) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var Si=`// The gradient of cut_patches.wgsl: d pixels[i] (+)= d patches[patch value that the pixel is]; 0 for pixels of the last
// rows and columns that fill no patch. An invocation a pixel's value.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let across = p.size / p.side;
  let x = i % p.size;
  let y = (i / p.size) % p.size;
  let channel = (i / (p.size * p.size)) % p.channels;
  let picture = i / (p.size * p.size * p.channels);
  var value = 0.0;
  if (x < across * p.side && y < across * p.side) {
    let cell = (picture * across + y / p.side) * across + x / p.side;
    value = d_patches[((cell * p.channels + channel) * p.side + y % p.side) * p.side + x % p.side];
  }
  if (p.add != 0u) { value += d_pixels[i]; }
  d_pixels[i] = value;
}
`;var Oi=`// d patch[image, i] = dy[image, 1 + i] of vision_embedding.wgsl; an invocation an element.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;        // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>; // [images, n, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * p.n) { return; }
  d_patches[i] = dy[((row / p.n) * (p.n + 1u) + row % p.n + 1u) * p.width + column];
}
`;var Ai=`// d position[t] += \u03A3_images dy[image, t] and d cls += \u03A3_images dy[image, 0] of vision_embedding.wgsl.
// An invocation an element of the positions; one loop over the images.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;         // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;      // [width]
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>; // [n + 1, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_tables(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let token = i / p.width;
  if (token >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + token) * p.width + column]; }
  d_position[i] += sum;
  if (token == 0u) { d_cls[column] += sum; }
}
`;function Ti(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["patches"],params:({count:n,channels:s,size:o,patch:i,add:a})=>[n,s,o,i,Number(a)],workgroup:()=>64,groups:({count:n},s)=>L(n,s)}}var bf=Ti("cut_patches",ki,["pixels","patches"]),$f=Ti("join_patches",Si,["d_pixels","d_patches"]);function br(e,t){return Math.floor(e/t)}function Pn(e,t,r,n={}){let[s=0,o=0,i=0]=t.shape,[a=0,,c=1]=r.shape;if(I("patch embedding","weight",r.shape,[a,o,c,c]),I("patch embedding","pixels",t.shape,[s,o,i,i]),i<c)throw new Error(`patch embedding: a patch of ${c} is larger than the image, ${i}`);let u=br(i,c)**2,d=o*c*c,l=e.result([s*u,d],"patches"),f={channels:o,size:i,patch:c,add:!1};return e.dispatch(bf,{...f,count:l.size},[t,l]),e.needsGrad(t)&&e.differentiable(l,p=>{let h=e.target(t);e.dispatch($f,{...f,count:t.size,add:h.add},[h.tensor,p])}),Ve(e,l,r.view([a,d]),n)}function Ln(e,t,r,n){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","patches","position"],params:({images:s,n:o,width:i})=>[s,o,i],workgroup:()=>64,groups:(s,o)=>L(n(s)*s.width,o)}}var xf=Ln("vision_embedding",Ei,["y","patches","cls","position"],({images:e,n:t})=>e*(t+1)),kf=Ln("vision_embedding_patches",Oi,["dy","d_patches"],({images:e,n:t})=>e*t),Ef=Ln("vision_embedding_tables",Ai,["dy","d_cls","d_position"],({n:e})=>e+1);function Ci(e,t,r,n){let[s=0,o=0]=t.shape,i=(n.shape[0]??1)-1,a=s/i;if(I("vision embedding","cls",r.shape,[o]),I("vision embedding","position",n.shape,[i+1,o]),!Number.isInteger(a))throw new Error(`vision embedding: ${s} patches are not whole images of ${i}`);let c=e.result([a*(i+1),o],"vision embedding"),u={images:a,n:i,width:o};return e.dispatch(xf,u,[c,t,r,n]),e.needsGrad(t,r,n)&&e.differentiable(c,d=>{e.assign(t,p=>e.dispatch(kf,u,[d,p]));let l=e.target(r),f=e.target(n);if(!(!l&&!f)){if(!l?.add||!f?.add)throw new Error("vision embedding: class token and positions must be parameters, both or none");e.dispatch(Ef,u,[d,l.tensor,f.tensor])}}),c}var Rn={gelu:"gelu",gelu_pytorch_tanh:"gelu_tanh",gelu_new:"gelu_tanh",gelu_fast:"gelu_tanh",quick_gelu:"quick_gelu",silu:"silu",swish:"silu"},Mn={image_size:224,patch_size:32,hidden_size:768,intermediate_size:3072,num_hidden_layers:12,num_attention_heads:12,layer_norm_eps:1e-5},$r={...Mn,patch_size:16,layer_norm_eps:1e-6},Ni={...$r,patch_size:32,hidden_size:1152,num_attention_heads:16};function Bt(e,t,r){let n=u=>{let d=e.get(u);if(Array.isArray(d)||typeof d=="object"&&d!==null){let l=Object.values(d);if(l.length===2&&l[0]===l[1]&&Number.isInteger(l[0]))return l[0];throw e.error(`${u} must be one number, a square, found ${JSON.stringify(d).slice(0,100)}`)}return e.whole(u,r[u])},s={kind:t,image_size:n("image_size"),patch_size:n("patch_size"),num_channels:e.whole("num_channels",3),hidden_size:e.whole("hidden_size",r.hidden_size),intermediate_size:e.whole("intermediate_size",r.intermediate_size),num_hidden_layers:e.layers(r.num_hidden_layers),num_attention_heads:e.whole("num_attention_heads",r.num_attention_heads),hidden_act:e.choice("hidden_act",Rn,t==="clip"?"quick_gelu":"gelu_pytorch_tanh"),layer_norm_eps:e.number("layer_norm_eps",r.layer_norm_eps),vision_use_head:e.flag("vision_use_head",t==="siglip"&&r===$r)};e.done(["vocab_size","size","max_image_size"]);let{image_size:o,patch_size:i,hidden_size:a,num_attention_heads:c}=s;if(br(o,i)<1)throw e.error(`patch_size ${i} is larger than image_size ${o}`);if(s.num_channels!==3)throw e.error(`num_channels must be 3, found ${s.num_channels}`);if(a%c!==0)throw e.error(`${c} heads do not divide hidden_size ${a}`);return s}function be({image_size:e,patch_size:t}){return br(e,t)**2}var Sf=["idefics3_vision","idefics3","smolvlm_vision","siglip_vision_model"],In={names:{vision:"model.vision_model",projector:"model.connector",language:"model.text_model",head:"lm_head.weight"},config(e){let t=new ce(e.get("vision_config")??{},"vision_config");t.word("model_type",Sf,"idefics3_vision"),t.only("vision_use_head",!1);let r=Bt(t,"siglip",Ni),n=e.get("text_config"),s={model_type:e.word("model_type",["idefics3","smolvlm"],"idefics3"),image_token_id:e.whole("image_token_id",128257,0),vision_config:r,feature_layers:[r.num_hidden_layers],post_norm:!0,drop_first:!1,connector:{kind:"pixel-shuffle",scale:e.whole("scale_factor",2)},text_config:fr(new ce(n??{},"text_config"),{eps:n===void 0?1e-5:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!1})};return e.done(["_pad_token_id","image_seq_len","vocab_size","hidden_size","qk_layer_norms"]),s},plainName:e=>e.replace(/^(vision_model|connector|text_model)\./,"model.$1."),moduleName:e=>e};var Of={image_size:336,patch_size:14,hidden_size:1024,intermediate_size:4096,num_hidden_layers:24,num_attention_heads:16},Pi={names:{vision:"vision_tower.vision_model",projector:"multi_modal_projector",language:"language_model.model",head:"language_model.lm_head.weight"},config(e){let t=Af(new ce(e.get("vision_config")??Of,"vision_config")),r=fr(new ce(e.get("text_config")??{},"text_config"),{eps:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!0}),n=e.get("vision_feature_layer")??-2,s=(Array.isArray(n)?n:[n]).map(i=>{if(typeof i!="number"||!Number.isInteger(i))throw e.error(`vision_feature_layer must be a whole number or a list of them, found ${JSON.stringify(n)}`);return i<0?t.num_hidden_layers+1+i:i});if(s.length===0)throw e.error("vision_feature_layer: expected at least one layer, found none");let o={model_type:"llava",image_token_id:e.whole("image_token_index",e.whole("image_token_id",32e3,0),0),vision_config:t,feature_layers:s,post_norm:!1,drop_first:e.word("vision_feature_select_strategy",["default","full"],"default")==="default",connector:{kind:"mlp",activation:e.choice("projector_hidden_act",Rn,"gelu"),bias:e.flag("multimodal_projector_bias",!0)},text_config:r};return e.done(["image_seq_length","ignore_index","vocab_size"]),o},plainName:e=>e.replace(/^model\.(vision_tower|multi_modal_projector|language_model)\./,"$1.").replace(/^vision_tower\.(?!vision_model\.)/,"vision_tower.vision_model.").replace(/^language_model\.(?!model\.|lm_head)/,"language_model.model.").replace(/^lm_head\./,"language_model.lm_head."),moduleName:e=>e.replace(/^vision_tower\.vision_model\./,"model.vision_tower.").replace(/^multi_modal_projector\./,"model.multi_modal_projector.").replace(/^language_model\.model\./,"model.language_model.").replace(/^language_model\.lm_head\./,"lm_head.")};function Af(e){return e.word("model_type",["clip_vision_model","siglip_vision_model"],"clip_vision_model")==="clip_vision_model"?Bt(e,"clip",Mn):Bt(e,"siglip",$r)}var xr={llava:Pi,idefics3:In,smolvlm:In};function kr(e){let t=new ce(e,""),r={...Li(t.word("model_type",Object.keys(xr),"llava")).config(t),json:t.json},{num_hidden_layers:n}=r.vision_config;for(let i of r.feature_layers)if(!(i>=0&&i<=n))throw t.error(`vision_feature_layer: the tower has ${n} layers, so ${JSON.stringify(t.json.vision_feature_layer)} does not exist`);let{connector:s}=r,o=Math.sqrt(be(r.vision_config));if(s.kind==="pixel-shuffle"&&o%s.scale!==0)throw t.error(`scale_factor ${s.scale} does not divide the ${o} patches of a side`);return r}function $e(e){return Li(e.model_type)}function Li(e){let t=xr[e];if(!t)throw new $(`config.json: model_type must be ${Object.keys(xr).join(" or ")}, found "${e}"`);return t}function Er({vision_config:e,drop_first:t,connector:r}){let n=be(e)+(e.kind==="clip"?1:0)-(t?1:0);return r.kind==="mlp"?n:n/r.scale**2}function Sr({vision_config:e,feature_layers:t,connector:r}){return e.hidden_size*t.length*(r.kind==="mlp"?1:r.scale**2)}function zt({feature_layers:e}){return Math.max(...e)}var Tf={constant:0},Cf={constant:1};function ie(e,t,r,n=1){let s={normal:n/Math.sqrt(r)};return{name:`${e}.weight`,shape:[t,r],init:s,linear:!0}}function ae(e,t){return{name:`${e}.bias`,shape:[t],init:Tf}}function vt(e,t){return[[jt(e,t)],[ae(e,t)]]}function jt(e,t){return{name:`${e}.weight`,shape:[t],init:Cf}}function Or(e){return e.map(t=>t.map(r=>({...r,idle:!0})))}function yt(e){return[{name:"vision",bundles:Nf(e)},{name:"projector",bundles:Rf(e)},{name:"language",bundles:Mf(e)}]}function Nf(e){let{vision_config:t}=e,r=$e(e).names.vision,n=t.hidden_size,s=be(t),o=t.kind==="clip",i={name:`${r}.embeddings.patch_embedding.weight`,shape:[n,t.num_channels,t.patch_size,t.patch_size],init:{normal:1/Math.sqrt(t.num_channels*t.patch_size**2)}},a={name:`${r}.embeddings.position_embedding.weight`,shape:[o?s+1:s,n],init:{normal:.1}},c=o?[[{name:`${r}.embeddings.class_embedding`,shape:[n],init:{normal:.02}}],[i],[a],...vt(`${r}.pre_layrnorm`,n)]:[[i],[ae(`${r}.embeddings.patch_embedding`,n)],[a]];for(let d=0;d<t.num_hidden_layers;d++){let l=Pf(e,`${r}.encoder.layers.${d}`);c.push(...d<zt(e)?l:Or(l))}let u=vt(`${r}.post_layernorm`,n);return c.push(...e.post_norm?u:Or(u)),t.vision_use_head&&c.push(...Or(Lf(e,`${r}.head`))),c}function Pf({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(2*e.num_hidden_layers),s=["q_proj","k_proj","v_proj"].map(o=>`${t}.self_attn.${o}`);return[s.map(o=>ie(o,r,r)),s.map(o=>ae(o,r)),[ie(`${t}.self_attn.out_proj`,r,r,n)],[ae(`${t}.self_attn.out_proj`,r)],...vt(`${t}.layer_norm1`,r),[ie(`${t}.mlp.fc1`,e.intermediate_size,r)],[ae(`${t}.mlp.fc1`,e.intermediate_size)],[ie(`${t}.mlp.fc2`,r,e.intermediate_size,n)],[ae(`${t}.mlp.fc2`,r)],...vt(`${t}.layer_norm2`,r)]}function Lf({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(r);return[[{name:`${t}.probe`,shape:[1,1,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_weight`,shape:[3*r,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_bias`,shape:[3*r],init:{constant:0}}],[ie(`${t}.attention.out_proj`,r,r)],[ae(`${t}.attention.out_proj`,r)],...vt(`${t}.layernorm`,r),[ie(`${t}.mlp.fc1`,e.intermediate_size,r)],[ae(`${t}.mlp.fc1`,e.intermediate_size)],[ie(`${t}.mlp.fc2`,r,e.intermediate_size)],[ae(`${t}.mlp.fc2`,r)]]}function Rf(e){let t=$e(e).names.projector,r=Sr(e),n=e.text_config.hidden_size;if(e.connector.kind==="pixel-shuffle")return[[ie(`${t}.modality_projection.proj`,n,r)]];let s=(o,i)=>[[ie(`${t}.${o}`,n,i)],...e.connector.kind==="mlp"&&e.connector.bias?[[ae(`${t}.${o}`,n)]]:[]];return[...s("linear_1",r),...s("linear_2",n)]}function Mf(e){let{text_config:t}=e,{language:r,head:n}=$e(e).names,s=t.hidden_size,o=1/Math.sqrt(2*t.num_hidden_layers),i=[[{name:`${r}.embed_tokens.weight`,shape:[t.vocab_size,s],init:{normal:.05}}]];for(let a=0;a<t.num_hidden_layers;a++){let c=`${r}.layers.${a}`,u=t.num_attention_heads*t.head_dim,d=t.num_key_value_heads*t.head_dim,l=[["q_proj",u],["k_proj",d],["v_proj",d]],f=["gate_proj","up_proj"].map(p=>`${c}.mlp.${p}`);i.push(l.map(([p,h])=>ie(`${c}.self_attn.${p}`,h,s))),t.attention_bias!=="none"&&i.push(l.map(([p,h])=>ae(`${c}.self_attn.${p}`,h))),i.push([ie(`${c}.self_attn.o_proj`,s,u,o)]),t.attention_bias==="all"&&i.push([ae(`${c}.self_attn.o_proj`,s)]),i.push(f.map(p=>ie(p,t.intermediate_size,s))),t.mlp_bias&&i.push(f.map(p=>ae(p,t.intermediate_size))),i.push([ie(`${c}.mlp.down_proj`,s,t.intermediate_size,o)]),t.mlp_bias&&i.push([ae(`${c}.mlp.down_proj`,s)]),i.push([jt(`${c}.input_layernorm`,s)],[jt(`${c}.post_attention_layernorm`,s)])}return i.push([jt(`${r}.norm`,s)]),t.tie_word_embeddings||i.push([{...ie(n.replace(/\.weight$/,""),t.vocab_size,s),linear:!1}]),i}function Ri(e){let t=Math.fround,r=1/e,n=If(e),s=t(1-1e-6),o=Array.from({length:e},(i,a)=>{let c=Math.min(t(t(a)*t(r)),s);return n.filter(u=>u<=c).length});return Int32Array.from({length:e*e},(i,a)=>o[Math.floor(a/e)]*e+o[a%e])}function If(e){let t=1/e,r=Math.ceil((1-t)/t),n=Math.floor(r/16)*16;return Array.from({length:r},(s,o)=>o>=n?Math.fround(t+t*o):Math.fround(Math.fround(t+t*(o-o%8))+o%8*t))}function Mi(e,t,r){let n=new Int32Array(e*t*t),s=t/r,o=0;for(let i=0;i<e;i++)for(let a=0;a<s;a++)for(let c=0;c<s;c++)for(let u=0;u<r*r;u++){let d=r*a+Math.floor(u/r),l=r*c+u%r;n[o++]=(i*t+d)*t+l}return n}function Ar(e,t){let r=new Int32Array(t*2),n=0;for(let s of e){for(let o=n;o<n+s;o++)r.set([n,n+s],2*o);n+=s}return r}var Dt=class{size;#e;constructor(t,r){this.size=t,this.#e=r}async read(t){let r=new Float32Array(this.size);return await this.readInto(t,r),r}async readInto(t,r){for(let{start:n,tensor:s}of this.#e){if(s.dtype==="f16"){r.set(await s.read(t),n);continue}let o=s.view([s.size]);for(let i=0;i<s.size;i+=4194304){let a=o.rows(i,Math.min(4194304,s.size-i));r.set(await a.read(t),n+i)}}}write(t,r){if(r.length!==this.size)throw new Error(`expected ${this.size} values, found ${r.length}`);for(let{start:n,tensor:s}of this.#e)s.write(t,r.subarray(n,n+s.size))}};var bt=64;function Ii(e){let t=new Map,r=new Map,n=[],s=0;for(let o of e){let i=s;for(let a of o.bundles){let c=s,u=a.map(({name:l,shape:f,idle:p=!1})=>{let h={name:l,shape:f,offset:s,size:oe(f),idle:p};return s+=h.size,t.set(l,h),h});s=Math.ceil(s/bt)*bt;let d=a.reduce((l,{shape:f})=>l+f[0],0);n.push({key:Bn(a.map(({name:l})=>l)),module:o.name,shape:[d,...a[0].shape.slice(1)],places:u,start:c,end:s})}r.set(o.name,{start:i,end:s})}return{places:t,ranges:r,bundles:n,size:s}}function Bn(e){return e.join(`
`)}var Bi=`// Element by element, four at a time: y (+)= value, a[i], a[0] (BROADCAST) or a[i]\xB7b[i].
// One invocation a vec4; the last one may be ragged, so buffers are rounded up to 16 bytes.

//#include spread

struct Params { count: u32, value: f32, add: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
//#if INPUTS
@group(0) @binding(1) var<storage, read_write> a: array<a_t>;
//#end INPUTS
//#if PRODUCT
@group(0) @binding(2) var<storage, read_write> b: array<b_t>;
//#end PRODUCT
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if PRODUCT
    var value = f32(a[i]) * f32(b[i]);
    //#elif BROADCAST
    var value = f32(a[0]);
    //#elif INPUTS
    var value = f32(a[i]);
    //#else
    var value = p.value;
    //#end PRODUCT
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var zf={name:"elementwise",wgsl:Bi,constants:({inputs:e,broadcast:t})=>({INPUTS:e,PRODUCT:+(e===2),BROADCAST:+(t===!0),PARAMS:e+1}),bindings:({inputs:e})=>["y","a","b"].slice(0,e+1),f16:["y","a","b"],params:({count:e,value:t,add:r})=>[e,X(t??0),Number(r)],workgroup:()=>64,groups:({count:e},t)=>L(Math.ceil(e/4),t)};function zn(e,t,r){let n=r[0].size;for(let{first:s,count:o}of hr(e.gpu,n)){let i=a=>a.size===n?a.view([n]).rows(s,o):a;e.dispatch(zf,{...t,count:o},r.map(i))}}function zi(e,t,r){zn(e,{inputs:0,add:!1,value:r},[t])}function it(e,t,r){zn(e,{inputs:1,add:!1},[t,r])}function qt(e,t,r){zn(e,{inputs:1,add:!0},[t,r])}function ji(e,t,r,n){let s=t.bindings(r);if(s.length!==n.length)throw new Error(`kernel ${t.name}: expected ${s.length} tensors (${s}), found ${n.length}`);let o=(t.textures?.(r)??[]).map(c=>s.indexOf(c));n.forEach((c,u)=>{if(o.includes(u))return;if(c.bytes>e.largestBinding)throw new ne(`kernel ${t.name}: ${s[u]} ("${c.slot.label}") takes ${c.bytes} bytes, over this adapter's largest binding of ${e.largestBinding}; use a smaller model or batch, or another adapter`);let d=n.findIndex((l,f)=>f>u&&!o.includes(f)&&Qe(c,l));if(!(d<0))throw new Error(`kernel ${t.name}: ${s[u]} and ${s[d]} share memory ("${c.slot.label}"), but one dispatch may not bind the same memory twice: copy one of them`)});let i=s.filter((c,u)=>n[u].f16),a=i.find(c=>!t.f16?.includes(c));if(a!==void 0){let{slot:c}=n[s.indexOf(a)];throw new Error(`kernel ${t.name}: ${a} ("${c.label}") is f16, but the kernel takes it as f32 only`)}return{name:t.name,...e.pipeline(t,r,i),slices:n,textured:o,params:t.params(r),groups:t.groups(r,t.workgroup?.(r)??e.workgroup),facts:c=>({kernel:t.name,variant:[Mt(t,r),...i.length>0?[`f16 ${i}`]:[]].join(" "),bytes:n.reduce((u,{bytes:d})=>u+d,0),operations:t.operations?.(r,u=>{let d=n[s.indexOf(u)];return d&&c(d)})})}}function Di(e,t,r){let{dispatches:n,groups:s,uses:o}=t,i;for(let a=0;a<r;a++){let c;n.forEach(({pipeline:u,groups:[d,l,f]},p)=>{o[p].copies.length>0&&(i?.end(),i=c=void 0,Ui(e,t,p)),i??=e.beginComputePass(),u!==c&&i.setPipeline(c=u),i.setBindGroup(0,s[p]),i.dispatchWorkgroups(d,l,f)})}i?.end()}function qi(e,t,r,n,s){for(let o=0;o<r;o++)t.dispatches.forEach(({pipeline:i,groups:[a,c,u],facts:d},l)=>{Ui(e,t,l);let f=e.beginComputePass(n.time(d(s)));f.setPipeline(i),f.setBindGroup(0,t.groups[l]),f.dispatchWorkgroups(a,c,u),f.end()});n.end(e)}function Ui(e,{uses:t,arena:r,textures:n},s){for(let{slice:{slot:o,offset:i,bytes:a},texture:c}of t[s].copies)So(e,o.buffer??r,o.offset+i,a,n[c])}function jn(e){let t=new Array(e.length).fill(0),r=e.map((o,i)=>i).sort((o,i)=>e[i].bytes-e[o].bytes||o-i),n=[],s=0;for(let o of r){let i=e[o],a=Math.ceil(i.bytes/256)*256,c=0;for(let d of n)if(!(d.last<i.first||d.first>i.last)){if(d.offset>=c+a)break;c=Math.max(c,d.end)}t[o]=c,s=Math.max(s,c+a);let u=n.findIndex(d=>d.offset>c);n.splice(u<0?n.length:u,0,{offset:c,end:c+a,...i})}return{offsets:t,total:s}}function Dn(e){let t=new Map;for(let{bytes:s,first:o,last:i}of e){let a=Math.ceil(s/256)*256;t.set(o,(t.get(o)??0)+a),t.set(i+1,(t.get(i+1)??0)-a)}let r=0,n=0;for(let s of[...t.keys()].sort((o,i)=>o-i))n=Math.max(n,r+=t.get(s));return n}var Cr=class{gpu;#e=[];#t=new Map;#r=new Set;constructor(t){this.gpu=t}get length(){return this.#e.length}slot(t,r){return{label:r,bytes:Math.max(4,t),offset:0}}input(t,r,n){if(this.#t.has(t))throw new Error(`program input "${t}" is declared twice`);let s=this.slot(r,t);return this.#t.set(t,{slot:s,initial:n}),s}output(t){t.buffer||this.#r.add(t)}dispatch(t,r,n){this.#e.push(ji(this.gpu,t,r,n))}need(){let t=[...this.#t.values()].map(({slot:i})=>i),r=new Set([...t,...this.#r]),{pieces:n}=Wi(this.#e,r),s=[...r].reduce((i,a)=>i+Math.ceil(a.bytes/256)*256,0),{needs:o}=_n(this.#e);return{arenaBytes:jn(n).total,largestNeed:Dn(n),ownBytes:s+Fi(this.#e)*4,textureBytes:o.reduce((i,{format:a,rows:c})=>i+c*et(a),0)}}compile(){return new qn(this.gpu,this.#e,this.#t,this.#r)}};function Wi(e,t=new Set){let r=new Map;return e.forEach(({slices:n},s)=>{for(let{slot:o}of n){if(o.buffer||t.has(o))continue;let i=r.get(o);i?i.last=s:r.set(o,{bytes:o.bytes,first:s,last:s})}}),{slots:[...r.keys()],pieces:[...r.values()]}}function Fi(e){return Math.max(64,e.length*64)}var qn=class{gpu;arenaBytes;largestNeed;#e;#t;#r=[];#n=[];#s;#o;#i;#c=new Uint8Array(0);#a;#u;constructor(t,r,n,s){this.gpu=t,this.#e=r,this.#t=n,this.#l();for(let l of s)l.buffer=t.buffer(l.bytes,l.label),l.offset=0,this.#r.push(l.buffer),this.#n.push(l.buffer);let{slots:o,pieces:i}=Wi(r),{offsets:a,total:c}=jn(i);o.forEach((l,f)=>l.offset=a[f]),this.arenaBytes=c,this.largestNeed=Dn(i),this.#s=this.#d();let{needs:u,uses:d}=_n(r);this.#o=u,this.#i=d}get length(){return this.#e.length}#l(){let t=0;for(let{slot:r}of this.#t.values())r.offset=t,t+=Math.ceil(r.bytes/256)*256;if(t!==0){this.#a=this.gpu.buffer(t,"inputs"),this.#r.push(this.#a),this.#c=new Uint8Array(t);for(let{slot:r,initial:n}of this.#t.values())r.buffer=this.#a,n&&this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),r.offset);this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}}#d(){let t=new Uint32Array(Fi(this.#e));this.#e.forEach(({params:s},o)=>{s.forEach((i,a)=>t[o*64+a]=i)});let r=GPUBufferUsage.UNIFORM|GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_DST,n=this.gpu.buffer(t.byteLength,"params",r);return this.gpu.device.queue.writeBuffer(n,0,t),this.#r.push(n),n}#p(){let t=this.gpu.arena(this.arenaBytes),r=this.gpu.textures(this.#o),n=this.#u;if(n?.arena===t&&r.every((i,a)=>i===n.textures[a]))return n;let s=r.map(i=>i.createView()),o=this.#e.map(({name:i,layout:a,slices:c,params:u},d)=>this.gpu.device.createBindGroup({label:i,layout:a,entries:[...c.map(({slot:l,offset:f,bytes:p},h)=>{let g=this.#i[d].textures[h];if(g!==void 0)return{binding:h,resource:s[g]};let m=l.buffer??t,w=Math.max(16,Math.ceil(p/16)*16);return{binding:h,resource:{buffer:m,offset:l.offset+f,size:w}}}),{binding:c.length,resource:{buffer:this.#s,offset:d*256,size:Math.max(16,Math.ceil(u.length/4)*16)}}]}));return this.#u={dispatches:this.#e,groups:o,uses:this.#i,textures:r,arena:t}}upload(t){for(let[r,n]of Object.entries(t)){let s=this.#t.get(r)?.slot;if(!s)throw new Error(`program has no input "${r}"; it has ${[...this.#t.keys()].join(", ")}`);if(n.byteLength>s.bytes)throw new Error(`input "${r}": expected at most ${s.bytes} bytes, found ${n.byteLength}`);this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),s.offset)}this.#a&&this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}poison(){let{queue:t}=this.gpu.device,r=new Uint32Array(1<<18).fill(2143322048);for(let n of[this.gpu.arena(this.arenaBytes),...this.#n])for(let s=0;s<n.size;s+=r.byteLength)t.writeBuffer(n,s,r,0,Math.min(r.byteLength,n.size-s)/4)}run(t=1){this.gpu.check();let r=this.#p(),n=this.gpu.device.createCommandEncoder(),{profiler:s}=this.gpu;s?qi(n,r,t,s,this.#f()):Di(n,r,t),this.gpu.device.queue.submit([n.finish()])}#f(){let t=new Set([...this.#t.values()].map(({slot:r})=>r));return({slot:r,offset:n,bytes:s})=>t.has(r)?new Int32Array(this.#c.buffer,r.offset+n,s/4):void 0}destroy(){for(let t of this.#r)this.gpu.release(t);this.#r.length=0}};var Te=class{gpu;storage;#e;#t;#r=[];#n=new Map;#s=new Set;#o;#i=!0;#c=0;constructor(t,{storage:r="f32",checkpoint:n=!1}={}){Un(t,r),this.gpu=t,this.storage=r,this.#e=n,this.#t=new Cr(t)}get length(){return this.#t.length}input(t,r,n="f32"){return new J(r,n,this.#t.input(t,oe(r)*se[n]))}constant(t,r=[t.length]){let n=`constant ${this.#c++}`,s=t instanceof Int32Array?"i32":"f32";return new J(r,s,this.#t.input(n,t.byteLength,t))}empty(t,r,n="f32"){return new J(t,n,this.#t.slot(oe(t)*se[n],r))}result(t,r){return this.empty(t,r,this.storage)}dispatch(t,r,n){this.#t.dispatch(t,r,n.map(s=>s.slice))}noGrad(t){let r=this.#i;this.#i=!1;try{return t()}finally{this.#i=r}}checkpoint(t){if(!this.#e||!this.#i)return t();let r=this.#r;this.#r=[];let n=t();return this.#r=r,n.requiresGrad&&this.differentiable(n.origin,s=>this.#a(t,n,s)),n}#a(t,r,n){let s=this.#r;this.#r=[],this.#i=!0;let o=t();this.#i=!1,this.#n.delete(r.origin),this.#n.set(o.origin,n),this.#u(),this.#r=s}needsGrad(...t){return this.#i&&t.some(r=>r?.requiresGrad)}gradientWanted(...t){return t.some(r=>r?.requiresGrad)}differentiable(t,r){t.requiresGrad=!0,this.#r.push({output:t,backward:r})}backward(t,r){if(!t.requiresGrad)throw new Error("backward: the loss does not depend on a tensor that requires a gradient");if(!r){if(t.size!==1)throw new Error(`backward: the loss must be a scalar, found shape [${t.shape}]`);r=this.empty(t.shape,"seed"),zi(this,r,1)}this.#n.set(t.origin,r),this.#o=r,this.noGrad(()=>this.#u()),this.#r.length=0}#u(){for(let{output:t,backward:r}of this.#r.reverse()){let n=this.#n.get(t);n&&(this.#s.clear(),n===this.#o&&this.#s.add(n),r(n),n!==this.#o&&this.#s.has(n)&&this.#n.delete(t))}}gradient(t){return t.gradient??Nr(this.#n.get(t.origin),t.shape)}target(t){if(!t?.requiresGrad)return;if(t.gradient)return{tensor:t.gradient,add:!0};let r=Nr(this.#n.get(t.origin),t.shape);if(r)return{tensor:r,add:!0};let n=this.empty(t.shape,`d ${t.slot.label}`);return this.#n.set(t.origin,Nr(n,t.origin.shape)),{tensor:n,add:!1}}assign(t,r){let n=this.target(t);if(!n)return;if(!n.add)return r(n.tensor);let s=this.empty(n.tensor.shape,`part of d ${t.slot.label}`);r(s),qt(this,n.tensor,s)}pass(t,r){if(!t?.requiresGrad)return;if(!t.gradient&&!this.#n.has(t.origin)&&!this.#s.has(r)){this.#s.add(r),this.#n.set(t.origin,Nr(r,t.origin.shape));return}let n=this.target(t);if(!n.add)return it(this,n.tensor,r);qt(this,n.tensor,this.apart(r,n.tensor))}apart(t,r){if(!t||!Qe(t.slice,r.slice))return t;let n=this.empty(t.shape,`copy of ${t.slot.label}`,t.dtype);return it(this,n,t),n}output(t){return this.#t.output(t.slot),t}need(){return this.#t.need()}compile(){return this.#t.compile()}};function Nr(e,t){return e?.shape.length===t.length&&e.shape.every((n,s)=>n===t[s])?e:e?.view(t)}function Un(e,t){if(!(t==="f32"||e.device.features.has("shader-f16")))throw new $(`f16 storage needs the WebGPU feature shader-f16, which this adapter (${e.facts.description}) does not offer; store in f32, or choose another adapter`)}var Ut=class{gpu;places;modules;size;trainable;storage;values;#e=new Map;#t=[];constructor(t,r,{trainable:n,storage:s="f32"}={}){Un(t,s),this.gpu=t,this.trainable=new Set(n??r.map(({name:d})=>d)),this.storage=s;let{places:o,ranges:i,bundles:a,size:c}=Ii(r);this.places=o,this.modules=i,this.size=c;try{this.#r(a)}catch(d){throw this.destroy(),d}let u=this.#t.length>0&&a.every(({key:d})=>this.#e.get(d).segment);this.values=new Dt(c,u?this.#t.map(({start:d,values:l})=>({start:d,tensor:l})):a.map(({key:d,start:l})=>({start:l,tensor:this.#e.get(d).bundle.tensor})))}#r(t){let{gpu:r}=this,n=Math.floor(r.largestBuffer/4/bt)*bt,s=[],o=0,i=()=>{if(s.length===0)return;let a={start:s[0].start,values:J.of(r,[o]),runs:[]};this.#t.push(a);let c=0;for(let{key:u,module:d,places:l,shape:f,start:p,end:h}of s){let g=new J(f,"f32",a.values.slot,c*4);if(this.#e.set(u,{bundle:{module:d,places:l,tensor:g},segment:a}),this.trainable.has(d)){let m=a.runs.at(-1);m?.end===p?m.end=h:a.runs.push({start:p,end:h})}c+=h-p}s=[],o=0};for(let a of t){let{key:c,module:u,places:d,shape:l,start:f,end:p}=a,h=this.storage==="f16"&&l.length>1&&!this.trainable.has(u),g=(p-f)*(h?2:4);if(g>r.largestBuffer){let m=d.map(({name:_})=>_).join(" + "),w=this.storage==="f32"?"; --storage f16 halves what is frozen":"";throw new ne(`${m}: ${g} bytes are over this adapter's largest buffer, ${r.largestBuffer} bytes${w}`)}if(h){let m=J.of(r,l,void 0,"f16");this.#e.set(c,{bundle:{module:u,places:d,tensor:m},segment:void 0});continue}o+p-f>n&&i(),s.push(a),o+=p-f}i()}static initial(t,r,n){let s=new Float32Array(t.size);for(let o of r.flatMap(({bundles:i})=>i.flat()))s.set(Wn(o,n),t.places.get(o.name).offset);return s}get bundles(){let t=({places:r})=>r[0].offset;return[...this.#e.values()].map(({bundle:r})=>r).sort((r,n)=>t(r)-t(n))}get gradients(){let t=this.#t.flatMap(({runs:r})=>r).flatMap(r=>[{start:r.start,tensor:this.#n(r)}]);return new Dt(this.size,t)}#n(t){return t.gradients??=J.of(this.gpu,[t.end-t.start])}stretches(t){let r=t.map(o=>{let i=this.modules.get(o);if(!i)throw new Error(`no module "${o}"; there are ${[...this.modules.keys()].join(", ")}`);if(!this.trainable.has(o))throw new Error(Ki(o,this.trainable));return i}),n=Math.min(...r.map(({start:o})=>o)),s=Math.max(...r.map(({end:o})=>o));return this.#t.flatMap(o=>o.runs.flatMap(i=>{let a=Math.max(i.start,n),c=Math.min(i.end,s);if(a>=c)return[];let u=this.#s(o,i.start),d=({slot:l},f)=>new J([c-a],"f32",l,(f+a-i.start)*4);return[{start:a,end:c,values:d(o.values,u),gradients:d(this.#n(i),0)}]}))}#s(t,r){for(let{bundle:n,segment:s}of this.#e.values())if(s===t&&n.places[0].offset===r)return n.tensor.offset/4;throw new Error(`no bundle starts at ${r}`)}tensor(t,r){let n=this.#e.get(Bn(t));if(!n)throw new Error(`no parameters ${t.join(" + ")}`);let{bundle:{module:s,places:o,tensor:{shape:i,dtype:a,slot:c,offset:u}},segment:d}=n,l=new J(i,a,c,u);if(!r)return l;let f=o[0].offset,p=d?.runs.find(({start:h,end:g})=>f>=h&&f<g);if(!p)throw new Error(Ki(s,this.trainable));return l.requiresGrad=!0,l.gradient=new J(i,"f32",this.#n(p).slot,(f-p.start)*4),l}single(t){for(let{bundle:{places:r,tensor:n}}of this.#e.values()){let s=r.find(i=>i.name===t);if(!s)continue;if(n.dtype!=="f32")throw new Error(`${t} is held in 16 bits; load it in 32`);let o=4*(s.offset-r[0].offset);return new J(s.shape,"f32",n.slot,n.offset+o)}throw new Error(`no parameter ${t}`)}of(t,r){let{offset:n,size:s}=this.places.get(r);return t.subarray(n,n+s)}get count(){return[...this.places.values()].reduce((t,{size:r})=>t+r,0)}destroy(){for(let{bundle:t,segment:r}of this.#e.values())r||t.tensor.destroy(this.gpu);for(let{values:t,runs:r}of this.#t){t.destroy(this.gpu);for(let{gradients:n}of r)n?.destroy(this.gpu)}this.#e.clear(),this.#t.length=0}};function Wn({name:e,shape:t,init:r},n){let s=n.fork(e);return Float32Array.from({length:oe(t)},()=>"normal"in r?r.normal*s.normal():"uniform"in r?r.uniform*(2*s.next()-1):r.constant)}function Ki(e,t){return`the module ${e} has no gradients: the model was made to train ${[...t].join(", ")||"nothing"}. Load it with ${e} among \`trainable\``}function jf(e){let t=new TextEncoder().encode(e),r=n=>{let s=n;for(let o of t)s=Math.imul(s^o,16777619);return s=Math.imul(s^t.length^s>>>16,2246822507),s=Math.imul(s^s>>>13,3266489909),(s^s>>>16)>>>0};return[r(2166136261),r(2654435769),r(2135587861),r(625341585)]}function Vi(e,t){return e<<t|e>>>32-t}var Ie=class e{#e;#t;#r;constructor(t){this.#e=String(t),this.#t=Int32Array.from(jf(this.#e)),this.#t.every(r=>r===0)&&(this.#t[0]=1)}#n(){let t=this.#t,[r,n,s,o]=[t[0],t[1],t[2],t[3]],i=Math.imul(Vi(Math.imul(n,5),7),9)>>>0,a=s^r,c=o^n;return t[1]=n^a,t[0]=r^c,t[2]=a^n<<9,t[3]=Vi(c,11),i}next(){let t=this.#n()>>>5,r=this.#n()>>>6;return(t*67108864+r)/9007199254740992}int(t){if(!Number.isInteger(t)||t<1||t>4294967296)throw new RangeError(`Random.int: expected an integer from 1 to 2^32, found ${t}`);if(t===4294967296)return this.#n();for(;;){let r=this.#n(),n=(r>>>0)%(t>>>0);if(r-n+t<=4294967296)return n}}normal(){if(this.#r!==void 0){let o=this.#r;return this.#r=void 0,o}let t=0,r=0,n=0;do t=2*this.next()-1,r=2*this.next()-1,n=t*t+r*r;while(n>=1||n===0);let s=Math.sqrt(-2*Math.log(n)/n);return this.#r=r*s,t*s}shuffle(t){for(let r=t.length-1;r>0;r--){let n=this.int(r+1),s=t[r];t[r]=t[n],t[n]=s}return t}pick(t){if(t.length===0)throw new RangeError("Random.pick: expected at least one element, found none");return t[this.int(t.length)]}fork(t){return new e(`${this.#e}/${t.length}:${t}`)}};var le="lora";function Lr(e){return e.replace(/\.weight$/,"")}function Gi(e,t){let r=new Map,n=[];for(let s of e.flatMap(({bundles:o})=>o)){let o=[],i=[];for(let{name:a,shape:[c=0,u=0],linear:d,idle:l}of s){let f=d&&!l?t(a):void 0;if(!f)continue;let p=Lr(a),{rank:h}=f,g={...f,a:`${p}.lora_A.weight`,b:`${p}.lora_B.weight`};r.set(a,g),o.push({name:g.a,shape:[h,u],init:{uniform:1/Math.sqrt(u)}}),i.push({name:g.b,shape:[c,h],init:{constant:0}})}o.length>0&&n.push(o,...i.map(a=>[a]))}return{module:{name:le,bundles:n},sites:r}}var Pr=class{plan;dropout;seed;scaling;#e;#t=new Map;constructor(t,r,{dropout:n,seed:s,scaling:o}){this.#e=t,this.plan=r,this.dropout=n,this.seed=s,this.scaling=o;let i=new Ie(s).fork("dropout");for(let a of r.sites.keys())this.#t.set(a,i.fork(a).int(2**32))}start(){let t=new Ie(this.seed).fork(le);for(let r of this.plan.module.bundles){let n=this.#e.tensor(r.map(({name:o})=>o),!1),s=r.flatMap(o=>[...Wn(o,t)]);n.write(this.#e.gpu,Float32Array.from(s))}}of(t,r,n){let{sites:s}=this.plan,o=t.filter(u=>s.has(u));if(o.length===0)return;let i=0,a=t.flatMap(u=>{let d=s.get(u),l=i;return i+=this.#e.places.get(u).shape[0],d?[{b:this.#e.tensor([d.b],r),first:l,scale:d.scale}]:[]}),c=this.#e.tensor(o.map(u=>s.get(u).a),r);return!n||this.dropout===0?{a:c,parts:a}:{a:c,parts:a,dropout:{...n,share:this.dropout,site:this.#t.get(o[0])}}}};function Hi(e,t){let r=0;for(let n=0;2*n<e.length;n++){let s=e[2*n],o=e[2*n+1];o>s&&(r+=t?n+1-s:o-s)}return r}function Rr({pass:e}){return["qkv","span","o","lse",...e==="forward"?[]:["d_o","delta","dqkv"]]}var Ji=2048;function $t(e){return{BLOCK:e>Ji?Ji:0}}function Mr(e){let{rows:t,heads:r,groups:n,headSize:s,causal:o,scale:i=1/Math.sqrt(s)}=e;return[t,r,n,Number(o),X(i)]}var Df={forward:2,queries:3,keys:4};function Ir({heads:e,headSize:t,causal:r,pass:n},s){let o=s("span");return o&&2*t*Df[n]*e*Hi(o,r)}var Yi=`// Attention over packed sequences, without a T\xD7T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum; keeps lse = log \u03A3 exp  [rows, heads]
//
// qkv [rows, (heads + 2\xB7groups)\xB7D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
// attention_queries.wgsl and attention_keys.wgsl are the backward passes.
//
// An invocation holds ROWS neighbouring rows of a head in registers, so that what it loads of the keys and values serves
// them all; rows that do not see a key are masked. They are read again for every tile of rows: through a texture, where
// it is large enough (src/gpu/program/textures.ts). With BLOCK, which long batches have, so many rows are added up at a
// time. Loops: at most two neighbouring sequences' rows and their blocks, which must stay under 65,535.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(row\${r} * qkv_stride() + query_at(head) + \${d}u);
  var o\${r}_\${d} = vec4f();
  //#end d
  var most\${r} = LOW;
  var sum\${r} = 0.0;
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  var all_most\${r} = LOW; // of the blocks before, their sums
  var all_sum\${r} = 0.0;
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let v\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_score
    let visible\${r} = j >= range\${r}.x && j < range\${r}.y;
    let score\${r} = select(LOW, lane_sum(s\${r}) * p.scale, visible\${r});
    let top\${r} = max(most\${r}, score\${r});
    let fade\${r} = exp(most\${r} - top\${r});
    let e\${r} = select(0.0, exp(score\${r} - top\${r}), visible\${r});
    most\${r} = top\${r};
    sum\${r} = sum\${r} * fade\${r} + e\${r};
    //#repeat d D4
    o\${r}_\${d} = fma(vec4f(e\${r}), v\${d}, o\${r}_\${d} * fade\${r});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    let fade = exp(all_most\${r} - most\${r});
    all_most\${r} = most\${r};
    all_sum\${r} = fma(all_sum\${r}, fade, sum\${r});
    sum\${r} = 0.0;
    //#repeat d D4
    all\${r}_\${d} = fma(all\${r}_\${d}, vec4f(fade), o\${r}_\${d});
    o\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  let all_fade\${r} = exp(all_most\${r} - most\${r});
  sum\${r} = fma(all_sum\${r}, all_fade\${r}, sum\${r});
  //#repeat d D4
  o\${r}_\${d} = fma(all\${r}_\${d}, vec4f(all_fade\${r}), o\${r}_\${d});
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum\${r}, sum\${r} > 0.0);
    //#repeat d D4
    o[row\${r} * o_stride() + query_at(head) + \${d}u] = o_t4(o\${r}_\${d} * inverse);
    //#end d
    lse[row\${r} * p.heads + head] = select(0.0, most\${r} + log(sum\${r}), sum\${r} > 0.0);
  }
  //#end r
}
`;var Xi=`// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale\xB7\u03A3_i d_score_i\xB7q_i,  dv = \u03A3_i weight_i\xB7dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i\xB7(dO_i\xB7v \u2212 delta_i),  weight_i = exp(score_i \u2212 lse_i)
//
// Runs after attention_queries.wgsl, which writes delta. An invocation holds ROWS neighbouring rows of a key-value head:
// their keys and values; queries and dO are what it reads again and again.
// Loops: at most two neighbouring sequences' rows and their blocks times heads/groups, which must stay under 65,535 trips.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = seen_by(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let key\${r} = row\${r} * qkv_stride() + key_at(group);
  let value\${r} = row\${r} * qkv_stride() + value_at(group);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(key\${r} + \${d}u);
  let own_value\${r}_\${d} = load_qkv(value\${r} + \${d}u);
  var dk\${r}_\${d} = vec4f();
  var dv\${r}_\${d} = vec4f();
  //#end d
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all_dk\${r}_\${d} = vec4f();
  var all_dv\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = first; start < end;) {
    var stop = end;
    //#repeat r ROWS
    stop = min(stop, block_end(start, sequence\${r}));
    //#end r
    for (var j = start; j < stop; j++) {
    //#else
    for (var j = first; j < end; j++) {
    //#end BLOCK
      let query = j * qkv_stride() + query_at(head);
      let out = j * o_stride() + query_at(head);
      let lse_j = lse[j * p.heads + head];
      let delta_j = delta[j * p.heads + head];
      //#repeat d D4
      let other\${d} = load_qkv(query + \${d}u);
      let other_value\${d} = load_d_o(out + \${d}u);
      //#end d
      //#repeat r ROWS
      let lse\${r} = lse_j;
      let delta\${r} = delta_j;
      //#include attention_pair
      //#repeat d D4
      dk\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dk\${r}_\${d});
      dv\${r}_\${d} = fma(vec4f(weight\${r}), other_value\${d}, dv\${r}_\${d});
      //#end d
      //#end r
    }
    //#if BLOCK
    start = stop;
    //#repeat r ROWS
    if (ends_block(stop, range\${r})) {
      //#repeat d D4
      all_dk\${r}_\${d} += dk\${r}_\${d};
      all_dv\${r}_\${d} += dv\${r}_\${d};
      dk\${r}_\${d} = vec4f();
      dv\${r}_\${d} = vec4f();
      //#end d
    }
    //#end r
    }
    //#end BLOCK
  }
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dk\${r}_\${d} += all_dk\${r}_\${d};
  dv\${r}_\${d} += all_dv\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    //#repeat d D4
    dqkv[key\${r} + \${d}u] = dk\${r}_\${d} * p.scale;
    dqkv[value\${r} + \${d}u] = dv\${r}_\${d};
    //#end d
  }
  //#end r
}
`;var Zi=`// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO\xB7o,  dq = scale\xB7\u03A3_j d_score_j\xB7k_j,  d_score_j = weight_j\xB7(dO\xB7v_j \u2212 delta),  weight_j = exp(score_j \u2212 lse)
//
// Runs before attention_keys.wgsl, which reads delta; together they write all of dqkv. An invocation holds ROWS
// neighbouring rows of a head: their queries and dO. Loops: at most two neighbouring sequences' rows and their
// blocks, under 65,535.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let query\${r} = row\${r} * qkv_stride() + query_at(head);
  let out\${r} = row\${r} * o_stride() + query_at(head);
  var delta\${r} = 0.0;
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(query\${r} + \${d}u);
  let own_value\${r}_\${d} = load_d_o(out\${r} + \${d}u);
  delta\${r} += dot(own_value\${r}_\${d}, vec4f(o[out\${r} + \${d}u]));
  var dq\${r}_\${d} = vec4f();
  //#end d
  let lse\${r} = lse[row\${r} * p.heads + head];
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let other_value\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_pair
    //#repeat d D4
    dq\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dq\${r}_\${d});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    //#repeat d D4
    all\${r}_\${d} += dq\${r}_\${d};
    dq\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dq\${r}_\${d} += all\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    delta[row\${r} * p.heads + head] = delta\${r};
    //#repeat d D4
    dqkv[query\${r} + \${d}u] = dq\${r}_\${d} * p.scale;
    //#end d
  }
  //#end r
}
`;function Fn(e,t){return{name:`attention_${e}`,wgsl:t,f16:["qkv","o"],textures:({textures:r})=>r?e==="keys"?["qkv","d_o"]:["qkv"]:[],constants:r=>({D4:r.headSize/4,D4MORE:r.headSize/4-1,ROWS:r.tile,...$t(r.rows)}),bindings:Rr,params:Mr,groups:({rows:r,heads:n,groups:s,tile:o},i)=>L(Math.ceil(r/o)*(e==="keys"?s:n),i),operations:Ir}}var Ff={forward:Fn("forward",Yi),queries:Fn("queries",Zi),keys:Fn("keys",Xi)};function Kf(e,t){let{headSize:r}=e;return{...e,tile:r<=64?4:r<=128?2:1,textures:t}}function Qi(e,t,r){let n=r[0].size<=e.gpu.largestTexture;e.dispatch(Ff[t.pass],Kf(t,n),r)}var ea=`// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n\xB7e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at \`at\` of a row of qkv; there is no gradient here.
fn load(gradient: bool, row: u32, at: u32) -> vec4f { return load_qkv(row * qkv_stride() + at); }

//#include attention_tile
//#include across_tile

const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}

@compute @workgroup_size(\${WORKGROUP})
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
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var most = vec4f(LOW);
  var weight_sum = vec4f();
  //#if BLOCK
  var all_most = vec4f(LOW); // of the blocks before, their sums
  var all_weight_sum = vec4f();
  //#end BLOCK
  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    var top = vec4f(LOW);
    //#repeat c 4
    let visible\${c} = visible(other + tx + \${8 * c}u, own);
    let score\${c} = weights0[\${c}] * p.scale;
    let power\${c} = select(vec4f(LOW), floor(score\${c} * LOG2_E), visible\${c});
    top = max(top, power\${c});
    //#end c
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    //#repeat c 4
    {
      let rest = min(score\${c} - power\${c} * LN2_HIGH - power\${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[\${c}] = select(vec4f(), exp(rest) * power_of_two(power\${c} - top), visible\${c});
    }
    //#end c
    //#repeat c VCOLS
    //#repeat r 4
    sum0_\${c}_\${r} *= fade[\${r}];
    //#end r
    //#end c
    let summands0 = Tile(false, other, value_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  let all_fade = power_of_two(all_most - most);
  all_weight_sum = select(all_weight_sum, all_weight_sum * all_fade + weight_sum, full);
  weight_sum = select(weight_sum, vec4f(), full);
  all_most = select(all_most, most, full);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} = all0_\${c}_\${r} * all_fade[\${r}] + sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  let last_fade = power_of_two(all_most - most);
  weight_sum += all_weight_sum * last_fade;
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r} * last_fade[\${r}];
  //#end r
  //#end c
  //#end BLOCK

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  //#repeat r 4
  if (row + \${r}u < p.rows) {
    if (tx == 0u) { lse[(row + \${r}u) * p.heads + head] = log_sum[\${r}]; }
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      o[(row + \${r}u) * o_stride() + query_at(head) + tx + \${8 * c}u] = o_t4(sum0_\${c}_\${r} * inverse[\${r}]);
    }
    //#end c
  }
  //#end r
}
`;var ta=`// The gradients of attention's keys and values with tiles in workgroup memory: what is computed is what
// attention_keys.wgsl says, blocks/attention_tile.wgsl how. Sum 0 is dv = \u03A3 weight\xB7dO, sum 1 is dk = \u03A3 d_score\xB7q.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return seen_by(row); }

//#include attention_tile_backward
//#include attention_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_keys(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let group = index % p.groups;
  let own_row = index / p.groups * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let keys = Tile(false, own_row, key_at(group));
  let values = Tile(false, own_row, value_at(group));

  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  var sum\${g}_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all\${g}_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  //#end g
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = all.x; start < all.y;) {
    let end = tile_stop(start, all.y, i);
    let own = Ranges(seen.first, min(seen.end, vec4u(end)));
    for (var other = start; other < end; other += 32u) {
    //#else
    for (var other = all.x; other < end; other += 32u) {
    //#end BLOCK
      let queries = Tile(false, other, query_at(head));
      let gradients = Tile(true, other, query_at(head));
      var weights0 = scores(keys, queries, end, i);
      var weights1 = scores(values, gradients, end, i);
      //#repeat c 4
      {
        let j = other + tx + \${8 * c}u;
        let at = min(j, p.rows - 1u) * p.heads + head;
        let power = exp(weights0[\${c}] * p.scale - lse[at]);
        weights0[\${c}] = select(vec4f(), power, visible(j, own));
        weights1[\${c}] = weights0[\${c}] * (weights1[\${c}] - delta[at]);
      }
      //#end c
      let summands0 = gradients;
      let summands1 = queries;
      //#repeat g 2
      //#include attention_tile_sums
      //#end g
    }
    //#if BLOCK
    start = end;
    let full = end_blocks(end, ty);
    //#repeat g 2
    //#repeat r 4
    if (full[\${r}]) {
      //#repeat c VCOLS
      all\${g}_\${c}_\${r} += sum\${g}_\${c}_\${r};
      sum\${g}_\${c}_\${r} = vec4f();
      //#end c
    }
    //#end r
    //#end g
    }
    //#end BLOCK
  }
  //#if BLOCK
  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  sum\${g}_\${c}_\${r} += all\${g}_\${c}_\${r};
  //#end r
  //#end c
  //#end g
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    let at = (row + \${r}u) * qkv_stride() + tx;
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[at + key_at(group) + \${8 * c}u] = sum1_\${c}_\${r} * p.scale;
      dqkv[at + value_at(group) + \${8 * c}u] = sum0_\${c}_\${r};
    }
    //#end c
  }
  //#end r
}
`;var ra=`// The gradient of attention's queries with tiles in workgroup memory: what is computed is what attention_queries.wgsl
// says, blocks/attention_tile.wgsl how.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

//#include attention_tile_backward
//#include attention_tile
//#include across_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_queries(
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
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));
  let gradients = Tile(true, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var own_lse = vec4f();
  var own_delta = vec4f();
  //#repeat r 4
  {
    let at = min(row + \${r}u, p.rows - 1u);
    own_lse[\${r}] = lse[at * p.heads + head];
    for (var d = tx; d < \${D4}u; d += 8u) {
      let o_d = vec4f(o[at * o_stride() + query_at(head) + d]);
      own_delta[\${r}] += dot(load(true, at, query_at(head) + d), o_d);
    }
  }
  //#end r
  own_delta = sum_across(own_delta, tx, ty);
  if (tx == 0u) {
    //#repeat r 4
    if (row + \${r}u < p.rows) { delta[(row + \${r}u) * p.heads + head] = own_delta[\${r}]; }
    //#end r
  }

  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    let d_weights = scores(gradients, Tile(false, other, value_at(group)), end, i);
    //#repeat c 4
    {
      let power = exp(weights0[\${c}] * p.scale - own_lse);
      let weight = select(vec4f(), power, visible(other + tx + \${8 * c}u, own));
      weights0[\${c}] = weight * (d_weights[\${c}] - own_delta);
    }
    //#end c
    let summands0 = Tile(false, other, key_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} += sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  //#end BLOCK
  //#if BLOCK
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r};
  //#end r
  //#end c
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[(row + \${r}u) * qkv_stride() + query_at(head) + tx + \${8 * c}u] = sum0_\${c}_\${r} * p.scale;
    }
    //#end c
  }
  //#end r
}
`;var Vn=32,Jf=64;function Yf(e){return Math.ceil(e/Math.ceil(e/8))}function Xf(e,t){let r=Vn;for(;r*e>t;)r/=2;return r}function Kn(e,t){return{name:`attention_tiled_${e}`,wgsl:t,f16:["qkv","o"],constants(r){let n=r.headSize/4,s=Yf(n),o=s|1;return{D4:n,DEPTH:s,PITCH:o,STEP:Xf(n,Vn*(s+o)),VCOLS:Math.ceil(n/8),WEIGHT_SUM:+(e==="forward"),...$t(r.rows)}},bindings:Rr,params:Mr,workgroup:()=>Jf,groups:({rows:r,heads:n,groups:s})=>L(Math.ceil(r/Vn)*(e==="keys"?s:n),1),operations:Ir}}var Zf={forward:Kn("forward",ea),queries:Kn("queries",ra),keys:Kn("keys",ta)};function na(e,t,r){e.dispatch(Zf[t.pass],t,r)}var sa=`// y[rows, width] (+)= x[rows, from] with columns left out at the end, or columns of zeros added. Its own backward, the
// other way round. An invocation an element.

//#include spread

struct Params { rows: u32, width: u32, columns: u32, add: u32 } // columns: of x

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn resize_columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  let column = i % p.width;
  if (row >= p.rows) { return; }
  var value = 0.0;
  if (column < p.columns) { value = f32(x[row * p.columns + column]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var oa={name:"resize_columns",wgsl:sa,constants:()=>({}),bindings:()=>["x","y"],f16:["x","y"],params:({rows:e,width:t,columns:r,add:n})=>[e,t,r,Number(n)],workgroup:()=>64,groups:({rows:e,width:t},r)=>L(e*t,r)};function Ge(e,t,r,n){let s=t.size/r,o=e.result([s,n],"resized");return e.dispatch(oa,{rows:s,width:n,columns:r,add:!1},[t,o]),e.needsGrad(t)&&e.differentiable(o,i=>{let a=e.target(t);e.dispatch(oa,{rows:s,width:r,columns:n,add:a.add},[i,a.tensor])}),o}function xt(e){return 4*Math.ceil(e/4)}function Br(e,t,r,n,s){let{heads:o,groups:i,headSize:a}=n,[c=0]=t.shape;if(o%i!==0)throw new Error(`attention: ${i} key-value heads do not divide ${o} heads`);I("attention","qkv",t.shape,[c,(o+2*i)*a]),I("attention","span",r.shape,[c,2]);let u=xt(a);if(u!==a){let d=Ge(e,t,a,u).view([c,(o+2*i)*u]),l=ia(e,d,r,{...n,headSize:u},s,1/Math.sqrt(a));return Ge(e,l,u,a).view([c,o*a])}return ia(e,t,r,n,s)}function ia(e,t,r,{heads:n,groups:s,headSize:o},i,a){let[c=0]=t.shape,u=e.result([c,n*o],"attention"),d=e.empty([c,n],"log-sum-exp"),l={rows:c,heads:n,groups:s,headSize:o,causal:i,...a!==void 0&&{scale:a}},f=Ke("attention",e.gpu)==="registers"?Qi:na;return f(e,{...l,pass:"forward"},[t,r,u,d]),e.needsGrad(t)&&e.differentiable(u,p=>{let h=e.empty([c,n],"delta");e.assign(t,g=>{let m=[t,r,u,d,p,h,g];f(e,{...l,pass:"queries"},m),f(e,{...l,pass:"keys"},m)})}),u}var aa=`// The gradient of the input of LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//
// x\u0302 comes from the mean and rstd that norm_forward.wgsl kept. d weight: norm_weight_parts.wgsl, d bias: column_parts.wgsl.

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = element_sum(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = element_sum(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end CENTRED
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
}
`;var ca=`// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  //#end CENTRED
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end CENTRED
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}
`;var ua={f16:["x","y"],params:({rows:e,width:t,eps:r,add:n})=>[e,t%4===0?t/4:t,X(t),X(r),Number(n)],groups:({rows:e},t)=>L(e,t)},Gn={...ua,name:"norm_forward",wgsl:ca,constants:e=>({VECTOR:+(e.width%4===0),CENTRED:Number(e.centred),PARAMS:Gn.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]]},la={...ua,name:"norm_backward",wgsl:aa,constants:({width:e,centred:t})=>({VECTOR:+(e%4===0),CENTRED:Number(t)}),bindings:()=>["x","weight","stats","dy","dx"]};var da=`// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//   d weight = \u03A3 rows dy\xB7x\u0302,  d bias = \u03A3 rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x\u0302 comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(\${DX}) var<storage, read_write> dx: array<vec4f>;
//#end DX
//#if WEIGHT_PARTS
@group(0) @binding(\${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end WEIGHT_PARTS
//#if BIAS_PARTS
@group(0) @binding(\${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end BIAS_PARTS
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_sums

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  var dw\${c} = vec4f();
  var db\${c} = vec4f();
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of g\xB7x\u0302, and of g
    //#repeat r TILE
    let row\${r} = min(row + \${r}u, p.rows - 1u);
    let start\${r} = row\${r} * p.width;
    let known\${r} = stats[row\${r}];
    let here\${r} = select(0.0, 1.0, row + \${r}u < p.rows); // a row past the last has gradient 0
    var g\${r} = vec4f();
    var gx\${r} = vec4f();
    //#repeat c HELD
    let hat\${r}_\${c} = (vec4f(x[start\${r} + at\${c}]) - known\${r}.x) * known\${r}.y;
    let d\${r}_\${c} = select(vec4f(), dy[start\${r} + at\${c}] * here\${r}, within\${c});
    let dw\${r}_\${c} = d\${r}_\${c} * hat\${r}_\${c};
    g\${r} = fma(d\${r}_\${c}, w\${c}, g\${r});
    gx\${r} = fma(dw\${r}_\${c}, w\${c}, gx\${r});
    dw\${c} += dw\${r}_\${c};
    db\${c} += d\${r}_\${c};
    //#end c
    own.first[\${r}] = lane_sum(gx\${r});
    own.second[\${r}] = lane_sum(g\${r});
    //#end r
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    //#if DX
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      var value = known\${r}.y * (d\${r}_\${c} * w\${c} - mean_g[\${r}] - hat\${r}_\${c} * mean_gx[\${r}]);
      //#if ADD
      value += dx[start\${r} + at\${c}];
      //#end ADD
      dx[start\${r} + at\${c}] = value;
    }
    //#end c
    //#end r
    //#end DX
  }
  //#repeat c HELD
  if (within\${c}) {
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at\${c}] = dw\${c};
    //#end WEIGHT_PARTS
    //#if BIAS_PARTS
    bias_parts[group * p.width + at\${c}] = db\${c};
    //#end BIAS_PARTS
  }
  //#end c
}
`;var fa=`// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_moments

// sum + off\xB2, off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  //#if RAGGED
  return sum + select(vec4f(), off * off, within);
  //#else
  return fma(off, off, sum);
  //#end RAGGED
}

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  //#if CENTRED
  let b\${c} = bias[at\${c}];
  //#end CENTRED
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of squares about the lane's mean, and of values
    //#repeat r TILE
    let start\${r} = min(row + \${r}u, p.rows - 1u) * p.width;
    //#repeat c HELD
    let v\${r}_\${c} = vec4f(x[start\${r} + at\${c}]);
    //#end c
    var middle\${r} = 0.0;
    //#if CENTRED
    var sum\${r} = vec4f();
    //#repeat c HELD
    sum\${r} += select(vec4f(), v\${r}_\${c}, within\${c});
    //#end c
    own.second[\${r}] = lane_sum(sum\${r});
    middle\${r} = own.second[\${r}] / max(held(lane), 1.0);
    //#end CENTRED
    var square\${r} = vec4f();
    //#repeat c HELD
    square\${r} = add_square(square\${r}, v\${r}_\${c} - middle\${r}, within\${c});
    //#end c
    own.first[\${r}] = lane_sum(square\${r});
    //#end r
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      let hat = (v\${r}_\${c} - mean[\${r}]) * rstd[\${r}];
      //#if CENTRED
      y[start\${r} + at\${c}] = y_t4(hat * w\${c} + b\${c});
      //#else
      y[start\${r} + at\${c}] = y_t4(hat * w\${c});
      //#end CENTRED
    }
    //#end c
    //#end r
    if (lane < \${TILE}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}
`;var sp=65536,pa=[32,64,128,256],op=4,ip=8,ha=32;function ma(e,t,r){let n=r==="registers",s=n?8:pa.find(c=>c*op>=t/4)??pa.at(-1),o=Math.ceil(t/4/s);if(t%4!==0||o>16)return;let i=n?4:[4,2].find(c=>c*o<=ip)??1,a=n?1:Math.ceil(e/i/(sp/s));return{lanes:s,held:o,tile:i,blocks:a,groups:Math.ceil(e/i/a)}}var ga={f16:["x","y"],params:({rows:e,width:t,blocks:r,eps:n})=>[e,t/4,r,X(n)],workgroup:({lanes:e})=>e,groups:({groups:e})=>L(e,1)};function wa({lanes:e,held:t,tile:r,blocks:n,width:s,centred:o}){return{LANES:e,TREE:+(e>ha),PARTS:e>ha?e/16:e,HELD:t,TILE:r,LOOP:+(n>1),RAGGED:+(s/4%e!==0),CENTRED:Number(o)}}function _a({rows:e,width:t,centred:r}){return`${r?"LayerNorm":"RMSNorm"} ${e}\xD7${t}`}var Hn={...ga,name:"norm_rows_forward",wgsl:fa,constants:e=>({...wa(e),PARAMS:Hn.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]],label:e=>`${_a(e)} forward`},Jn={...ga,name:"norm_rows_backward",wgsl:da,constants(e){let t=Jn.bindings(e),r=n=>Math.max(0,t.indexOf(n));return{...wa(e),DX:r("dx"),ADD:Number(e.gradients.add),WEIGHT_PARTS:r("weight_parts"),BIAS_PARTS:r("bias_parts"),PARAMS:t.length}},bindings:({gradients:{dx:e,weight:t,bias:r}})=>["x","weight","stats","dy",...e?["dx"]:[],...t?["weight_parts"]:[],...r?["bias_parts"]:[]],label:e=>`${_a(e)} backward`};function Wt(e,t,r,n){return va(e,t,r,void 0,n)}function kt(e,t,r,n,s){return va(e,t,r,n,s)}function va(e,t,r,n,s){let[o,i]=ue(t),a=n?"layer norm":"rms norm";I(a,"weight",r.shape,[i]),n&&I(a,"bias",n.shape,[i]);let c=e.result(t.shape,a),u=e.empty([o,2],`${a} statistics`),d=n?[t,r,u,c,n]:[t,r,u,c],l={rows:o,width:i,eps:s,centred:n!==void 0},f=ma(o,i,Ke("norm",e.gpu));if(f?e.dispatch(Hn,{...l,...f},d):e.dispatch(Gn,{...l,add:!1},d),e.needsGrad(t,r,n)){let p={x:t,weight:r,bias:n,stats:u};e.differentiable(c,h=>{f?ap(e,{...l,...f},{...p,dy:h}):cp(e,l,{...p,dy:h})})}return c}function ap(e,t,{x:r,weight:n,bias:s,stats:o,dy:i}){let a=e.target(n),c=e.target(s),u=e.target(r),d=(g,m)=>g&&e.empty([t.groups,t.width],`parts of d ${m}`),l=d(a,"weight"),f=d(c,"bias"),p={dx:!!u,add:u?.add??!1,weight:!!a,bias:!!c},h=[r,n,o,i,u?.tensor,l,f].filter(g=>g!==void 0);e.dispatch(Jn,{...t,gradients:p},h),a&&ot(e,l,a),c&&ot(e,f,c)}function cp(e,t,{x:r,weight:n,bias:s,stats:o,dy:i}){let a=e.target(n);a&&ot(e,i,a,{input:r,stats:o});let c=e.target(s);c&&ot(e,i,c);let u=e.target(r);u&&e.dispatch(la,{...t,add:u.add},[r,n,o,i,u.tensor])}function ya(e,t,r,n,s){let{heads:o,eps:i,activation:a}=s,c={heads:o,groups:o,headSize:t.shape[1]/o},u=kt(e,t,n.norm1.weight,n.norm1.bias,i),d=(m,{weight:w,..._},x={})=>Ve(e,m,w,{..._,...x}),l=d(u,n.qkv),f=Br(e,l,r,c,!1),p=d(f,n.out,{residual:t}),h=kt(e,p,n.norm2.weight,n.norm2.bias,i),g=d(h,n.fc1,{activation:a});return d(g,n.fc2,{residual:p})}function ba(e,t,r){I("add","b",r.shape,t.shape);let n=e.result(t.shape,"sum");return it(e,n,t),qt(e,n,r),e.needsGrad(t,r)&&e.differentiable(n,s=>{e.pass(t,s),e.pass(r,s)}),n}var $a=`// d features[f] (+)= dy[place[f]], place[f] being the row that shows feature f (-1: none). No sum is needed, since no two
// rows show one feature. An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: features

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_features(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let feature = i / p.width;
  if (feature >= p.count) { return; }
  var value = 0.0;
  if (place[feature] >= 0) { value = dy[u32(place[feature]) * p.width + i % p.width]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
}
`;var xa=`// Token sequence: row r of y is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
// embedding_features.wgsl and embedding_table.wgsl are its gradients. An invocation an element.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end: what stands in others is
// left as it is, unless the piece is the first, which also writes all that is not of the table.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: rows of y

@group(0) @binding(0) var<storage, read_write> y: array<y_t>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  let token = select(ids[row], -1, image[row] >= 0);
  let own = token >= i32(p.first) && token < i32(p.end);
  if (!own && p.first > 0u) { return; }
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (own) {
    value = f32(table[(u32(token) - p.first) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var ka=`// d table[id] += \u03A3 dy over the rows that hold id. The rows of each id are listed by the host: an entry of \`held\` is
// id, first and end in \`rows\`; one with first = end is padding. Every id stands in one entry, so sums are deterministic
// without atomics. An invocation an element of an entry's row.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: entries of \`held\`

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>; // [count, 3]
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
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
      part += dy[u32(rows[at + \${j}]) * p.width + column];
      //#end j
    }
    for (; at < stop; at++) { part += dy[u32(rows[at]) * p.width + column]; }
    sum += part;
  }
  d_table[(u32(token) - p.first) * p.width + column] += sum;
}
`;function Yn(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","table","features"],params:({count:n,width:s,add:o,first:i,end:a})=>[n,s,Number(o),i,a],workgroup:()=>64,groups:({count:n,width:s},o)=>L(n*s,o)}}var fp=Yn("embedding",xa,["y","table","ids","features","image"]),pp=Yn("embedding_features",$a,["dy","d_features","place"]),hp=Yn("embedding_table",ka,["dy","d_table","held","rows"]),Ea=256e3;function zr(e,t,r,n){let[s=0]=n.ids.shape,[,o=0]=t.shape,[i=0]=r.shape,[a=0]=n.held.shape;if(s>Ea)throw new Error(`embedding: ${s} rows are over ${Ea}; split the batch`);I("embedding","features",r.shape,[-1,o]),I("embedding","image",n.image.shape,[s]),I("embedding","place",n.place.shape,[i]);let c=e.result([s,o],"embedding"),[u=0]=t.shape,d=l=>It(e.gpu,u,o*se[l.dtype]).map(({first:f,count:p})=>({part:p===u?l:l.rows(f,p),first:f,end:f+p}));for(let{part:l,...f}of d(t)){let p=[c,l,n.ids,r,n.image];e.dispatch(fp,{count:s,width:o,add:!1,...f},p)}return e.needsGrad(t,r)&&e.differentiable(c,l=>{let f=e.target(r);if(f){let h={count:i,width:o,add:f.add,first:0,end:u};e.dispatch(pp,h,[l,f.tensor,n.place])}let p=e.target(t);if(p){if(!p.add)throw new Error("embedding: the table must be a parameter with a gradient tensor of its own");for(let{part:h,...g}of d(p.tensor)){let m={count:a,width:o,add:!0,...g};e.dispatch(hp,m,[l,h,n.held,n.rows])}}}),c}function jr(e,{imageId:t,rows:r,features:n,used:s=n,padding:o}){if(e.length>r)throw new Error(`${e.length} tokens do not fit into ${r} rows`);let i=new Int32Array(r).fill(-1),a=new Int32Array(r).fill(-1),c=new Int32Array(n).fill(-1),u=0,d=new Map;if(e.forEach((g,m)=>{if(g===t){u<s&&(c[u]=m),a[m]=u++;return}if(i[m]=g,g===o)return;let w=d.get(g);w?w.push(m):d.set(g,[m])}),u!==s)throw new Error(`expected ${s} image placeholders for as many features, found ${u}`);let l=new Int32Array(r*3),f=new Int32Array(r),p=0,h=0;for(let g of[...d.keys()].sort((m,w)=>m-w)){let m=d.get(g);l.set([g,p,p+m.length],3*h++),f.set(m,p),p+=m.length}return{ids:i,image:a,place:c,held:l,rows:f}}var Sa=`// y[i] (+)= x[index[i]], or 0 where index[i] < 0. With the inverse index it is its own backward.
// An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<y_t>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.width) { return; }
  let source = index[i / p.width];
  var value = 0.0;
  if (source >= 0) { value = f32(x[u32(source) * p.width + i % p.width]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var Oa={name:"gather_rows",wgsl:Sa,constants:()=>({}),bindings:()=>["x","index","y"],f16:["x","y"],params:({count:e,width:t,add:r})=>[e,t,Number(r)],workgroup:()=>64,groups:({count:e,width:t},r)=>L(e*t,r)};function Et(e,t,r,n){let[s,o]=ue(t),[i=0]=r.shape;I("gather rows","inverse",n.shape,[s]);let a=e.result([i,o],"gathered rows");return e.dispatch(Oa,{count:i,width:o,add:!1},[t,r,a]),e.needsGrad(t)&&e.differentiable(a,c=>{let u=e.target(t);e.dispatch(Oa,{count:s,width:o,add:u.add},[c,n,u.tensor])}),a}function Aa(e,t,r,n,s){let{config:o}=t,{vision_config:i,feature_layers:a}=o,c=t.names.vision,u=C=>C.map(z=>`${c}.${z}`),d=n.has("vision"),l=(...C)=>t.parameters.tensor(u(C),d),f=(...C)=>{let z=C.map(W=>`${W}.weight`);return{weight:l(...z),bias:l(...C.map(W=>`${W}.bias`)),lowRank:t.lora?.of(u(z),n.has(le),s)}},p=C=>({weight:l(`${C}.weight`),bias:l(`${C}.bias`)}),h=r.shape[0],g=be(i)+(i.kind==="clip"?1:0),m=i.kind==="clip"?gp(e,r,l,i.layer_norm_eps):wp(e,t,r,l),w=e.constant(Ar(new Array(h).fill(g),h*g),[h*g,2]),_=new Map([[0,m]]);for(let C=0;C<zt(o);C++){let z=`encoder.layers.${C}`,W=m;m=e.checkpoint(()=>ya(e,W,w,{norm1:p(`${z}.layer_norm1`),qkv:f(...["q","k","v"].map(F=>`${z}.self_attn.${F}_proj`)),out:f(`${z}.self_attn.out_proj`),norm2:p(`${z}.layer_norm2`),fc1:f(`${z}.mlp.fc1`),fc2:f(`${z}.mlp.fc2`)},{heads:i.num_attention_heads,eps:i.layer_norm_eps,activation:i.hidden_act})),a.includes(C+1)&&_.set(C+1,m)}if(o.post_norm){let{weight:C,bias:z}=p("post_layernorm");m=kt(e,m,C,z,i.layer_norm_eps),_.set(zt(o),m)}let x=a.map(C=>_.get(C)),S=o.drop_first?x.map(C=>_p(e,C,h,g)):x,T=vp(e,S);return o.connector.kind==="mlp"?T:yp(e,T,h,o.connector.scale)}function gp(e,t,r,n){let s=Pn(e,t,r("embeddings.patch_embedding.weight")),o=Ci(e,s,r("embeddings.class_embedding"),r("embeddings.position_embedding.weight"));return kt(e,o,r("pre_layrnorm.weight"),r("pre_layrnorm.bias"),n)}function wp(e,t,r,n){let{vision_config:s,connector:o}=t.config,i=be(s),a=r.shape[0],c=o.kind==="mlp"?Int32Array.from({length:i},(h,g)=>g):Ri(Math.sqrt(i)),u=new Int32Array(a*i);for(let h=0;h<a;h++)u.set(c,h*i);let d=jr(u,{imageId:-1,rows:u.length,features:1,used:0}),l=Object.fromEntries(Object.entries(d).map(([h,g])=>[h,e.constant(g,h==="held"?[u.length,3]:void 0)])),f=e.constant(new Float32Array(s.hidden_size),[1,s.hidden_size]),p=zr(e,n("embeddings.position_embedding.weight"),f,l);return Pn(e,r,n("embeddings.patch_embedding.weight"),{bias:n("embeddings.patch_embedding.bias"),residual:p})}function _p(e,t,r,n){let s=n-1,o=Int32Array.from({length:r*s},(i,a)=>a+Math.floor(a/s)+1);return Et(e,t,e.constant(o),e.constant(Xn(o,r*n)))}function vp(e,t){let[r]=t;if(t.length===1)return r;let[n=0,s=0]=r.shape,o=t.length;return t.map((a,c)=>{let u=new Int32Array(n*o).fill(-1);for(let d=0;d<n;d++)u[d*o+c]=d;return Et(e,a,e.constant(u),e.constant(Xn(u,n)))}).reduce((a,c)=>ba(e,a,c)).view([n,s*o])}function yp(e,t,r,n){let[s=0,o=0]=t.shape,i=Mi(r,Math.sqrt(s/r),n);return Et(e,t,e.constant(i),e.constant(Xn(i,s))).view([s/n**2,o*n**2])}function Xn(e,t){let r=new Int32Array(t).fill(-1);return e.forEach((n,s)=>{n>=0&&(r[n]=s)}),r}var Ta=`// SwiGLU's gradient: d gate = dy\xB7up\xB7silu'(gate), d up = dy\xB7silu(gate), side by side as in swiglu.wgsl.
// One invocation an element T of dy: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;  // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> dy: array<T>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dx: array<T>; // [rows, 2\xB7width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  let g = dy[i];
  dx[at] = g * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = g * gate * s;
}
`;var Ca=`// SwiGLU: y = silu(gate)\xB7up, with gate and up side by side in one tensor [rows, 2\xB7width].
// One invocation an element T of y: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>; // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> y: array<Y>; // [rows, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  y[i] = Y(gate * s * up);
}
`;function Pa(e,t,r){return{name:e,wgsl:t,constants:({width:n})=>({VECTOR:+(n%4===0)}),bindings:()=>r,f16:["x","y"],params:({rows:n,width:s})=>[n,s/Na(s)],workgroup:()=>64,groups:({rows:n,width:s},o)=>L(n*s/Na(s),o)}}var xp=Pa("swiglu",Ca,["x","y"]),kp=Pa("swiglu_backward",Ta,["x","dy","dx"]);function Na(e){return e%4===0?4:1}function La(e,t){let[r,n]=ue(t);if(n%2!==0)throw new Error(`swiglu: the last size must be even, found shape [${t.shape}]`);let s=n/2,o=e.result([...t.shape.slice(0,-1),s],"swiglu");return e.dispatch(xp,{rows:r,width:s},[t,o]),e.needsGrad(t)&&e.differentiable(o,i=>{e.assign(t,a=>e.dispatch(kp,{rows:r,width:s},[t,i,a]))}),o}function Ra(e,t,r,n,s,o,i){let{heads:a,groups:c,eps:u}=o,d=Wt(e,t,s.inputNorm,u),l=(m,{weight:w,..._},x)=>Ve(e,m,w,{..._,residual:x}),f=zo(e,l(d,s.qkv),r,n,a+2*c,a+c),p=l(i(f),s.out,t),h=Wt(e,p,s.mlpNorm,u),g=La(e,l(h,s.gateUp));return l(g,s.down,p)}function Ma(e,{lora:t,trainable:r}){let n=t&&Gi(e,t.choose),s=[...n?.sites.keys()??[]],o=new Set(e.flatMap(c=>{let u=new Set(c.bundles.flat().map(({name:d})=>d));return s.some(d=>u.has(d))?[c.name]:[]})),a=[...r??e.map(({name:c})=>c)].filter(c=>!o.has(c));return{plan:n,addedTo:o,modules:n?[...e,n.module]:[...e],trainable:n?[...a,le]:a}}var Dr=class e{gpu;config;parameters;source;lora;addedTo;#e;constructor(t,r,n={}){this.gpu=t,this.config=r;let{lora:s,storage:o}=n,{plan:i,addedTo:a,modules:c,trainable:u}=Ma(yt(r),n);this.addedTo=a,this.parameters=new Ut(t,c,{storage:o,trainable:u}),this.lora=i&&new Pr(this.parameters,i,s);let{max_position_embeddings:d,head_dim:l,rope_theta:f,rope_scaling:p}=r.text_config;this.#e=J.of(t,[d,2,l/2],Do(d,l,f,p))}static create(t,r,n,s={}){let o=new e(t,r,s),i=Ut.initial(o.parameters,o.layout,new Ie(n));return o.parameters.values.write(t,i),o}get layout(){return[...yt(this.config),...this.lora?[this.lora.plan.module]:[]]}runsVision(t){return t.has("vision")||t.has(le)&&this.addedTo.has("vision")}get imageId(){return this.config.image_token_id}get vocabulary(){return this.config.text_config.vocab_size}get maxPositions(){return this.config.text_config.max_position_embeddings}get layers(){return this.config.text_config.num_hidden_layers}get width(){return this.config.text_config.hidden_size}get pixelShape(){let{num_channels:t,image_size:r}=this.config.vision_config;return[t,r,r]}get imageTokens(){return Er(this.config)}get imageSize(){return this.config.vision_config.image_size}get featureWidth(){return Sr(this.config)}get paddingId(){return this.config.text_config.padding}get names(){return $e(this.config).names}get heads(){let{num_attention_heads:t,num_key_value_heads:r,head_dim:n}=this.config.text_config;return{heads:t,groups:r,headSize:n}}vision(t,r,n,s){return Aa(t,this,r,n,s)}project(t,r,n,s){let{connector:o}=this.config,i=l=>`${this.names.projector}.${l}`,a=l=>this.parameters.tensor([i(l)],n.has("projector")),c=(l,f,p={})=>Ve(t,l,a(`${f}.weight`),{...p,lowRank:this.lora?.of([i(`${f}.weight`)],n.has(le),s)});if(o.kind==="pixel-shuffle")return c(r,"modality_projection.proj");let u=l=>o.bias?a(`${l}.bias`):void 0,d=c(r,"linear_1",{bias:u("linear_1"),activation:o.activation});return c(d,"linear_2",{bias:u("linear_2")})}embed(t,r,n,s){let o=[`${this.names.language}.embed_tokens.weight`],i=this.parameters.tensor(o,s.has("language"));return zr(t,i,r,n)}decode(t,r,n,s,o,i){let a=o.has("language"),{num_hidden_layers:c,rms_norm_eps:u,attention_bias:d,mlp_bias:l}=this.config.text_config;for(let f=0;f<c;f++){let p=(w,_)=>_.map(x=>`${this.names.language}.layers.${f}.${x}.${w}`),h=(w,..._)=>this.parameters.tensor(p(w,_),a),g=(w,..._)=>({weight:h("weight",..._),bias:w?h("bias",..._):void 0,lowRank:this.lora?.of(p("weight",_),o.has(le),i)}),m=r;r=t.checkpoint(()=>Ra(t,m,n,this.#e,{inputNorm:h("weight","input_layernorm"),qkv:g(d!=="none","self_attn.q_proj","self_attn.k_proj","self_attn.v_proj"),out:g(d==="all","self_attn.o_proj"),mlpNorm:h("weight","post_attention_layernorm"),gateUp:g(l,"mlp.gate_proj","mlp.up_proj"),down:g(l,"mlp.down_proj")},{...this.heads,eps:u},w=>s(f,w)))}return r}finish(t,r,n){let s=this.parameters.tensor([`${this.names.language}.norm.weight`],n.has("language"));return Wt(t,r,s,this.config.text_config.rms_norm_eps)}head(t){let r=this.config.text_config.tie_word_embeddings?`${this.names.language}.embed_tokens.weight`:this.names.head;return this.parameters.tensor([r],t.has("language"))}destroy(){this.parameters.destroy(),this.#e.destroy(this.gpu)}};function Ia(e,t,r){return(n,s)=>Br(e,s,t,r,!0)}var at=new Map([["F32",4],["F16",2],["BF16",2],["F64",8],["I64",8],["U64",8],["I32",4],["U32",4],["I16",2],["U16",2],["I8",1],["U8",1],["BOOL",1]]);function qr(e,t){let r=at.get(t)??1,{buffer:n,byteOffset:s,length:o}=e.byteOffset%r===0?e:e.slice(),i=o/r;return t==="F32"?new Float32Array(n,s,i):t==="BF16"?Ep(new Uint16Array(n,s,i)):t==="F16"?new Float32Array(new Float16Array(n,s,i)):t==="F64"?new Float32Array(new Float64Array(n,s,i)):t==="I64"?Float32Array.from(new BigInt64Array(n,s,i),Number):t==="U64"?Float32Array.from(new BigUint64Array(n,s,i),Number):t==="I32"?new Float32Array(new Int32Array(n,s,i)):t==="U32"?new Float32Array(new Uint32Array(n,s,i)):t==="I16"?new Float32Array(new Int16Array(n,s,i)):t==="U16"?new Float32Array(new Uint16Array(n,s,i)):t==="I8"?new Float32Array(new Int8Array(n,s,i)):new Float32Array(new Uint8Array(n,s,i))}function Ep(e){let{length:t}=e,r=new Uint32Array(t);for(let n=0;n<t;n++)r[n]=e[n]<<16;return new Float32Array(r.buffer)}function Ba(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let s=0;s<t;s++)(r[s]&2139095040)===2139095040&&n++;return n}function Zn(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let s=0;s<t;s++){let o=r[s]&2147483647;o>n&&(n=o)}return new Float32Array(Uint32Array.of(n).buffer)[0]}var He=8,Sp=1e8,za=1<<21,ja=3,Op=1e3,Da=16;function Qn(e,t,r){if(t===0)throw new $(`${r}: the file is empty; download it again`);if(e.length<He||t<He)throw new $(`${r}: expected a header, found ${t} bytes; the file is cut short`);let n=Number(new DataView(e.buffer,e.byteOffset,8).getBigUint64(0,!0));if(n<=Sp&&He+n<=t)return n;let s=new TextDecoder().decode(e);throw s.startsWith("version ")?new $(`${r}: this is a pointer of Git LFS, not the weights: fetch them with \`git lfs pull\`, or download the file`):/^\s*<(!|h|\?)/i.test(s)?new $(`${r}: this is a web page, not the weights; download the file itself`):s.startsWith("PK")||e[0]===128?new $(`${r}: this is a file of PyTorch, not of safetensors; convert it`):new $(`${r}: the header should take ${n} bytes, the file has ${t}: it is cut short or of another kind`)}function es(e,t,r){let n=u=>new $(`${r}: ${u}`),s=Cp(e,n),o;try{o=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e))}catch(u){throw n(`the header is not JSON (${u.message.slice(0,200)})`)}if(typeof o!="object"||o===null||Array.isArray(o))throw n("the header is not an object");let i=He+e.length,a=[],c=Object.entries(o);if(c.length!==s)throw n(`the header names ${s-c.length} tensors more than once`);for(let[u,d]of c)u!=="__metadata__"&&a.push(Ap(u,d,i,t,n));return Tp(a,i,t,n),a}function Ap(e,t,r,n,s){if(e.length>Op)throw s(`a tensor's name is ${e.length} characters long: ${e.slice(0,100)}\u2026`);if(typeof t!="object"||t===null)throw s(`tensor ${e}: expected an object in the header`);let{dtype:o,shape:i,data_offsets:a}=t,c=p=>Number.isSafeInteger(p)&&p>=0;if(!Array.isArray(i)||!i.every(c)||!Array.isArray(a)||!a.every(c))throw s(`tensor ${e}: shape or data_offsets are missing or not whole numbers`);if(i.length>Da)throw s(`tensor ${e}: expected at most ${Da} sizes, found ${i.length}`);let u=typeof o=="string"?at.get(o):void 0;if(u===void 0)throw s(`tensor ${e}: expected ${[...at.keys()].join(", ")}, found ${JSON.stringify(o)?.slice(0,100)}`);let d=i.reduce((p,h)=>p*h,u),[l=0,f=0]=a;if(a.length!==2||f-l!==d||r+f>n)throw s(`tensor ${e}: ${o} [${i}] takes ${d} bytes, found ${l} to ${f} of the ${n-r} bytes after the header`);return{name:e,dtype:o,shape:i,start:r+l,bytes:d}}function Tp(e,t,r,n){let s=t,o="the header";for(let{name:i,start:a,bytes:c}of e.toSorted((u,d)=>u.start-d.start||u.bytes-d.bytes)){if(a<s)throw n(`tensors ${o} and ${i} overlap by ${s-a} bytes`);if(a>s)throw n(`${a-s} bytes between ${o} and tensor ${i} belong to none`);s=a+c,o=i}if(s!==r)throw n(`the last ${r-s} bytes, after ${o}, belong to no tensor`)}function Cp(e,t){let r=0,n=0,s=0,o=!1;for(let i=0;i<e.length;i++){let a=e[i];if(o){a===92?i++:a===34&&(o=!1);continue}if(a===34)o=!0;else if(a===123||a===91){if(n++,++r>ja)throw t(`the header is nested deeper than ${ja} levels`)}else a===125||a===93?r--:(a===58||a===44)&&(n++,a===58&&r===1&&s++);if(n>za)throw t(`the header has over ${za} names and numbers`)}return s}function ts(e,t){return{name:e,size:t.length,read:async(r,n)=>t.slice(r,r+n)}}async function rs(e){let t=new Map;for(let r of e){let n=await r.read(0,Math.min(He,r.size)),s=Qn(n,r.size,r.name);for(let o of es(await r.read(He,s),r.size,r.name)){let i=t.get(o.name);if(i)throw new $(`${r.name}: tensor ${o.name} is in ${i.file.name} as well; expected it in one of the files`);t.set(o.name,{...o,file:r})}}return t}var qa=8<<20;async function*Ft({file:e,start:t,bytes:r,dtype:n}){let s=qa-qa%at.get(n);for(let o=0;o<r;o+=s){let i=Math.min(s,r-o),a=await e.read(t+o,i);if(a.length!==i)throw new $(`${e.name}: expected ${i} bytes from ${t+o}, found ${a.length}`);yield a}}var Ur=class{#e;#t;#r;#n;#s;#o;constructor(t,{tensor:r}){this.#e=t,this.#t=r.slot.buffer,this.#s=r.slot.offset+r.offset,this.#n=r.dtype==="f16",this.#r={count:r.size}}add(t){if(t instanceof Uint16Array!==this.#n||t.length>this.#r.count)throw new Error(`expected at most ${this.#r.count} values of the bundle's type`);if(this.#r.count-=t.length,!this.#n||t instanceof Float32Array)return this.#i(t);let r=t;if(this.#o!==void 0&&(r=new Uint16Array(t.length+1),r[0]=this.#o,r.set(t,1),this.#o=void 0),r.length%2===1)if(this.#r.count>0)this.#o=r.at(-1),r=r.subarray(0,-1);else{let n=new Uint16Array(r.length+1);n.set(r),r=n}this.#i(r)}#i(t){t.length!==0&&(this.#e.device.queue.writeBuffer(this.#t,this.#s,t),this.#s+=t.byteLength)}};function ct(e,t=", "){let r=e.length-20;return e.slice(0,20).join(t)+(r>0?`${t}and ${r} more`:"")}var Np=/(^|\.)(position_ids|inv_freq|masked_bias|num_batches_tracked|original_inv_freq)$/,Pp=32<<20;function Ua({config:e,parameters:t},r){let{plainName:n,names:s}=$e(e),o=new Map(t.bundles.flatMap(({module:p,places:h})=>p===le?[]:h.map(g=>[g.name,g]))),i=new Map([...o.keys()].map(p=>[n(p),p])),a={tensors:new Map,tiedHead:void 0},c=[],u=[];for(let p of r.values()){let h=n(p.name),g=i.get(h);if(g===void 0){h===s.head&&!a.tiedHead?a.tiedHead=p:Np.test(p.name)||u.push(p.name);continue}let m=a.tensors.get(g);m&&c.push(`${p.name} and ${m.name} are the same parameter`),a.tensors.set(g,p)}let d=`${s.language}.embed_tokens.weight`;a.tiedHead&&e.text_config.tie_word_embeddings&&!a.tensors.has(d)&&(a.tensors.set(d,a.tiedHead),a.tiedHead=void 0);for(let[p,h]of a.tensors){let{shape:g}=o.get(p);h.shape.join()!==g.join()&&c.push(`${h.name}: expected shape [${g}] by config.json, found [${h.shape}]`)}let l=[...o.keys()].filter(p=>!a.tensors.has(p)),f=[...c.length>0?[ct(c,"; ")]:[],...l.length>0?[`missing: ${ct(l)}`]:[],...u.length>0?[`unknown to a model of this config.json: ${ct(u)}`]:[]];if(f.length>0)throw new $(`checkpoint: ${f.join("; ")}`);return a}async function Wa({gpu:e,parameters:t,names:r},n){let s=[],o=0,i=async u=>{o+=u,!(o<Pp)&&(o=0,await e.settle())};for(let u of t.bundles){if(u.module===le&&!n.adapter)continue;let d=new Ur(e,u);for(let l of u.places){let f=await Rp(Lp(n,l.name),u,d,i);f&&s.push(f)}}if(await e.settle(),s.length>0)throw new $(`checkpoint: ${ct(s,"; ")}`);let{tiedHead:a}=n,c=n.tensors.get(`${r.language}.embed_tokens.weight`);if(a&&!await Ip(a,c))throw new $(`checkpoint: config.json ties the head to the embeddings, but ${a.name} and ${c.name} hold different values; set tie_word_embeddings to false, or take the head out`)}function Lp({tensors:e,adapter:t},r){return t?.get(r)??e.get(r)}async function Rp(e,{tensor:{dtype:t}},r,n){let s=0,o=0;for await(let i of Ft(e)){let a=qr(i,e.dtype);s+=Ba(a),t==="f16"?(e.dtype!=="F16"&&(o=Math.max(o,Zn(a))),r.add(Mp(e.dtype==="F16"?i:new Float16Array(a)))):r.add(a),await n(a.byteLength)}if(s>0)return`${e.name}: ${s} of ${oe(e.shape)} values are NaN or infinite`;if(o>=65520)return`${e.name}: its largest value is ${o}, f16 ends at 65,504; hold it in f32 (--storage f32)`}function Mp({buffer:e,byteOffset:t,byteLength:r}){return new Uint16Array(e,t,r/2)}async function Ip(e,t){if(e.shape.join()!==t.shape.join()||e.dtype!==t.dtype)return!1;let r=Ft(t);for await(let n of Ft(e)){let{value:s}=await r.next();if(!s||!Bp(n,s))return!1}return!0}function Bp(e,t){if(e.length!==t.length)return!1;for(let r=0;r<e.length;r++)if(e[r]!==t[r])return!1;return!0}var Ka="adapter_config.json",ns="adapter_model.safetensors",zp="auto_mapping corda_config ensure_weight_tying eva_config exclude_modules inference_mode layers_pattern layers_to_transform loftq_config lora_ga_config megatron_config megatron_core modules_to_save peft_version qalora_group_size revision runtime_config target_modules task_type velora_config".split(/\s+/),jp=/^(pissa|corda|olora|loftq)/i;function Dp(e){let t=new ce(e,"",Ka);t.word("peft_type",["LORA"],"LORA"),t.only("bias","none");let r=t.get("init_lora_weights");if(typeof r=="string"&&jp.test(r))throw t.error(`init_lora_weights must leave the base as it is, found ${JSON.stringify(r)}, which takes from the base what A and B start with. Save the adapter by PEFT with path_initial_model_for_weight_conversion, which makes it one of the base itself`);let n=t.get("base_model_name_or_path");if(n!==void 0&&typeof n!="string")throw t.error("base_model_name_or_path must be a name or a path");let s={base:n,rank:t.whole("r",8),alpha:t.number("lora_alpha",8),rankPattern:Fa(t,"rank_pattern",o=>Number.isInteger(o)&&o>0),alphaPattern:Fa(t,"alpha_pattern",Number.isFinite),scaling:t.flag("use_rslora",!1)?"rs":"standard",dropout:t.number("lora_dropout",0)};if(!(s.dropout>=0&&s.dropout<1))throw t.error(`lora_dropout must be a share from 0 to below 1, found ${s.dropout}`);return t.done(zp),s}function Fa(e,t,r){let n=e.get(t)??{};if(typeof n!="object"||Array.isArray(n))throw e.error(`${t} must be an object`);let s=Object.entries(n);for(let[o,i]of s){if(!/^[\w.]+$/.test(o))throw e.error(`${t}: expected ends of layers' names, found the pattern ${JSON.stringify(o).slice(0,100)}; write the names out`);if(typeof i!="number"||!r(i))throw e.error(`${t}: expected a number for ${o}, found ${JSON.stringify(i)?.slice(0,100)}`)}return Object.fromEntries(s)}function ss(e,t,r){let n=Object.keys(e).find(s=>t===s||t.endsWith(`.${s}`));return n===void 0?r:e[n]}function Va(e){let t;try{t=JSON.parse(e)}catch(r){throw new $(`${Ka}: expected JSON (${r.message.slice(0,200)})`)}return Dp(t)}function Ga({rank:e,alpha:t,scaling:r}){return t/(r==="rs"?Math.sqrt(e):e)}function Ha(e,t,r){let{plainName:n}=$e(r),s=new Map(yt(r).flatMap(({bundles:d})=>d.flat()).map(d=>[d.name,d])),o=new Map([...s.keys()].map(d=>[n(d),d])),i=new Map,a=new Map,c=[];for(let d of e.values()){let l=d.name.replace(/^base_model\.model\./,"").replace(/\.modules_to_save(\.\w+)?\./,"."),f=l.match(/^(.*)\.lora_([AB])(?:\.\w+)?\.weight$/),p=o.get(n(f?`${f[1]}.weight`:l));if(p===void 0||f&&s.get(p).linear!==!0){c.push(`${d.name} belongs to no ${f?"linear layer":"parameter"} of the model`);continue}let h=f?`${Lr(p)}.lora_${f[2]}.weight`:p;if(a.has(h)&&c.push(`${d.name} is there twice`),a.set(h,d),f){let g=i.get(p)??{layer:f[1]};i.set(p,{...g,[f[2]==="A"?"a":"b"]:d})}else d.shape.join()!==s.get(p).shape.join()&&c.push(`${d.name}: expected shape [${s.get(p).shape}], found [${d.shape}]`)}let u=new Map;for(let[d,{layer:l,a:f,b:p}]of i){if(!f||!p){c.push(`${l}: expected lora_A and lora_B, found lora_${f?"A":"B"} alone`);continue}let h=ss(t.rankPattern,l,t.rank),g=ss(t.alphaPattern,l,t.alpha),[m,w]=s.get(d).shape;for(let[_,x]of[[f,[h,w]],[p,[m,h]]])_.shape.join()!==x.join()&&c.push(`${_.name}: expected shape [${x}] by model and rank, found [${_.shape}]`);u.set(d,{rank:h,scale:Ga({rank:h,alpha:g,scaling:t.scaling})})}if(c.length>0)throw new $(`${ns}: ${ct(c,"; ")}`);if(u.size===0)throw new $(`${ns}: expected lora_A and lora_B, found none`);return{ranks:u,tensors:a}}var Kt="model.safetensors",Be="model.safetensors.index.json";async function Ja(e,t){if(e.has(Kt))return[Kt];if(!e.has(Be))throw new $(qp(e));let r;try{r=JSON.parse(await t())?.weight_map}catch(s){throw s instanceof SyntaxError?new $(`${Be}: expected JSON (${s.message.slice(0,200)})`):s}if(typeof r!="object"||r===null||Array.isArray(r)||Object.keys(r).length===0)throw new $(`${Be}: expected weight_map, a file for every parameter; found none`);let n=[...new Set(Object.values(r))];for(let s of n){if(typeof s!="string"||!/^[\w][\w.-]*\.safetensors$/.test(s))throw new $(`${Be}: expected names of safetensors files beside it, found ${JSON.stringify(s)?.slice(0,200)}`);if(!e.has(s))throw new $(`${Be}: it names ${s}, which is missing; download all files of the model`)}return n.sort()}function qp(e){let t=[...e].filter(n=>n.endsWith(".safetensors")).sort();if(t.length>0)return`expected ${Kt} or ${Be}, found ${t.slice(0,5).join(", ")}${t.length>5?` and ${t.length-5} more`:""} without an index`;let r=[...e].find(n=>/\.(bin|pt|pth|gguf)$/.test(n));return`expected ${Kt} in it, found none${r===void 0?"":`; ${r} is of another format: save the model with safetensors`}`}var vE=16<<20;async function Ya(e,t,r,{adapter:n,...s}={}){let o=kr(typeof t=="string"?Fp(t):t),i=await rs(r),a=n&&await Up(n,o),c=a&&{...a.lora,...s.lora&&Wp(s.lora)},u=new Dr(e,o,{...s,...c&&{lora:c}});try{return u.source={...Ua(u,i),config:typeof t=="string"?t:void 0,adapter:a?.tensors},await Wa(u,u.source),a||u.lora?.start(),u}catch(d){throw u.destroy(),d}}async function Up({config:e,weights:t},r){let n=Va(e),{ranks:s,tensors:o}=Ha(await rs([t]),n,r),{dropout:i,scaling:a}=n;return{lora:{choose:u=>s.get(u),dropout:i,seed:0,scaling:a},tensors:o}}function Wp({dropout:e,seed:t}){return{dropout:e,seed:t}}function Fp(e){try{return JSON.parse(e)}catch(t){throw new $(`config.json: expected JSON (${t.message.slice(0,200)})`)}}var Kp=64,Vp=16384,Gp=3;function Hp(e){return Math.max(1,Math.min(Kp,Math.floor(Vp/e)))}function Jp(e,t,r){let n=e.input("pixels",[r,...t.pixelShape]);return e.output(e.noGrad(()=>t.vision(e,n,new Set)))}async function Xa(e,t){let{pixelShape:r,imageTokens:n,featureWidth:s,gpu:o}=e,i=oe(r),a=[],c=Math.min(Hp(be(e.config.vision_config)+1),t.length);if(c===0)return a;let u=new Te(o),d=Jp(u,e,c),l=u.compile(),f=n*s,p=[],h=async()=>{let{count:g,values:m}=p.shift(),w=await m;for(let _=0;_<g;_++)a.push(w.slice(_*f,(_+1)*f))};try{for(let g=0;g<t.length;g+=c){let m=t.slice(g,g+c),w=new Float32Array(c*i);m.forEach((_,x)=>{if(_.length!==i)throw new Error(`expected ${i} pixel values an image, found ${_.length}`);w.set(_,x*i)}),l.upload({pixels:w}),l.run(),p.push({count:m.length,values:d.read(o)}),p.length>=Gp&&await h()}for(;p.length>0;)await h()}finally{await Promise.allSettled(p.map(({values:g})=>g)),l.destroy()}return a}var Za=65535;function Qa(e,t,r,n){let{ids:s,images:o}=t,{vocabulary:i,maxPositions:a,imageTokens:c,imageId:u,gpu:d}=e,l=w=>new $(`${n}: ${w}`);if(s.length===0)throw l("expected at least one token, found none");if(s.length>a)throw l(`${s.length} tokens are over the model's ${a} positions; shorten it`);let{heads:f,groups:p}=e.heads,h=2*s.length*f/p;if(fe(d)==="cpu"&&h>Za)throw l(`${s.length} tokens make attention loop ${h} times, and drivers that run on the CPU may cut loops at ${Za} in silence; shorten it, or use a graphics card`);let g=0;for(let w of s)if(w===u)g++;else if(w<0||w>=i)throw l(`token ${w} is not in the vocabulary of ${i}`);if(g!==o.length*c)throw l(`expected ${c} image placeholders for each of ${o.length} images, found ${g}`);let m=o.find(w=>w.length!==r);if(m)throw l(`expected ${r} values an image, found ${m.length}`)}var Yp=32;function ec(e){let t=e.reduce((n,{ids:s})=>n+s.length,0),r=e.reduce((n,s)=>n+s.images.length,0);return{rows:Xp(t),images:Math.max(1,r)}}function Xp(e){let t=Math.max(Yp,2**Math.floor(Math.log2(Math.max(1,e))-3));return Math.max(t,Math.ceil(e/t)*t)}function tc(e,{rows:t,images:r},n){return{index:{ids:e.input("ids",[t],"i32"),image:e.input("image",[t],"i32"),place:e.input("place",[r*n],"i32"),held:e.input("held",[t,3],"i32"),rows:e.input("rows",[t],"i32")},positions:e.input("positions",[t],"i32"),span:e.input("span",[t,2],"i32")}}function rc(e,{rows:t,images:r},{imageTokens:n,imageId:s,paddingId:o}){let i=new Int32Array(e.reduce((d,{ids:l})=>d+l.length,0)),a=new Int32Array(t),c=0;for(let{ids:d}of e){i.set(d,c);for(let l=0;l<d.length;l++)a[c+l]=l;c+=d.length}let u=e.reduce((d,l)=>d+l.images.length,0)*n;return{...jr(i,{imageId:s,rows:t,features:r*n,used:u,padding:o}),positions:a,span:Ar(e.map(({ids:d})=>d.length),t)}}function nc(e,t,r){let n=new Float32Array(t*r),s=0;for(let o of e.flatMap(i=>i.images)){if(o.length!==r)throw new Error(`expected ${r} values an image, found ${o.length}`);n.set(o,r*s++)}return n}var sc=`// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the best of the parts that best_tokens.wgsl left, the first of equals; with CHOSEN the token that the host put
// into \`token\`. A row is done once it has taken a token of \`stops\`, or the most it may; then it keeps its last token and
// stays where it is. state [rows, 2]: tokens taken, done. An invocation a row.

struct Params { rows: u32, most: u32, stops: u32, parts: u32, words: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
@group(0) @binding(5) var<storage, read_write> stops: array<i32>;     // [stops]
//#if CHOSEN
@group(0) @binding(6) var<uniform> p: Params;
//#elif PENALTY
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;    // [rows, parts] the logit's bits, the token
@group(0) @binding(7) var<storage, read_write> seen: array<u32>;      // [rows, words] a bit a token
@group(0) @binding(8) var<uniform> p: Params;
//#else
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;
@group(0) @binding(7) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(\${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let taken = u32(state[2u * row]);
  if (state[2u * row + 1u] != 0 || taken >= p.most) { return; }
  //#if CHOSEN
  let next = token[row];
  //#else
  var chosen = best[row * p.parts].y;
  var most = bitcast<f32>(best[row * p.parts].x);
  for (var k = 1u; k < p.parts; k++) {
    let part = best[row * p.parts + k];
    let value = bitcast<f32>(part.x);
    if (value > most || (value == most && part.y < chosen)) {
      most = value;
      chosen = part.y;
    }
  }
  let next = i32(chosen);
  token[row] = next;
  //#end CHOSEN
  //#if PENALTY
  seen[row * p.words + chosen / 32u] |= 1u << (chosen % 32u);
  //#end PENALTY
  var done = taken + 1u >= p.most;
  for (var k = 0u; k < p.stops; k++) { done = done || next == stops[k]; }
  output[row * p.most + taken] = next;
  state[2u * row] = i32(taken + 1u);
  state[2u * row + 1u] = select(0, 1, done);
  position[row] += 1;
  place[row] += 1;
}
`;var oc=`// The largest logit of each part of a row, the first of equals: part k has entries 4\xB7k \u2026 4\xB7k + 3 of every 4\xB7parts.
//
// With PENALTY the logits of tokens that the row has seen are first divided by the penalty, or multiplied where they
// are negative (Keskar et al. 2019). An invocation a part; advance.wgsl takes the best of the parts.

//#include spread

struct Params { rows: u32, vocab: u32, parts: u32, penalty: f32, words: u32 }

@group(0) @binding(0) var<storage, read_write> z: array<f32>;       // [rows, vocab]
@group(0) @binding(1) var<storage, read_write> best: array<vec2u>;  // [rows, parts] the logit's bits, the token
//#if PENALTY
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;    // [rows, words] a bit a token
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end PENALTY

fn logit(row: u32, token: u32) -> f32 {
  let value = z[row * p.vocab + token];
  //#if PENALTY
  if (((seen[row * p.words + token / 32u] >> (token % 32u)) & 1u) == 0u) { return value; }
  return select(value / p.penalty, value * p.penalty, value < 0.0);
  //#else
  return value;
  //#end PENALTY
}

@compute @workgroup_size(\${WORKGROUP})
fn best_tokens(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.parts;
  if (row >= p.rows) { return; }
  let first = 4u * (i % p.parts);
  var chosen = min(first, p.vocab - 1u);
  var most = logit(row, chosen);
  for (var at = first; at < p.vocab; at += 4u * p.parts) {
    //#repeat j 4
    let token\${j} = min(at + \${j}u, p.vocab - 1u);
    let value\${j} = logit(row, token\${j});
    if (value\${j} > most) {
      most = value\${j};
      chosen = token\${j};
    }
    //#end j
  }
  best[i] = vec2u(bitcast<u32>(most), chosen);
}
`;var eh={name:"best_tokens",wgsl:oc,constants:({penalty:e})=>({PENALTY:+(e!==1)}),bindings:({penalty:e})=>["z","best",...e===1?[]:["seen"]],params:({rows:e,vocab:t,parts:r,penalty:n})=>[e,t,r,X(n),Vt(t)],groups:({rows:e,parts:t},r)=>L(e*t,r)},ic={name:"advance",wgsl:sc,constants:({chosen:e,penalty:t})=>({CHOSEN:Number(e),PENALTY:Number(t)}),bindings:({chosen:e,penalty:t})=>["token","position","place","state","output","stops",...e?[]:["best"],...t?["seen"]:[]],params:({rows:e,vocab:t,most:r,stops:n,parts:s})=>[e,r,n,s,Vt(t)],groups:({rows:e},t)=>[Math.ceil(e/t),1,1]};function Vt(e){return Math.ceil(e/32)}var th={cpu:16,gpu:256},rh=65535;function os(e,t,r,n){let[s=0,o=0]=t.output.shape,[i=0]=t.stops.shape,a=[t.token,t.position,t.place,t.state,t.output,t.stops];if(!r){let h={rows:s,vocab:0,most:o,stops:i,parts:0,chosen:!0,penalty:!1};e.dispatch(ic,h,a);return}I("advance","logits",r.shape,[s,-1]);let c=r.shape[1],u=n?.penalty??1,d=n&&u!==1?[n.seen]:[];for(let{shape:h}of d)I("advance","seen",h,[s,Vt(c)]);let l=Math.max(th[fe(e.gpu)],Math.ceil(c/(4*rh))),f=e.empty([s,l,2],"best tokens","i32");e.dispatch(eh,{rows:s,vocab:c,parts:l,penalty:u},[r,f,...d]);let p={rows:s,vocab:c,most:o,stops:i,parts:l,chosen:!1,penalty:u!==1};e.dispatch(ic,p,[...a,f,...d])}var ac=`// Key-value cache: copies the keys and values of each row of qkv [rows, skip + width] into row place[row] of the
// cache [places, width]; a negative place is padding. skip: the queries. An invocation an element of the cache row.

//#include spread

struct Params { rows: u32, skip: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> place: array<i32>;
@group(0) @binding(2) var<storage, read_write> kept: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cache(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.rows || place[row] < 0) { return; }
  kept[u32(place[row]) * p.width + i % p.width] = qkv[row * (p.skip + p.width) + p.skip + i % p.width];
}
`;var sh={name:"cache",wgsl:ac,constants:()=>({}),bindings:()=>["qkv","place","kept"],params:({rows:e,skip:t,width:r})=>[e,t,r],workgroup:()=>64,groups:({rows:e,width:t},r)=>L(e*t,r)};function Gt({groups:e,headSize:t}){return 2*e*xt(t)}function is(e,t,r,n,s){let{heads:o,groups:i,headSize:a}=s,c=xt(a),[u=0]=t.shape,d=Gt(s);I("cache","qkv",t.shape,[u,(o+2*i)*a]),I("cache","cache",n.shape,[-1,d]),I("cache","place",r.shape,[u]);let l=c===a?t:Ge(e,t,a,c);e.dispatch(sh,{rows:u,skip:o*c,width:d},[l,r,n])}var cc=`// Attention of new rows over the cached keys and values of their sequences (forward only).
//
// Row r's sequence begins at cache row place[r] \u2212 position[r], and place[r] is the last that it sees: its own. Negative
// places are padding. o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum. An invocation takes HEADS heads that share keys,
// so that each key and value is loaded once for all of them.
//
// With SPLIT a sequence is dealt to p.splits invocations, row by row in turn; each leaves a part that is not divided by
// its sum yet, and cached_attention_join.wgsl puts the parts together. With BLOCK, which long caches have, so many rows
// are added up at a time.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, splits: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2\xB7groups)\xB7D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [places, 2\xB7groups\xB7D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> place: array<i32>;     // [rows]
//#if SPLIT
@group(0) @binding(4) var<storage, read_write> parts: array<vec4f>;   // [rows\xB7heads, splits, D]
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;    // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(6) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;       // [rows, heads\xB7D]
@group(0) @binding(5) var<uniform> p: Params;
//#end SPLIT

//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let shared_by = p.heads / p.groups; // heads
  let tiles = (shared_by + \${HEADS - 1}u) / \${HEADS}u;
  let row = i / (p.splits * tiles * p.groups);
  if (row >= p.rows) { return; }
  let split = i % p.splits;
  let tile = i / p.splits % tiles;
  let group = i / (p.splits * tiles) % p.groups;
  //#repeat h HEADS
  let own\${h} = tile * \${HEADS}u + \${h}u < shared_by;
  let head\${h} = group * shared_by + min(tile * \${HEADS}u + \${h}u, shared_by - 1u);
  let query\${h} = (row * (p.heads + 2u * p.groups) + head\${h}) * \${D4}u;
  var most\${h} = -1e30;
  var sum\${h} = 0.0;
  //#if BLOCK
  var all_most\${h} = -1e30; // of the blocks before, their sums
  var all_sum\${h} = 0.0;
  //#end BLOCK
  //#repeat d D4
  let q\${h}_\${d} = qkv[query\${h} + \${d}u];
  var o\${h}_\${d} = vec4f();
  //#if BLOCK
  var all\${h}_\${d} = vec4f();
  //#end BLOCK
  //#end d
  //#end h
  let stride = 2u * p.groups * \${D4}u;
  let first = u32(max(place[row] - position[row], 0)) * stride + group * \${D4}u;
  let end = select(0u, u32(position[row] + 1), place[row] >= 0);
  //#if BLOCK
  for (var start = split; start < end; start += \${BLOCK}u * p.splits) {
  for (var r = start; r < min(start + \${BLOCK}u * p.splits, end); r += p.splits) {
  //#else
  for (var r = split; r < end; r += p.splits) {
  //#end BLOCK
    let key = first + r * stride;
    let value = key + p.groups * \${D4}u;
    //#repeat h HEADS
    var s\${h} = vec4f();
    //#end h
    //#repeat d D4
    let k\${d} = kept[key + \${d}u];
    //#repeat h HEADS
    s\${h} = fma(q\${h}_\${d}, k\${d}, s\${h});
    //#end h
    //#end d
    //#repeat h HEADS
    let score\${h} = lane_sum(s\${h}) * p.scale;
    let top\${h} = max(most\${h}, score\${h});
    let fade\${h} = exp(most\${h} - top\${h});
    let e\${h} = exp(score\${h} - top\${h});
    most\${h} = top\${h};
    sum\${h} = fma(sum\${h}, fade\${h}, e\${h});
    //#end h
    //#repeat d D4
    let v\${d} = kept[value + \${d}u];
    //#repeat h HEADS
    o\${h}_\${d} = fma(vec4f(e\${h}), v\${d}, o\${h}_\${d} * fade\${h});
    //#end h
    //#end d
  }
  //#if BLOCK
  //#repeat h HEADS
  let fade\${h} = exp(all_most\${h} - most\${h});
  all_most\${h} = most\${h};
  all_sum\${h} = fma(all_sum\${h}, fade\${h}, sum\${h});
  sum\${h} = 0.0;
  //#repeat d D4
  all\${h}_\${d} = fma(all\${h}_\${d}, vec4f(fade\${h}), o\${h}_\${d});
  o\${h}_\${d} = vec4f();
  //#end d
  //#end h
  }
  //#repeat h HEADS
  sum\${h} = all_sum\${h};
  //#repeat d D4
  o\${h}_\${d} = all\${h}_\${d};
  //#end d
  //#end h
  //#end BLOCK
  //#repeat h HEADS
  if (own\${h}) {
    let at\${h} = row * p.heads + head\${h};
    //#if SPLIT
    sums[at\${h} * p.splits + split] = vec2f(most\${h}, sum\${h});
    //#repeat d D4
    parts[(at\${h} * p.splits + split) * \${D4}u + \${d}u] = o\${h}_\${d};
    //#end d
    //#else
    let share\${h} = select(0.0, 1.0 / sum\${h}, sum\${h} > 0.0);
    //#repeat d D4
    o[at\${h} * \${D4}u + \${d}u] = o\${h}_\${d} * share\${h};
    //#end d
    //#end SPLIT
  }
  //#end h
}
`;var uc=`// Puts together what cached_attention.wgsl left in parts: o = \u03A3 e\u02E2\xB7part / \u03A3 e\u02E2\xB7sum, e\u02E2 = exp(largest of the part \u2212
// largest of all); 0 where there is nothing to attend to. An invocation four values of a row and head.

//#include spread

struct Params { count: u32, splits: u32 }

@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;  // [rows\xB7heads, splits, D]
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;   // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;      // [rows\xB7heads, D]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention_join(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let first = i / \${D4}u * p.splits;
  let d = i % \${D4}u;
  var most = -1e30;
  for (var s = 0u; s < p.splits; s++) { most = max(most, sums[first + s].x); }
  var sum = 0.0;
  var total = vec4f();
  for (var s = 0u; s < p.splits; s++) {
    let part = sums[first + s];
    let e = exp(part.x - most);
    sum = fma(e, part.y, sum);
    total = fma(vec4f(e), parts[(first + s) * \${D4}u + d], total);
  }
  o[i] = total * select(0.0, 1.0 / sum, sum > 0.0);
}
`;var lc={name:"cached_attention",wgsl:cc,constants:({headSize:e,tile:t,splits:r,length:n})=>({D4:e/4,HEADS:t,SPLIT:+(r>1),...$t(Math.ceil(n/r))}),bindings:({splits:e})=>["qkv","kept","position","place",...e>1?["parts","sums"]:["o"]],params:({rows:e,heads:t,groups:r,headSize:n,splits:s,scale:o=1/Math.sqrt(n)})=>[e,t,r,s,X(o)],groups:({rows:e,heads:t,groups:r,tile:n,splits:s},o)=>L(e*r*Math.ceil(t/r/n)*s,o)},ah={name:"cached_attention_join",wgsl:uc,constants:({headSize:e})=>({D4:e/4}),bindings:()=>["parts","sums","o"],params:({rows:e,heads:t,headSize:r,splits:n})=>[e*t*r/4,n],groups:({rows:e,heads:t,headSize:r},n)=>L(e*t*r/4,n)},ch=256,uh={cpu:{enough:64,splits:16},gpu:{enough:2048,splits:64}};function lh(e,t){let{rows:r,heads:n,groups:s,headSize:o}=e,i=n/s,a=t==="cpu"?Math.max(1,Math.floor(ch/o)):1,c=Math.ceil(i/a),{enough:u,splits:d}=uh[t];return{...e,tile:Math.ceil(i/c),splits:r*s*c>=u?1:d}}var dc=65400;function as(e,t,r,n,s,o){let{heads:i,groups:a,headSize:c}=s,[u=0]=t.shape,[d=0]=r.shape;I("cached attention","qkv",t.shape,[u,(i+2*a)*c]),I("cached attention","cache",r.shape,[d,Gt(s)]),I("cached attention","position",n.position.shape,[u]),I("cached attention","place",n.place.shape,[u]);let l=xt(c);if(l!==c){let f=Ge(e,t,c,l),p={...s,headSize:l,rows:u,length:o,scale:1/Math.sqrt(c)},h=fc(e,[f,r,n.position,n.place],p);return Ge(e,h,l,c).view([u,i*c])}return fc(e,[t,r,n.position,n.place],{...s,rows:u,length:o})}function fc(e,t,r){let{rows:n,heads:s,headSize:o,length:i}=r,a={...lh(r,fe(e.gpu)),...r},{splits:c}=a;if(Math.ceil(i/c)>dc)throw new Error(`cached attention: ${i} rows are over ${dc*c}; shorten the sequence`);let u=e.empty([n,s*o],"attention");if(c===1)return e.dispatch(lc,a,[...t,u]),u;let d=e.empty([n*s,c,o],"attention parts"),l=e.empty([n*s,c,2],"attention sums");return e.dispatch(lc,a,[...t,d,l]),e.dispatch(ah,a,[d,l,u]),u}var w2=64<<20;function cs(e,t,r){let n=e.empty([t.shape[0]??0,r.shape[0]??0],"logits");return te(e,"NT",t,r,n),n}var ze=new Set;function pc(e,t,r,n,s,o){if(r>0&&t.length>1)throw new Error("the cache of one prompt can be gone on with");let{imageTokens:i,featureWidth:a}=e,c=ec(t),u=new Te(e.gpu),d=tc(u,c,i),l=new Int32Array(c.rows).fill(-1),f=[],p=0;t.forEach(({ids:x},S)=>{for(let T=0;T<x.length;T++)l[p+T]=S*n.length+r+T;p+=x.length,f.push(p-1)});let h=u.constant(l),g=u.constant(Int32Array.from(f)),m=u.noGrad(()=>{let x=u.input("images",[c.images*i,a]),S=e.embed(u,e.project(u,x,ze),d.index,ze),T=Ia(u,d.span,e.heads),C={position:d.positions,place:h},z=(H,ee)=>(is(u,ee,h,n.layer(H),e.heads),r===0?T(H,ee):as(u,ee,n.layer(H),C,e.heads,n.length)),W=e.decode(u,S,d.positions,z,ze),F=e.finish(u,Et(u,W,g,d.positions),ze);return cs(u,F,e.head(ze))});gc(u,s,m,o);let w=u.compile(),_=rc(t,c,e);return w.upload({..._,positions:_.positions.map(x=>x+r),images:nc(t,c.images,i*a)}),{program:w,z:m}}function hc(e,t,r,n){let s=r.token.size,o=new Te(e.gpu),i=o.constant(new Int32Array(s).fill(-1)),a=o.noGrad(()=>{let c={ids:r.token,image:i,place:o.constant(Int32Array.of(-1)),held:i,rows:i},u=e.embed(o,o.input("no features",[1,e.width]),c,ze),d=(f,p)=>(is(o,p,r.place,t.layer(f),e.heads),as(o,p,t.layer(f),r,e.heads,t.length)),l=e.decode(o,u,r.position,d,ze);return cs(o,e.finish(o,l,ze),e.head(ze))});return gc(o,r,a,n),{program:o.compile(),z:a}}function mc(e,t){let r=new Te(e.gpu);return os(r,t),r.compile()}function gc(e,t,r,n){n.on==="host"?e.output(r):os(e,t,r,n.repetition)}var Wr=class{words;#e;constructor(t,r){this.#e=t,this.words=new Int32Array(Vt(t));for(let n of r)this.add(n)}add(t){t<this.#e&&(this.words[t>>5]|=1<<(t&31))}penalised(t,r){return t.map((n,s)=>(this.words[s>>5]>>(s&31)&1)===0?n:n<0?n*r:n/r)}};function dh(e,t){let{temperature:r,topK:n=0,topP:s=1}=t,o=Float32Array.from(e),i=fh(o),a=o[i[0]];if(!Number.isFinite(a))throw new ne(`expected finite logits, found ${a} for token ${i[0]}`);let c=n>0&&n<i.length?o[i[n-1]]:-1/0,u=[],d=[],l=0;for(let h of i){if(o[h]<c)break;let g=Math.exp((o[h]-a)/r);u.push(h),d.push(g),l+=g}let f=0,p=0;for(;f<u.length&&(f===0||p<s*l);)p+=d[f++];return{ids:u.slice(0,f),shares:d.slice(0,f),whole:p}}function wc(e,t,r){if(t.temperature<=0){let a=0;for(let c=1;c<e.length;c++)e[c]>e[a]&&(a=c);return a}let{ids:n,shares:s,whole:o}=dh(e,t),i=r.next()*o;for(let a=0;a<n.length;a++)if((i-=s[a])<0)return n[a];return n.at(-1)}var Ht=2**21;function fh(e){let t=e.length;if(t>Ht)throw new RangeError(`expected at most ${Ht} logits, found ${t}`);let r=new Int32Array(e.map(s=>s===0?0:s).buffer),n=new Float64Array(t);for(let s=0;s<t;s++){let o=r[s]>=0?-1-r[s]:r[s]&2147483647;n[s]=o*Ht+s}return n.sort(),Uint32Array.from(n,s=>s-Math.floor(s/Ht)*Ht)}var _c=8;async function vc(e,t,{prompts:r,held:n,streams:s},o){let{gpu:i}=e,{maxNewTokens:a,stops:c,repetitionPenalty:u=1,temperature:d=0,signal:l}=o,f=r.length,p=(x,S)=>J.of(i,x,S,"i32"),h={token:p([f]),position:p([f],r.map(({ids:x})=>x.length-1)),place:p([f],r.map(({ids:x},S)=>S*t.length+x.length-1)),state:p([f,2]),output:p([f,a]),stops:p([c.length],c)},g=Object.values(h),m=u===1?void 0:r.map(({ids:x})=>new Wr(e.vocabulary,x)),w={on:"host"};if(d===0){let x=m&&{seen:p([f,m[0].words.length],ph(m)),penalty:u};x&&g.push(x.seen),w={on:"device",repetition:x}}let _=new us(e,t,h,w,o);try{l?.throwIfAborted();let x=n.tokens===0?r:r.map(({ids:T,images:C})=>({ids:T.subarray(n.tokens),images:C.slice(n.images)})),S=_.read(x,n.tokens);return w.on==="device"?await _.greedy():await _.drawn(S,s,m,u),await _.answers()}finally{_.destroy();for(let x of g)x.destroy(i)}}function ph(e){let t=new Int32Array(e.length*e[0].words.length);return e.forEach((r,n)=>t.set(r.words,n*r.words.length)),t}var us=class{#e;#t;#r;#n;#s;#o=[];#i;#c;#a;constructor(t,r,n,s,o){this.#e=t,this.#t=r,this.#r=n,this.#n=s,this.#s=o,this.#i=n.token.size,this.#c=new Array(this.#i).fill(0)}read(t,r){let{program:n,z:s}=pc(this.#e,t,r,this.#t,this.#r,this.#n);return this.#o.push(n),n.run(),s}async greedy(){let{maxNewTokens:t,onToken:r}=this.#s;if(r)return await this.#u();for(let n=1;n<t;n+=_c)if(this.#l(Math.min(_c,t-n)),await this.#d())return}async#u(){let t=this.#d();for(let r=1;r<this.#s.maxNewTokens;r++){if(t.catch(()=>{}),this.#l(1),await t)return;t=this.#d()}await t}async drawn(t,r,n,s){let{gpu:o}=this.#e,{temperature:i=0,maxNewTokens:a,stops:c,onToken:u,signal:d}=this.#s,l=mc(this.#e,this.#r);this.#o.push(l);let f=r.map(()=>!1);for(let p=1;;p++){let h=await t.read(o);d?.throwIfAborted();let g=h.length/this.#i,m=r.map((w,_)=>{if(f[_])return 0;let x=h.subarray(_*g,(_+1)*g),S=n?n[_].penalised(x,s):x,T=wc(S,{...this.#s,temperature:i},w);return n?.[_]?.add(T),f[_]=c.includes(T),f[_]||u?.(T,_),T});if(this.#r.token.write(o,Int32Array.from(m)),l.run(),p===a||f.every(w=>w))return;t=this.#l(1)}}#l(t){return this.#a||(this.#a=hc(this.#e,this.#t,this.#r,this.#n),this.#o.push(this.#a.program)),this.#a.program.run(t),this.#a.z}async#d(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n,onToken:s,signal:o}=this.#s,[i,a]=await Promise.all([this.#r.state.read(t),s?this.#r.output.read(t):void 0]);return o?.throwIfAborted(),this.#c.forEach((c,u)=>{let d=i[2*u];for(let l of a?.subarray(u*r+c,u*r+d)??[])n.includes(l)||s?.(l,u);this.#c[u]=d}),this.#c.every((c,u)=>i[2*u+1]===1)}async answers(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n}=this.#s,[s,o]=[await this.#r.state.read(t),await this.#r.output.read(t)];return this.#c.map((i,a)=>{let c=Int32Array.from(o.subarray(a*r,a*r+s[2*a])),u=c.at(-1);return u!==void 0&&n.includes(u)?{ids:c.slice(0,-1),stop:u}:{ids:c,stop:void 0}})}destroy(){for(let t of this.#o)t.destroy()}};function ls({heads:e}){return Gt(e)}function hh(e,t,r){return e.layers*t*r*ls(e)*se.f32}function Kr(e,t){return Math.floor(e.gpu.largestBinding/(t*ls(e)*se.f32))}var Fr=class{rows;#e;#t;#r;constructor(t,r,n){this.rows=r,this.#e=t,this.#r=n,this.#t=Array.from({length:t.layers},()=>this.#n(n))}get length(){return this.#r}get bytes(){return hh(this.#e,this.rows,this.#r)}layer(t){return this.#t[t]}grow(t){if(this.rows!==1)throw new Error(`a cache of one sequence can grow, found one of ${this.rows}`);let{gpu:r}=this.#e;this.#t.forEach((n,s)=>{let o=this.#n(t),i=new Te(r);it(i,o.rows(0,this.#r),n);let a=i.compile();a.run(),a.destroy(),n.destroy(r),this.#t[s]=o}),this.#r=t}#n(t){return J.of(this.#e.gpu,[this.rows*t,ls(this.#e)])}destroy(){for(let t of this.#t)t.destroy(this.#e.gpu);this.#t.length=0}};function yc(e){let{maxNewTokens:t,stops:r,batchSize:n=64}=e,{temperature:s=0,topK:o=0,topP:i=1,repetitionPenalty:a=1}=e,c=[["maxNewTokens",t,Number.isInteger(t)&&t>=1,"be at least 1"],["batchSize",n,Number.isInteger(n)&&n>=1,"be at least 1"],["temperature",s,s>=0&&s<1/0,"be at least 0"],["topK",o,Number.isInteger(o)&&o>=0,"be a whole number of at least 0"],["topP",i,i>=0&&i<=1,"lie between 0 and 1"],["repetitionPenalty",a,a>0&&a<1/0,"be above 0"],...r.map(u=>["stops",u,u===(u|0),"be token ids"])];for(let[u,d,l,f]of c)if(!l)throw new $(`${u} must ${f}, found ${d}`)}function bc(e,t,r,n){let{length:s}=t.ids;if(s+r>e.maxPositions)throw new $(`${n}: ${s} tokens and ${r} new ones are over the model's ${e.maxPositions} positions; shorten the prompt or the answer`);if(Qa(e,t,e.imageTokens*e.featureWidth,n),Kr(e,s+r)<1)throw new $(`${n}: the keys and values of ${s} tokens and ${r} new ones are over the ${e.gpu.largestBinding} bytes that a binding of this adapter holds; shorten the prompt or the answer`)}var mh=4,Vr=class{#e;#t;#r={ids:new Int32Array(0),images:[]};constructor(t){this.#e=t}get tokens(){return this.#r.ids.length}get bytes(){return this.#t?.bytes??0}async answer(t,r){yc(r),bc(this.#e,t,r.maxNewTokens,"the prompt");let n=wh(this.#e,this.#r,t),s=mh*n.tokens>=t.ids.length?n:{tokens:0,images:0},o=this.#n(t.ids.length+r.maxNewTokens,s.tokens);this.#r={ids:new Int32Array(0),images:[]};let i={prompts:[t],held:s,streams:[new Ie(r.seed??0).fork("prompt 0")]},[a]=await vc(this.#e,o,i,r),{ids:c,stop:u}=a,d=u===void 0?c.subarray(0,-1):c;return this.#r={ids:gh(t.ids,d),images:t.images},{ids:c,stop:u,reused:s.tokens}}#n(t,r){let n=this.#t;if(n&&n.length>=t)return n;if(!n||r===0)return n?.destroy(),this.#t=new Fr(this.#e,1,t);let s=Math.min(this.#e.maxPositions,Kr(this.#e,1));return n.grow(Math.max(t,Math.min(2*n.length,s))),n}destroy(){this.#t?.destroy(),this.#t=void 0,this.#r={ids:new Int32Array(0),images:[]}}};function gh(e,t){let r=new Int32Array(e.length+t.length);return r.set(e),r.set(t,e.length),r}function wh({imageId:e,imageTokens:t},r,n){let s=Math.min(r.ids.length,n.ids.length-1),o=0,i=0;for(let a=0;a<s&&r.ids[a]===n.ids[a];a++){if(n.ids[a]===e){let c=o/t;if(Number.isInteger(c)&&!_h(r.images[c],n.images[c]))break;o++}o%t===0&&(i=a+1)}return{tokens:i,images:Math.floor(o/t)}}function _h(e,t){return!e||!t||e.length!==t.length?!1:e===t||e.every((r,n)=>r===t[n])}async function ds(e,t){let{configText:r,weights:n,adapter:s,processor:o,generation:i}=t,a=await Ya(e,r,n,{trainable:[],adapter:s}),c={imageSize:a.imageSize,maxPositions:a.maxPositions,encodeImages:d=>Xa(a,d),session:()=>new Vr(a),destroy:()=>a.destroy()},{options:u}=Po({seed:1},i);return{async ask(d,l,f,p){let h=new Map(l.map((m,w)=>[`picture ${w+1}`,o.picture(m)])),g=new dr(t,c,{tiles:m=>Promise.resolve(h.get(m).tiles),grid:m=>Promise.resolve(h.get(m).grid)},[...h.keys()]);try{return await g.ask(d,{...u,onText:f,signal:p})}finally{g.end()}},destroy:()=>c.destroy()}}function $c(e){let t=new DataView(e.buffer,e.byteOffset,e.byteLength);if(e.length<8||e[0]!==73&&e[0]!==77)return;let r=e[0]===73;if(t.getUint16(2,r)!==42)return;let n=t.getUint32(4,r);if(n+2>e.length)return;let s=t.getUint16(n,r);if(s===0||n+2+12*s>e.length)return;let o=(i,a=1/0)=>{for(let c=0;c<s;c++){let u=n+2+12*c;if(t.getUint16(u,r)!==i)continue;let[d,l]=[t.getUint16(u+2,r),t.getUint32(u+4,r)],f=d===1?1:d===3?2:d===4?4:0;if(f===0)return[];let p=f*l<=4?u+8:t.getUint32(u+8,r),h=Math.max(0,Math.min(l,a,Math.floor((e.length-p)/f)));return Array.from({length:h},(g,m)=>{let w=p+m*f;return f===1?t.getUint8(w):f===2?t.getUint16(w,r):t.getUint32(w,r)})}return[]};return{little:r,at:n,count:s,numbers:o,number:i=>o(i,1)[0]}}var yh=274;function xc(e){let t=xh(e),r=t===void 0?void 0:$c(t)?.number(yh);return r!==void 0&&r>=1&&r<=8?r:1}function bh(e){return e>=5}function $h(e,t){if(t===1)return e;let{width:r,height:n,data:s}=e,o=bh(t),[i,a]=o?[n,r]:[r,n],c=[2,3,7,8].includes(t),u=[3,4,6,7].includes(t),d=new Uint8Array(4*r*n);for(let l=0;l<a;l++)for(let f=0;f<i;f++){let[p,h]=o?[l,f]:[f,l],g=4*((u?n-1-h:h)*r+(c?r-1-p:p)),m=4*(l*i+f);for(let w=0;w<4;w++)d[m+w]=s[g+w]}return{width:i,height:a,data:d}}function kc(e,t){return $h(e,t===6?8:t===8?6:t)}var Ce=(e,t,r)=>[...r].every((n,s)=>e[t+s]===n.charCodeAt(0));function xh(e){let t=new DataView(e.buffer,e.byteOffset,e.byteLength);if(Ce(e,0,"II*\0")||Ce(e,0,"MM\0*"))return e;if(Ce(e,0,"\xFF\xD8"))for(let r=2;r+10<=e.length&&e[r]===255;){let n=e[r+1];if(n===218||n===217)return;let s=Math.max(2,t.getUint16(r+2));if(n===225&&Ce(e,r+4,"Exif\0\0"))return e.subarray(r+10,r+2+s);r+=2+s}if(Ce(e,0,"\x89PNG"))for(let r=8;r+12<=e.length;){let n=t.getUint32(r);if(Ce(e,r+4,"eXIf"))return e.subarray(r+8,r+8+n);r+=12+n}if(Ce(e,0,"RIFF")&&Ce(e,8,"WEBP"))for(let r=12;r+8<=e.length;){let n=t.getUint32(r+4,!0);if(Ce(e,r,"EXIF")){let s=Ce(e,r+8,"Exif\0\0")?14:8;return e.subarray(r+s,r+8+n)}r+=8+n+(n&1)}}function Ec({width:e,height:t,data:r}){let n=new Uint8Array(3*e*t);for(let s=0,o=0;o<n.length;s+=4,o+=3){let i=r[s+3];for(let a=0;a<3;a++){let c=r[s+a],u=128*(c*i+255*(255-i)+128);n[o+a]=i===255?c:(u>>8)+u>>8>>7}}return{width:e,height:t,data:n}}async function Sc(e){let t=xc(new Uint8Array(await e.arrayBuffer())),r=await createImageBitmap(e,{colorSpaceConversion:"none",premultiplyAlpha:"none"}),{width:n,height:s}=r,o=new OffscreenCanvas(n,s).getContext("2d",{willReadFrequently:!0});return o.drawImage(r,0,0),r.close(),Ec(kc(o.getImageData(0,0,n,s),t))}var Gr=[.5,.5,.5],hs={do_resize:!0,do_rescale:!0,rescale_factor:1/255,do_normalize:!0,resample:3,do_pad:!1,default_to_square:!1},Oc={kind:"whole",defaults:{...hs,image_mean:[.48145466,.4578275,.40821073],image_std:[.26862954,.26130258,.27577711],size:{shortest_edge:224},crop_size:{height:224,width:224},do_center_crop:!0}},fs={kind:"whole",defaults:{...hs,image_mean:Gr,image_std:Gr,size:{height:224,width:224},do_center_crop:!1,crop_size:null}},Ac={kind:"tiles",defaults:{...hs,default_to_square:!0,resample:1,image_mean:Gr,image_std:Gr,size:{longest_edge:4*364},max_image_size:{longest_edge:364},do_image_splitting:!0,do_pad:!0}},ps={CLIPImageProcessor:Oc,LlavaImageProcessor:Oc,SiglipImageProcessor:fs,ViTImageProcessor:{...fs,defaults:{...fs.defaults,resample:2,default_to_square:!0}},Idefics3ImageProcessor:Ac,SmolVLMImageProcessor:Ac},kh={llava:"LlavaImageProcessor",vipllava:"CLIPImageProcessor",clip:"CLIPImageProcessor",siglip:"SiglipImageProcessor",idefics3:"Idefics3ImageProcessor",smolvlm:"SmolVLMImageProcessor"};function Tc(e,t,r){let{image_processor_type:n,feature_extractor_type:s}=t,o=n??(typeof s=="string"?s.replace("FeatureExtractor","ImageProcessor"):s)??r.image_processor_type,i=o??kh[String(r.model_type)],a=typeof i=="string"?i.replace(/(Fast|Pil)$/,""):"",c=Object.hasOwn(ps,a)?ps[a]:void 0;if(c!==void 0)return{...c,name:a};throw new $(`${e}: expected image_processor_type to be one of ${Object.keys(ps).join(", ")}, found ${JSON.stringify(o)??`none, and model_type ${JSON.stringify(r.model_type)??"none"} in config.json`}`)}var me={rows:0,columns:0};function Hr({rows:e,columns:t}){return e===0||t===0?1:e*t+1}var St="preprocessor_config.json",ut="processor_config.json",ms=[St,ut];function Cc(e){let t=new Map(ms.filter(s=>e.has(s)).map(s=>[s,Eh(s,e.get(s))])),r=t.get(ut)?.image_processor??void 0;if(r!==void 0&&!Nc(r))throw new $(`${ut}: expected image_processor to be an object, found ${JSON.stringify(r)}`);let n=r??t.get(St);if(n===void 0)throw new $(`expected ${St}, or ${ut} with an image_processor, found ${t.has(ut)?`a ${ut} without one`:"neither"}. Bring back the files that were saved with the model`);return{file:r===void 0?St:`${ut}, image_processor`,settings:n,save:s=>new Map([...t].map(([o,i])=>{let a=o===St?i:r;if(!Object.entries(s).some(([d,l])=>a!==void 0&&a[d]!==l))return[o,e.get(o)];let u=o===St?{...i,...s}:{...i,image_processor:{...a,...s}};return[o,new TextEncoder().encode(JSON.stringify(u,null,2)+`
`)]}))}}function Nc(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function Eh(e,t){let r;try{r=JSON.parse(new TextDecoder().decode(t))}catch(n){throw new $(`${e}: expected JSON, found ${n.message}`)}if(Nc(r))return r;throw new $(`${e}: expected an object, found ${Array.isArray(r)?"a list":String(r)}`)}var gs=e=>e===0?1:Math.sin(e*Math.PI)/(e*Math.PI),Pc=[Math.fround(.54),Math.fround(.46)],Sh={1:{support:3,weight:e=>-3<=e&&e<3?gs(e)*gs(e/3):0},2:{support:1,weight:e=>Math.max(0,1-Math.abs(e))},3:{support:2,weight(e){let t=Math.abs(e),r=-.5;return t<1?((r+2)*t-(r+3))*t*t+1:t<2?(((t-5)*t+8)*t-4)*r:0}},4:{support:.5,weight:e=>-.5<e&&e<=.5?1:0},5:{support:1,weight(e){let t=Math.abs(e);return t===0?1:t>=1?0:gs(t)*(Pc[0]+Pc[1]*Math.cos(t*Math.PI))}}},ws=["nearest","Lanczos","bilinear","bicubic","box","Hamming"];var Ot=22;function Jt(e,t,r){let{support:n,weight:s}=Sh[e],o=t/r,i=Math.max(o,1),a=1/i,c=n*i,u=Math.ceil(c)*2+1,d=new Int32Array(r),l=new Int32Array(r),f=new Int32Array(r*u);for(let p=0;p<r;p++){let h=(p+.5)*o,g=Math.max(0,Math.trunc(h-c+.5)),m=Math.min(t,Math.trunc(h+c+.5)),w=[],_=0;for(let x=g;x<m;x++){let S=s((x-h+.5)*a);w.push(S),_+=S}d[p]=g,l[p]=w.length;for(let[x,S]of w.entries()){let T=(_===0?S:S/_)*2**Ot;f[p*u+x]=Math.trunc(T+(T<0?-.5:.5))}}return{first:d,count:l,weights:f,taps:u}}var Oh=new Set(["image_processor_type","feature_extractor_type","processor_class","auto_map","_valid_processor_keys","do_convert_rgb","return_tensors","return_row_col_info","input_data_format","device","disable_grouping","image_seq_length","video_sampling","model_input_names"]),_s={data_format:"channels_first",use_square_size:!1,antialias:!0,do_reduce_labels:!1},Lc=2**14,vs=class{file;fields;constructor(t,r){this.file=t,this.fields=r}wrong(t,r){let n=JSON.stringify(r)??"none";return new $(`${this.file}: expected ${t}, found ${n.length>200?n.slice(0,200)+"...":n}`)}flag(t){let r=this.fields[t];if(typeof r!="boolean")throw this.wrong(`${t} to be true or false`,r);return r}number(t){let r=this.fields[t];if(typeof r!="number"||!Number.isFinite(r))throw this.wrong(`${t} to be a number`,r);return r}colours(t){let r=this.fields[t],n=typeof r=="number"?[r,r,r]:r;if(Array.isArray(n)&&n.length===3&&n.every(s=>Number.isFinite(s)))return n;throw this.wrong(`${t} to be three numbers, or one`,r)}size(t,r){let n=this.fields[t],s=`${t} to be {height, width}, {shortest_edge}, {longest_edge} or a number of pixels`,o=l=>{if(Number.isInteger(l)&&l>0&&l<=Lc)return l;throw this.wrong(`${s}, 1 to ${Lc}`,n)};if(typeof n=="number")return r?{height:o(n),width:o(n)}:{shortest:o(n)};if(Array.isArray(n)&&n.length===2)return{height:o(n[0]),width:o(n[1])};if(typeof n!="object"||n===null||Array.isArray(n))throw this.wrong(s,n);let i=Object.entries(n).filter(([,l])=>l!==null).map(([l])=>l).sort().join(),{height:a,width:c,shortest_edge:u,longest_edge:d}=n;if(i==="height,width")return{height:o(a),width:o(c)};if(i==="shortest_edge")return{shortest:o(u)};if(i==="longest_edge")return{longest:o(d)};if(i==="longest_edge,shortest_edge")return{shortest:o(u),longest:o(d)};throw this.wrong(s,n)}};function Rc(e,t,r){let n=Object.fromEntries(Object.entries(t).filter(([,f])=>f!==null)),s={default_to_square:!0,...r,...n},o=new vs(e,s);for(let[f,p]of Object.entries(n))if(!(Object.hasOwn(r,f)||Oh.has(f)||f==="default_to_square")){if(Object.hasOwn(_s,f)){if(p===_s[f])continue;throw o.wrong(`${f} to be ${JSON.stringify(_s[f])}`,p)}if(!(f.startsWith("do_")&&p===!1)&&!(f==="crop_size"&&s.do_center_crop!==!0))throw o.wrong(`no field "${f}", which this kind of processor does not know`,p)}let i=o.flag("default_to_square"),a=o.number("resample");if(!(a in ws))throw o.wrong(`resample to be one of ${ws.map((f,p)=>`${p} (${f})`).join(", ")}`,a);let c="do_center_crop"in r&&o.flag("do_center_crop")?o.size("crop_size",!0):void 0;if(c!==void 0&&!("height"in c))throw o.wrong("crop_size to be {height, width} or a number of pixels",s.crop_size);let d=o.flag("do_normalize")?o.colours("image_std"):void 0;if(d?.some(f=>f===0))throw o.wrong("image_std to have no 0",d);let l="max_image_size"in r?o.size("max_image_size",!1):void 0;if(l!==void 0&&!("longest"in l))throw o.wrong("max_image_size to be {longest_edge}",s.max_image_size);return{size:o.flag("do_resize")?o.size("size",i):void 0,crop:c,pad:o.flag("do_pad"),filter:a,factor:o.flag("do_rescale")?o.number("rescale_factor"):void 0,mean:o.colours("image_mean"),std:d,tile:l?.longest??0,split:l!==void 0&&o.flag("do_image_splitting")}}var Ah=2**30;function je(e,t,r,n){if(e.width===t&&e.height===r)return e;let s=r<e.height&&e.height-r>2*(e.width-t),o=3*(s?e.width*r:t*e.height),i=Math.max(3*t*r,n===0?0:o);if(t<1||r<1||i>Ah)throw new $(`expected a picture that is not too narrow to be resized, found ${e.width} x ${e.height} pixels, which would become ${t} x ${r}; crop it or remove the sample`);return n===0?Th(e,t,r):s?Mc(Jr(e,r,n),t,n):Jr(Mc(e,t,n),r,n)}function Th({width:e,height:t,data:r},n,s){let o=(u,d)=>{let l=u/d,f=l*.5;return Int32Array.from({length:d},()=>{let p=Math.trunc(f);return f+=l,p})},i=o(e,n),a=o(t,s),c=new Uint8Array(3*n*s);for(let[u,d]of a.entries())if(!(d>=t))for(let[l,f]of i.entries()){if(f>=e)continue;let p=3*(d*e+f),h=3*(u*n+l);c[h]=r[p],c[h+1]=r[p+1],c[h+2]=r[p+2]}return{width:n,height:s,data:c}}function Mc(e,t,r){let{width:n,height:s,data:o}=e;if(n===t)return e;let i=Jt(r,n,t),a=new Uint8ClampedArray(3*t*s);for(let c=0;c<s;c++)ys(a,3*c*t,o,3*c*n,i);return{width:t,height:s,data:new Uint8Array(a.buffer)}}function ys(e,t,r,n,s){for(let o=0;o<s.first.length;o++)Ic(e,t+3*o,r,n+3*s.first[o],3,s,o)}function Jr(e,t,r){let{width:n,height:s,data:o}=e;if(s===t)return e;let i=Jt(r,s,t),a=new Uint8ClampedArray(3*n*t);for(let c=0;c<t;c++)for(let u=0;u<n;u++){let d=3*(i.first[c]*n+u);Ic(a,3*(c*n+u),o,d,3*n,i,c)}return{width:n,height:t,data:new Uint8Array(a.buffer)}}function Ic(e,t,r,n,s,{weights:o,count:i,taps:a},c){let u=1<<Ot-1,d=u,l=u,f=c*a,p=f+i[c];for(let h=f,g=n;h<p;h++,g+=s){let m=o[h];u=u+r[g]*m|0,d=d+r[g+1]*m|0,l=l+r[g+2]*m|0}e[t]=u>>Ot,e[t+1]=d>>Ot,e[t+2]=l>>Ot}function zc(e,t,r){if(e.width===t&&e.height===r)return e;let n=Math.floor((e.width-t)/2),s=Math.floor((e.height-r)/2);return bs(e,n,s,t,r)}function bs(e,t,r,n,s){let o=new Uint8Array(3*n*s),i=Math.max(0,t),a=Math.min(e.width,t+n);for(let c=Math.max(0,r);c<Math.min(e.height,r+s)&&i<a;c++){let u=e.data.subarray(3*(c*e.width+i),3*(c*e.width+a));o.set(u,3*((c-r)*n+i-t))}return{width:n,height:s,data:o}}function jc(e,t,r,n){let{width:s,height:o,data:i}=e,a=Math.max(s,o),c=r??a,u=Math.floor((a-o)/2),d=Math.floor((a-s)/2),l=Bc(t,a),f=n!==0&&c!==a,p=new Uint8ClampedArray(Bc(t,(f?c:a)*a).buffer),h=f?Jt(n,a,c):void 0;for(let m=0;m<o;m++)l.set(i.subarray(3*m*s,3*(m+1)*s),3*d),h===void 0?p.set(l,3*a*(m+u)):ys(p,3*c*(m+u),l,0,h);let g={width:f?c:a,height:a,data:new Uint8Array(p.buffer)};return f?Jr(g,c,n):je(g,c,c,n)}function Bc(e,t){let r=new Uint8Array(3*t);r.set(e);for(let n=3;n<r.length;n*=2)r.copyWithin(n,0,Math.min(n,r.length-n));return r}var Yt=4096;function Ch({width:e,height:t},r){let n=e/t,s=e>=t,o=a=>Math.max(1,a+a%2),i=s?{width:r,height:o(Math.trunc(r/n))}:{width:o(Math.trunc(r*n)),height:r};if(r>Yt){let a=i.width/i.height;i=i.width>=i.height?{width:Yt,height:Math.max(1,Math.trunc(Yt/a))}:{width:Math.max(1,Math.trunc(Yt*a)),height:Yt}}return i}function Dc(e,{size:t}){if(t===void 0)return e;if("height"in t)return{width:t.width,height:t.height};if("shortest"in t)throw new Error("shortest_edge is refused when settings are read");return Ch(e,t.longest)}function qc({width:e,height:t},r){let n=o=>Math.max(1,Math.ceil(o/r))*r,s=e/t;return e>=t?{width:n(e),height:n(Math.trunc(n(e)/s))}:{width:n(Math.trunc(n(t)*s)),height:n(t)}}function $s(e,t){if(!t.split)return me;let{width:r,height:n}=qc(Dc(e,t),t.tile);return r<=t.tile&&n<=t.tile?me:{rows:n/t.tile,columns:r/t.tile}}function Uc(e,t){let{tile:r,filter:n}=t,s=Dc(e,t),o=je(e,s.width,s.height,n),i=l=>je(l,r,r,n).data;if(!t.split)return{tiles:[i(o)],grid:me};let a=qc(s,r),c=je(o,a.width,a.height,n),u=$s(e,t),d=[];for(let l=0;l<u.rows;l++)for(let f=0;f<u.columns;f++)d.push(bs(c,f*r,l*r,r,r).data);return{tiles:[...d,i(c)],grid:u}}function Wc({size:e,crop:t,pad:r}){let n=t??(e!==void 0&&"height"in e?e:void 0);return n!==void 0?n.height===n.width?n.height:null:r&&e!==void 0&&"shortest"in e?Fc(e):void 0}function Fc({shortest:e,longest:t}){return Math.min(e,t??e)}function Kc(e,{size:t,crop:r,pad:n,filter:s,mean:o}){let i=e;if(n){let a=o.map(u=>Math.trunc(u*255)),c=t!==void 0&&"shortest"in t?Fc(t):void 0;i=jc(e,a,c,s),t!==void 0&&"height"in t&&(i=je(i,t.width,t.height,s))}else if(t!==void 0){let{width:a,height:c}=Nh(e,t);i=je(e,a,c,s)}return r===void 0?i:zc(i,r.width,r.height)}function Nh({width:e,height:t},r){if("height"in r)return r;if(!("shortest"in r))throw new Error("longest_edge alone is refused when settings are read");let[n,s]=[Math.min(e,t),Math.max(e,t)],o=r.shortest,i=o;r.longest!==void 0&&s/n*o>r.longest&&(i=r.longest*n/s,o=Ph(i));let a=n===o&&r.longest!==void 0?s:Math.trunc(i*s/n);return e<=t?{width:o,height:a}:{width:a,height:o}}function Ph(e){let t=Math.floor(e),r=e-t;return r>.5||r===.5&&t%2===1?t+1:t}function Vc(e,t,r={}){let n=Cc(e),{file:s}=n,{kind:o,defaults:i,name:a}=Tc(s,n.settings,t),c=Rc(s,n.settings,i),u={...c,pad:c.pad&&a==="LlavaImageProcessor",split:o==="tiles"&&r.whole!==!0&&c.split},d=o==="tiles"?u.tile:Lh(s,u,t);o==="tiles"?Mh(s,u):Rh(s,u);let l=h=>{if(o==="tiles")return Uc(h,u);let g=Kc(h,u);if(g.width===d&&g.height===d)return{tiles:[g.data],grid:me};throw new $(`expected a picture that becomes ${d} x ${d} pixels by the settings in ${s}, found one of ${h.width} x ${h.height} that becomes ${g.width} x ${g.height}; set do_center_crop, or a size of {height, width}, there`)},f=Ih(u),p=h=>Bh(h,f);return{size:d,splits:u.split,exif:r.exif===!0,maxPixels:r.maxPixels,mean:u.mean,std:u.std??[1,1,1],grid:(h,g)=>o==="tiles"?$s({width:h,height:g},u):me,tileCount:Hr,cut:l,normalise:p,picture(h){let{tiles:g,grid:m}=l(h);return{tiles:g.map(p),grid:m}},files:()=>n.save(u.split===c.split?{}:{do_image_splitting:u.split}),recipe:{files:new Map([...e].filter(([h])=>ms.includes(h))),config:t,options:r}}}function Lh(e,t,r){let n=Wc(t);if(n===null)throw new $(`${e}: expected settings that make squares, found crop_size ${JSON.stringify(t.crop)??"none"} and size ${JSON.stringify(t.size)??"none"}`);if(n!==void 0)return n;let s=r.vision_config,{image_size:o}=typeof s=="object"&&s!==null?s:{image_size:void 0};if(Number.isInteger(o)&&o>0)return o;throw new $(`${e}: expected do_center_crop, a size of {height, width}, or vision_config.image_size in config.json, found nothing that says how large a picture is in the end`)}function Rh(e,{size:t}){if(!(t===void 0||!("longest"in t)||"shortest"in t))throw new $(`${e}: expected a size of {height, width} or {shortest_edge}, found longest_edge alone (${t.longest})`)}function Mh(e,{size:t}){if(!(t===void 0||!("shortest"in t)))throw new $(`${e}: expected a size of {longest_edge} or {height, width}, found shortest_edge (${t.shortest})`)}function Ih({factor:e,mean:t,std:r}){return[0,1,2].map(n=>Float32Array.from({length:256},(s,o)=>{let i=e===void 0?o:e===.00392156862745098?o/255:o*e;return r===void 0?i:(i-t[n])/r[n]}))}function Bh(e,t){let r=e.length/3,n=new Float32Array(e.length);for(let[s,o]of t.entries())for(let i=0;i<r;i++)n[s*r+i]=o[e[3*i+s]];return n}function xs(e){return`${e} writes no token that ends an answer: a tuned model may not learn to stop, and its answers run into the limit. Have the template write one after each answer, such as {{ eos_token }}`}function Gc(e,t){if(e.stops.length>0)return e;let r=xs(e.name);return{...e,stops:[t.id],notes:[...e.notes.filter(n=>n!==r),`${e.name} writes no token that ends an answer: ${t.text} is put behind the last answer of each conversation and trained, so that a tuned model stops`],encode(n,s,o){let{ids:i,mask:a,images:c}=e.encode(n,s,o),u=i.length+1;if(u>o.maxTokens)throw wt(n,u,Ae(e,s),o.maxTokens);let d=a.lastIndexOf(1)+1,l={ids:new Int32Array(u),mask:new Uint8Array(u),images:c};return l.ids.set(i.subarray(0,d)),l.ids[d]=t.id,l.ids.set(i.subarray(d),d+1),l.mask.set(a.subarray(0,d)),l.mask[d]=1,l}}}var Hc=1e6;function Xt(e,t){let r=Hr(t);if(e*r<=Hc)return e*r;throw new $(`config.json: expected sizes (image_size, patch_size, scale_factor) that make at most ${Hc} features an image, found ${e} a tile and ${r} tiles; use the file that came with the model`)}var zh=new Set(["idefics3","smolvlm"]);function ks({family:e,image:t,perTile:r,names:n},{rows:s,columns:o}){Xt(r,{rows:s,columns:o});let i=t.repeat(r);if(!zh.has(e))return i;let a=n.get("fake_image_token")??"<fake_token_around_image>",c=`${a}${n.get("global_image_token")??"<global-img>"}${i}${a}`;if(s===0||o===0)return c;let u="";for(let d=1;d<=s;d++){for(let l=1;l<=o;l++)u+=`${a}<row_${d}_col_${l}>${i}`;u+=`
`}return`${u}
${c}`}function jh(e){let t=n=>{let s=e.id(n);if(s!==void 0)return s;throw new $(`tokenizer.json: expected the special token ${n}, found none. Without a chat template, conversations are laid out as LLaVA 1.5's: bring back chat_template.jinja, if the model came with one`)},r=n=>{let s=e.id(n);return s===void 0?e.encode(n):[s]};return{start:t("<s>"),end:t("</s>"),image:t("<image>"),user:r("USER:"),assistant:r("ASSISTANT:")}}function Jc(e,t){let r=jh(e),n=o=>Xt(t,o);n(me);let s=(o,i,a,c,{maxTokens:u})=>{if(c.length!==o.images.length)throw new RangeError(`${ye(o)}: expected ${o.images.length} grids, found ${c.length}`);let d=_t(o),l=[r.start],f=[],p=0,h=m=>{for(let w of e.encode(m))l.push(w)};o.system!==void 0&&h(o.system);for(let m=0;m<i+(a?1:0);m++){let w=o.turns[m];l.push(...r.user);for(let[x,S]of ur(w.question,d[m]).entries()){if(h(S),x===d[m].length)break;for(let T=n(c[p++]);T>0;T--)l.push(r.image)}if(l.push(...r.assistant),m===i)break;let _=l.length;if(h(w.answer),l.length===_)throw ar(o,m);l.push(r.end),f.push([_,l.length])}if(l.length>u)throw wt(o,l.length,Ae({imageTokens:n},c.slice(0,p)),u);let g=new Uint8Array(l.length);for(let[m,w]of f)g.fill(1,m,w);return{ids:Int32Array.from(l),mask:g,images:o.images.slice(0,p)}};return{name:"LLaVA 1.5's layout",imageId:r.image,stops:[r.end],notes:[],imageTokens:n,encode:(o,i,a)=>s(o,o.turns.length,!1,i,a),promptOf(o,i,a,c){cr(o,i);let{ids:u,images:d}=s(o,i,!0,a,c);return{ids:u,images:d}}}}var Es="processor_config.json",Ss="tokenizer_config.json";function Yc(e){let t=[],r=(i,a)=>{if(a==null)return;let c=Dh(i,a);c!==void 0&&t.push({place:i,text:c})};r(`${Es}, chat_template`,Zt(e,Es)?.chat_template),r("chat_template.json",Zt(e,"chat_template.json")?.chat_template);let n=e.get("chat_template.jinja");n!==void 0&&r("chat_template.jinja",new TextDecoder().decode(n)),r(`${Ss}, chat_template`,Zt(e,Ss)?.chat_template);let[s,...o]=t;if(s!==void 0)return{template:s,others:o.filter(({text:i})=>i.trimEnd()!==s.text.trimEnd())}}function Dh(e,t){if(typeof t=="string")return t;let r=Array.isArray(t)?new Map(t.map(s=>[s?.name,s?.template])):new Map(Object.entries(t)),n=r.get("default");if(typeof n=="string")return n;throw new $(`${e}: expected a template, or several with one called "default", found ${r.size===0?JSON.stringify(t):[...r.keys()].join(", ")}. Put the one to use into chat_template.jinja and take this field out`)}function Xr(e){let t=Zt(e,Ss)??{},r=t.extra_special_tokens,n={...Yr(r)?r:{},...t},s=new Map;for(let[o,i]of Object.entries(n)){let a=Yr(i)?i.content:i;o.endsWith("_token")&&typeof a=="string"&&s.set(o,a)}return s}function Xc(e){let t=Zt(e,Es)?.image_token,r=Yr(t)?t.content:t;return typeof r=="string"?r:Xr(e).get("image_token")??"<image>"}function Zt(e,t){let r=e.get(t);if(r===void 0)return;let n;try{n=JSON.parse(new TextDecoder().decode(r))}catch(s){throw new $(`${t}: expected JSON, found ${s.message}`)}if(Yr(n))return n;throw new $(`${t}: expected an object, found ${Array.isArray(n)?"a list":String(n)}`)}function Yr(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}var j=class extends Error{name="TemplateError"};function At(e,t=1048576){if(e>t)throw new j(`it makes a text or list of more than ${t} characters`)}function Zc(e,t,r,n){let s=t(e,!1),o=e.flatMap(({role:u},d)=>u==="assistant"?[d]:[]),i=e.map(u=>u.role==="assistant"?Qc(u,r):u),a=Zr(t(i,!1),r,o.length),c=a?.text===s?a.stretches:void 0;return o.map((u,d)=>{let l=t(e.slice(0,u),!0),f=(_,x)=>{throw new j(`it cannot be told where answer ${d+1} begins and ends, because ${Kh(_,x)}. Put {% generation %} and {% endgeneration %} around what is to be trained in the template`)},p=u===e.length-1;if(c===void 0){let _=p?s:t(e.slice(0,u+1),!1);return s.startsWith(_)||f(_,s),_.startsWith(l)||f(l,_),[l.length,Fh(l.length,_,n)]}let[h,g]=c[d],m=s.startsWith(l)?l.length:qh(e,u,l,s,h,t,r)??f(l,s),w=s.slice(g);if(!p){let _=t(i.slice(0,u+1),!1),x=Zr(_,r,d+1)??f(_,s);w=Uh(w,x.text.slice(x.stretches[d][1]),n)}return m>=g&&f(l,s),[m,Wh(s,g,w,n)]})}function Qc(e,{begin:t,end:r}){let{role:n,content:s}=e,o=d=>d.replace(/\S/,l=>t+l),i=d=>d.trimEnd()+r+d.slice(d.trimEnd().length);if(typeof s=="string")return{role:n,content:i(o(s))};let a=s.map(d=>d.type==="text"&&d.text.trim()!==""),[c,u]=[a.indexOf(!0),a.lastIndexOf(!0)];return{role:n,content:s.map((d,l)=>{if(d.type!=="text")return d;let f=l===c?o(d.text):d.text;return{...d,text:l===u?i(f):f}})}}function Zr(e,{begin:t,end:r},n){let s=[],o="",i=-1;for(let a of e.split(new RegExp(`([${t}${r}])`)))if(a!==t&&a!==r)o+=a;else{if(a===t!=i<0)return;a===t?i=o.length:(s.push([i,o.length]),i=-1)}return i<0&&s.length===n?{text:o,stretches:s}:void 0}function qh(e,t,r,n,s,o,i){let a=e.map((f,p)=>p===t-1?Qc(f,i):f),c=Zr(o(a,!1),i,1),u=Zr(o(a.slice(0,t),!0),i,1);if(c?.text!==n||u?.text!==r)return;let d=c.stretches[0][1],l=r.slice(u.stretches[0][1]);return n.slice(d,s).startsWith(l)?d+l.length:void 0}function Uh(e,t,r){let n=0;for(;n<e.length&&e[n]===t[n];)n++;for(let s of[e,t])for(let{index:o,0:i}of s.matchAll(r))o<n&&o+i.length>n&&(n=o);return e.slice(0,n)}function Wh(e,t,r,n){for(let{index:s,0:o}of r.matchAll(n))return t+s+o.length;return e.slice(0,t+r.length).replace(/\n+$/,"").length}function Fh(e,t,r){let n=t.trimEnd(),s=new RegExp(`(?:${r.source})$`,"u").test(n);return n.length>e&&s?n.length:Math.max(e,t.replace(/\n+$/,"").length)}function Kh(e,t){let r=0;for(;r<e.length&&e[r]===t[r];)r++;let n=s=>JSON.stringify(s.slice(Math.max(0,r-10),r+20));return`it writes ${n(e)} for the first messages and ${n(t)} when more follow`}var Vh=Object.defineProperty,Gh=(e,t,r)=>t in e?Vh(e,t,{enumerable:!0,configurable:!0,writable:!0,value:r}):e[t]=r,Hh=(e,t,r)=>(Gh(e,typeof t!="symbol"?t+"":t,r),r),y=Object.freeze({Text:"Text",NumericLiteral:"NumericLiteral",StringLiteral:"StringLiteral",Identifier:"Identifier",Equals:"Equals",OpenParen:"OpenParen",CloseParen:"CloseParen",OpenStatement:"OpenStatement",CloseStatement:"CloseStatement",OpenExpression:"OpenExpression",CloseExpression:"CloseExpression",OpenSquareBracket:"OpenSquareBracket",CloseSquareBracket:"CloseSquareBracket",OpenCurlyBracket:"OpenCurlyBracket",CloseCurlyBracket:"CloseCurlyBracket",Comma:"Comma",Dot:"Dot",Colon:"Colon",Pipe:"Pipe",CallOperator:"CallOperator",AdditiveBinaryOperator:"AdditiveBinaryOperator",MultiplicativeBinaryOperator:"MultiplicativeBinaryOperator",ExponentiationBinaryOperator:"ExponentiationBinaryOperator",ComparisonBinaryOperator:"ComparisonBinaryOperator",UnaryOperator:"UnaryOperator",Comment:"Comment"}),ge=class{constructor(e,t){this.value=e,this.type=t}};function eu(e){return/\w/.test(e)}function lt(e){return/[0-9]/.test(e)}function tu(e){return/\s/.test(e)}var Jh=[["{%",y.OpenStatement],["%}",y.CloseStatement],["{{",y.OpenExpression],["}}",y.CloseExpression],["(",y.OpenParen],[")",y.CloseParen],["{",y.OpenCurlyBracket],["}",y.CloseCurlyBracket],["[",y.OpenSquareBracket],["]",y.CloseSquareBracket],[",",y.Comma],[".",y.Dot],[":",y.Colon],["|",y.Pipe],["<=",y.ComparisonBinaryOperator],[">=",y.ComparisonBinaryOperator],["==",y.ComparisonBinaryOperator],["!=",y.ComparisonBinaryOperator],["<",y.ComparisonBinaryOperator],[">",y.ComparisonBinaryOperator],["+",y.AdditiveBinaryOperator],["-",y.AdditiveBinaryOperator],["~",y.AdditiveBinaryOperator],["**",y.ExponentiationBinaryOperator],["*",y.MultiplicativeBinaryOperator],["//",y.MultiplicativeBinaryOperator],["/",y.MultiplicativeBinaryOperator],["%",y.MultiplicativeBinaryOperator],["=",y.Equals]],Yh=new Map([["n",`
`],["t","	"],["r","\r"],["b","\b"],["f","\f"],["v","\v"],["'","'"],['"','"'],["\\","\\"]]);function Xh(e,t={}){return e.endsWith(`
`)&&(e=e.slice(0,-1)),t.lstrip_blocks&&(e=e.replace(/^[ \t]*({[#%-])/gm,"$1")),t.trim_blocks&&(e=e.replace(/([#%-]})\n/g,"$1")),e.replace(/(\s*){%(-?)\s*(?:end)?generation\s*(-?)%}(\s*)/gs,(r,n,s,o,i)=>(s?"":n)+(o?"":i))}function hu(e,t={}){let r=[],n=Xh(e,t),s=0,o=0,i=u=>{let d="";for(;u(n[s]);){if(n[s]==="\\"){if(++s,s>=n.length)throw new SyntaxError("Unexpected end of input");let l=n[s++];if(l==="x"||l==="u"){let p=l==="x"?2:4,h=n.slice(s,s+p);if(h.length!==p||/[^0-9a-f]/i.test(h))throw new SyntaxError(`Invalid hexadecimal escape sequence: \\${l}${h}`);d+=String.fromCharCode(parseInt(h,16)),s+=p;continue}let f=Yh.get(l);if(f===void 0)throw new SyntaxError(`Unexpected escaped character: ${l}`);d+=f;continue}if(d+=n[s++],s>=n.length)throw new SyntaxError("Unexpected end of input")}return d},a=()=>{let u=r.at(-1);u&&u.type===y.Text&&(u.value=u.value.trimEnd(),u.value===""&&r.pop())},c=()=>{for(;s<n.length&&tu(n[s]);)++s};e:for(;s<n.length;){let u=r.at(-1)?.type;if(u===void 0||u===y.CloseStatement||u===y.CloseExpression||u===y.Comment){let l="";for(;s<n.length&&!(n[s]==="{"&&(n[s+1]==="%"||n[s+1]==="{"||n[s+1]==="#"));)l+=n[s++];if(l.length>0){r.push(new ge(l,y.Text));continue}}if(n[s]==="{"&&n[s+1]==="#"){s+=2;let l=n[s]==="-";l&&++s;let f="";for(;n[s]!=="#"||n[s+1]!=="}";){if(s+2>=n.length)throw new SyntaxError("Missing end of comment tag");f+=n[s++]}let p=f.endsWith("-");p&&(f=f.slice(0,-1)),l&&a(),r.push(new ge(f,y.Comment)),s+=2,p&&c();continue}if(n.slice(s,s+3)==="{%-"){a(),r.push(new ge("{%",y.OpenStatement)),s+=3;continue}if(n.slice(s,s+3)==="{{-"){a(),r.push(new ge("{{",y.OpenExpression)),o=0,s+=3;continue}if(i(tu),n.slice(s,s+3)==="-%}"){r.push(new ge("%}",y.CloseStatement)),s+=3,c();continue}if(n.slice(s,s+3)==="-}}"){r.push(new ge("}}",y.CloseExpression)),s+=3,c();continue}let d=n[s];if(d==="-"||d==="+"){let l=r.at(-1)?.type;if(l===y.Text||l===void 0)throw new SyntaxError(`Unexpected character: ${d}`);switch(l){case y.Identifier:case y.NumericLiteral:case y.StringLiteral:case y.CloseParen:case y.CloseSquareBracket:break;default:{++s;let f=i(lt);if(f.length>0&&n[s]==="."&&lt(n[s+1])){++s;let p=i(lt);f=`${f}.${p}`}r.push(new ge(`${d}${f}`,f.length>0?y.NumericLiteral:y.UnaryOperator));continue}}}for(let[l,f]of Jh){if(l==="}}"&&o>0)continue;if(n.slice(s,s+l.length)===l){r.push(new ge(l,f)),f===y.OpenExpression?o=0:f===y.OpenCurlyBracket?++o:f===y.CloseCurlyBracket&&--o,s+=l.length;continue e}}if(d==="'"||d==='"'){++s;let l=i(f=>f!==d);r.push(new ge(l,y.StringLiteral)),++s;continue}if(lt(d)){let l=i(lt);if(r.at(-1)?.type!==y.Dot&&n[s]==="."&&lt(n[s+1])){++s;let f=i(lt);l=`${l}.${f}`}r.push(new ge(l,y.NumericLiteral));continue}if(eu(d)){let l=i(eu);r.push(new ge(l,y.Identifier));continue}throw new SyntaxError(`Unexpected character: ${d}`)}return r}var we=class{type="Statement"},Zh=class extends we{constructor(e){super(),this.body=e}type="Program"},Qh=class extends we{constructor(e,t,r){super(),this.test=e,this.body=t,this.alternate=r}type="If"},em=class extends we{constructor(e,t,r,n){super(),this.loopvar=e,this.iterable=t,this.body=r,this.defaultBlock=n}type="For"},tm=class extends we{type="Break"},rm=class extends we{type="Continue"},nm=class extends we{constructor(e,t,r){super(),this.assignee=e,this.value=t,this.body=r}type="Set"},sm=class extends we{constructor(e,t,r){super(),this.name=e,this.args=t,this.body=r}type="Macro"},om=class extends we{constructor(e){super(),this.value=e}type="Comment"},de=class extends we{type="Expression"},im=class extends de{constructor(e,t,r){super(),this.object=e,this.property=t,this.computed=r}type="MemberExpression"},ru=class extends de{constructor(e,t){super(),this.callee=e,this.args=t}type="CallExpression"},Je=class extends de{constructor(e){super(),this.value=e}type="Identifier"},Ct=class extends de{constructor(e){super(),this.value=e}type="Literal"},am=class extends Ct{type="IntegerLiteral"},cm=class extends Ct{type="FloatLiteral"},nu=class extends Ct{type="StringLiteral"},um=class extends Ct{type="ArrayLiteral"},su=class extends Ct{type="TupleLiteral"},lm=class extends Ct{type="ObjectLiteral"},Tt=class extends de{constructor(e,t,r){super(),this.operator=e,this.left=t,this.right=r}type="BinaryExpression"},dm=class extends de{constructor(e,t){super(),this.operand=e,this.filter=t}type="FilterExpression"},fm=class extends we{constructor(e,t){super(),this.filter=e,this.body=t}type="FilterStatement"},pm=class extends de{constructor(e,t){super(),this.lhs=e,this.test=t}type="SelectExpression"},hm=class extends de{constructor(e,t,r){super(),this.operand=e,this.negate=t,this.test=r}type="TestExpression"},ou=class extends de{constructor(e,t){super(),this.operator=e,this.argument=t}type="UnaryExpression"},mm=class extends de{constructor(e=void 0,t=void 0,r=void 0){super(),this.start=e,this.stop=t,this.step=r}type="SliceExpression"},Os=class extends de{constructor(e,t){super(),this.key=e,this.value=t}type="KeywordArgumentExpression"},gm=class extends de{constructor(e){super(),this.argument=e}type="SpreadExpression"},wm=class extends de{constructor(e){super(),this.argument=e}type="KeywordSpreadExpression"},_m=class extends we{constructor(e,t,r){super(),this.call=e,this.callerArgs=t,this.body=r}type="CallStatement"},vm=class extends de{constructor(e,t,r){super(),this.condition=e,this.trueExpr=t,this.falseExpr=r}type="Ternary"};function mu(e){let t=new Zh([]),r=0;function n(v,b){let k=e[r++];if(!k||k.type!==v)throw new Error(`Parser Error: ${b}. ${k.type} !== ${v}.`);return k}function s(v){if(!c(v))throw new SyntaxError(`Expected ${v}`);++r}function o(){switch(e[r].type){case y.Comment:return new om(e[r++].value);case y.Text:return u();case y.OpenStatement:return d();case y.OpenExpression:return l();default:throw new SyntaxError(`Unexpected token type: ${e[r].type}`)}}function i(...v){return r+v.length<=e.length&&v.every((b,k)=>b===e[r+k].type)}function a(...v){return e[r]?.type===y.OpenStatement&&e[r+1]?.type===y.Identifier&&v.includes(e[r+1]?.value)}function c(...v){return r+v.length<=e.length&&v.every((b,k)=>e[r+k].type==="Identifier"&&b===e[r+k].value)}function u(){return new nu(n(y.Text,"Expected text token").value)}function d(){if(n(y.OpenStatement,"Expected opening statement token"),e[r].type!==y.Identifier)throw new SyntaxError(`Unknown statement, got ${e[r].type}`);let v=e[r].value,b;switch(v){case"set":++r,b=f();break;case"if":++r,b=p(),n(y.OpenStatement,"Expected {% token"),s("endif"),n(y.CloseStatement,"Expected %} token");break;case"macro":++r,b=h(),n(y.OpenStatement,"Expected {% token"),s("endmacro"),n(y.CloseStatement,"Expected %} token");break;case"for":++r,b=m(),n(y.OpenStatement,"Expected {% token"),s("endfor"),n(y.CloseStatement,"Expected %} token");break;case"call":{++r;let k=null;i(y.OpenParen)&&(k=H("parameters"));let R=A();if(R.type!=="Identifier")throw new SyntaxError("Expected identifier following call statement");let q=H("call");n(y.CloseStatement,"Expected closing statement token");let Q=[];for(;!a("endcall");)Q.push(o());n(y.OpenStatement,"Expected '{%'"),s("endcall"),n(y.CloseStatement,"Expected closing statement token");let Oe=new ru(R,q);b=new _m(Oe,k,Q);break}case"break":++r,n(y.CloseStatement,"Expected closing statement token"),b=new tm;break;case"continue":++r,n(y.CloseStatement,"Expected closing statement token"),b=new rm;break;case"filter":{++r;let k=A();k instanceof Je&&i(y.OpenParen)&&(k=F(k)),n(y.CloseStatement,"Expected closing statement token");let R=[];for(;!a("endfilter");)R.push(o());n(y.OpenStatement,"Expected '{%'"),s("endfilter"),n(y.CloseStatement,"Expected '%}'"),b=new fm(k,R);break}default:throw new SyntaxError(`Unknown statement type: ${v}`)}return b}function l(){n(y.OpenExpression,"Expected opening expression token");let v=w();return n(y.CloseExpression,"Expected closing expression token"),v}function f(){let v=g(),b=null,k=[];if(i(y.Equals))++r,b=g();else{for(n(y.CloseStatement,"Expected %} token");!a("endset");)k.push(o());n(y.OpenStatement,"Expected {% token"),s("endset")}return n(y.CloseStatement,"Expected closing statement token"),new nm(v,b,k)}function p(){let v=w();n(y.CloseStatement,"Expected closing statement token");let b=[],k=[];for(;!a("elif","else","endif");)b.push(o());if(a("elif")){++r,++r;let R=p();k.push(R)}else if(a("else"))for(++r,++r,n(y.CloseStatement,"Expected closing statement token");!a("endif");)k.push(o());return new Qh(v,b,k)}function h(){let v=A();if(v.type!=="Identifier")throw new SyntaxError("Expected identifier following macro statement");let b=H("parameters");n(y.CloseStatement,"Expected closing statement token");let k=[];for(;!a("endmacro");)k.push(o());return new sm(v,b,k)}function g(v=!1){let b=v?A:w,k=[b()],R=i(y.Comma);for(;R&&(++r,k.push(b()),!!i(y.Comma)););return R?new su(k):k[0]}function m(){let v=g(!0);if(!(v instanceof Je||v instanceof su))throw new SyntaxError(`Expected identifier/tuple for the loop variable, got ${v.type} instead`);if(!c("in"))throw new SyntaxError("Expected `in` keyword following loop variable");++r;let b=w();n(y.CloseStatement,"Expected closing statement token");let k=[];for(;!a("endfor","else");)k.push(o());let R=[];if(a("else"))for(++r,++r,n(y.CloseStatement,"Expected closing statement token");!a("endfor");)R.push(o());return new em(v,b,k,R)}function w(){return _()}function _(){let v=x();if(c("if")){++r;let b=x();if(c("else")){++r;let k=_();return new vm(b,v,k)}else return new pm(v,b)}return v}function x(){let v=S();for(;c("or");){let b=e[r];++r;let k=S();v=new Tt(b,v,k)}return v}function S(){let v=T();for(;c("and");){let b=e[r];++r;let k=T();v=new Tt(b,v,k)}return v}function T(){let v;for(;c("not");){let b=e[r];++r;let k=T();v=new ou(b,k)}return v??C()}function C(){let v=z();for(;;){let b;if(c("not","in"))b=new ge("not in",y.Identifier),r+=2;else if(c("in"))b=e[r++];else if(i(y.ComparisonBinaryOperator))b=e[r++];else break;let k=z();v=new Tt(b,v,k)}return v}function z(){let v=Le();for(;i(y.AdditiveBinaryOperator);){let b=e[r];++r;let k=Le();v=new Tt(b,v,k)}return v}function W(){let v=pt(A());return i(y.OpenParen)?F(v):v}function F(v){let b=new ru(v,H("call"));return b=pt(b),i(y.OpenParen)&&(b=F(b)),b}function H(v){n(y.OpenParen,"Expected opening parenthesis for arguments list");let b=ee(v);return n(y.CloseParen,"Expected closing parenthesis for arguments list"),b}function ee(v){let b=[],k=new Set,R=!1,q=!1;for(;!i(y.CloseParen);){let Q=i(y.ExponentiationBinaryOperator),Oe=i(y.MultiplicativeBinaryOperator)&&e[r].value==="*";if(v==="parameters"&&(Q||Oe))throw new SyntaxError("Argument unpacking is not allowed in parameter declarations");if(Q){if(++r,b.push(new wm(w())),i(y.Comma)&&++r,!i(y.CloseParen))throw new SyntaxError("Expected closing parenthesis: `**` must be applied to the final argument");break}let Z;if(Oe){if(q)throw new SyntaxError("Only one `*` argument unpacking is allowed");q=!0,++r;let ve=w();Z=new gm(ve)}else{if(Z=w(),i(y.Equals)){if(++r,!(Z instanceof Je))throw new SyntaxError(v==="parameters"?"Expected identifier for parameter declaration":"Expected identifier for keyword argument");let ve=w();Z=new Os(Z,ve)}if(v==="parameters"){if(!(Z instanceof Je||Z instanceof Os))throw new SyntaxError("Expected identifier for parameter declaration");let ve=Z instanceof Je?Z.value:Z.key.value;if(k.has(ve))throw new SyntaxError(`Duplicate parameter name: ${ve}`);k.add(ve)}if(Z instanceof Os)R=!0;else{if(R)throw new SyntaxError(v==="call"?"Positional arguments must come before keyword arguments":"Non-default argument follows default argument");if(q)throw new SyntaxError("Positional arguments must not follow `*` argument unpacking")}}b.push(Z),i(y.Comma)&&++r}return b}function _e(){let v=[],b=!1;for(;!i(y.CloseSquareBracket);)i(y.Colon)?(v.push(void 0),++r,b=!0):(v.push(w()),i(y.Colon)&&(++r,b=!0));if(v.length===0)throw new SyntaxError("Expected at least one argument for member/slice expression");if(b){if(v.length>3)throw new SyntaxError("Expected 0-3 arguments for slice expression");return new mm(...v)}return v[0]}function pt(v){for(;i(y.Dot)||i(y.OpenSquareBracket);){let b=e[r];++r;let k,R=b.type===y.OpenSquareBracket;if(R)k=_e(),n(y.CloseSquareBracket,"Expected closing square bracket");else if(k=A(),k.type!=="Identifier"&&k.type!=="IntegerLiteral")throw new SyntaxError("Expected identifier or integer following dot operator");v=new im(v,k,R)}return v}function Le(){let v=Re();for(;i(y.MultiplicativeBinaryOperator);){let b=e[r++],k=Re();v=new Tt(b,v,k)}return v}function Re(){let v=Y();for(;i(y.ExponentiationBinaryOperator);){let b=e[r++],k=Y();v=new Tt(b,v,k)}return v}function Y(){let v=O();for(;c("is");){++r;let b=c("not");b&&++r;let k=A();if(!(k instanceof Je))throw new SyntaxError("Expected identifier for the test");v=new hm(v,b,k)}return v}function O(){let v=M();for(;i(y.Pipe);){++r;let b=A();if(!(b instanceof Je))throw new SyntaxError("Expected identifier for the filter");i(y.OpenParen)&&(b=F(b)),v=new dm(v,b)}return v}function M(){let v=e[r];if(v&&(v.type===y.UnaryOperator||v.type===y.AdditiveBinaryOperator)&&(v.value==="-"||v.value==="+")){let b=e[r++],k=M();return new ou(b,k)}return W()}function A(){let v=e[r++];switch(v.type){case y.NumericLiteral:{let b=v.value;return b.includes(".")?new cm(Number(b)):new am(Number(b))}case y.StringLiteral:{let b=v.value;for(;i(y.StringLiteral);)b+=e[r++].value;return new nu(b)}case y.Identifier:return new Je(v.value);case y.OpenParen:{let b=g();return n(y.CloseParen,"Expected closing parenthesis, got ${tokens[current].type} instead."),b}case y.OpenSquareBracket:{let b=[];for(;!i(y.CloseSquareBracket);)b.push(w()),i(y.Comma)&&++r;return++r,new um(b)}case y.OpenCurlyBracket:{let b=new Map;for(;!i(y.CloseCurlyBracket);){let k=w();n(y.Colon,"Expected colon between key and value in object literal");let R=w();b.set(k,R),i(y.Comma)&&++r}return++r,new lm(b)}default:throw new SyntaxError(`Unexpected token: ${v.type}`)}}for(;r<e.length;)t.body.push(o());return t}function iu(e,t,r,n=1){let s=Math.sign(n);s>=0?(t=(t??=0)<0?Math.max(e.length+t,0):Math.min(t,e.length),r=(r??=e.length)<0?Math.max(e.length+r,0):Math.min(r,e.length)):(t=(t??=e.length-1)<0?Math.max(e.length+t,-1):Math.min(t,e.length-1),r=(r??=-1)<-1?Math.max(e.length+r,-1):Math.min(r,e.length-1));let o=[];for(let i=t;s*i<s*r;i+=n)o.push(e[i]);return o}function ym(e){return e.replace(/\b\w/g,t=>t.toUpperCase())}function bm(e){return e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}function $m(e,t,r,n){if(n===0)return e;let s=n==null||n<0?1/0:n,o=t.length===0?new RegExp("(?=)","gu"):new RegExp(bm(t),"gu");return e.replaceAll(o,i=>s>0?(--s,r):i)}var au=class extends Error{},cu=class extends Error{},xm=new Map,xe=class{type="RuntimeValue";value;get builtins(){return xm}constructor(e=void 0){this.value=e}__bool__(){return new N(!!this.value)}toString(){return String(this.value)}},P=class extends xe{type="IntegerValue"},D=class extends xe{type="FloatValue";toString(){return Object.is(this.value,-0)?"-0.0":this.value%1===0?this.value.toFixed(1):this.value.toString()}},E=class extends xe{type="StringValue";_builtins;get builtins(){return this._builtins??=new Map([["upper",new V(()=>new E(this.value.toUpperCase()))],["lower",new V(()=>new E(this.value.toLowerCase()))],["strip",new V(()=>new E(this.value.trim()))],["title",new V(()=>new E(ym(this.value)))],["capitalize",new V(()=>new E(this.value.charAt(0).toUpperCase()+this.value.slice(1)))],["length",new P(this.value.length)],["rstrip",new V(()=>new E(this.value.trimEnd()))],["lstrip",new V(()=>new E(this.value.trimStart()))],["startswith",new V(e=>{if(e.length===0)throw new Error("startswith() requires at least one argument");let t=e[0];if(t instanceof E)return new N(this.value.startsWith(t.value));if(t instanceof B){for(let r of t.value){if(!(r instanceof E))throw new Error("startswith() tuple elements must be strings");if(this.value.startsWith(r.value))return new N(!0)}return new N(!1)}throw new Error("startswith() argument must be a string or tuple of strings")})],["endswith",new V(e=>{if(e.length===0)throw new Error("endswith() requires at least one argument");let t=e[0];if(t instanceof E)return new N(this.value.endsWith(t.value));if(t instanceof B){for(let r of t.value){if(!(r instanceof E))throw new Error("endswith() tuple elements must be strings");if(this.value.endsWith(r.value))return new N(!0)}return new N(!1)}throw new Error("endswith() argument must be a string or tuple of strings")})],["split",new V(e=>{let t=e[0]??new G;if(!(t instanceof E||t instanceof G))throw new Error("sep argument must be a string or null");let r=e[1]??new P(-1);if(!(r instanceof P))throw new Error("maxsplit argument must be a number");let n=[];if(t instanceof G){let s=this.value.trimStart();for(let{0:o,index:i}of s.matchAll(/\S+/g)){if(r.value!==-1&&n.length>=r.value&&i!==void 0){n.push(o+s.slice(i+o.length));break}n.push(o)}}else{if(t.value==="")throw new Error("empty separator");n=this.value.split(t.value),r.value!==-1&&n.length>r.value&&n.push(n.splice(r.value).join(t.value))}return new B(n.map(s=>new E(s)))})],["replace",new V(e=>{if(e.length<2)throw new Error("replace() requires at least two arguments");let t=e[0],r=e[1];if(!(t instanceof E&&r instanceof E))throw new Error("replace() arguments must be strings");let n;if(e.length>2?e[2].type==="KeywordArgumentsValue"?n=e[2].value.get("count")??new G:n=e[2]:n=new G,!(n instanceof P||n instanceof G))throw new Error("replace() count argument must be a number or null");return new E($m(this.value,t.value,r.value,n.value))})]])}},N=class extends xe{type="BooleanValue"},km=/[\x7f-\uffff]/g;function uu(e){return e.replace(km,t=>"\\u"+t.charCodeAt(0).toString(16).padStart(4,"0"))}function Ye(e,t={},r=0,n=!0){let{indent:s=null,ensureAscii:o=!1,separators:i=null,sortKeys:a=!1}=t,c,u;switch(i?[c,u]=i:s?(c=",",u=": "):(c=", ",u=": "),e.type){case"NullValue":return"null";case"UndefinedValue":return n?"null":"undefined";case"IntegerValue":case"FloatValue":case"BooleanValue":return JSON.stringify(e.value);case"StringValue":{let d=JSON.stringify(e.value);return o&&(d=uu(d)),d}case"ArrayValue":case"NamespaceValue":case"ObjectValue":{let d=s?" ".repeat(s):"",l=`
`+d.repeat(r),f=l+d;if(e.type==="ArrayValue"){let p=e.value.map(h=>Ye(h,t,r+1,n));return s&&p.length>0?`[${f}${p.join(`${c}${f}`)}${l}]`:`[${p.join(c)}]`}else{let p=Array.from(e.value.entries());a&&(p=p.sort(([g],[m])=>g.localeCompare(m)));let h=p.map(([g,m])=>{let w=JSON.stringify(g);o&&(w=uu(w));let _=`${w}${u}${Ye(m,t,r+1,n)}`;return s?`${f}${_}`:_});return s&&h.length>0?`{${h.join(c)}${l}}`:`{${h.join(c)}}`}}default:throw new Error(`Cannot convert to JSON: ${e.type}`)}}var re=class extends xe{type="ObjectValue";_builtins;__bool__(){return new N(this.value.size>0)}get builtins(){return this._builtins??=new Map([["get",new V(([e,t])=>{if(!(e instanceof E))throw new Error(`Object key must be a string: got ${e.type}`);return this.value.get(e.value)??t??new G})],["items",new V(()=>this.items())],["keys",new V(()=>this.keys())],["values",new V(()=>this.values())],["dictsort",new V(e=>{let t=new Map,r=e.filter(a=>a instanceof dt?(t=a.value,!1):!0),n=r.at(0)??t.get("case_sensitive")??new N(!1);if(!(n instanceof N))throw new Error("case_sensitive must be a boolean");let s=r.at(1)??t.get("by")??new E("key");if(!(s instanceof E))throw new Error("by must be a string");if(!["key","value"].includes(s.value))throw new Error("by must be either 'key' or 'value'");let o=r.at(2)??t.get("reverse")??new N(!1);if(!(o instanceof N))throw new Error("reverse must be a boolean");let i=Array.from(this.value.entries()).map(([a,c])=>new B([new E(a),c])).sort((a,c)=>{let u=s.value==="key"?0:1,d=a.value[u],l=c.value[u],f=As(d,l,n.value);return o.value?-f:f});return new B(i)})]])}items(){return new B(Array.from(this.value.entries()).map(([e,t])=>new B([new E(e),t])))}keys(){return new B(Array.from(this.value.keys()).map(e=>new E(e)))}values(){return new B(Array.from(this.value.values()))}toString(){return Ye(this,{},0,!1)}},dt=class extends re{type="KeywordArgumentsValue"},Cs=class extends xe{type="NamespaceValue";toString(){return Ye(this,{},0,!1)}},B=class extends xe{type="ArrayValue";_builtins;get builtins(){return this._builtins??=new Map([["length",new P(this.value.length)]])}__bool__(){return new N(this.value.length>0)}toString(){return Ye(this,{},0,!1)}},lu=class extends B{type="TupleValue"},V=class extends xe{type="FunctionValue"},G=class extends xe{type="NullValue"},K=class extends xe{type="UndefinedValue"};function Em(e){let t;if(e instanceof B?t=e.value:e instanceof E&&(t=Array.from(e.value,s=>new E(s))),!t||t.length!==2)throw new Error("namespace expected an object or an iterable of [key, value] pairs");let[r,n]=t;if(!(r instanceof E))throw new Error("namespace keys must be strings");return[r,n]}var gu=class{constructor(e){this.parent=e}variables=new Map([["namespace",new V(e=>{let t=e.slice(),r;if(t.at(-1)instanceof dt&&(r=t.pop()),t.length>1)throw new Error(`namespace expected at most 1 argument, got ${t.length}`);let n=new Map;if(t.length===1){let s=t[0];if(s instanceof re)for(let[o,i]of s.value)n.set(o,i);else if(s instanceof B)for(let o of s.value){let[i,a]=Em(o);n.set(i.value,a)}else throw new Error(`'${s.type}' object is not iterable`)}if(r)for(let[s,o]of r.value)n.set(s,o);return new Cs(n)})]]);tests=gu.TESTS;set(e,t){return this.declareVariable(e,en(t))}declareVariable(e,t){if(this.variables.has(e))throw new SyntaxError(`Variable already declared: ${e}`);return this.variables.set(e,t),t}setVariable(e,t){return this.variables.set(e,t),t}resolve(e){if(this.variables.has(e))return this;if(this.parent)return this.parent.resolve(e);throw new Error(`Unknown variable: ${e}`)}lookupVariable(e){try{return this.resolve(e).variables.get(e)??new K}catch{return new K}}},pe=gu;Hh(pe,"TESTS",new Map([["boolean",e=>e.type==="BooleanValue"],["callable",e=>e instanceof V],["odd",e=>{if(!(e instanceof P))throw new Error(`cannot odd on ${e.type}`);return e.value%2!==0}],["even",e=>{if(!(e instanceof P))throw new Error(`cannot even on ${e.type}`);return e.value%2===0}],["false",e=>e.type==="BooleanValue"&&!e.value],["true",e=>e.type==="BooleanValue"&&e.value],["none",e=>e.type==="NullValue"],["string",e=>e.type==="StringValue"],["number",e=>e instanceof P||e instanceof D],["integer",e=>e instanceof P],["iterable",e=>e.type==="ArrayValue"||e.type==="StringValue"],["mapping",e=>e instanceof re],["sequence",e=>e instanceof B||e instanceof re||e instanceof E],["lower",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toLowerCase()}],["upper",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toUpperCase()}],["none",e=>e.type==="NullValue"],["defined",e=>e.type!=="UndefinedValue"],["undefined",e=>e.type==="UndefinedValue"],["equalto",(e,t)=>e.value===t.value],["eq",(e,t)=>e.value===t.value]]));function Qr(e){return e instanceof re||e instanceof Cs}function tn(e){return e instanceof P||e instanceof D||e instanceof N}function rn(e){return e instanceof N?Number(e.value):e.value}function du(e,t){let r=t.split("."),n=e;for(let s of r)if(Qr(n))n=n.value.get(s)??new K;else if(n instanceof B){let o=parseInt(s,10);if(!isNaN(o)&&o>=0&&o<n.value.length)n=n.value[o];else return new K}else return new K;return n}function As(e,t,r=!1){if(e instanceof G&&t instanceof G)return 0;if(e instanceof G||t instanceof G)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(e instanceof K&&t instanceof K)return 0;if(e instanceof K||t instanceof K)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(tn(e)&&tn(t)){let n=rn(e),s=rn(t);return n<s?-1:n>s?1:0}if(e.type!==t.type)throw new Error(`Cannot compare different types: ${e.type} and ${t.type}`);switch(e.type){case"StringValue":{let n=e.value,s=t.value;return r||(n=n.toLowerCase(),s=s.toLowerCase()),n<s?-1:n>s?1:0}default:throw new Error(`Cannot compare type: ${e.type}`)}}function Ts(e){if(e.type==="Identifier")return{name:e.value};let t=e;return{name:t.key.value,defaultValue:t.value}}function fu(e){return e==="kwargs"||e==="varargs"}function pu(e,t){let r=new Set,n=new Set,s=d=>{fu(d)&&r.add(d)},o=d=>{if(d.type==="Identifier")s(d.value);else if(d.type==="TupleLiteral")for(let l of d.value)o(l)},i=d=>{s(Ts(d).name)},a=d=>{for(let l of d){let f=Ts(l);f.defaultValue&&u(f.defaultValue)}},c=d=>{d.type==="CallExpression"&&u(d.args)},u=d=>{if(Array.isArray(d)){for(let l of d)u(l);return}if(d instanceof Map){for(let[l,f]of d)u(l),u(f);return}if(d instanceof we)switch(d.type){case"For":{let l=d;if(o(l.loopvar),l.iterable.type==="SelectExpression"){let f=l.iterable;u(f.lhs),u(l.body),u(l.defaultBlock),u(f.test);return}u(l.iterable),u(l.body),u(l.defaultBlock);return}case"Set":{let l=d;o(l.assignee),u(l.value),u(l.body);return}case"Macro":{let l=d;for(let f of l.args)i(f);a(l.args),u(l.body);return}case"CallStatement":{let l=d;u(l.call);for(let f of l.callerArgs??[])i(f);a(l.callerArgs??[]),u(l.body);return}case"FilterStatement":{let l=d;u(l.body),c(l.filter);return}case"Identifier":{let l=d.value;fu(l)&&!r.has(l)&&n.add(l);return}case"MemberExpression":{let l=d;u(l.object),l.computed&&u(l.property);return}case"FilterExpression":{let l=d;u(l.operand),c(l.filter);return}case"TestExpression":u(d.operand);return;case"SelectExpression":{let l=d;u(l.test),u(l.lhs);return}case"KeywordArgumentExpression":u(d.value);return;default:for(let l of Object.values(d))u(l)}};for(let d of e)i(d);return u(t),n}var wu=class{global;constructor(e){this.global=e??new pe}run(e){return this.evaluate(e,this.global)}evaluateBinaryExpression(e,t){let r=this.evaluate(e.left,t);switch(e.operator.value){case"and":return r.__bool__().value?this.evaluate(e.right,t):r;case"or":return r.__bool__().value?r:this.evaluate(e.right,t)}let n=this.evaluate(e.right,t);switch(e.operator.value){case"==":return new N(r.value==n.value);case"!=":return new N(r.value!=n.value)}if(r instanceof K||n instanceof K){if(n instanceof K&&["in","not in"].includes(e.operator.value))return new N(e.operator.value==="not in");throw new Error(`Cannot perform operation ${e.operator.value} on undefined values`)}else{if(r instanceof G||n instanceof G)throw new Error("Cannot perform operation on null values");if(e.operator.value==="~")return new E(r.value.toString()+n.value.toString());if(e.operator.value==="**"&&tn(r)&&tn(n)){let s=rn(r),o=rn(n);if(s===0&&o<0)throw new Error("0.0 cannot be raised to a negative power");let i=s**o;if(!Number.isFinite(i))throw new Error("Exponentiation result is not a finite real number");return r instanceof D||n instanceof D||o<0?new D(i):new P(i)}else if((r instanceof P||r instanceof D)&&(n instanceof P||n instanceof D)){let s=r.value,o=n.value;switch(e.operator.value){case"+":case"-":case"*":{let i=e.operator.value==="+"?s+o:e.operator.value==="-"?s-o:s*o;return r instanceof D||n instanceof D?new D(i):new P(i)}case"/":return new D(s/o);case"//":{let i=Math.floor(s/o);return r instanceof D||n instanceof D?new D(i):new P(i)}case"%":{let i=s%o;return r instanceof D||n instanceof D?new D(i):new P(i)}case"<":return new N(s<o);case">":return new N(s>o);case">=":return new N(s>=o);case"<=":return new N(s<=o)}}else if(r instanceof B&&n instanceof B)switch(e.operator.value){case"+":return new B(r.value.concat(n.value))}else if(n instanceof B){let s=n.value.find(o=>o.value===r.value)!==void 0;switch(e.operator.value){case"in":return new N(s);case"not in":return new N(!s)}}}if(r instanceof E||n instanceof E)switch(e.operator.value){case"+":return new E(r.value.toString()+n.value.toString())}if(r instanceof E&&n instanceof E)switch(e.operator.value){case"in":return new N(n.value.includes(r.value));case"not in":return new N(!n.value.includes(r.value))}if(r instanceof E&&n instanceof re)switch(e.operator.value){case"in":return new N(n.value.has(r.value));case"not in":return new N(!n.value.has(r.value))}throw new SyntaxError(`Unknown operator "${e.operator.value}" between ${r.type} and ${n.type}`)}evaluateArguments(e,t){let r=[],n=new Map,s=(o,i)=>{if(n.has(o))throw new Error(`Got multiple values for keyword argument '${o}'`);n.set(o,i)};for(let o of e)if(o.type==="SpreadExpression"){let i=o,a=this.evaluate(i.argument,t);if(!(a instanceof B))throw new Error(`Cannot unpack non-iterable type: ${a.type}`);for(let c of a.value)r.push(c)}else o.type!=="KeywordArgumentExpression"&&o.type!=="KeywordSpreadExpression"&&r.push(this.evaluate(o,t));for(let o of e)if(o.type==="KeywordArgumentExpression"){let i=o;s(i.key.value,this.evaluate(i.value,t))}else if(o.type==="KeywordSpreadExpression"){let i=o,a=this.evaluate(i.argument,t);if(!(a instanceof re))throw new Error(`Argument after ** must be a mapping, not ${a.type}`);for(let[c,u]of a.value)s(c,u)}return[r,n]}applyFilter(e,t,r){if(t.type==="Identifier"){let n=t;if(n.value==="safe")return e;if(n.value==="tojson")return new E(Ye(e,{}));if(e instanceof B)switch(n.value){case"list":return e;case"first":return e.value[0];case"last":return e.value[e.value.length-1];case"length":return new P(e.value.length);case"reverse":return new B(e.value.slice().reverse());case"sort":return new B(e.value.slice().sort((s,o)=>As(s,o,!1)));case"join":return new E(e.value.map(s=>s.value).join(""));case"string":return new E(Ye(e,{},0,!1));case"unique":{let s=new Set,o=[];for(let i of e.value)s.has(i.value)||(s.add(i.value),o.push(i));return new B(o)}default:throw new Error(`Unknown ArrayValue filter: ${n.value}`)}else if(e instanceof E)switch(n.value){case"length":case"upper":case"lower":case"title":case"capitalize":{let s=e.builtins.get(n.value);if(s instanceof V)return s.value([],r);if(s instanceof P)return s;throw new Error(`Unknown StringValue filter: ${n.value}`)}case"trim":return new E(e.value.trim());case"indent":return new E(e.value.split(`
`).map((s,o)=>o===0||s.length===0?s:"    "+s).join(`
`));case"join":case"string":return e;case"int":{let s=parseInt(e.value,10);return new P(isNaN(s)?0:s)}case"float":{let s=parseFloat(e.value);return new D(isNaN(s)?0:s)}default:throw new Error(`Unknown StringValue filter: ${n.value}`)}else if(e instanceof P||e instanceof D)switch(n.value){case"abs":return e instanceof P?new P(Math.abs(e.value)):new D(Math.abs(e.value));case"int":return new P(Math.floor(e.value));case"float":return new D(e.value);case"string":return new E(e.toString());default:throw new Error(`Unknown NumericValue filter: ${n.value}`)}else if(e instanceof re)switch(n.value){case"items":return new B(Array.from(e.value.entries()).map(([s,o])=>new B([new E(s),o])));case"length":return new P(e.value.size);default:{let s=e.builtins.get(n.value);if(s)return s instanceof V?s.value([],r):s;throw new Error(`Unknown ObjectValue filter: ${n.value}`)}}else if(e instanceof N)switch(n.value){case"bool":return new N(e.value);case"int":return new P(e.value?1:0);case"float":return new D(e.value?1:0);case"string":return new E(e.value?"true":"false");default:throw new Error(`Unknown BooleanValue filter: ${n.value}`)}throw new Error(`Cannot apply filter "${n.value}" to type: ${e.type}`)}else if(t.type==="CallExpression"){let n=t;if(n.callee.type!=="Identifier")throw new Error(`Unknown filter: ${n.callee.type}`);let s=n.callee.value;if(s==="tojson"){let[,o]=this.evaluateArguments(n.args,r),i=o.get("indent")??new G;if(!(i instanceof P||i instanceof G))throw new Error("If set, indent must be a number");let a=o.get("ensure_ascii")??new N(!1);if(!(a instanceof N))throw new Error("If set, ensure_ascii must be a boolean");let c=o.get("sort_keys")??new N(!1);if(!(c instanceof N))throw new Error("If set, sort_keys must be a boolean");let u=o.get("separators")??new G,d=null;if(u instanceof B||u instanceof lu){if(u.value.length!==2)throw new Error("separators must be a tuple of two strings");let[l,f]=u.value;if(!(l instanceof E)||!(f instanceof E))throw new Error("separators must be a tuple of two strings");d=[l.value,f.value]}else if(!(u instanceof G))throw new Error("If set, separators must be a tuple of two strings");return new E(Ye(e,{indent:i.value,ensureAscii:a.value,sortKeys:c.value,separators:d}))}else if(s==="join"){let o;if(e instanceof E)o=Array.from(e.value);else if(e instanceof B)o=e.value.map(u=>u.value);else throw new Error(`Cannot apply filter "${s}" to type: ${e.type}`);let[i,a]=this.evaluateArguments(n.args,r),c=i.at(0)??a.get("separator")??new E("");if(!(c instanceof E))throw new Error("separator must be a string");return new E(o.join(c.value))}else if(s==="int"||s==="float"){let[o,i]=this.evaluateArguments(n.args,r),a=o.at(0)??i.get("default")??(s==="int"?new P(0):new D(0));if(e instanceof E){let c=s==="int"?parseInt(e.value,10):parseFloat(e.value);return isNaN(c)?a:s==="int"?new P(c):new D(c)}else{if(e instanceof P||e instanceof D)return e;if(e instanceof N)return s==="int"?new P(e.value?1:0):new D(e.value?1:0);throw new Error(`Cannot apply filter "${s}" to type: ${e.type}`)}}else if(s==="default"){let[o,i]=this.evaluateArguments(n.args,r),a=o[0]??new E(""),c=o[1]??i.get("boolean")??new N(!1);if(!(c instanceof N))throw new Error("`default` filter flag must be a boolean");return e instanceof K||c.value&&!e.__bool__().value?a:e}if(e instanceof B){switch(s){case"sort":{let[o,i]=this.evaluateArguments(n.args,r),a=o.at(0)??i.get("reverse")??new N(!1);if(!(a instanceof N))throw new Error("reverse must be a boolean");let c=o.at(1)??i.get("case_sensitive")??new N(!1);if(!(c instanceof N))throw new Error("case_sensitive must be a boolean");let u=o.at(2)??i.get("attribute")??new G;if(!(u instanceof E||u instanceof P||u instanceof G))throw new Error("attribute must be a string, integer, or null");let d=l=>{if(u instanceof G)return l;let f=u instanceof P?String(u.value):u.value;return du(l,f)};return new B(e.value.slice().sort((l,f)=>{let p=d(l),h=d(f),g=As(p,h,c.value);return a.value?-g:g}))}case"selectattr":case"rejectattr":{let o=s==="selectattr";if(e.value.some(l=>!Qr(l)))throw new Error(`\`${s}\` can only be applied to array of objects`);if(n.args.some(l=>l.type!=="StringLiteral"))throw new Error(`arguments of \`${s}\` must be strings`);let[i,a,c]=n.args.map(l=>this.evaluate(l,r)),u;if(a){let l=r.tests.get(a.value);if(!l)throw new Error(`Unknown test: ${a.value}`);u=l}else u=(...l)=>l[0].__bool__().value;let d=e.value.filter(l=>{let f=l.value.get(i.value),p=f?u(f,c):!1;return o?p:!p});return new B(d)}case"map":{let[,o]=this.evaluateArguments(n.args,r);if(o.has("attribute")){let i=o.get("attribute");if(!(i instanceof E))throw new Error("attribute must be a string");let a=o.get("default"),c=e.value.map(u=>{if(!Qr(u))throw new Error("items in map must be an object");let d=du(u,i.value);return d instanceof K?a??new K:d});return new B(c)}else throw new Error("`map` expressions without `attribute` set are not currently supported.")}}throw new Error(`Unknown ArrayValue filter: ${s}`)}else if(e instanceof E){switch(s){case"indent":{let[o,i]=this.evaluateArguments(n.args,r),a=o.at(0)??i.get("width")??new P(4);if(!(a instanceof P))throw new Error("width must be a number");let c=o.at(1)??i.get("first")??new N(!1),u=o.at(2)??i.get("blank")??new N(!1),d=e.value.split(`
`),l=" ".repeat(a.value),f=d.map((p,h)=>!c.value&&h===0||!u.value&&p.length===0?p:l+p);return new E(f.join(`
`))}case"replace":{let o=e.builtins.get("replace");if(!(o instanceof V))throw new Error("replace filter not available");let[i,a]=this.evaluateArguments(n.args,r);return o.value([...i,new dt(a)],r)}}throw new Error(`Unknown StringValue filter: ${s}`)}else if(e instanceof re){let o=e.builtins.get(s);if(o&&o instanceof V){let[i,a]=this.evaluateArguments(n.args,r);return a.size>0&&i.push(new dt(a)),o.value(i,r)}throw new Error(`Unknown ObjectValue filter: ${s}`)}else throw new Error(`Cannot apply filter "${s}" to type: ${e.type}`)}throw new Error(`Unknown filter: ${t.type}`)}evaluateFilterExpression(e,t){let r=this.evaluate(e.operand,t);return this.applyFilter(r,e.filter,t)}evaluateTestExpression(e,t){let r=this.evaluate(e.operand,t),n=t.tests.get(e.test.value);if(!n)throw new Error(`Unknown test: ${e.test.value}`);let s=n(r);return new N(e.negate?!s:s)}evaluateSelectExpression(e,t){return this.evaluate(e.test,t).__bool__().value?this.evaluate(e.lhs,t):new K}evaluateUnaryExpression(e,t){let r=this.evaluate(e.argument,t);switch(e.operator.value){case"not":return new N(!r.__bool__().value);case"+":case"-":{let n=e.operator.value==="-"?-1:1;if(r instanceof P||r instanceof D||r instanceof N){let s=r instanceof N?r.value?1:0:r.value,o=n*s;return r instanceof D?new D(o):new P(o)}throw new SyntaxError(`Unknown operator "${e.operator.value}" for ${r.type}`)}default:throw new SyntaxError(`Unknown operator: ${e.operator.value}`)}}evaluateTernaryExpression(e,t){return this.evaluate(e.condition,t).__bool__().value?this.evaluate(e.trueExpr,t):this.evaluate(e.falseExpr,t)}evalProgram(e,t){return this.evaluateBlock(e.body,t)}evaluateBlock(e,t){let r="";for(let n of e){let s=this.evaluate(n,t);s.type!=="NullValue"&&s.type!=="UndefinedValue"&&(r+=s.toString())}return new E(r)}evaluateIdentifier(e,t){return t.lookupVariable(e.value)}evaluateCallExpression(e,t){let[r,n]=this.evaluateArguments(e.args,t);n.size>0&&r.push(new dt(n));let s=this.evaluate(e.callee,t);if(s.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${s.type}`);return s.value(r,t)}evaluateSliceExpression(e,t,r){if(!(e instanceof B||e instanceof E))throw new Error("Slice object must be an array or string");let n=this.evaluate(t.start,r),s=this.evaluate(t.stop,r),o=this.evaluate(t.step,r);if(!(n instanceof P||n instanceof K))throw new Error("Slice start must be numeric or undefined");if(!(s instanceof P||s instanceof K))throw new Error("Slice stop must be numeric or undefined");if(!(o instanceof P||o instanceof K))throw new Error("Slice step must be numeric or undefined");return e instanceof B?new B(iu(e.value,n.value,s.value,o.value)):new E(iu(Array.from(e.value),n.value,s.value,o.value).join(""))}evaluateMemberExpression(e,t){let r=this.evaluate(e.object,t),n;if(e.computed){if(e.property.type==="SliceExpression")return this.evaluateSliceExpression(r,e.property,t);n=this.evaluate(e.property,t)}else e.property.type==="IntegerLiteral"?n=new P(e.property.value):n=new E(e.property.value);let s;if(Qr(r)){if(!(n instanceof E))throw new Error(`Cannot access property with non-string: got ${n.type}`);s=r.value.get(n.value)??(r instanceof re?r.builtins.get(n.value):void 0)}else if(r instanceof B||r instanceof E)if(n instanceof P)if(r instanceof E){let o=r.value.at(n.value);s=o===void 0?void 0:new E(o)}else s=r.value.at(n.value);else if(n instanceof E)s=r.builtins.get(n.value);else throw new Error(`Cannot access property with non-string/non-number: got ${n.type}`);else{if(!(n instanceof E))throw new Error(`Cannot access property with non-string: got ${n.type}`);s=r.builtins.get(n.value)}return s instanceof xe?s:new K}evaluateSet(e,t){let r=e.value?this.evaluate(e.value,t):this.evaluateBlock(e.body,t);if(e.assignee.type==="Identifier"){let n=e.assignee.value;t.setVariable(n,r)}else if(e.assignee.type==="TupleLiteral"){let n=e.assignee;if(!(r instanceof B))throw new Error(`Cannot unpack non-iterable type in set: ${r.type}`);let s=r.value;if(s.length!==n.value.length)throw new Error(`Too ${n.value.length>s.length?"few":"many"} items to unpack in set`);for(let o=0;o<n.value.length;++o){let i=n.value[o];if(i.type!=="Identifier")throw new Error(`Cannot unpack to non-identifier in set: ${i.type}`);t.setVariable(i.value,s[o])}}else if(e.assignee.type==="MemberExpression"){let n=e.assignee,s=this.evaluate(n.object,t);if(!(s instanceof Cs))throw new Error("cannot assign attribute on non-namespace object");if(n.property.type!=="Identifier")throw new Error("Cannot assign to member with non-identifier property");s.value.set(n.property.value,r)}else throw new Error(`Invalid LHS inside assignment expression: ${JSON.stringify(e.assignee)}`);return new G}evaluateIf(e,t){let r=this.evaluate(e.test,t);return this.evaluateBlock(r.__bool__().value?e.body:e.alternate,t)}evaluateFor(e,t){let r=new pe(t),n,s;if(e.iterable.type==="SelectExpression"){let u=e.iterable;s=this.evaluate(u.lhs,r),n=u.test}else s=this.evaluate(e.iterable,r);if(!(s instanceof B||s instanceof re))throw new Error(`Expected iterable or object type in for loop: got ${s.type}`);s instanceof re&&(s=s.keys());let o=[],i=[];for(let u=0;u<s.value.length;++u){let d=new pe(r),l=s.value[u],f;if(e.loopvar.type==="Identifier")f=p=>p.setVariable(e.loopvar.value,l);else if(e.loopvar.type==="TupleLiteral"){let p=e.loopvar;if(l.type!=="ArrayValue")throw new Error(`Cannot unpack non-iterable type: ${l.type}`);let h=l;if(p.value.length!==h.value.length)throw new Error(`Too ${p.value.length>h.value.length?"few":"many"} items to unpack`);f=g=>{for(let m=0;m<p.value.length;++m){if(p.value[m].type!=="Identifier")throw new Error(`Cannot unpack non-identifier type: ${p.value[m].type}`);g.setVariable(p.value[m].value,h.value[m])}}}else throw new Error(`Invalid loop variable(s): ${e.loopvar.type}`);n&&(f(d),!this.evaluate(n,d).__bool__().value)||(o.push(l),i.push(f))}let a="",c=!0;for(let u=0;u<o.length;++u){let d=new Map([["index",new P(u+1)],["index0",new P(u)],["revindex",new P(o.length-u)],["revindex0",new P(o.length-u-1)],["first",new N(u===0)],["last",new N(u===o.length-1)],["length",new P(o.length)],["previtem",u>0?o[u-1]:new K],["nextitem",u<o.length-1?o[u+1]:new K]]);r.setVariable("loop",new re(d)),i[u](r);try{let l=this.evaluateBlock(e.body,r);a+=l.value}catch(l){if(l instanceof cu)continue;if(l instanceof au)break;throw l}c=!1}if(c){let u=this.evaluateBlock(e.defaultBlock,r);a+=u.value}return new E(a)}bindMacroArguments(e,t,r,n,s){let o=n.slice(),i=new Map;o.at(-1)instanceof dt&&(i=new Map(o.pop().value));let a=[];for(let c=0;c<t.length;++c){let{name:u,defaultValue:d}=Ts(t[c]),l=o[c];l===void 0&&i.has(u)&&(l=i.get(u),i.delete(u)),l===void 0&&d!==void 0&&a.push([u,d]),s.setVariable(u,l??new K)}if(r.has("kwargs"))s.setVariable("kwargs",new re(i));else if(i.size>0)throw new Error(`macro ${e} takes no keyword argument '${i.keys().next().value}'`);if(r.has("varargs"))s.setVariable("varargs",new B(o.slice(t.length)));else if(o.length>t.length)throw new Error(`macro ${e} takes not more than ${t.length} argument(s)`);for(let[c,u]of a)s.setVariable(c,this.evaluate(u,s))}evaluateMacro(e,t){let r=pu(e.args,e.body);return t.setVariable(e.name.value,new V((n,s)=>{let o=new pe(s);return this.bindMacroArguments(`'${e.name.value}'`,e.args,r,n,o),this.evaluateBlock(e.body,o)})),new G}evaluateCallStatement(e,t){let r=e.callerArgs??[],n=pu(r,e.body),s=new V(u=>{let d=new pe(t);return this.bindMacroArguments("None",r,n,u,d),this.evaluateBlock(e.body,d)}),[o,i]=this.evaluateArguments(e.call.args,t);o.push(new dt(i));let a=this.evaluate(e.call.callee,t);if(a.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${a.type}`);let c=new pe(t);return c.setVariable("caller",s),a.value(o,c)}evaluateFilterStatement(e,t){let r=this.evaluateBlock(e.body,t);return this.applyFilter(r,e.filter,t)}evaluate(e,t){if(!e)return new K;switch(e.type){case"Program":return this.evalProgram(e,t);case"Set":return this.evaluateSet(e,t);case"If":return this.evaluateIf(e,t);case"For":return this.evaluateFor(e,t);case"Macro":return this.evaluateMacro(e,t);case"CallStatement":return this.evaluateCallStatement(e,t);case"Break":throw new au;case"Continue":throw new cu;case"IntegerLiteral":return new P(e.value);case"FloatLiteral":return new D(e.value);case"StringLiteral":return new E(e.value);case"ArrayLiteral":return new B(e.value.map(r=>this.evaluate(r,t)));case"TupleLiteral":return new lu(e.value.map(r=>this.evaluate(r,t)));case"ObjectLiteral":{let r=new Map;for(let[n,s]of e.value){let o=this.evaluate(n,t);if(!(o instanceof E))throw new Error(`Object keys must be strings: got ${o.type}`);r.set(o.value,this.evaluate(s,t))}return new re(r)}case"Identifier":return this.evaluateIdentifier(e,t);case"CallExpression":return this.evaluateCallExpression(e,t);case"MemberExpression":return this.evaluateMemberExpression(e,t);case"UnaryExpression":return this.evaluateUnaryExpression(e,t);case"BinaryExpression":return this.evaluateBinaryExpression(e,t);case"FilterExpression":return this.evaluateFilterExpression(e,t);case"FilterStatement":return this.evaluateFilterStatement(e,t);case"TestExpression":return this.evaluateTestExpression(e,t);case"SelectExpression":return this.evaluateSelectExpression(e,t);case"Ternary":return this.evaluateTernaryExpression(e,t);case"Comment":return new G;default:throw new SyntaxError(`Unknown node type: ${e.type}`)}}};function en(e){switch(typeof e){case"number":return Number.isInteger(e)?new P(e):new D(e);case"string":return new E(e);case"boolean":return new N(e);case"undefined":return new K;case"object":return e===null?new G:Array.isArray(e)?new B(e.map(en)):new re(new Map(Object.entries(e).map(([t,r])=>[t,en(r)])));case"function":return new V((t,r)=>{let n=e(...t.map(s=>s.value))??null;return en(n)});default:throw new Error(`Cannot convert to runtime value: ${e}`)}}var t1=Object.freeze({CONDITIONAL:0,LOGICAL_OR:1,LOGICAL_AND:2,LOGICAL_NOT:3,COMPARISON:4,ADDITIVE:5,MULTIPLICATIVE:6,EXPONENTIATION:7,TEST:8,FILTER:9,UNARY_SIGN:10,ATOM:11});var _u=new Set(["replace","join","indent","tojson"]);function Ns(e,t,r){return typeof t?.value!="string"||typeof r?.value!="string"?e.length:e.length+(e.length/Math.max(1,t.value.length)+1)*r.value.length}function vu(e,t,r,n,s){let{size:o,depth:i}=s.of(t),a=typeof t.value=="string"?t.value:"",c=d=>d===void 0?0:s.of(d).size,u=d=>typeof d?.value=="number"?Math.max(0,d.value):0;switch(e){case"replace":return Ns(a,r[0],r[1]);case"join":return o*(1+c(r[0]??n.get("separator")));case"indent":return o+a.split(`
`).length*u(r[0]??n.get("width"));default:return o*(1+i*u(n.get("indent"))+c(n.get("separators")))}}var ke=class{value;type;constructor(t){this.value=t,this.type="Held"}};function De(e,t){return new e.constructor(t)}var nn=class{#e=new WeakMap;of(t){let r=t.value;if(typeof r=="string")return{size:1+r.length,work:1+(r.length>>4),depth:0};if(typeof r!="object"||r===null)return{size:1,work:1,depth:0};let n=this.#e.get(t);if(n!==void 0)return n;let s=1,o=1,i=0,a=u=>{if(u.type==="NamespaceValue")throw new j("it puts a namespace into a list, a dictionary or another namespace");let d=this.of(u);s+=d.size,o+=d.work,i=Math.max(i,d.depth+1)};if(r instanceof Map)for(let[u,d]of r)s+=u.length,a(d);else for(let u of r)a(u);if(i>200)throw new j(`it nests lists more than ${200} levels deep`);let c={size:s,work:o,depth:i};return t.type!=="NamespaceValue"&&this.#e.set(t,c),c}};var Qt=class{ends;text;constructor(t){this.ends=t,this.text=""}},Om=new Set(["sort","dictsort"]),Am=new Set(["ArrayLiteral","TupleLiteral","ObjectLiteral","BinaryExpression","CallExpression","FilterExpression"]),Ps=4*1048576,sn=class extends wu{#e=2e6;#t=0;#r="";#n=new nn;#s;#o;#i;constructor(t,r){super(t),this.#s=r.length,this.#o=r.includes("loop");let n=i=>super.evaluate(i,t),[s,o]=[n({type:"IntegerLiteral",value:1}),n({type:"StringLiteral",value:""})];this.#i={whole:s,truth:n({type:"UnaryExpression",operator:{value:"not"},argument:new ke(s)}),none:super.evaluate(void 0,t),fields:n({type:"ObjectLiteral",value:new Map}),text:o}}spend(t){if(this.#e-=t,this.#e<0)throw new j(`it takes more than ${2e6} steps: it loops without end, or nearly so`)}evaluate(t,r){if(t==null)return super.evaluate(void 0,r);if(t instanceof ke)return t.value;if(this.#t>=200)throw new j(`it nests more than ${200} levels deep: a macro may call itself without end`);this.spend(1);let n=this.#r;this.#r=t.type,this.#t++;try{let s=this.#c(t,r);return this.#v(s,t.type,n),s}finally{this.#t--,this.#r=n}}#c(t,r){let n=t;switch(t.type){case"Identifier":return this.#m(n.value,r);case"MemberExpression":return this.#g(n,r);case"FilterExpression":return this.#h(this.evaluate(n.operand,r),n.filter,r);case"FilterStatement":return this.#h(this.#f(this.#a(n.body,r)),n.filter,r);case"If":{let{value:s}=this.evaluate(n.test,r).__bool__();return this.#f(this.#a(s?n.body:n.alternate,r))}case"For":return this.#f(this.#u(n,r));case"BinaryExpression":if(n.operator.value==="*")return this.#w(n,r);break;case"Break":case"Continue":throw this.spend(25),new Qt(t.type==="Break");case"Macro":case"CallStatement":this.spend(this.#s>>3);break}return super.evaluate(t,r)}#a(t,r){let n="";try{for(let s of t){let o=this.evaluate(s,r);typeof o.value=="object"&&o.value!==null&&this.spend(this.#n.of(o).work),o.type!=="NullValue"&&o.type!=="UndefinedValue"&&(n+=o.toString())}}catch(s){throw s instanceof Qt&&(s.text=n+s.text),s}return n}#u({loopvar:t,iterable:r,body:n,defaultBlock:s},o){let i=new pe(o),a=r.type==="SelectExpression"?r:void 0,c=this.#d(this.evaluate(a?.lhs??r,i)),u=a===void 0?c:c.filter(l=>{let f=new pe(i);return this.#p(t,l,f),this.evaluate(a.test,f).__bool__().value});if(u.length===0)return this.#a(s,i);let d="";for(let[l,f]of u.entries()){this.#o&&i.setVariable("loop",this.#l(u,l)),this.#p(t,f,i);try{d+=this.#a(n,i)}catch(p){if(!(p instanceof Qt))throw p;if(d+=p.text,p.ends)break}}return d}#l(t,r){let{whole:n,truth:s,none:o,fields:i}=this.#i,a=d=>De(n,d),c=t.length-1,u=new Map([["index",a(r+1)],["index0",a(r)],["revindex",a(t.length-r)],["revindex0",a(c-r)],["first",De(s,r===0)],["last",De(s,r===c)],["length",a(t.length)],["previtem",t[r-1]??o],["nextitem",t[r+1]??o]]);return De(i,u)}#d({type:t,value:r}){if(t==="UndefinedValue")return[];if(r instanceof Map)return this.spend(3*r.size),[...r.keys()].map(n=>this.#f(n));if(typeof r!="string"&&!Array.isArray(r))throw new j(`it goes through ${JSON.stringify(r)} as if it were a list`);return this.spend(3*r.length),typeof r=="string"?Array.from(r,n=>this.#f(n)):r}#p(t,r,n){let{type:s,value:o}=t;if(s==="Identifier")return void n.setVariable(o,r);let[i,a]=[o,r.value];if(s!=="TupleLiteral"||!Array.isArray(a)||a.length!==i.length)throw new j("it takes apart what has more or fewer parts");i.forEach((c,u)=>this.#p(c,a[u],n))}#f(t){return De(this.#i.text,t)}#m(t,r){for(let n=r;n!==void 0;n=n.parent){let s=n.variables.get(t);if(s!==void 0)return s}return super.evaluate(void 0,r)}#g(t,r){let n=this.evaluate(t.object,r),s={...t,type:"MemberExpression",object:new ke(n)},o=super.evaluate(s,r);return n.type!=="StringValue"||o.type!=="FunctionValue"?o:this.#_(n.value,Tm(n,o),o)}#w(t,r){let n=this.evaluate(t.left,r),s=this.evaluate(t.right,r),[o,i]=n.type==="IntegerValue"?[s,n]:[n,s],{value:a}=o;if(i.type!=="IntegerValue"||o.type!=="StringValue"&&!Array.isArray(a))return super.evaluate({...t,type:"BinaryExpression",left:new ke(n),right:new ke(s)},r);let c=Math.max(0,i.value);return At(c*this.#n.of(o).size,Ps),De(o,typeof a=="string"?a.repeat(c):Array.from({length:c},()=>a).flat())}#_(t,r,n){let s=n.value,o=i=>De(n,(a,c)=>i(a)??s(a,c));return r==="replace"?o(([i,a])=>{At(Ns(t,i,a),Ps)}):r==="strip"||r==="lstrip"||r==="rstrip"?o(([i])=>{if(i?.type==="StringValue")return De(i,Cm(t,i.value,r))}):n}#h(t,r,n){let{callee:s,args:o}=r,i=(s??r).value,a=r;if(Om.has(i)&&this.spend(this.#n.of(t).size),o!==void 0&&_u.has(i)){let u=new Map,d=[],l=o.map(f=>{let{type:p,key:h,value:g}=f;if(p.includes("Spread"))throw new j(`the filter ${i} takes no * or ** here`);let m=this.evaluate(p==="KeywordArgumentExpression"?g:f,n);return p!=="KeywordArgumentExpression"?d.push(m):u.set(h.value,m),p==="KeywordArgumentExpression"?{type:p,key:h,value:new ke(m)}:new ke(m)});At(vu(i,t,d,u,this.#n),Ps),a={...r,type:"CallExpression",callee:s,args:l}}let c={type:"FilterExpression",operand:new ke(t),filter:a};return super.evaluate(c,n)}#v(t,r,n){if(t.type==="StringValue"){let{length:a}=t.value;At(a),this.spend(a>>4);return}if(typeof t.value!="object"||t.value===null||!Am.has(r)&&(n==="MemberExpression"||n==="For"))return;let{size:o,work:i}=this.#n.of(t);At(o),this.spend(i)}};function Tm(e,t){for(let[r,n]of e.builtins)if(n===t)return r}function Cm(e,t,r){let n=new Set(t),s=Array.from(e),o=0,i=s.length;if(r!=="rstrip")for(;o<i&&n.has(s[o]);)o++;if(r!=="lstrip")for(;i>o&&n.has(s[i-1]);)i--;return s.slice(o,i).join("")}var bu=["January","February","March","April","May","June","July","August","September","October","November","December"],$u=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function xu(e,t){let r=c=>String(c).padStart(2,"0"),[n,s,o,i]=[e.getFullYear(),e.getMonth(),e.getDate(),e.getHours()],a={Y:()=>String(n),y:()=>r(n%100),m:()=>r(s+1),d:()=>r(o),e:()=>String(o).padStart(2," "),b:()=>bu[s].slice(0,3),B:()=>bu[s],a:()=>$u[e.getDay()].slice(0,3),A:()=>$u[e.getDay()],H:()=>r(i),I:()=>r(i%12===0?12:i%12),M:()=>r(e.getMinutes()),S:()=>r(e.getSeconds()),p:()=>i<12?"AM":"PM",j:()=>String(Math.round((Date.UTC(n,s,o)-Date.UTC(n,0,0))/864e5)).padStart(3,"0"),"%":()=>"%"};return t.replace(/%(.)/gs,(c,u)=>a[u]?.()??c)}var Eu=1<<18,Su=512,Nm=/\{%([-+]?)\s{0,99}(end)?generation\s{0,99}([-+]?)%\}/g,[Ou,Au]=["generation_begins_","generation_ends_"];function Tu(e,t){if(e.length>Eu)throw new $(`${t}: expected a chat template of at most ${Eu} characters, found ${e.length}`);let r=!1,n=e.replace(Nm,(i,a,c,u)=>(r=!0,`{%${a} if true %}{{ ${c?Au:Ou} }}{% endif ${u}%}`));if(new RegExp(`\\s{${Su}}`).test(n))throw new $(`${t}: expected a chat template, found a run of over ${Su} spaces or line feeds`);let s;try{s=mu(hu(n,{trim_blocks:!0,lstrip_blocks:!0}))}catch(i){throw new $(`${t}: expected a Jinja template, found an error in it: ${Pm(i)}`)}let o=new pe;for(let[i,a]of Object.entries(Lm))o.set(i,a);return{marksAnswers:r,render(i,{begin:a,end:c}){let u=new pe(o);for(let[l,f]of Object.entries({[Ou]:a,[Au]:c,...i}))u.set(l,f);let d=new sn(u,n);try{return String(d.run(s).value)}catch(l){if(l instanceof j)throw l;let{message:f}=l;throw new j(l instanceof RangeError?`it nests more than ${200} levels deep, or grows without end`:f)}}}}function Pm(e){let{message:t}=e;return e instanceof RangeError?"it nests too deeply":e instanceof TypeError?"it ends inside a block or an expression":t}var Lm={true:!0,True:!0,false:!1,False:!1,none:null,None:null,tools:null,documents:null,range:Rm,raise_exception(e){throw new j(typeof e=="string"?e:"without a word")},strftime_now:e=>xu(new Date,String(e))};function Rm(...e){if(e.length<1||e.length>3||!e.every(Number.isInteger))throw new j("range() takes one to three whole numbers");let[t,r,n=1]=e.length===1?[0,e[0]]:e;if(n===0)throw new j("range() takes a step other than 0");let s=Math.max(0,Math.ceil((r-t)/n));if(s>1e5)throw new j(`it asks for a range of ${s} numbers; at most ${1e5} are given`);return Array.from({length:s},(o,i)=>t+i*n)}var Mm=Array.from({length:32},(e,t)=>String.fromCharCode(64976+t)),Cu=/[\uFDD0-\uFDEF]/;function Nu(e){let t=new Set;for(let o of e)if(Cu.test(o))for(let i of o)Cu.test(i)&&t.add(i);let[r,n,s]=Mm.filter(o=>!t.has(o));if(s===void 0)throw new j("expected text, found most of Unicode's noncharacters in it");return{begin:r,end:n,literal:s}}function Ls(e,{begin:t,end:r,literal:n}){let s=e.split(new RegExp(`([${t}${r}${n}])`));if(s.length===1)return{text:e,literal:new Set,trained:[]};let o="",i=0,a=0,c=new Set,u=[];for(let d of s)if(d===t)a++===0&&(i=o.length);else if(d===r){if(--a===0&&o.length>i&&u.push([i,o.length]),a<0)break}else d===n?c.add(o.length):o+=d;if(a!==0)throw new j("it begins a {% generation %} block without ending it");return{text:o,literal:c,trained:u}}function Pu(e,t,{asText:r,systemAsText:n=!1,escape:s}){let o=(d,l,f)=>{let p=l.map(s);if(r!==void 0)return{role:d,content:p.join(r+f)};let h=p.flatMap((g,m)=>[...m>0?[{type:"image"}]:[],...g!==""||p.length===1?[{type:"text",text:g}]:[]]);return{role:d,content:h}},i=_t(e),a=e.turns.some(d=>d.places!==void 0),{system:c}=e,u=c===void 0?[]:[n?{role:"system",content:s(c)}:o("system",[c],"")];for(let[d,{question:l,answer:f}]of e.turns.slice(0,t).entries())u.push(o("user",ur(l,i[d]),a?"":`
`)),u.push(o("assistant",[f],""));return u}var on={id:"probe",task:"probe",file:"probe",images:[],turns:[{question:'Is "this" it?',answer:'Yes, "it" is.'}]};function Lu({template:e,tokenizer:t,names:r,image:n,notes:s=[]}){let o=Tu(e.text,e.place),i=`the template in ${e.place}`,a=t.id(n.image);if(a===void 0)throw new $(`tokenizer.json: expected the image's token ${n.image}, found none. Bring back the files that came with the model`);let c=new RegExp([...new Set([...t.specials,n.image])].sort((O,M)=>M.length-O.length).map(O=>O.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")).join("|"),"gu"),u=r.get("bos_token"),d=Object.fromEntries(r),l,f=new Map,p=O=>Xt(n.perTile,O),h,g=!1,m=O=>{let M=`${O.rows} ${O.columns}`,A=f.get(M);if(A===void 0){if(A=t.encodeRendered({text:ks(n,O),literal:new Set,trained:[]}).ids,A.filter(b=>b===a).length!==p(O)||t.special(A[0])===void 0&&A[0]!==a)throw new $(`tokenizer.json: expected the tokens that stand around an image's tiles, found them missing in ${JSON.stringify(ks({...n,perTile:1},me))}. Bring back the files that came with the model`);f.set(M,A)}return A},w=(O,M)=>{let A=O.turns.slice(0,M).flatMap(({question:k,answer:R})=>[k,R]),v=Nu([e.text,O.system??"",...A]);return{messages:Pu(O,M,{asText:h,systemAsText:g,escape:k=>k.replace(c,`${v.literal}$&`)}),marks:v}},_=(O,M,A)=>o.render({...d,messages:O,add_generation_prompt:M},A),x=(O,M)=>{let A=_(O,!1,M);if(o.marksAnswers){let R=O.filter(({role:Q})=>Q==="assistant").length,q=A.split(M.begin).length-1;if(q>=R)return A;throw new j(`its {% generation %} blocks mark ${q} stretches for ${R} answers: put one around every answer`)}let v=Zc(O,(R,q)=>_(R,q,M),M,c),b="",k=0;for(let[R,q]of v)b+=A.slice(k,R)+M.begin+A.slice(R,q)+M.end,k=q;return b+A.slice(k)},S=(O,M,A,v,{maxTokens:b})=>{if(v.length!==O.images.length)throw new RangeError(`${ye(O)}: expected ${O.images.length} grids, found ${v.length}`);let{messages:k,marks:R}=w(O,M),q=Ls(A?_(k.slice(0,-1),!0,R):x(k,R),R);if(!A&&q.trained.length===0)throw new j("it writes none of the answers");let Q=t.encodeRendered(q),Oe=u!==void 0&&q.text.startsWith(u)&&!q.literal.has(0),Z=_t(O).slice(0,M).flat().length,ve=Q.ids.reduce((Ue,ht)=>Ue+(ht===a?1:0),0);if(ve!==Z)throw new j(ve===0?`it writes no ${n.image}, so that the model would see none of its ${Z} images`:`expected a ${n.image} for each of its ${Z} images, found ${ve}`);let Ze=Oe?[]:[...t.around.before],Rt=Ze.map(()=>0),Dl=0;if(Q.ids.forEach((Ue,ht)=>{let Hs=Ue===a?m(v[Dl++]):void 0;if(Hs===void 0)Ze.push(Ue),Rt.push(Q.mask[ht]||(Ue===l&&Q.mask[ht-1]===1?1:0));else for(let ql of Hs)Ze.push(ql),Rt.push(0)}),!A&&!Oe&&t.around.after.forEach((Ue,ht)=>{Rt.push(ht===0&&Ue===l&&Rt.at(-1)===1?1:0),Ze.push(Ue)}),Ze.length>b)throw wt(O,Ze.length,Ae({imageTokens:p},v.slice(0,Z)),b);return{ids:Int32Array.from(Ze),mask:Uint8Array.from(Rt),images:O.images.slice(0,Z)}},T=(O,M)=>{try{return M()}catch(A){throw A instanceof j?new $(`${O}: ${i} does not lay it out: ${A.message}`):A}},C=(O,M=!1)=>{try{let{messages:A,marks:v}=w(O,O.turns.length),{text:b}=Ls(_(M?A.slice(0,-1):A,M,v),v),k=[O.system,...O.turns.flatMap(({question:q,answer:Q})=>[q,Q])];M&&k.pop();let R=k.find(q=>q!==void 0&&!b.includes(q.trim()));return R===void 0?void 0:`it does not write ${JSON.stringify(R)} as it was said`}catch(A){if(A instanceof j)return A.message;throw A}},z=[...s],W=C(on);if(W!==void 0){if(h=n.image,C(on)!==void 0)throw new $(`${e.place}: expected a chat template for a question and an answer, found: ${W}`);z.push(`${i} takes texts alone: images are written into them as ${n.image}`)}let F,H=(O,M)=>{if(O.system===void 0||O.system.trim()==="")return;if(F===void 0){let b={...on,system:'Say "this" alone.'},k=()=>({prompt:C(b,!0),whole:C(b)}),R=Oe=>Oe.prompt!==void 0&&Oe.whole!==void 0,q=k();g=R(q);let Q=g?k():q;F=R(Q)?q:Q}let{prompt:A,whole:v}=F;if(M&&A!==void 0)throw new j(`what the system says: ${A}`);if(!(M||v===void 0))throw new j(A===void 0?`what the system says stands in prompts, but not in whole conversations, from which a model learns: ${v}. Take it out of the sample, or say it in a question`:`what the system says: ${v}`)},ee=T(e.place,()=>S(on,1,!1,[],{maxTokens:1/0})),_e=ee.mask.lastIndexOf(1),pt=t.special(ee.ids[_e])!==void 0,{after:Le}=t.around,Re=[ee.ids[_e],ee.ids[_e+1]].filter(O=>O!==void 0&&t.special(O)!==void 0),Y=Re.find(O=>!Le.includes(O))??Re[0];return pt||(z.push(Y===void 0?xs(i):Le.includes(Y)?`${i} writes no token that ends an answer: ${t.special(Y)}, which tokenizer.json puts after a whole conversation, is trained as the end of its last answer`:`${i} leaves ${t.special(Y)}, which ends an answer, out of its {% generation %} blocks: it is trained all the same, so that a tuned model stops`),l=Y),Le.length>0&&l!==Le[0]&&z.push("tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained"),m(me),{name:i,imageId:a,stops:Y===void 0?[]:[Y],notes:z,imageTokens:p,encode:(O,M,A)=>T(ye(O),()=>{let v=O.turns.findIndex(({answer:b})=>b.trim()==="");if(v>=0)throw ar(O,v);return H(O,!1),S(O,O.turns.length,!1,M,A)}),promptOf(O,M,A,v){return cr(O,M),T(ye(O),()=>{H(O,!0);let{ids:b,images:k}=S(O,M+1,!0,A,v);return{ids:b,images:k}})}}}function Ru(e,t,r,n){let s=Yc(e);if(s===void 0)return Jc(r,n);let o=Xc(e),i=t.image_token_id??t.image_token_index,a=r.id(o);if(typeof i=="number"&&a!==void 0&&a!==i)throw new $(`config.json: expected the id of ${o}, which is ${a} in tokenizer.json, found ${i} as the image's token. The files are of different models`);return Lu({template:s.template,tokenizer:r,names:Xr(e),image:{family:String(t.model_type),image:o,perTile:n,names:Xr(e)},notes:s.others.map(({place:c})=>`${c} holds another chat template, which is not heeded: ${s.template.place} comes first`)})}var Im=class{constructor(e){this.trie=this._build_trie(e)}_build_trie(e){let t=Object.create(null);for(let r of e){let n=t;for(let s=0;s<r.length;++s){let o=r[s];n=n[o]??=Object.create(null)}n.end=r}return t}split(e){let t=[],r=e.length,n=0,s=0;for(;s<r;){let o=this.trie,i=null,a=s;for(;a<r&&(o=o[e[a]]);)o.end&&(i=o.end),++a;i?(s>n&&t.push(e.slice(n,s)),t.push(i),s+=i.length,n=s):++s}return n<r&&t.push(e.slice(n)),t}},Mu=Im,Bm=class{constructor(e){this.content=e.content,this.id=e.id,this.single_word=e.single_word??!1,this.lstrip=e.lstrip??!1,this.rstrip=e.rstrip??!1,this.special=e.special??!1,this.normalized=e.normalized??!this.special}},zm=Bm,Ku=(e,t)=>{try{return new RegExp(e,t)}catch(r){if(!(r instanceof SyntaxError))throw r;let n=new Map,s=e.replace(/(\\[pP])\{([^}=]+)\}/g,(o,i,a,c)=>{let u=0;for(let l=c-1;l>=0&&e[l]==="\\";--l)++u;if(u%2===1)return o;let d=n.get(a);if(d===void 0){try{new RegExp(`\\p{${a}}`,"u"),d=a}catch{d=`Script=${a}`}n.set(a,d)}return`${i}{${d}}`});if(s===e)throw r;try{return new RegExp(s,t)}catch{throw r}}},Ms=e=>e.replace(/ \./g,".").replace(/ \?/g,"?").replace(/ \!/g,"!").replace(/ ,/g,",").replace(/ \' /g,"'").replace(/ n't/g,"n't").replace(/ 'm/g,"'m").replace(/ 's/g,"'s").replace(/ 've/g,"'ve").replace(/ 're/g,"'re"),ln=(e,t=!0)=>{if(e.Regex!==void 0){let r=tg(Zm(e.Regex));return Ku(r,"gu")}else if(e.String!==void 0){let r=rg(e.String);return new RegExp(t?r:`(${r})`,"gu")}else return console.warn("Unknown pattern type:",e),null},Nt="\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}",Vu=`${Nt}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE`,Ne=`[${Vu}]`,Gu=`[^${Vu}]`,jm=`(?:(?<!${Ne})(?=${Ne})|(?<=${Ne})(?!${Ne}))`,Dm=`(?:(?<!${Ne})(?!${Ne})|(?<=${Ne})(?=${Ne}))`,qm="(?:(?<![\\s\\S])|(?<=\\n))",Um="(?:(?=\\n)|(?![\\s\\S]))",er="0-9A-Fa-f",Wm=new Map([["A","(?<![\\s\\S])"],["z","(?![\\s\\S])"],["Z","(?=\\n?(?![\\s\\S]))"],["h",`[${er}]`],["H",`[^${er}]`],["w",Ne],["W",Gu],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["b",jm],["B",Dm],["a","\\x07"],["e","\\x1B"]]),Fm=new Map([["h",er],["w",Nt],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["a","\\x07"],["e","\\x1B"]]),Km=new Map([["W",`[^${Nt}]`],["H",`[^${er}]`]]),Hu=new Map([[`
`,"\\n"],["\r","\\r"],["	","\\t"],["\f","\\f"],["\v","\\v"]]),Vm=new Map([["alpha","\\p{Alphabetic}"],["alnum","\\p{Alphabetic}\\p{Nd}"],["digit","\\p{Nd}"],["lower","\\p{Lowercase}"],["upper","\\p{Uppercase}"],["space","\\p{White_Space}"],["blank","\\t\\p{Zs}"],["punct","\\p{P}\\p{S}"],["cntrl","\\p{Cc}"],["word",Nt],["xdigit",er]]),Ju="^$\\.*+?()[]{}|/",Gm=/^\(\?(?:<[=!]|<[A-Za-z_][A-Za-z0-9_]*>|[:=!>])/,Yu=/^\\([pPxu])\{([^}]*)\}/,Hm=/^\{(\d+(?:,\d*)?|,\d+)\}/,Jm=/^\[:(\^?)(\p{Alphabetic}+):\]/u,Ym=/^\[:\^:\]/,Xm=/^\[(?:\.[^\]]*\.\]|=[^\]]*=\])/,Xu=/^(?:\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\c[A-Za-z])/,Zu=e=>e>="A"&&e<="Z"||e>="a"&&e<="z",an=(e,t)=>String.fromCodePoint(e.codePointAt(t)),Iu=e=>{if(!/^[0-9A-Fa-f]{1,8}$/.test(e))return null;let t=Number.parseInt(e,16);if(t>127)return null;let r=String.fromCharCode(t);return Zu(r)?`[${r.toLowerCase()}${r.toUpperCase()}]`:null},Zm=e=>e.replace(/\[\^\(\\s\|\[([^\]]+)\]\)\]/g,"[^()|\\s$1]"),Qu="[\\s\\S]",Bu=256,zu=()=>({fragment:"",alternatives:[],tail:null,contains_complex_set:!1}),Is=e=>{throw new SyntaxError(`Unsupported range with a set-valued character-class operand at index ${e}`)},cn=(e,t,r,n=!0)=>{e.tail==="range"&&Is(r),e.alternatives.push(t),e.tail="set",e.contains_complex_set=e.contains_complex_set||n},Xe=(e,t,r=!1,n=-1)=>{if(r&&e.tail==="range"&&Is(n),e.tail==="range"){e.fragment+=t,e.tail="complete_range";return}e.fragment+=t,e.tail=r?"set":"scalar",e.contains_complex_set=e.contains_complex_set||r},Qm=(e,t,r)=>{let n=Yu.exec(e.slice(t));if(n){let[f,p,h]=n;if(p==="P"&&h==="Word")cn(r,`[^${Nt}]`,t);else{let g=p==="x"?`\\u{${h}}`:p==="p"&&h==="Word"?Nt:f;Xe(r,g,p==="p"||p==="P",t)}return t+f.length}let s=Xu.exec(e.slice(t));if(s)return Xe(r,s[0]),t+s[0].length;if(t+1>=e.length)throw new SyntaxError(`Unterminated escape in character class at index ${t}`);let o=an(e,t+1),i=t+1+o.length,a=Hu.get(o);if(a!==void 0)return Xe(r,a),i;let c=Km.get(o);if(c!==void 0)return cn(r,c,t),i;let u=Fm.get(o),d,l=!1;return u!==void 0?(d=u,l=o!=="a"&&o!=="e"):/[A-Za-z0-9]/.test(o)?d=`\\${o}`:Ju.includes(o)||o==="-"?d=`\\${o}`:d=o,Xe(r,d,l,t),i},el=e=>e.length===1?e[0]:`(?:(?=(?:${e.join("|")}))${Qu})`,ju=e=>{let t=e.fragment.length===0?e.alternatives:[`[${e.fragment}]`,...e.alternatives];return el(t)},eg=e=>{let t=Ku(`^(?:${e})$`,"u"),r="";for(let n=0;n<26;++n){let s=String.fromCharCode(65+n),o=String.fromCharCode(97+n),i=t.test(s),a=t.test(o);i!==a&&(r+=i?o:s)}return r},tl=(e,t,r,n=!0,s=1)=>{if(s>Bu)throw new SyntaxError(`Maximum character-class nesting depth of ${Bu} exceeded at index ${t}`);let o=t+1,i=e[o]==="^";i&&++o;let a=o,c=[zu()],u=c[0],d=!1;for(;o<e.length;){let l=an(e,o);if(l==="\\"){o=Qm(e,o,u);continue}if(l==="]"){if(o===a){Xe(u,"\\]"),++o;continue}if(u.tail===null)throw c.length>1?new SyntaxError(`Malformed character-class intersection with an empty operand at index ${o}`):new SyntaxError(`Empty character class at index ${t}`);let f=c.some(_=>_.contains_complex_set);if(i&&c.length>1&&d)throw new SyntaxError(`Unsupported outer-negated character-class intersection with a nested negated class containing a Unicode property, POSIX class, or shorthand at index ${t}`);let p=ju(c[0]),h=p;if(c.length>1){let _="";for(let x=1;x<c.length;++x)_+=`(?=${ju(c[x])})`;h=`(?:${_}${p})`}let g=c.length===1&&u.alternatives.length===0,m=u.fragment;if(r&&n){let _=eg(h);_.length>0&&(g?(m+=_,h=`[${m}]`):h=el([h,`[${_}]`]))}return{atom:i?g?`[^${m}]`:`(?:(?!${h})${Qu})`:h,end:o+1,negated:i,contains_complex_set:f,contains_nested_negated_complex_set:d}}if(e.startsWith("&&",o)){if(u.tail===null)throw new SyntaxError(`Malformed character-class intersection with an empty operand at index ${o}`);u=zu(),c.push(u),o+=2;continue}if(l==="["){let f=e.slice(o);if(Ym.test(f))throw new SyntaxError(`Malformed empty negated POSIX character class at index ${o}`);let p=Jm.exec(f);if(p){let[,g,m]=p,w=Vm.get(m);if(w===void 0)throw new SyntaxError(`Unsupported POSIX character class "${m}" at index ${o}`);if(r&&g&&(m==="lower"||m==="upper"))throw new SyntaxError(`Unsupported negated POSIX ${m} class inside an inline case-insensitive group`);g?cn(u,`[^${w}]`,o):Xe(u,w,!0,o),o+=p[0].length;continue}if(Xm.test(f))throw new SyntaxError(`Unsupported POSIX collating or equivalence bracket expression at index ${o}`);let h=tl(e,o,r,!1,s+1);cn(u,h.atom,o,h.contains_complex_set),d||=h.contains_nested_negated_complex_set||h.negated&&h.contains_complex_set,o=h.end;continue}if(l==="-"){let f=e[o+1]==="]"||e.startsWith("&&",o+1);u.tail==="set"&&!f&&Is(o),u.tail===null||u.tail==="range"||u.tail==="complete_range"||f?Xe(u,"\\-"):(u.fragment+="-",u.tail="range"),++o;continue}Xe(u,l==="^"&&u.fragment.length===0?"\\^":l),o+=l.length}throw new SyntaxError(`${c.length>1?"Unterminated character-class intersection":"Unterminated character class"} at index ${t}`)},tg=e=>{let t="",r=-1,n=!1,s=!1,o=[],i=a=>{r=t.length,t+=a,n=!1};for(let a=0;a<e.length;){let c=an(e,a);if(c==="\\"){let u=Yu.exec(e.slice(a));if(u){let[g,m,w]=u,_=g;if(m==="x"){let x=`\\u{${w}}`;_=s?Iu(w)??x:x}else w==="Word"&&(_=m==="p"?Ne:Gu);i(_),a+=g.length;continue}let d=Xu.exec(e.slice(a));if(d){let g=d[0],m=s&&g[1]!=="c"?Iu(g.slice(2))??g:g;i(m),a+=g.length;continue}if(a+1>=e.length){t+=c;break}let l=an(e,a+1);if(a+=1+l.length,l==="G")continue;let f=Hu.get(l);if(f!==void 0){i(f);continue}let p=Wm.get(l),h;p!==void 0?h=p:/[A-Za-z0-9]/.test(l)?h=`\\${l}`:Ju.includes(l)?h=`\\${l}`:h=l,i(h);continue}switch(c){case"[":{let u=tl(e,a,s);i(u.atom),a=u.end;continue}case"]":i("\\]"),++a;continue;case".":i("[^\\n]"),++a;continue;case"^":i(qm),++a;continue;case"$":i(Um),++a;continue;case"(":{let u=e.startsWith("(?i:",a),d=u?"(?i:":Gm.exec(e.slice(a))?.[0]??"(",l=u||d==="(?>"?"(?:":d;o.push([t.length,s]),u&&(s=!0),t+=l,n=!1,a+=d.length;continue}case")":t+=c,[r,s]=o.pop()??[-1,!1],n=!1,++a;continue;case"|":t+=c,r=-1,n=!1,++a;continue;case"{":{let u=Hm.exec(e.slice(a));if(!u||r<0){i("\\{"),++a;continue}let d=u[1].startsWith(",")?`0${u[1]}`:u[1];a+=u[0].length;let l=e[a];l==="+"||l==="*"?(t=`${t.slice(0,r)}(?:${t.slice(r)}{${d}})${l}`,++a):t+=`{${d}}`,n=!0;continue}case"}":i("\\}"),++a;continue;case"+":if(n){++a;continue}t+=c,n=!0,++a;continue;case"*":case"?":t+=c,n=!0,++a;continue;default:i(s&&Zu(c)?`[${c.toLowerCase()}${c.toUpperCase()}]`:c),a+=c.length;continue}}return t},rg=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&"),ng=(e,t,r)=>{let n=[],s=0;for(;s<e.length;){if(n.push(e[s]),(t.get(e[s])??r)!==r){++s;continue}for(;++s<e.length&&(t.get(e[s])??r)===r;)t.get(n.at(-1))!==r&&(n[n.length-1]+=e[s])}return n},sg=e=>e>=19968&&e<=40959||e>=13312&&e<=19903||e>=131072&&e<=173791||e>=173824&&e<=177983||e>=177984&&e<=178207||e>=178208&&e<=183983||e>=63744&&e<=64255||e>=194560&&e<=195103,og=e=>Number.isInteger(e)||typeof e=="bigint",ig=e=>{let t=0;for(let r of e)++t;return t},ag=e=>rl(e.toLowerCase()),Ee=(...e)=>Array.prototype.concat.apply([],e),Bs=e=>new Map(Object.entries(e)),cg=(e,t)=>{let r=[],n=0;for(let s of e.matchAll(t)){let o=s[0];n<s.index&&r.push(e.slice(n,s.index)),o.length>0&&r.push(o),n=s.index+o.length}return n<e.length&&r.push(e.slice(n)),r},rl=e=>e.replace(/\p{M}/gu,""),Du=(e,t,r=[])=>{if(!e||Array.isArray(e)||typeof e!="object")return`${t} must be a valid object`;for(let n of r)if(!(n in e))return`${t} must contain a "${n}" property`;return null},ug=e=>e.match(/\S+/g)||[],lg=class{constructor(){let e=function(...t){return e._call(...t)};return Object.setPrototypeOf(e,new.target.prototype)}},tr=lg,dg=class extends tr{constructor(e){super(),this.config=e}_call(e){return this.normalize(e)}},qe=dg,fg=class extends qe{tokenize_chinese_chars(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r],s=n.charCodeAt(0);sg(s)?(t.push(" "),t.push(n),t.push(" ")):t.push(n)}return t.join("")}strip_accents(e){return e.normalize("NFD").replace(/\p{Mn}/gu,"")}is_control(e){switch(e){case"	":case`
`:case"\r":return!1;default:return/^\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}$/u.test(e)}}clean_text(e){let t=[];for(let r of e){let n=r.charCodeAt(0);n===0||n===65533||this.is_control(r)||(/^\s$/.test(r)?t.push(" "):t.push(r))}return t.join("")}normalize(e){return this.config.clean_text&&(e=this.clean_text(e)),this.config.handle_chinese_chars&&(e=this.tokenize_chinese_chars(e)),this.config.lowercase?(e=e.toLowerCase(),this.config.strip_accents!==!1&&(e=this.strip_accents(e))):this.config.strip_accents&&(e=this.strip_accents(e)),e}},pg=fg,hg=class extends qe{constructor(e){super(e),this.charsmap=e.precompiled_charsmap??null}normalize(e){return e=e.replace(/[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/gm,""),e=e.replace(/[\u0009\u000A\u000C\u000D\u00A0\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2581\u3000\uFEFF\uFFFD]/gm," "),e.includes("\uFF5E")?e=e.split("\uFF5E").map(r=>r.normalize("NFKC")).join("\uFF5E"):e=e.normalize("NFKC"),e}},mg=hg,gg=class extends qe{constructor(e){super(e),this.normalizers=(e.normalizers??[]).map(t=>nl(t))}normalize(e){return this.normalizers.reduce((t,r)=>r?r.normalize(t):t,e)}},wg=gg,_g=class extends qe{constructor(e){super(e),this.pattern=ln(this.config.pattern??{})}normalize(e){return this.pattern===null?e:e.replaceAll(this.pattern,this.config.content??"")}},vg=_g,yg=class extends qe{constructor(){super(...arguments),this.form="NFC"}normalize(e){return e=e.normalize(this.form),e}},dn=yg,bg=class extends dn{constructor(){super(...arguments),this.form="NFC"}},$g=bg,xg=class extends dn{constructor(){super(...arguments),this.form="NFD"}},kg=xg,Eg=class extends dn{constructor(){super(...arguments),this.form="NFKC"}},Sg=Eg,Og=class extends dn{constructor(){super(...arguments),this.form="NFKD"}},Ag=Og,Tg=class extends qe{normalize(e){return this.config.strip_left&&this.config.strip_right?e=e.trim():(this.config.strip_left&&(e=e.trimStart()),this.config.strip_right&&(e=e.trimEnd())),e}},Cg=Tg,Ng=class extends qe{normalize(e){return rl(e)}},Pg=Ng,Lg=class extends qe{normalize(e){return e.toLowerCase()}},Rg=Lg,Mg=class extends qe{normalize(e){return e=this.config.prepend+e,e}},Ig=Mg;function Bg(e){if(e===null)return null;switch(e.type){case"BertNormalizer":return new pg(e);case"Precompiled":return new mg(e);case"Sequence":return new wg(e);case"Replace":return new vg(e);case"NFC":return new $g(e);case"NFD":return new kg(e);case"NFKC":return new Sg(e);case"NFKD":return new Ag(e);case"Strip":return new Cg(e);case"StripAccents":return new Pg(e);case"Lowercase":return new Rg(e);case"Prepend":return new Ig(e);default:throw new Error(`Unknown Normalizer type: ${e.type}`)}}var nl=Bg,zg=class extends tr{pre_tokenize(e,t){return(Array.isArray(e)?e.map(r=>this.pre_tokenize_text(r,t)):this.pre_tokenize_text(e,t)).flat()}_call(e,t){return this.pre_tokenize(e,t)}},Se=zg,sl=(()=>{let e=[...Array.from({length:94},(s,o)=>o+33),...Array.from({length:12},(s,o)=>o+161),...Array.from({length:82},(s,o)=>o+174)],t=e.slice(),r=0;for(let s=0;s<256;++s)e.includes(s)||(e.push(s),t.push(256+r),r+=1);let n=t.map(s=>String.fromCharCode(s));return Object.fromEntries(e.map((s,o)=>[s,n[o]]))})(),jg=e=>Object.fromEntries(Object.entries(e).map(([t,r])=>[r,t])),Dg=jg(sl),un="\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E",qg=class extends Se{constructor(e){super(),this.config=e,this.add_prefix_space=this.config.add_prefix_space??!1,this.trim_offsets=this.config.trim_offsets??!1,this.use_regex=this.config.use_regex??!0,this.pattern=/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,this.byte_encoder=sl,this.text_encoder=new TextEncoder}pre_tokenize_text(e,t){return this.add_prefix_space&&!e.startsWith(" ")&&(e=" "+e),(this.use_regex?e.match(this.pattern)||[]:[e]).map(n=>Array.from(this.text_encoder.encode(n),s=>this.byte_encoder[s]).join(""))}},Ug=qg,Wg=class extends Se{pre_tokenize_text(e,t){return e.match(/\w+|[^\w\s]+/g)||[]}},Fg=Wg,Kg=class extends Se{constructor(e){super(),this.replacement=e.replacement??"\u2581",this.str_rep=e.str_rep||this.replacement,this.prepend_scheme=e.prepend_scheme??"always"}pre_tokenize_text(e,t){let{section_index:r=void 0}=t??{},n=e.replaceAll(" ",this.str_rep);return!n.startsWith(this.replacement)&&(this.prepend_scheme==="always"||this.prepend_scheme==="first"&&r===0)&&(n=this.str_rep+n),[n]}},Vg=Kg,Gg=class extends Se{constructor(e){super(),this.config=e,this.pattern=ln(this.config.pattern??{},this.config.invert??!0)}pre_tokenize_text(e){return this.pattern===null?[]:this.config.invert?(e.match(this.pattern)||[]).filter(t=>t):this.config.behavior?.toLowerCase()==="removed"?e.split(this.pattern).filter(t=>t):cg(e,this.pattern)}},Hg=Gg,Jg=class extends Se{constructor(e){super(),this.config=e,this.pattern=new RegExp(`[^${un}]+|[${un}]+`,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Yg=Jg,Xg=class extends Se{constructor(e){super(),this.config=e;let t=`[^\\d]+|\\d${this.config.individual_digits?"":"+"}`;this.pattern=new RegExp(t,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Zg=Xg,Qg=class extends Se{constructor(){super(),this.pattern=new RegExp(`[^\\s${un}]+|[${un}]`,"gu")}pre_tokenize_text(e,t){return e.trim().match(this.pattern)||[]}},ew=Qg,tw=class extends Se{constructor(e){super(),this.config=e,this.pattern=ln(this.config.pattern??{}),this.content=this.config.content??""}pre_tokenize_text(e){return this.pattern===null?[e]:[e.replaceAll(this.pattern,this.config.content??"")]}},rw=tw,nw=class extends Se{constructor(e){super(),this.tokenizers=(e.pretokenizers??[]).map(t=>ol(t))}pre_tokenize_text(e,t){return this.tokenizers.reduce((r,n)=>n?n.pre_tokenize(r,t):r,[e])}},sw=nw,ow=class extends Se{pre_tokenize_text(e){return ug(e)}},iw=ow,aw=class extends Se{constructor(e){super(),this.config=e,this._length=e.length}pre_tokenize_text(e){let t=[];for(let r=0;r<e.length;r+=this._length)t.push(e.slice(r,r+this._length));return t}},cw=aw;function uw(e){if(e===null)return null;switch(e.type){case"BertPreTokenizer":return new ew;case"Sequence":return new sw(e);case"Whitespace":return new Fg;case"WhitespaceSplit":return new iw;case"Metaspace":return new Vg(e);case"ByteLevel":return new Ug(e);case"Split":return new Hg(e);case"Punctuation":return new Yg(e);case"Digits":return new Zg(e);case"Replace":return new rw(e);case"FixedLength":return new cw(e);default:throw new Error(`Unknown PreTokenizer type: ${e.type}`)}}var ol=uw,lw=class extends tr{constructor(e){super(),this.config=e,this.vocab=[],this.tokens_to_ids=new Map,this.unk_token_id=void 0,this.unk_token=void 0,this.end_of_word_suffix=void 0,this.fuse_unk=this.config.fuse_unk??!1}_call(e){let t=this.encode(e);return this.fuse_unk&&(t=ng(t,this.tokens_to_ids,this.unk_token_id)),t}},fn=lw,dw=class extends fn{constructor(e){super(e),this.max_input_chars_per_word=100,this.tokens_to_ids=Bs(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.max_input_chars_per_word=e.max_input_chars_per_word??100,this.vocab=new Array(this.tokens_to_ids.size);for(let[t,r]of this.tokens_to_ids)this.vocab[r]=t}encode(e){let t=[];for(let r of e){let n=[...r];if(n.length>this.max_input_chars_per_word){t.push(this.unk_token);continue}let s=!1,o=0,i=[];for(;o<n.length;){let a=n.length,c=null;for(;o<a;){let u=n.slice(o,a).join("");if(o>0&&(u=this.config.continuing_subword_prefix+u),this.tokens_to_ids.has(u)){c=u;break}--a}if(c===null){s=!0;break}i.push(c),o=a}s?t.push(this.unk_token):t.push(...i)}return t}},qu=dw,Uu=class il{constructor(t,r){this.is_leaf=t,this.children=r}static default(){return new il(!1,new Map)}},fw=class{constructor(){this.root=Uu.default()}extend(e){for(let t of e)this.push(t)}push(e){let t=this.root;for(let r of e){let n=t.children.get(r);n===void 0&&(n=Uu.default(),t.children.set(r,n)),t=n}t.is_leaf=!0}*common_prefix_search(e,t=0){let r=this.root;if(r===void 0)return;let n="";for(let s=t;s<e.length;++s){let o=e[s];if(n+=o,r=r.children.get(o),r===void 0)return;r.is_leaf&&(yield n)}}},pw=fw,Rs=class al{constructor(t,r,n,s,o){this.token_id=t,this.node_id=r,this.pos=n,this.length=s,this.score=o,this.prev=null,this.backtrace_score=0}clone(){let t=new al(this.token_id,this.node_id,this.pos,this.length,this.score);return t.prev=this.prev,t.backtrace_score=this.backtrace_score,t}},hw=class{constructor(e,t,r){this.chars=Array.from(e),this.len=this.chars.length,this.bos_token_id=t,this.eos_token_id=r,this.nodes=[],this.begin_nodes=Array.from({length:this.len+1},()=>[]),this.end_nodes=Array.from({length:this.len+1},()=>[]);let n=new Rs(this.bos_token_id??0,0,0,0,0),s=new Rs(this.eos_token_id??0,1,this.len,0,0);this.nodes.push(n.clone()),this.nodes.push(s.clone()),this.begin_nodes[this.len].push(s),this.end_nodes[0].push(n)}insert(e,t,r,n){let s=this.nodes.length,o=new Rs(n,s,e,t,r);this.begin_nodes[e].push(o),this.end_nodes[e+t].push(o),this.nodes.push(o)}viterbi(){let e=this.len,t=0;for(;t<=e;){if(this.begin_nodes[t].length==0)return[];for(let i of this.begin_nodes[t]){i.prev=null;let a=0,c=null;for(let u of this.end_nodes[t]){let d=u.backtrace_score+i.score;(c===null||d>a)&&(c=u.clone(),a=d)}if(c!==null)i.prev=c,i.backtrace_score=a;else return[]}++t}let r=[],s=this.begin_nodes[e][0].prev;if(s===null)return[];let o=s.clone();for(;o.prev!==null;)r.push(o.clone()),o=o.clone().prev.clone();return r.reverse(),r}piece(e){return this.chars.slice(e.pos,e.pos+e.length).join("")}tokens(){return this.viterbi().map(t=>this.piece(t))}token_ids(){return this.viterbi().map(t=>t.token_id)}},mw=hw;function gw(e){if(e.length===0)throw new Error("Array must not be empty");let t=e[0],r=0;for(let n=1;n<e.length;++n)e[n]<t&&(t=e[n],r=n);return[t,r]}var ww=class extends fn{constructor(e,t){super(e);let r=e.vocab.length;this.vocab=new Array(r),this.scores=new Array(r);for(let n=0;n<r;++n)[this.vocab[n],this.scores[n]]=e.vocab[n];this.unk_token_id=e.unk_id,this.unk_token=this.vocab[e.unk_id],this.tokens_to_ids=new Map(this.vocab.map((n,s)=>[n,s])),this.bos_token=" ",this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.unk_token=this.vocab[this.unk_token_id],this.min_score=gw(this.scores)[0],this.unk_score=this.min_score-10,this.scores[this.unk_token_id]=this.unk_score,this.trie=new pw,this.trie.extend(this.vocab),this.fuse_unk=!0}populate_nodes(e){let t=e.chars,r=1,n=0;for(;n<t.length;){let s=!1,o=this.trie.common_prefix_search(t,n);for(let i of o){let a=this.tokens_to_ids.get(i),c=this.scores[a],u=ig(i);e.insert(n,u,c,a),!s&&u===r&&(s=!0)}s||e.insert(n,r,this.unk_score,this.unk_token_id),n+=r}}tokenize(e){let t=new mw(e,this.bos_token_id,this.eos_token_id);return this.populate_nodes(t),t.tokens()}encode(e){let t=[];for(let r of e){let n=this.tokenize(r);t.push(...n)}return t}},Wu=ww,_w=class{constructor(e=(r,n)=>r>n,t=1/0){this._heap=[],this._comparator=e,this._max_size=t}get size(){return this._heap.length}is_empty(){return this.size===0}peek(){return this._heap[0]}push(...e){return this.extend(e)}extend(e){for(let t of e)if(this.size<this._max_size)this._heap.push(t),this._sift_up();else{let r=this._smallest();this._comparator(t,this._heap[r])&&(this._heap[r]=t,this._sift_up_from(r))}return this.size}pop(){let e=this.peek(),t=this.size-1;return t>0&&this._swap(0,t),this._heap.pop(),this._sift_down(),e}replace(e){let t=this.peek();return this._heap[0]=e,this._sift_down(),t}_parent(e){return(e+1>>>1)-1}_left(e){return(e<<1)+1}_right(e){return e+1<<1}_greater(e,t){return this._comparator(this._heap[e],this._heap[t])}_swap(e,t){let r=this._heap[e];this._heap[e]=this._heap[t],this._heap[t]=r}_sift_up(){this._sift_up_from(this.size-1)}_sift_up_from(e){for(;e>0&&this._greater(e,this._parent(e));)this._swap(e,this._parent(e)),e=this._parent(e)}_sift_down(){let e=0;for(;this._left(e)<this.size&&this._greater(this._left(e),e)||this._right(e)<this.size&&this._greater(this._right(e),e);){let t=this._right(e)<this.size&&this._greater(this._right(e),this._left(e))?this._right(e):this._left(e);this._swap(e,t),e=t}}_smallest(){return 2**Math.floor(Math.log2(this.size))-1}},vw=_w,yw=class{constructor(e){this.capacity=e,this.cache=new Map}get(e){if(!this.cache.has(e))return;let t=this.cache.get(e);return this.cache.delete(e),this.cache.set(e,t),t}put(e,t){this.cache.has(e)&&this.cache.delete(e),this.cache.set(e,t),this.cache.size>this.capacity&&this.cache.delete(this.cache.keys().next().value)}clear(){this.cache.clear()}},bw=yw,$w=class extends fn{constructor(e){super(e),this.tokens_to_ids=Bs(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.vocab=new Array(this.tokens_to_ids.size);for(let[r,n]of this.tokens_to_ids)this.vocab[n]=r;let t=Array.isArray(e.merges[0]);this.merges=t?e.merges:e.merges.map(r=>r.split(" ",2)),this.bpe_ranks=new Map(this.merges.map((r,n)=>[JSON.stringify(r),n])),this.end_of_word_suffix=e.end_of_word_suffix,this.continuing_subword_suffix=e.continuing_subword_suffix??null,this.byte_fallback=this.config.byte_fallback??!1,this.byte_fallback&&(this.text_encoder=new TextEncoder),this.ignore_merges=this.config.ignore_merges??!1,this.max_length_to_cache=256,this.cache_capacity=1e4,this.cache=new bw(this.cache_capacity)}clear_cache(){this.cache.clear()}bpe(e){if(e.length===0)return[];let t=this.cache.get(e);if(t!==void 0)return t;let r=Array.from(e);this.end_of_word_suffix&&(r[r.length-1]+=this.end_of_word_suffix);let n=[];if(r.length>1){let s=new vw((a,c)=>a.score<c.score),o={token:r[0],bias:0,prev:null,next:null},i=o;for(let a=1;a<r.length;++a){let c={bias:a/r.length,token:r[a],prev:i,next:null};i.next=c,this.add_node(s,i),i=c}for(;!s.is_empty();){let a=s.pop();if(a.deleted||!a.next||a.next.deleted)continue;if(a.deleted=!0,a.next.deleted=!0,a.prev){let u={...a.prev};a.prev.deleted=!0,a.prev=u,u.prev?u.prev.next=u:o=u}let c={token:a.token+a.next.token,bias:a.bias,prev:a.prev,next:a.next.next};c.prev?(c.prev.next=c,this.add_node(s,c.prev)):o=c,c.next&&(c.next.prev=c,this.add_node(s,c))}for(let a=o;a!==null;a=a.next)n.push(a.token)}else n=r;if(this.continuing_subword_suffix)for(let s=0;s<n.length-1;++s)n[s]+=this.continuing_subword_suffix;return e.length<this.max_length_to_cache&&this.cache.put(e,n),n}add_node(e,t){let r=this.bpe_ranks.get(JSON.stringify([t.token,t.next.token]));r!==void 0&&(t.score=r+t.bias,e.push(t))}encode(e){let t=[];for(let r of e){if(this.ignore_merges&&this.tokens_to_ids.has(r)){t.push(r);continue}let n=this.bpe(r);for(let s of n)if(this.tokens_to_ids.has(s))t.push(s);else if(this.byte_fallback){let o=Array.from(this.text_encoder.encode(s)).map(i=>`<0x${i.toString(16).toUpperCase().padStart(2,"0")}>`);o.every(i=>this.tokens_to_ids.has(i))?t.push(...o):this.unk_token!=null&&t.push(this.unk_token)}else this.unk_token!=null&&t.push(this.unk_token)}return t}},Fu=$w,xw=class extends fn{constructor(e,t){super(e);let r=e.vocab;this.tokens_to_ids=Bs(t.target_lang?r[t.target_lang]:r),this.bos_token=t.bos_token,this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t.eos_token,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.pad_token=t.pad_token,this.pad_token_id=this.tokens_to_ids.get(this.pad_token),this.unk_token=t.unk_token,this.unk_token_id=this.tokens_to_ids.get(this.unk_token),this.vocab=new Array(this.tokens_to_ids.size);for(let[n,s]of this.tokens_to_ids)this.vocab[s]=n}encode(e){return e}},kw=xw;function Ew(e,t){switch(e.type){case"WordPiece":return new qu(e);case"Unigram":return new Wu(e,t.eos_token);case"BPE":return new Fu(e);default:if(e.vocab)return Array.isArray(e.vocab)?new Wu(e,t.eos_token):Object.hasOwn(e,"continuing_subword_prefix")&&Object.hasOwn(e,"unk_token")?Object.hasOwn(e,"merges")?new Fu(e):new qu(e):new kw(e,{target_lang:t.target_lang,bos_token:t.bos_token,eos_token:t.eos_token,pad_token:t.pad_token,unk_token:t.unk_token});throw new Error(`Unknown TokenizerModel type: ${e?.type}`)}}var Sw=Ew,Ow=class extends tr{constructor(e){super(),this.config=e}_call(e,...t){return this.post_process(e,...t)}},rr=Ow,Aw=class extends rr{post_process(e,t=null,r=!0){let n=t===null?this.config.single:this.config.pair,s=[],o=[];for(let i of n)"SpecialToken"in i?r&&(s.push(i.SpecialToken.id),o.push(i.SpecialToken.type_id)):"Sequence"in i&&(i.Sequence.id==="A"?(s=Ee(s,e),o=Ee(o,new Array(e.length).fill(i.Sequence.type_id))):i.Sequence.id==="B"&&(s=Ee(s,t),o=Ee(o,new Array(t.length).fill(i.Sequence.type_id))));return{tokens:s,token_type_ids:o}}},Tw=Aw,Cw=class extends rr{post_process(e,t=null){return{tokens:e,tokens_pair:t}}},Nw=Cw,Pw=class extends rr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t=null,r=!0){r&&(e=Ee([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let s=[],o=r?[this.sep[0]]:[];e=Ee(e,s,t,o),n=Ee(n,new Array(t.length+s.length+o.length).fill(1))}return{tokens:e,token_type_ids:n}}},Lw=Pw,Rw=class extends rr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t,r=!0){r&&(e=Ee([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let s=r?[this.sep[0]]:[],o=r?[this.sep[0]]:[];e=Ee(e,s,t,o),n=Ee(n,new Array(t.length+s.length+o.length).fill(1))}return{tokens:e,token_type_ids:n}}},Mw=Rw,Iw=class extends rr{constructor(e){super(e),this.processors=(e.processors??[]).map(t=>cl(t))}post_process(e,t=null,r=!0){let n={tokens:e,tokens_pair:t};for(let s of this.processors)n=s.post_process(n.tokens,n.tokens_pair,r);return n}},Bw=Iw;function zw(e){if(e===null)return null;switch(e.type){case"TemplateProcessing":return new Tw(e);case"ByteLevel":return new Nw(e);case"BertProcessing":return new Lw(e);case"RobertaProcessing":return new Mw(e);case"Sequence":return new Bw(e);default:throw new Error(`Unknown PostProcessor type: ${e.type}`)}}var cl=zw,jw=class extends tr{constructor(e){super(),this.config=e,this.added_tokens=[],this.end_of_word_suffix=null,this.trim_offsets="trim_offsets"in e?e.trim_offsets:!1}_call(e){return this.decode(e)}decode(e){return this.decode_chain(e).join("")}},Pe=jw,Dw=class extends Pe{constructor(e){super(e),this.byte_decoder=Dg,this.text_decoder=new TextDecoder("utf-8",{fatal:!1,ignoreBOM:!0}),this.end_of_word_suffix=null}convert_tokens_to_string(e){let t=e.join(""),r=new Uint8Array([...t].map(n=>this.byte_decoder[n]));return this.text_decoder.decode(r)}decode_chain(e){let t=[],r=[];for(let n of e)this.added_tokens.find(s=>s.content===n)!==void 0?(r.length>0&&(t.push(this.convert_tokens_to_string(r)),r=[]),t.push(n)):r.push(n);return r.length>0&&t.push(this.convert_tokens_to_string(r)),t}},qw=Dw,Uw=class extends Pe{constructor(e){super(e),this.cleanup=e.cleanup}decode_chain(e){return e.map((t,r)=>{if(r!==0){let n=this.config.prefix;n&&t.startsWith(n)?t=t.replace(n,""):t=" "+t}return this.cleanup&&(t=Ms(t)),t})}},Ww=Uw,Fw=class extends Pe{constructor(e){super(e),this.replacement=e.replacement??"\u2581"}decode_chain(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r].replaceAll(this.replacement," ");r==0&&n.startsWith(" ")&&(n=n.substring(1)),t.push(n)}return t}},Kw=Fw,Vw=class extends Pe{constructor(e){super(e),this.suffix=e.suffix??""}decode_chain(e){return e.map((t,r)=>t.replaceAll(this.suffix,r===e.length-1?"":" "))}},Gw=Vw,Hw=class extends Pe{constructor(e){super(e),this.pad_token=e.pad_token??"",this.word_delimiter_token=e.word_delimiter_token??"",this.cleanup=e.cleanup}convert_tokens_to_string(e){if(e.length===0)return"";let t=[e[0]];for(let s=1;s<e.length;++s)e[s]!==t.at(-1)&&t.push(e[s]);let n=t.filter(s=>s!==this.pad_token).join("");return this.cleanup&&(n=Ms(n).replaceAll(this.word_delimiter_token," ").trim()),n}decode_chain(e){return[this.convert_tokens_to_string(e)]}},Jw=Hw,Yw=class extends Pe{constructor(e){super(e),this.decoders=(e.decoders??[]).map(t=>ul(t))}decode_chain(e){return this.decoders.reduce((t,r)=>r.decode_chain(t),e)}},Xw=Yw,Zw=class extends Pe{constructor(e){super(e),this.pattern=ln(this.config.pattern)}decode_chain(e){let t=this.config.content??"",r=this.pattern;return r===null?e:e.map(n=>n.replaceAll(r,t))}},Qw=Zw,e_=class extends Pe{decode_chain(e){return[e.join("")]}},t_=e_,r_=class extends Pe{constructor(e){super(e),this.content=e.content??"",this.start=e.start??0,this.stop=e.stop??0}decode_chain(e){return e.map(t=>{let r=0;for(let s=0;s<this.start&&t[s]===this.content;++s){r=s+1;continue}let n=t.length;for(let s=0;s<this.stop;++s){let o=t.length-s-1;if(t[o]===this.content){n=o;continue}else break}return t.slice(r,n)})}},n_=r_,s_=class extends Pe{constructor(e){super(e),this.text_decoder=new TextDecoder}decode_chain(e){let t=[],r=[];for(let n of e){let s=null;if(n.length===6&&n.startsWith("<0x")&&n.endsWith(">")){let o=parseInt(n.slice(3,5),16);isNaN(o)||(s=o)}if(s!==null)r.push(s);else{if(r.length>0){let o=this.text_decoder.decode(Uint8Array.from(r));t.push(o),r=[]}t.push(n)}}if(r.length>0){let n=this.text_decoder.decode(Uint8Array.from(r));t.push(n),r=[]}return t}},o_=s_;function i_(e){if(e===null)return null;switch(e.type){case"ByteLevel":return new qw(e);case"WordPiece":return new Ww(e);case"Metaspace":return new Kw(e);case"BPEDecoder":return new Gw(e);case"CTC":return new Jw(e);case"Sequence":return new Xw(e);case"Replace":return new Qw(e);case"Fuse":return new t_(e);case"Strip":return new n_(e);case"ByteFallback":return new o_(e);default:throw new Error(`Unknown Decoder type: ${e.type}`)}}var ul=i_,a_=class{constructor(e,t){let r=Du(e,"Tokenizer",["model","decoder","post_processor","pre_tokenizer","normalizer"]);if(r)throw new Error(r);let n=Du(t,"Config");if(n)throw new Error(n);this.tokenizer=e,this.config=t,this.normalizer=nl(this.tokenizer.normalizer),this.pre_tokenizer=ol(this.tokenizer.pre_tokenizer),this.model=Sw(this.tokenizer.model,this.config),this.post_processor=cl(this.tokenizer.post_processor),this.decoder=ul(this.tokenizer.decoder),this.special_tokens=[],this.all_special_ids=[],this.added_tokens=[];let s=[],o=[];this.added_tokens_map=new Map;for(let i of this.tokenizer.added_tokens){let a=new zm(i);if(this.added_tokens.push(a),this.model.tokens_to_ids.set(a.content,a.id),this.model.vocab[a.id]=a.content,a.special&&(this.special_tokens.push(a.content),this.all_special_ids.push(a.id)),this.added_tokens_map.set(a.content,a),a.normalized&&this.normalizer!==null){let c=this.normalizer(a.content);o.push(c),this.added_tokens_map.set(c,a)}else s.push(a.content)}(this.config.additional_special_tokens??[]).forEach(i=>{this.special_tokens.includes(i)||this.special_tokens.push(i)}),this.decoder&&(this.decoder.added_tokens=this.added_tokens,this.decoder.end_of_word_suffix=this.model.end_of_word_suffix),this.splitter_unnormalized=new Mu(s),this.splitter_normalized=new Mu(o),this.remove_space=this.config.remove_space,this.clean_up_tokenization_spaces=this.config.clean_up_tokenization_spaces??!0,this.do_lowercase_and_remove_accent=this.config.do_lowercase_and_remove_accent??!1}encode(e,{text_pair:t=null,add_special_tokens:r=!0,return_token_type_ids:n=null}={}){let{tokens:s,token_type_ids:o}=this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}),i=s.map(c=>this.added_tokens_map.get(c)?.id??this.model.tokens_to_ids.get(c)??this.model.unk_token_id),a={ids:i,tokens:s,attention_mask:new Array(i.length).fill(1)};return n&&o&&(a.token_type_ids=o),a}decode(e,t={}){if(!Array.isArray(e)||e.length===0||!og(e[0]))throw Error("token_ids must be a non-empty array of integers.");let r=e.map(s=>this.model.vocab[Number(s)]??this.model.unk_token);t.skip_special_tokens&&(r=r.filter(s=>!this.special_tokens.includes(s)));let n=this.decoder?this.decoder(r):r.join(" ");return this.decoder&&this.decoder.end_of_word_suffix&&(n=n.replaceAll(this.decoder.end_of_word_suffix," "),t.skip_special_tokens&&(n=n.trim())),(t.clean_up_tokenization_spaces??this.clean_up_tokenization_spaces)&&(n=Ms(n)),n}tokenize(e,{text_pair:t=null,add_special_tokens:r=!1}={}){return this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}).tokens}encode_text(e){if(e===null)return null;let t=this.splitter_unnormalized.split(e);return t.forEach((r,n)=>{let s=this.added_tokens_map.get(r);s&&(s.lstrip&&n>0&&(t[n-1]=t[n-1].trimEnd()),s.rstrip&&n<t.length-1&&(t[n+1]=t[n+1].trimStart()))}),t.flatMap((r,n)=>{if(r.length===0)return[];if(this.added_tokens_map.has(r))return[r];if(this.remove_space===!0&&(r=r.trim().split(/\s+/).join(" ")),this.do_lowercase_and_remove_accent&&(r=ag(r)),this.normalizer!==null&&(r=this.normalizer(r)),r.length===0)return[];let s=this.splitter_normalized.split(r);return s.forEach((o,i)=>{let a=this.added_tokens_map.get(o);a&&(a.lstrip&&i>0&&(s[i-1]=s[i-1].trimEnd()),a.rstrip&&i<s.length-1&&(s[i+1]=s[i+1].trimStart()))}),s.flatMap(o=>{if(o.length===0)return[];if(this.added_tokens_map.has(o))return[o];let i=this.pre_tokenizer!==null?this.pre_tokenizer(o,{section_index:n}):[o];return this.model(i)})})}tokenize_helper(e,{text_pair:t=null,add_special_tokens:r=!0}){let n=this.encode_text(e),s=this.encode_text(t||null);return this.post_processor?this.post_processor(n,s,r):{tokens:Ee(n??[],s??[])}}token_to_id(e){return this.model.tokens_to_ids.get(e)}id_to_token(e){return this.model.vocab[e]}get_added_tokens_decoder(){let e=new Map;for(let t of this.added_tokens)e.set(t.id,t);return e}get_vocab(e=!0){let t=new Map;for(let r=0;r<this.model.vocab.length;++r){let n=this.model.vocab[r];(e||!this.added_tokens_map.has(n))&&t.set(n,r)}return t}},zs=a_;var js=1<<22;function ll(e){let t=r=>{if(r===null)return;for(let i of r.normalizers??[])t(i);let{pattern:n,config:{type:s,content:o=""}={}}=r;s!=="Replace"||!n||(r.normalize=i=>{if(i.length*(1+o.length)+o.length<=js&&!o.includes("$"))return i.replaceAll(n,o);let c=i.length;return i.replaceAll(n,u=>{if(c+=o.length-u.length,c>Math.max(i.length,js))throw new $(`tokenizer.json: normalizer: expected texts of at most ${js} characters, found that it makes a longer one by writing ${JSON.stringify(o.slice(0,40))} over and over; use the model's own file`);return o})})};t(e)}var c_=new TextEncoder,u_=Array.from({length:256},(e,t)=>`<0x${t.toString(16).toUpperCase().padStart(2,"0")}>`);function dl(e){let{vocab:t,byte_fallback:r}=e.config;if(!Array.isArray(t)||r!==!0)return;let n=e._call.bind(e);e._call=s=>n(s).flatMap(o=>{if(e.tokens_to_ids.has(o))return[o];let i=Array.from(c_.encode(o),a=>u_[a]);return i.every(a=>e.tokens_to_ids.has(a))?i:[o]})}var ml=new TextEncoder;function gl(e){let t=new Map(e.added.map(o=>[o.content,o])),n=e.added.map(({content:o})=>o).filter(o=>o!=="").sort((o,i)=>i.length-o.length).map(l_).join("|")||"(?!)",s=new RegExp(n,"gu");return({text:o,literal:i,trained:a})=>{let c=[],u=[],d=(p,h)=>a.some(([g,m])=>p<m&&h>g)?1:0,l=(p,h)=>{h>p&&f_(e,o.slice(p,h),p,a,c,u)},f=s.lastIndex=0;for(let p=s.exec(o);p!==null;p=s.exec(o)){let h=t.get(p[0]),g=p.index,m=g+p[0].length;if(i.has(g)||h.single_word&&!d_(o,g,m))continue;let w=h.lstrip?f+o.slice(f,g).trimEnd().length:g,_=h.rstrip?m+/^\s*/.exec(o.slice(m))[0].length:m;l(f,w),c.push(h.id),u.push(d(w,_)),f=s.lastIndex=_}return l(f,o.length),{ids:c,mask:u}}}function l_(e){return e.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")}function d_(e,t,r){return!/[\p{L}\p{N}_]$/u.test(e.slice(0,t))&&!/^[\p{L}\p{N}_]/u.test(e.slice(r))}function f_(e,t,r,n,s,o){let i=e.normalise(t),a=e.cut(i,r===0),c=n.filter(([l,f])=>l<r+t.length&&f>r),u=c.length>0?p_(e,i,a):void 0,d=c.map(([l,f])=>[fl(e,t,i,u.shift,l-r),fl(e,t,i,u.shift,f-r)]);a.forEach((l,f)=>{let p=e.tokens(l);for(let h=0;h<p.ids.length;h++){if(s.push(p.ids[h]),u===void 0){o.push(0);continue}let g=u.at[f]+p.from[h],m=u.at[f]+p.to[h];o.push(d.some(([w,_])=>g<_&&m>w)?1:0)}})}function fl(e,t,r,n,s){if(s<0)return-1;if(s>=t.length)return 1/0;let o=s===0?e.prefix:e.normalise(t.slice(0,s));return n+(e.bytes?wl(pl(o,r)):pl(o,r).length)}function pl(e,t){if(t.startsWith(e))return e;let r=0;for(;r<e.length&&e[r]===t[r];)r++;return e.slice(0,r)}function wl(e){return ml.encode(e).length}function p_(e,t,r){let n=()=>new $("tokenizer.json: expected a pre-tokenizer that keeps the text as it is, found one after which the places of tokens are not known; what is trained cannot be told from the rest"),s=[];if(e.bytes){let u=0;for(let l of r)s.push(u),u+=l.length;let d=u-wl(t);if(d!==0&&d!==1)throw n();return{at:s,shift:d}}let o=u=>u.replaceAll("\u2581"," "),i=r.length>0&&o(t).startsWith(o(r[0]))?0:r[0]?.startsWith("\u2581")?1:0,a=" ".repeat(i)+o(t),c=0;for(let u of r){let d=a.indexOf(o(u),c);if(d<0||a.slice(c,d).trim()!=="")throw n();s.push(d),c=d+u.length}return{at:s,shift:i}}function _l(e,t,{unknown:r,continuing:n=""}){let s=[],o=[],i=0,a=[],c=0;for(let[u,d]of t.entries()){let l=-1,f=/^<0x([0-9A-F]{2})>$/.exec(d);if(a.length===0&&e.startsWith(d,i))l=d.length;else if(a.length===0&&u>0&&n!==""&&d.startsWith(n)){let p=d.slice(n.length);e.startsWith(p,i)&&(l=p.length)}if(l<0&&f!==null&&i<e.length){if(a.length===0){let p=String.fromCodePoint(e.codePointAt(i));c=p.length,a=[...ml.encode(p)]}if(a.shift()===parseInt(f[1],16)){s.push(i),o.push(i+c),a.length===0&&(i+=c);continue}}if(l<0&&d===r&&i<e.length&&(l=t.length===1?e.length:String.fromCodePoint(e.codePointAt(i)).length),l<0)throw hl(e,t);s.push(i),o.push(i+=l)}if(i!==e.length||a.length>0)throw hl(e,t);return{from:s,to:o}}function hl(e,t){return new $(`tokenizer.json: expected tokens that spell ${JSON.stringify(e)}, found ${JSON.stringify(t)}; what is trained cannot be told from the rest`)}var vl=(1<<24)-1,h_=5e4;function yl(e){let t;try{t=typeof e=="string"?JSON.parse(e):e}catch(m){throw new $(`tokenizer.json: expected JSON, found ${m.message}`)}if(typeof t?.model?.vocab!="object"||t.model.vocab===null)throw new $("tokenizer.json: expected a model with a vocabulary, found none; export it with `tokenizers`");w_(t);let r=new Map;for(let m of t.added_tokens??[])m.special&&r.set(m.content,m.id);let n,s,o=new Map;try{let m=new zs(bl(t),{clean_up_tokenization_spaces:!1});for(let[w,_]of m.get_vocab())w!==void 0&&o.set(w,_);s=g_(m),n=new zs(__(t,r),{clean_up_tokenization_spaces:!1})}catch(m){throw new $(`tokenizer.json: cannot be read by @huggingface/tokenizers: ${m.message}`)}if(n.model===null)throw new $("tokenizer.json: expected a model, found none");let i=n.model;dl(i),ll(n.normalizer);let a=(t.added_tokens??[]).some(m=>!r.has(m.content)),c=new Map([...r].map(([m,w])=>[w,m])),u=0;for(let m of o.values())u=Math.max(u,m+1);let d=new Map,l={unknown:m_(t),continuing:t.model.continuing_subword_prefix??void 0},f=m=>{let w=d.get(m);if(w!==void 0)return w;let _={ids:[],tokens:[]};for(let x of i([m])){let S=i.tokens_to_ids.get(x)??i.unk_token_id;S!==void 0&&(_.ids.push(S),_.tokens.push(x))}return d.size>=h_&&d.clear(),d.set(m,_),_},p=m=>n.normalizer===null?m:n.normalizer(m),h=(m,w)=>n.pre_tokenizer===null?[m]:n.pre_tokenizer(m,{section_index:w}),g=gl({added:t.added_tokens??[],normalise:p,prefix:Ds(t.normalizer,"Prepend")?p(""):"",cut:(m,w)=>h(m,w?0:1),bytes:Ds(t.pre_tokenizer,"ByteLevel"),tokens(m){let w=f(m);return w.places??=_l(m,w.tokens,l),{ids:w.ids,...w.places}}});return{vocabSize:u,encode(m){return m===""?[]:a?n.encode(m,{add_special_tokens:!1}).ids:h(p(m),0).flatMap(w=>f(w).ids)},decode(m){let w=[];for(let _ of m)_>=0&&_<u&&!c.has(_)&&w.push(_);return w.length===0?"":n.decode(w)},id:m=>o.get(m),special:m=>c.get(m),specials:[...r.keys()],around:s,encodeRendered:g}}function Ds(e,t){if(typeof e!="object"||e===null)return!1;let{type:r,normalizers:n,pretokenizers:s}=e;return r===t||[n,s].some(o=>Array.isArray(o)&&o.some(i=>Ds(i,t)))}function m_({model:{vocab:e,unk_token:t,unk_id:r}}){return t??(Array.isArray(e)&&typeof r=="number"?e[r]?.[0]:void 0)}function g_(e){let t="\u{10FFFF}",r=e.post_processor===null?[t]:e.post_processor([t],null,!0).tokens,n=r.indexOf(t),s=o=>o.map(i=>e.token_to_id(i)).filter(i=>i!==void 0);return n<0?{before:[],after:[]}:{before:s(r.slice(0,n)),after:s(r.slice(n+1))}}function w_({model:{vocab:e},added_tokens:t}){let r=t??[],n=(s,o)=>{if(!(Number.isInteger(o)&&o>=0&&o<=vl))throw new $(`tokenizer.json: expected an id from 0 to ${vl} for ${JSON.stringify(s)}, found ${JSON.stringify(o)}`)};if(!Array.isArray(e))for(let[s,o]of Object.entries(e))n(s,o);if(!Array.isArray(r))throw new $(`tokenizer.json: added_tokens: expected a list, found ${JSON.stringify(r)?.slice(0,99)}`);for(let s of r){if(typeof s?.content!="string")throw new $(`tokenizer.json: added_tokens: expected tokens with a content, found ${JSON.stringify(s)?.slice(0,99)}`);n(s.content,s.id)}}function bl(e){return{normalizer:null,pre_tokenizer:null,post_processor:null,decoder:null,added_tokens:[],...e}}function __(e,t){let r=e.model.vocab,n=s=>t.has(s)&&s!==e.model.unk_token;return{...bl(e),added_tokens:(e.added_tokens??[]).filter(s=>!t.has(s.content)),model:{...e.model,vocab:Array.isArray(r)?r.map(([s,o],i)=>[n(s)?`\u{10FFFF}${i}`:s,o]):Object.fromEntries(Object.entries(r).filter(([s])=>!n(s)))}}}var qs={temperature:1,topK:50,topP:1},v_=new Set(["bos_token_id","pad_token_id","decoder_start_token_id","eos_token_id","use_cache","cache_implementation","do_sample","temperature","top_k","top_p","repetition_penalty","max_new_tokens","max_length","output_attentions","output_hidden_states","output_scores","output_logits","return_dict_in_generate","cache_config","compile_config","disable_compile","max_cache_len","low_memory","prefill_chunk_size","early_stopping","length_penalty","remove_invalid_values","renormalize_logits","diversity_penalty"]),y_=2**31-1,$l={num_beams:1,num_beam_groups:1,num_return_sequences:1,typical_p:1,epsilon_cutoff:0,eta_cutoff:0,encoder_repetition_penalty:1,guidance_scale:1,penalty_alpha:0,min_p:0};function b_(e,t){return t===null||t===!1||v_.has(e)||e.startsWith("_")||e.endsWith("_version")||/assistant|lookbehind|lookup/.test(e)?!0:e in $l?t===$l[e]:t===0||Array.isArray(t)&&t.length===0}function xl(e){let t="generation_config.json";if(e!==void 0&&(typeof e!="object"||e===null||Array.isArray(e)))throw new $(`${t}: expected a JSON object, found ${JSON.stringify(e)}`);let r=e??{},n=(d,l,f,p)=>{let h=r[d]??l;if(typeof h=="number"&&f(h))return h;throw new $(`${t}: expected ${d} to be ${p}, found ${JSON.stringify(h)}`)},s=d=>l=>Number.isSafeInteger(l)&&l>=d,o=r.do_sample===!0,i=n("temperature",qs.temperature,d=>d>=0,"a number of at least 0"),a=n("top_k",qs.topK,s(0),"a whole number of at least 0"),c=n("top_p",qs.topP,d=>d>=0&&d<=1,"a number between 0 and 1"),u=n("max_new_tokens",1,s(1),"a whole number of at least 1");return{stops:pn(r.eos_token_id,`${t}: eos_token_id`),defaults:{...o?{temperature:i,topK:a,topP:c}:{temperature:0,topK:0,topP:1},repetitionPenalty:n("repetition_penalty",1,d=>d>0,"a number above 0"),maxNewTokens:r.max_new_tokens===void 0||r.max_new_tokens===null?void 0:u},ignored:Object.entries(r).filter(([d,l])=>!b_(d,l)).map(([d,l])=>`${d} ${JSON.stringify(l)}`)}}function pn(e,t){if(e==null)return[];let r=Array.isArray(e)?e:[e];if(r.every(n=>typeof n=="number"&&Number.isInteger(n)&&n>=0&&n<=y_))return[...new Set(r)];throw new $(`${t}: expected a token id or a list of them, found ${JSON.stringify(e)}`)}var kl="generation_config.json";async function Fs({folder:e,files:t,weights:r},n={}){let s=El(t,"config.json",e),o=await nr(e,()=>yl(Ws(t,"tokenizer.json"))),i=t.has(kl)?El(t,kl,e):void 0,a=await nr(e,()=>xl(i)),c=await nr(e,()=>Ru(t,s,o,Er(kr(s)))),u=await nr(e,()=>$_(a,s,c)),d=u.find(g=>o.special(g)!==void 0),l=d===void 0?c:Gc(c,{id:d,text:o.special(d)}),f=await nr(e,()=>Vc(t,s,n)),p=new Map([...[...t].filter(([g])=>g!=="config.json"),...f.files()]);x_(e,s,o,f,l);let h=Ws(t,"config.json");return{folder:e,files:t,weights:r,companions:p,config:s,configText:h,tokenizer:o,processor:f,format:l,stops:u,generation:a}}async function nr(e,t){try{return await t()}catch(r){throw r instanceof $?new $(`checkpoint ${e}: ${r.message}`):r}}function $_({stops:e},t,r){let n=[e,pn(t.eos_token_id,"config.json: eos_token_id"),pn(Us(t,"text_config","eos_token_id"),"config.json: text_config.eos_token_id")].find(o=>o.length>0)??[],s=new Set([...n,...r.stops]);if(s.size>0)return[...s];throw new $(`expected a token that ends an answer: eos_token_id in generation_config.json, or one in ${r.name}; found neither. Add eos_token_id to generation_config.json`)}function x_(e,t,r,n,s){let o=[["vision_config.image_size",Us(t,"vision_config","image_size"),"the settings of its pictures",n.size],["the image's token",t.image_token_id??t.image_token_index,"tokenizer.json, the id of the image's token",s.imageId]];for(let[a,c,u,d]of o)if(!(typeof c!="number"||c===d))throw new $(`checkpoint ${e}: expected files of one model, but config.json has ${a} ${c}, and ${u}: ${d??"none"}. Bring back the files that were saved together`);let i=Us(t,"text_config","vocab_size");if(typeof i=="number"&&r.vocabSize>i)throw new $(`checkpoint ${e}: expected a tokenizer of at most ${i} tokens (vocab_size in config.json), found ${r.vocabSize} in tokenizer.json. Bring back the files that were saved together`)}function Us(e,t,r){let n=e[t];return typeof n=="object"&&n!==null?n[r]:void 0}function Ws(e,t){return new TextDecoder().decode(e.get(t))}function El(e,t,r){try{let n=JSON.parse(Ws(e,t));if(typeof n=="object"&&n!==null&&!Array.isArray(n))return n;throw new Error(Array.isArray(n)?"a list":`${n}`)}catch(n){let s=n instanceof Error?n.message:String(n);throw new $(`${r}/${t}: expected a JSON object, found: ${s}`)}}var Sl=["tokenizer.json","preprocessor_config.json","generation_config.json","tokenizer_config.json","special_tokens_map.json","processor_config.json","chat_template.jinja","chat_template.json","video_preprocessor_config.json","added_tokens.json","vocab.json","merges.txt","tokenizer.model"];async function Ol({texts:e,weights:t,models:r}){let n=new TextEncoder,s=t.map((o,i)=>ts(`weights ${i+1}`,Uint8Array.fromBase64(o)));return await Promise.all(r.map(async({name:o,files:i,weights:a,adapter:c})=>{let u=await Fs({folder:o,files:new Map(Object.entries(i).map(([d,l])=>[d,n.encode(e[l])])),weights:a.map(d=>s[d])});return{name:o,checkpoint:c===void 0?u:{...u,adapter:{config:e[c.config],weights:s[c.weights]}}}}))}async function hn(e){let t=new Map(e.map(i=>[i.name,i])),r=new Map;for(let i of["config.json",...Sl]){let a=t.get(i);a!==void 0&&r.set(i,await Ks(a,0,a.size))}let n=["config.json","tokenizer.json"].find(i=>!r.has(i));if(n!==void 0)throw new $(`expected the files of a checkpoint's folder, found no ${n} among ${e.length}; choose all of them together`);let o=(await Ja(new Set(t.keys()),async()=>{let i=t.get(Be);return new TextDecoder().decode(await Ks(i,0,i.size))})).map(i=>{let a=t.get(i);return{name:i,size:a.size,read:(c,u)=>Ks(a,c,u)}});return await Fs({folder:"opened files",files:r,weights:o})}async function Ks(e,t,r){return new Uint8Array(await e.slice(t,t+r).arrayBuffer())}var Al="served";async function Tl({name:e,files:t},r=""){let n=t.map(({name:s,size:o},i)=>({name:s,size:o,slice:(a,c)=>({arrayBuffer:()=>k_(`${r}model/${i}/${a}-${c}`)})}));return{name:e,checkpoint:await hn(n)}}async function k_(e){let t=await fetch(e);if(t.ok)return await t.arrayBuffer();throw new ne(`expected a piece of the model from its server, found: ${await t.text()}`)}var U=e=>document.getElementById(`ask-${e}`),Ml="WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";function E_(){if(!("gpu"in navigator))return Ml;if(!("Float16Array"in globalThis)||!("fromBase64"in Uint8Array))return"This browser is too old to unpack the models; one of 2026 can. All else on this page works without."}var Cl=[...U("form").dataset.colours.split(" ").filter(Boolean),"grey"],Il=e=>Cl[Math.min(e,Cl.length-1)],Lt,mn,Bl=[],Vs=!1,Pt=e=>U("status").textContent=e;async function zl(){if(mn??=await yn(),Lt!==void 0)return;Pt("Unpacking the models \u2026");let e=JSON.parse(document.getElementById("models").textContent),t=[],r=document.getElementById(Al),n=await Ol(e);r!==null&&n.unshift(await Tl(JSON.parse(r.textContent)));for(let{name:s,checkpoint:o}of n)t.push({name:s,answers:await ds(mn,o)});Lt=t}function S_(e){let[,t,r]=/^data:([^;,]*);base64,(.*)$/.exec(e);return new Blob([Uint8Array.fromBase64(r)],{type:t})}function jl(e){Bl=e;let t=U("image");t.src.startsWith("blob:")&&URL.revokeObjectURL(t.src),t.src=URL.createObjectURL(e[0]),U("boxes").replaceChildren()}function Nl(){let{value:e,selectedOptions:[t]}=U("sample");if(e==="own")return U("own").click();jl([...document.querySelectorAll(`[data-sample="${e}"] img`)].map(({src:r})=>S_(r))),U("question").value=t.dataset.question}function Pl(e){e!==void 0&&(U("sample").value="own",jl([e]))}function O_(e,t){let r=document.createElement("tr"),n=document.createElement("th");n.scope="row",n.textContent=e,n.style.borderLeft=`4px solid var(--${Il(t)})`;let s=document.createElement("td"),o=document.createElement("td");return r.append(n,s,o),U("answers").append(r),{answer:s,time:o}}function A_(e,t){let r=No(e);if(r===null)return;let[n,s,o,i]=r;for(let a of[!0,!1]){let c=document.createElementNS("http://www.w3.org/2000/svg","rect"),u={x:n,y:s,width:o-n,height:i-s};for(let[d,l]of Object.entries(u))c.setAttribute(d,l);a?c.setAttribute("class","halo"):c.style.stroke=`var(--on-image-${Il(t)})`,U("boxes").append(c)}}function T_({tokens:e,seconds:{first:t,all:r}}){let n=s=>`${(1e3*s).toFixed(0)} ms`;return e>1?`${n(r)}, ${n((r-t)/(e-1))} a token`:n(r)}async function C_(){if(U("answers").replaceChildren(),U("boxes").replaceChildren(),await zl(),Lt.length===0)return Pt("Open a model first, below.");let e=U("question").value,t=await Promise.all(Bl.map(Sc));for(let[r,{name:n,answers:s}]of Lt.entries()){Pt(`${n} answers \u2026`);let{answer:o,time:i}=O_(n,r),a=await s.ask(e,t,c=>o.append(c));o.textContent=a.answer===""?"(nothing)":a.answer,i.textContent=T_(a),A_(a.answer,r)}Pt("Answered.")}async function Ll(e){mn??=await yn(),await zl();let t=await hn(e);Lt.push({name:`opened model ${Lt.length+1}`,answers:await ds(mn,t)}),Pt("The model is open: ask it.")}async function Gs(e){if(!Vs){Vs=!0,U("submit").disabled=!0;try{await e()}catch(t){Pt(t instanceof mt?Ml:t instanceof Error?t.message:String(t))}finally{Vs=!1,U("submit").disabled=!1}}}var Rl=E_();Rl===void 0?(U("form").hidden=!1,U("form").addEventListener("submit",e=>{e.preventDefault(),Gs(C_)}),U("sample").addEventListener("change",Nl),U("own").addEventListener("change",()=>Pl(U("own").files[0])),U("files").addEventListener("change",()=>Gs(()=>Ll([...U("files").files]))),U("drop").addEventListener("dragover",e=>e.preventDefault()),U("drop").addEventListener("drop",e=>{e.preventDefault();let t=[...e.dataTransfer.files];t.some(({name:r})=>r==="config.json")?Gs(()=>Ll(t)):Pl(t[0])}),U("sample").value!=="own"&&Nl()):(U("missing").textContent=Rl,U("missing").hidden=!1);

// LayerNorm (CENTRED) and RMSNorm, ROWS rows a workgroup at a time: every value is loaded once and held in registers.
//
//   forward   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//             RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].
//   BACKWARD  dx (+)= rstd·(g − mean(g) − x̂·mean(g·x̂)),  g = dy·weight; RMSNorm: without mean(g).
//             d weight = Σ rows dy·x̂ and d bias = Σ rows dy, each workgroup's share in a row of weight_parts and
//             bias_parts; column_sum.wgsl adds these up.
//
// A workgroup takes one block of ROWS rows, or p.blocks of them (LOOP). Its LANES invocations share a row: lane l
// holds the vec4s l, l + LANES, …, HELD of them (RAGGED: the last lanes one less). The lanes' sums, a vec4 of ROWS
// rows, go through workgroup memory, of which two copies take turns, so that a block needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.

struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>;
//#if BACKWARD
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(${DX}) var<storage, read_write> dx: array<vec4f>;
//#end
//#if WEIGHT_PARTS
@group(0) @binding(${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end
//#if BIAS_PARTS
@group(0) @binding(${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end
//#else
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end
//#end
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

var<workgroup> first: array<vec4f, ${2 * LANES}>;
//#if CENTRED
var<workgroup> second: array<vec4f, ${2 * LANES}>;
//#end

fn total(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + ${LANES - 1}u - lane) / ${LANES}u)); }
//#if TREE
// … that sixteen lanes hold: 0 to 15 are the first.
fn held_by(sixteen: u32) -> f32 {
  let before = 16u * sixteen;
  let one_more = min(max(p.width % ${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / ${LANES}u) + one_more));
}
//#else
fn held_by(lane: u32) -> f32 { return held(lane); }
//#end
//#end

@compute @workgroup_size(${LANES})
fn norm_rows(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = id.x + id.y * groups.x;
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at${c} = min(${c * LANES}u + lane, p.width - 1u);
  //#if RAGGED
  let inside${c} = ${c * LANES}u + lane < p.width;
  //#end
  let w${c} = weight[at${c}];
  //#if BACKWARD
  var dw${c} = vec4f();
  var db${c} = vec4f();
  //#else
  //#if CENTRED
  let b${c} = bias[at${c}];
  //#end
  //#end
  //#end
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * ${ROWS}u;
    //#if TREE
    //#else
    let copy = (block & 1u) * ${LANES}u;
    //#end
  //#else
  {
    let row = group * ${ROWS}u;
    //#if TREE
    //#else
    let copy = 0u;
    //#end
  //#end
    //#repeat r ROWS
    let row${r} = min(row + ${r}u, p.rows - 1u);
    let start${r} = row${r} * p.width;
    //#end
    var mine = vec4f();
    var also = vec4f();
    //#if BACKWARD
    //#repeat r ROWS
    let known${r} = stats[row${r}];
    let here${r} = select(0.0, 1.0, row + ${r}u < p.rows); // a row past the last has gradient 0
    var g${r} = vec4f();
    var gx${r} = vec4f();
    //#repeat c HELD
    let hat${r}_${c} = (vec4f(x[start${r} + at${c}]) - known${r}.x) * known${r}.y;
    //#if RAGGED
    let d${r}_${c} = select(vec4f(), dy[start${r} + at${c}] * here${r}, inside${c});
    //#else
    let d${r}_${c} = dy[start${r} + at${c}] * here${r};
    //#end
    let dw${r}_${c} = d${r}_${c} * hat${r}_${c};
    g${r} = fma(d${r}_${c}, w${c}, g${r});
    gx${r} = fma(dw${r}_${c}, w${c}, gx${r});
    dw${c} += dw${r}_${c};
    db${c} += d${r}_${c};
    //#end
    mine[${r}] = total(gx${r});
    also[${r}] = total(g${r});
    //#end
    //#else
    //#repeat r ROWS
    var sum${r} = vec4f();
    //#repeat c HELD
    let v${r}_${c} = vec4f(x[start${r} + at${c}]);
    //#if RAGGED
    sum${r} += select(vec4f(), v${r}_${c}, inside${c});
    //#else
    sum${r} += v${r}_${c};
    //#end
    //#end
    //#if CENTRED
    also[${r}] = total(sum${r});
    let middle${r} = also[${r}] / max(held(lane), 1.0);
    //#else
    let middle${r} = 0.0;
    //#end
    var square${r} = vec4f();
    //#repeat c HELD
    let off${r}_${c} = v${r}_${c} - middle${r};
    //#if RAGGED
    square${r} += select(vec4f(), off${r}_${c} * off${r}_${c}, inside${c});
    //#else
    square${r} = fma(off${r}_${c}, off${r}_${c}, square${r});
    //#end
    //#end
    mine[${r}] = total(square${r});
    //#end
    //#end
    //#if TREE
    let copy = ${LANES}u; // where the sixteens' sums stand
    first[lane] = mine;
    //#if CENTRED
    second[lane] = also;
    //#end
    workgroupBarrier();
    if (lane < ${PARTS}u) {
      var square = vec4f();
      //#if CENTRED
      var sum = vec4f();
      //#repeat l 16
      sum += second[16u * lane + ${l}u];
      //#end
      second[copy + lane] = sum;
      let middle = sum / max(held_by(lane), 1.0);
      //#end
      //#repeat l 16
      square += first[16u * lane + ${l}u];
      //#if CENTRED
      //#if BACKWARD
      //#else
      let held${l} = held(16u * lane + ${l}u);
      let off${l} = second[16u * lane + ${l}u] / max(held${l}, 1.0) - middle;
      square += held${l} * off${l} * off${l};
      //#end
      //#end
      //#end
      first[copy + lane] = square;
    }
    workgroupBarrier();
    //#else
    first[copy + lane] = mine;
    //#if CENTRED
    second[copy + lane] = also;
    //#end
    workgroupBarrier();
    //#end
    var mean = vec4f();
    //#if CENTRED
    //#repeat l PARTS
    mean += second[copy + ${l}u];
    //#end
    mean /= size;
    //#end
    var rest = vec4f();
    //#repeat l PARTS
    rest += first[copy + ${l}u];
    //#if CENTRED
    //#if BACKWARD
    //#else
    // The squares were about the lane's own mean: Chan, Golub and LeVeque (1983).
    let off${l} = second[copy + ${l}u] / max(held_by(${l}u), 1.0) - mean;
    rest += held_by(${l}u) * off${l} * off${l};
    //#end
    //#end
    //#end
    rest /= size;
    //#if BACKWARD
    //#if DX
    //#repeat r ROWS
    //#repeat c HELD
    //#if RAGGED
    if (row + ${r}u < p.rows && inside${c}) {
    //#else
    if (row + ${r}u < p.rows) {
    //#end
      var value = known${r}.y * (d${r}_${c} * w${c} - mean[${r}] - hat${r}_${c} * rest[${r}]);
      //#if ADD
      value += dx[start${r} + at${c}];
      //#end
      dx[start${r} + at${c}] = value;
    }
    //#end
    //#end
    //#end
    //#else
    let rstd = 1.0 / sqrt(rest + p.eps);
    //#repeat r ROWS
    //#repeat c HELD
    //#if RAGGED
    if (row + ${r}u < p.rows && inside${c}) {
    //#else
    if (row + ${r}u < p.rows) {
    //#end
      let hat = (v${r}_${c} - mean[${r}]) * rstd[${r}];
      //#if CENTRED
      y[start${r} + at${c}] = y_t4(hat * w${c} + b${c});
      //#else
      y[start${r} + at${c}] = y_t4(hat * w${c});
      //#end
    }
    //#end
    //#end
    if (lane < ${ROWS}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
    //#end
  }
  //#if BACKWARD
  //#repeat c HELD
  //#if RAGGED
  if (inside${c}) {
  //#else
  {
  //#end
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at${c}] = dw${c};
    //#end
    //#if BIAS_PARTS
    bias_parts[group * p.width + at${c}] = db${c};
    //#end
  }
  //#end
  //#end
}

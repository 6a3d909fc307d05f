// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd·(g − mean(g) − x̂·mean(g·x̂)),  g = dy·weight; RMSNorm: without mean(g)
//   d weight = Σ rows dy·x̂,  d bias = Σ rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x̂ comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(${DX}) var<storage, read_write> dx: array<vec4f>;
//#end DX
//#if WEIGHT_PARTS
@group(0) @binding(${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end WEIGHT_PARTS
//#if BIAS_PARTS
@group(0) @binding(${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end BIAS_PARTS
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_sums

@compute @workgroup_size(${WORKGROUP})
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at${c} = min(${c * LANES}u + lane, p.width - 1u);
  let within${c} = within(${c * LANES}u + lane);
  let w${c} = weight[at${c}];
  var dw${c} = vec4f();
  var db${c} = vec4f();
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * ${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * ${TILE}u;
  //#end LOOP
    var own = Sums(); // of g·x̂, and of g
    //#repeat r TILE
    let row${r} = min(row + ${r}u, p.rows - 1u);
    let start${r} = row${r} * p.width;
    let known${r} = stats[row${r}];
    let here${r} = select(0.0, 1.0, row + ${r}u < p.rows); // a row past the last has gradient 0
    var g${r} = vec4f();
    var gx${r} = vec4f();
    //#repeat c HELD
    let hat${r}_${c} = (vec4f(x[start${r} + at${c}]) - known${r}.x) * known${r}.y;
    let d${r}_${c} = select(vec4f(), dy[start${r} + at${c}] * here${r}, within${c});
    let dw${r}_${c} = d${r}_${c} * hat${r}_${c};
    g${r} = fma(d${r}_${c}, w${c}, g${r});
    gx${r} = fma(dw${r}_${c}, w${c}, gx${r});
    dw${c} += dw${r}_${c};
    db${c} += d${r}_${c};
    //#end c
    own.first[${r}] = lane_sum(gx${r});
    own.second[${r}] = lane_sum(g${r});
    //#end r
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    //#if DX
    //#repeat r TILE
    //#repeat c HELD
    if (row + ${r}u < p.rows && within${c}) {
      var value = known${r}.y * (d${r}_${c} * w${c} - mean_g[${r}] - hat${r}_${c} * mean_gx[${r}]);
      //#if ADD
      value += dx[start${r} + at${c}];
      //#end ADD
      dx[start${r} + at${c}] = value;
    }
    //#end c
    //#end r
    //#end DX
  }
  //#repeat c HELD
  if (within${c}) {
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at${c}] = dw${c};
    //#end WEIGHT_PARTS
    //#if BIAS_PARTS
    bias_parts[group * p.width + at${c}] = db${c};
    //#end BIAS_PARTS
  }
  //#end c
}

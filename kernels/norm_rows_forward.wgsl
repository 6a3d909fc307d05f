// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end CENTRED
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_moments

// sum + off², off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  //#if RAGGED
  return sum + select(vec4f(), off * off, within);
  //#else
  return fma(off, off, sum);
  //#end RAGGED
}

@compute @workgroup_size(${WORKGROUP})
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  //#repeat c HELD
  let at${c} = min(${c * LANES}u + lane, p.width - 1u);
  let within${c} = within(${c * LANES}u + lane);
  let w${c} = weight[at${c}];
  //#if CENTRED
  let b${c} = bias[at${c}];
  //#end CENTRED
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * ${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * ${TILE}u;
  //#end LOOP
    var own = Sums(); // of squares about the lane's mean, and of values
    //#repeat r TILE
    let start${r} = min(row + ${r}u, p.rows - 1u) * p.width;
    //#repeat c HELD
    let v${r}_${c} = vec4f(x[start${r} + at${c}]);
    //#end c
    var middle${r} = 0.0;
    //#if CENTRED
    var sum${r} = vec4f();
    //#repeat c HELD
    sum${r} += select(vec4f(), v${r}_${c}, within${c});
    //#end c
    own.second[${r}] = lane_sum(sum${r});
    middle${r} = own.second[${r}] / max(held(lane), 1.0);
    //#end CENTRED
    var square${r} = vec4f();
    //#repeat c HELD
    square${r} = add_square(square${r}, v${r}_${c} - middle${r}, within${c});
    //#end c
    own.first[${r}] = lane_sum(square${r});
    //#end r
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    //#repeat r TILE
    //#repeat c HELD
    if (row + ${r}u < p.rows && within${c}) {
      let hat = (v${r}_${c} - mean[${r}]) * rstd[${r}];
      //#if CENTRED
      y[start${r} + at${c}] = y_t4(hat * w${c} + b${c});
      //#else
      y[start${r} + at${c}] = y_t4(hat * w${c});
      //#end CENTRED
    }
    //#end c
    //#end r
    if (lane < ${TILE}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}

// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO·o,  dq = scale·Σ_j d_score_j·k_j,  d_score_j = weight_j·(dO·v_j − delta),  weight_j = exp(score_j − lse)
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

@compute @workgroup_size(${WORKGROUP})
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * ${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row${r} = min(row + ${r}u, p.rows - 1u);
  let range${r} = sees(row + ${r}u);
  first = min(first, range${r}.x);
  end = max(end, range${r}.y);
  let query${r} = row${r} * qkv_stride() + query_at(head);
  let out${r} = row${r} * o_stride() + query_at(head);
  var delta${r} = 0.0;
  //#repeat d D4
  let own${r}_${d} = load_qkv(query${r} + ${d}u);
  let own_value${r}_${d} = load_d_o(out${r} + ${d}u);
  delta${r} += dot(own_value${r}_${d}, vec4f(o[out${r} + ${d}u]));
  var dq${r}_${d} = vec4f();
  //#end d
  let lse${r} = lse[row${r} * p.heads + head];
  //#if BLOCK
  let sequence${r} = sequence(row + ${r}u);
  //#repeat d D4
  var all${r}_${d} = vec4f();
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
  stop = min(stop, block_end(start, sequence${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other${d} = load_qkv(key + ${d}u);
    let other_value${d} = load_qkv(value + ${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_pair
    //#repeat d D4
    dq${r}_${d} = fma(vec4f(d_score${r}), other${d}, dq${r}_${d});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range${r})) {
    //#repeat d D4
    all${r}_${d} += dq${r}_${d};
    dq${r}_${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dq${r}_${d} += all${r}_${d};
  //#end d
  //#end BLOCK
  if (row + ${r}u < p.rows) {
    delta[row${r} * p.heads + head] = delta${r};
    //#repeat d D4
    dqkv[query${r} + ${d}u] = dq${r}_${d} * p.scale;
    //#end d
  }
  //#end r
}

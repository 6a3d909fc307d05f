// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale·Σ_i d_score_i·q_i,  dv = Σ_i weight_i·dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i·(dO_i·v − delta_i),  weight_i = exp(score_i − lse_i)
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

@compute @workgroup_size(${WORKGROUP})
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * ${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row${r} = min(row + ${r}u, p.rows - 1u);
  let range${r} = seen_by(row + ${r}u);
  first = min(first, range${r}.x);
  end = max(end, range${r}.y);
  let key${r} = row${r} * qkv_stride() + key_at(group);
  let value${r} = row${r} * qkv_stride() + value_at(group);
  //#repeat d D4
  let own${r}_${d} = load_qkv(key${r} + ${d}u);
  let own_value${r}_${d} = load_qkv(value${r} + ${d}u);
  var dk${r}_${d} = vec4f();
  var dv${r}_${d} = vec4f();
  //#end d
  //#if BLOCK
  let sequence${r} = sequence(row + ${r}u);
  //#repeat d D4
  var all_dk${r}_${d} = vec4f();
  var all_dv${r}_${d} = vec4f();
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
    stop = min(stop, block_end(start, sequence${r}));
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
      let other${d} = load_qkv(query + ${d}u);
      let other_value${d} = load_d_o(out + ${d}u);
      //#end d
      //#repeat r ROWS
      let lse${r} = lse_j;
      let delta${r} = delta_j;
      //#include attention_pair
      //#repeat d D4
      dk${r}_${d} = fma(vec4f(d_score${r}), other${d}, dk${r}_${d});
      dv${r}_${d} = fma(vec4f(weight${r}), other_value${d}, dv${r}_${d});
      //#end d
      //#end r
    }
    //#if BLOCK
    start = stop;
    //#repeat r ROWS
    if (ends_block(stop, range${r})) {
      //#repeat d D4
      all_dk${r}_${d} += dk${r}_${d};
      all_dv${r}_${d} += dv${r}_${d};
      dk${r}_${d} = vec4f();
      dv${r}_${d} = vec4f();
      //#end d
    }
    //#end r
    }
    //#end BLOCK
  }
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dk${r}_${d} += all_dk${r}_${d};
  dv${r}_${d} += all_dv${r}_${d};
  //#end d
  //#end BLOCK
  if (row + ${r}u < p.rows) {
    //#repeat d D4
    dqkv[key${r} + ${d}u] = dk${r}_${d} * p.scale;
    dqkv[value${r} + ${d}u] = dv${r}_${d};
    //#end d
  }
  //#end r
}

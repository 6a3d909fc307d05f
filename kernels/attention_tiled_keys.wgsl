// The gradients of attention's keys and values with tiles in workgroup memory: what is computed is what
// attention_keys.wgsl says, blocks/attention_tile.wgsl how. Sum 0 is dv = Σ weight·dO, sum 1 is dk = Σ d_score·q.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return seen_by(row); }

//#include attention_tile_backward
//#include attention_tile

@compute @workgroup_size(${WORKGROUP})
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
  var sum${g}_${c}_${r} = vec4f();
  //#if BLOCK
  var all${g}_${c}_${r} = vec4f();
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
        let j = other + tx + ${8 * c}u;
        let at = min(j, p.rows - 1u) * p.heads + head;
        let power = exp(weights0[${c}] * p.scale - lse[at]);
        weights0[${c}] = select(vec4f(), power, visible(j, own));
        weights1[${c}] = weights0[${c}] * (weights1[${c}] - delta[at]);
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
    if (full[${r}]) {
      //#repeat c VCOLS
      all${g}_${c}_${r} += sum${g}_${c}_${r};
      sum${g}_${c}_${r} = vec4f();
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
  sum${g}_${c}_${r} += all${g}_${c}_${r};
  //#end r
  //#end c
  //#end g
  //#end BLOCK

  //#repeat r 4
  if (row + ${r}u < p.rows) {
    let at = (row + ${r}u) * qkv_stride() + tx;
    //#repeat c VCOLS
    if (tx + ${8 * c}u < ${D4}u) {
      dqkv[at + key_at(group) + ${8 * c}u] = sum1_${c}_${r} * p.scale;
      dqkv[at + value_at(group) + ${8 * c}u] = sum0_${c}_${r};
    }
    //#end c
  }
  //#end r
}

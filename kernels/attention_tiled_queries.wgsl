// The gradient of attention's queries with tiles in workgroup memory: what is computed is what attention_queries.wgsl
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

@compute @workgroup_size(${WORKGROUP})
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
  var sum0_${c}_${r} = vec4f();
  //#if BLOCK
  var all0_${c}_${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var own_lse = vec4f();
  var own_delta = vec4f();
  //#repeat r 4
  {
    let at = min(row + ${r}u, p.rows - 1u);
    own_lse[${r}] = lse[at * p.heads + head];
    for (var d = tx; d < ${D4}u; d += 8u) {
      let o_d = vec4f(o[at * o_stride() + query_at(head) + d]);
      own_delta[${r}] += dot(load(true, at, query_at(head) + d), o_d);
    }
  }
  //#end r
  own_delta = sum_across(own_delta, tx, ty);
  if (tx == 0u) {
    //#repeat r 4
    if (row + ${r}u < p.rows) { delta[(row + ${r}u) * p.heads + head] = own_delta[${r}]; }
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
      let power = exp(weights0[${c}] * p.scale - own_lse);
      let weight = select(vec4f(), power, visible(other + tx + ${8 * c}u, own));
      weights0[${c}] = weight * (d_weights[${c}] - own_delta);
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
  if (full[${r}]) {
    //#repeat c VCOLS
    all0_${c}_${r} += sum0_${c}_${r};
    sum0_${c}_${r} = vec4f();
    //#end c
  }
  //#end r
  }
  //#end BLOCK
  //#if BLOCK
  //#repeat c VCOLS
  //#repeat r 4
  sum0_${c}_${r} += all0_${c}_${r};
  //#end r
  //#end c
  //#end BLOCK

  //#repeat r 4
  if (row + ${r}u < p.rows) {
    //#repeat c VCOLS
    if (tx + ${8 * c}u < ${D4}u) {
      dqkv[(row + ${r}u) * qkv_stride() + query_at(head) + tx + ${8 * c}u] = sum0_${c}_${r} * p.scale;
    }
    //#end c
  }
  //#end r
}

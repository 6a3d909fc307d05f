// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n·e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at `at` of a row of qkv; there is no gradient here.
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

@compute @workgroup_size(${WORKGROUP})
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
  var sum0_${c}_${r} = vec4f();
  //#if BLOCK
  var all0_${c}_${r} = vec4f();
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
    let visible${c} = visible(other + tx + ${8 * c}u, own);
    let score${c} = weights0[${c}] * p.scale;
    let power${c} = select(vec4f(LOW), floor(score${c} * LOG2_E), visible${c});
    top = max(top, power${c});
    //#end c
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    //#repeat c 4
    {
      let rest = min(score${c} - power${c} * LN2_HIGH - power${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[${c}] = select(vec4f(), exp(rest) * power_of_two(power${c} - top), visible${c});
    }
    //#end c
    //#repeat c VCOLS
    //#repeat r 4
    sum0_${c}_${r} *= fade[${r}];
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
  if (full[${r}]) {
    //#repeat c VCOLS
    all0_${c}_${r} = all0_${c}_${r} * all_fade[${r}] + sum0_${c}_${r};
    sum0_${c}_${r} = vec4f();
    //#end c
  }
  //#end r
  }
  let last_fade = power_of_two(all_most - most);
  weight_sum += all_weight_sum * last_fade;
  //#repeat c VCOLS
  //#repeat r 4
  sum0_${c}_${r} += all0_${c}_${r} * last_fade[${r}];
  //#end r
  //#end c
  //#end BLOCK

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  //#repeat r 4
  if (row + ${r}u < p.rows) {
    if (tx == 0u) { lse[(row + ${r}u) * p.heads + head] = log_sum[${r}]; }
    //#repeat c VCOLS
    if (tx + ${8 * c}u < ${D4}u) {
      o[(row + ${r}u) * o_stride() + query_at(head) + tx + ${8 * c}u] = o_t4(sum0_${c}_${r} * inverse[${r}]);
    }
    //#end c
  }
  //#end r
}

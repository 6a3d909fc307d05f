// Attention over packed sequences, without a T×T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q·Kᵀ·scale)·V by running maximum; keeps lse = log Σ exp  [rows, heads]
//
// qkv [rows, (heads + 2·groups)·D] holds a row's queries, keys and values side by side; query head h uses
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

@compute @workgroup_size(${WORKGROUP})
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
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
  //#repeat d D4
  let own${r}_${d} = load_qkv(row${r} * qkv_stride() + query_at(head) + ${d}u);
  var o${r}_${d} = vec4f();
  //#end d
  var most${r} = LOW;
  var sum${r} = 0.0;
  //#if BLOCK
  let sequence${r} = sequence(row + ${r}u);
  var all_most${r} = LOW; // of the blocks before, their sums
  var all_sum${r} = 0.0;
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
    let v${d} = load_qkv(value + ${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_score
    let visible${r} = j >= range${r}.x && j < range${r}.y;
    let score${r} = select(LOW, lane_sum(s${r}) * p.scale, visible${r});
    let top${r} = max(most${r}, score${r});
    let fade${r} = exp(most${r} - top${r});
    let e${r} = select(0.0, exp(score${r} - top${r}), visible${r});
    most${r} = top${r};
    sum${r} = sum${r} * fade${r} + e${r};
    //#repeat d D4
    o${r}_${d} = fma(vec4f(e${r}), v${d}, o${r}_${d} * fade${r});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range${r})) {
    let fade = exp(all_most${r} - most${r});
    all_most${r} = most${r};
    all_sum${r} = fma(all_sum${r}, fade, sum${r});
    sum${r} = 0.0;
    //#repeat d D4
    all${r}_${d} = fma(all${r}_${d}, vec4f(fade), o${r}_${d});
    o${r}_${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  let all_fade${r} = exp(all_most${r} - most${r});
  sum${r} = fma(all_sum${r}, all_fade${r}, sum${r});
  //#repeat d D4
  o${r}_${d} = fma(all${r}_${d}, vec4f(all_fade${r}), o${r}_${d});
  //#end d
  //#end BLOCK
  if (row + ${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum${r}, sum${r} > 0.0);
    //#repeat d D4
    o[row${r} * o_stride() + query_at(head) + ${d}u] = o_t4(o${r}_${d} * inverse);
    //#end d
    lse[row${r} * p.heads + head] = select(0.0, most${r} + log(sum${r}), sum${r} > 0.0);
  }
  //#end r
}

// Attention of new rows over the cached keys and values of their sequences (forward only).
//
// Row r's sequence begins at cache row place[r] − position[r], and place[r] is the last that it sees: its own. Negative
// places are padding. o = softmax(q·Kᵀ·scale)·V by running maximum. An invocation takes HEADS heads that share keys,
// so that each key and value is loaded once for all of them.
//
// With SPLIT a sequence is dealt to p.splits invocations, row by row in turn; each leaves a part that is not divided by
// its sum yet, and cached_attention_join.wgsl puts the parts together. With BLOCK, which long caches have, so many rows
// are added up at a time.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, splits: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2·groups)·D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [places, 2·groups·D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> place: array<i32>;     // [rows]
//#if SPLIT
@group(0) @binding(4) var<storage, read_write> parts: array<vec4f>;   // [rows·heads, splits, D]
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;    // [rows·heads, splits] largest score, Σ exp
@group(0) @binding(6) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;       // [rows, heads·D]
@group(0) @binding(5) var<uniform> p: Params;
//#end SPLIT

//#include lane_sum

@compute @workgroup_size(${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let shared_by = p.heads / p.groups; // heads
  let tiles = (shared_by + ${HEADS - 1}u) / ${HEADS}u;
  let row = i / (p.splits * tiles * p.groups);
  if (row >= p.rows) { return; }
  let split = i % p.splits;
  let tile = i / p.splits % tiles;
  let group = i / (p.splits * tiles) % p.groups;
  //#repeat h HEADS
  let own${h} = tile * ${HEADS}u + ${h}u < shared_by;
  let head${h} = group * shared_by + min(tile * ${HEADS}u + ${h}u, shared_by - 1u);
  let query${h} = (row * (p.heads + 2u * p.groups) + head${h}) * ${D4}u;
  var most${h} = -1e30;
  var sum${h} = 0.0;
  //#if BLOCK
  var all_most${h} = -1e30; // of the blocks before, their sums
  var all_sum${h} = 0.0;
  //#end BLOCK
  //#repeat d D4
  let q${h}_${d} = qkv[query${h} + ${d}u];
  var o${h}_${d} = vec4f();
  //#if BLOCK
  var all${h}_${d} = vec4f();
  //#end BLOCK
  //#end d
  //#end h
  let stride = 2u * p.groups * ${D4}u;
  let first = u32(max(place[row] - position[row], 0)) * stride + group * ${D4}u;
  let end = select(0u, u32(position[row] + 1), place[row] >= 0);
  //#if BLOCK
  for (var start = split; start < end; start += ${BLOCK}u * p.splits) {
  for (var r = start; r < min(start + ${BLOCK}u * p.splits, end); r += p.splits) {
  //#else
  for (var r = split; r < end; r += p.splits) {
  //#end BLOCK
    let key = first + r * stride;
    let value = key + p.groups * ${D4}u;
    //#repeat h HEADS
    var s${h} = vec4f();
    //#end h
    //#repeat d D4
    let k${d} = kept[key + ${d}u];
    //#repeat h HEADS
    s${h} = fma(q${h}_${d}, k${d}, s${h});
    //#end h
    //#end d
    //#repeat h HEADS
    let score${h} = lane_sum(s${h}) * p.scale;
    let top${h} = max(most${h}, score${h});
    let fade${h} = exp(most${h} - top${h});
    let e${h} = exp(score${h} - top${h});
    most${h} = top${h};
    sum${h} = fma(sum${h}, fade${h}, e${h});
    //#end h
    //#repeat d D4
    let v${d} = kept[value + ${d}u];
    //#repeat h HEADS
    o${h}_${d} = fma(vec4f(e${h}), v${d}, o${h}_${d} * fade${h});
    //#end h
    //#end d
  }
  //#if BLOCK
  //#repeat h HEADS
  let fade${h} = exp(all_most${h} - most${h});
  all_most${h} = most${h};
  all_sum${h} = fma(all_sum${h}, fade${h}, sum${h});
  sum${h} = 0.0;
  //#repeat d D4
  all${h}_${d} = fma(all${h}_${d}, vec4f(fade${h}), o${h}_${d});
  o${h}_${d} = vec4f();
  //#end d
  //#end h
  }
  //#repeat h HEADS
  sum${h} = all_sum${h};
  //#repeat d D4
  o${h}_${d} = all${h}_${d};
  //#end d
  //#end h
  //#end BLOCK
  //#repeat h HEADS
  if (own${h}) {
    let at${h} = row * p.heads + head${h};
    //#if SPLIT
    sums[at${h} * p.splits + split] = vec2f(most${h}, sum${h});
    //#repeat d D4
    parts[(at${h} * p.splits + split) * ${D4}u + ${d}u] = o${h}_${d};
    //#end d
    //#else
    let share${h} = select(0.0, 1.0 / sum${h}, sum${h} > 0.0);
    //#repeat d D4
    o[at${h} * ${D4}u + ${d}u] = o${h}_${d} * share${h};
    //#end d
    //#end SPLIT
  }
  //#end h
}

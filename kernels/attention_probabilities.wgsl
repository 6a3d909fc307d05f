// What rows attended to, their heads averaged: y[i, j] = 1/heads · Σ_h exp(q_h·k_h·scale − lse_h)  [count, length]
//
// Of row asked[i], for row j of its sequence, from the very queries, keys and log-sum-exps of a forward pass
// (attention_forward.wgsl, attention_tiled_forward.wgsl): nothing is normalised anew, so that a row of y sums up to 1 as far
// as that pass was exact. 0 for rows that are not seen, and everywhere for padding.
//
// An invocation a pair of rows: a loop over heads.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32, count: u32, length: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2·groups)·D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;    // [rows, heads] log Σ exp of the scores
@group(0) @binding(3) var<storage, read_write> asked: array<i32>;  // [count] rows
@group(0) @binding(4) var<storage, read_write> y: array<f32>;      // [count, length]
@group(0) @binding(5) var<uniform> p: Params;

//#include spans
//#include lane_sum

@compute @workgroup_size(${WORKGROUP})
fn attention_probabilities(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.length) { return; }
  let row = u32(asked[i / p.length]);
  let seen = sees(row);
  let other = min(seen.x, p.rows) + i % p.length;
  if (other >= seen.y) { // padding ends before it begins
    y[i] = 0.0;
    return;
  }
  let stride = (p.heads + 2u * p.groups) * ${D4}u;
  let shared_by = p.heads / p.groups;
  var sum = 0.0;
  for (var head = 0u; head < p.heads; head++) {
    let query = row * stride + head * ${D4}u;
    let key = other * stride + (p.heads + head / shared_by) * ${D4}u;
    var s = vec4f();
    //#repeat d D4
    s = fma(vec4f(qkv[query + ${d}u]), vec4f(qkv[key + ${d}u]), s);
    //#end d
    sum += exp(lane_sum(s) * p.scale - lse[row * p.heads + head]);
  }
  y[i] = sum / f32(p.heads);
}

// Puts together what cached_attention.wgsl left in parts: o = Σ eˢ·part / Σ eˢ·sum, eˢ = exp(largest of the part −
// largest of all); 0 where there is nothing to attend to. An invocation four values of a row and head.

//#include spread

struct Params { count: u32, splits: u32 }

@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;  // [rows·heads, splits, D]
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;   // [rows·heads, splits] largest score, Σ exp
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;      // [rows·heads, D]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn cached_attention_join(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let first = i / ${D4}u * p.splits;
  let d = i % ${D4}u;
  var most = -1e30;
  for (var s = 0u; s < p.splits; s++) { most = max(most, sums[first + s].x); }
  var sum = 0.0;
  var total = vec4f();
  for (var s = 0u; s < p.splits; s++) {
    let part = sums[first + s];
    let e = exp(part.x - most);
    sum = fma(e, part.y, sum);
    total = fma(vec4f(e), parts[(first + s) * ${D4}u + d], total);
  }
  o[i] = total * select(0.0, 1.0 / sum, sum > 0.0);
}

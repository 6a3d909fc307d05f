// Attention of one new row a sequence over the cached keys and values of its sequence (forward only).
//
// Row r's sequence holds cache rows r·length … r·length + position[r], the last being its own.
// o = softmax(q·Kᵀ·scale)·V by running maximum. An invocation a row and head.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, length: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2·groups)·D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [rows·length, 2·groups·D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> o: array<vec4f>;       // [rows, heads·D]
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.heads;
  if (row >= p.rows) { return; }
  let head = i % p.heads;
  let query = (row * (p.heads + 2u * p.groups) + head) * ${D4}u;
  let stride = 2u * p.groups * ${D4}u;
  let keys = row * p.length * stride + (head / (p.heads / p.groups)) * ${D4}u;
  //#repeat d D4
  let q${d} = qkv[query + ${d}u];
  var o${d} = vec4f();
  //#end d
  var most = -1e30;
  var sum = 0.0;
  for (var r = 0u; r <= u32(position[row]); r++) {
    let key = keys + r * stride;
    let value = key + p.groups * ${D4}u;
    var s = dot(q0, kept[key]);
    //#repeat d D4MORE
    s += dot(q${d + 1}, kept[key + ${d + 1}u]);
    //#end d
    s *= p.scale;
    let top = max(most, s);
    let fade = exp(most - top);
    let e = exp(s - top);
    most = top;
    sum = sum * fade + e;
    //#repeat d D4
    o${d} = fma(vec4f(e), kept[value + ${d}u], o${d} * fade);
    //#end d
  }
  //#repeat d D4
  o[i * ${D4}u + ${d}u] = o${d} / sum;
  //#end d
}

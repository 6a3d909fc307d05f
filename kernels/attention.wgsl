// Attention over packed sequences, without a T×T buffer.
//
// qkv [rows, (heads + 2·groups)·D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
//
//   FORWARD    o = softmax(q·Kᵀ·scale)·V by running maximum; keeps lse = log Σ exp  [rows, heads]
//   QUERIES    delta = dO·o,  dq = scale·Σ_j p_j·(dO·v_j − delta)·k_j,  p_j = exp(s_j − lse)
//   KEYS       dk = scale·Σ_i p·(dO_i·v − delta_i)·q_i,  dv = Σ_i p·dO_i, over the group's heads
//
// QUERIES and KEYS together write all of dqkv. An invocation a row and head: registers hold its D values.
// Loops: at most T trips (KEYS: T·heads/groups), which must stay under 65,535.

struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>;
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;    // [rows, heads·D]; KEYS: delta is read instead
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads]
//#if FORWARD
@group(0) @binding(4) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads·D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads]
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2·groups)·D]
@group(0) @binding(7) var<uniform> p: Params;
//#end

const LOW = -1e30;

@compute @workgroup_size(8)
fn attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 8u;
  let stride = (p.heads + 2u * p.groups) * ${D4}u;
  //#if KEYS
  let row = i / p.groups;
  if (row >= p.rows) { return; }
  let group = i % p.groups;
  let key = row * stride + (p.heads + group) * ${D4}u;
  let value = key + p.groups * ${D4}u;
  let first = select(u32(span[row].x), row, p.causal != 0u);
  let end = select(0u, u32(span[row].y), span[row].y > span[row].x);
  //#repeat d D4
  let k${d} = qkv[key + ${d}u];
  let v${d} = qkv[value + ${d}u];
  var dk${d} = vec4f();
  var dv${d} = vec4f();
  //#end
  let share = p.heads / p.groups;
  for (var h = group * share; h < (group + 1u) * share; h++) {
    for (var r = first; r < end; r++) {
      let query = r * stride + h * ${D4}u;
      let out = (r * p.heads + h) * ${D4}u;
      //#repeat d D4
      let q${d} = qkv[query + ${d}u];
      let g${d} = d_o[out + ${d}u];
      //#end
      var s = dot(q0, k0);
      var dp = dot(g0, v0);
      //#repeat d D4MORE
      s += dot(q${d + 1}, k${d + 1});
      dp += dot(g${d + 1}, v${d + 1});
      //#end
      let pr = exp(s * p.scale - lse[r * p.heads + h]);
      let ds = pr * (dp - delta[r * p.heads + h]);
      //#repeat d D4
      dk${d} = fma(vec4f(ds), q${d}, dk${d});
      dv${d} = fma(vec4f(pr), g${d}, dv${d});
      //#end
    }
  }
  //#repeat d D4
  dqkv[key + ${d}u] = dk${d} * p.scale;
  dqkv[value + ${d}u] = dv${d};
  //#end
  //#else
  let row = i / p.heads;
  if (row >= p.rows) { return; }
  let head = i % p.heads;
  let query = row * stride + head * ${D4}u;
  let keys = (p.heads + head / (p.heads / p.groups)) * ${D4}u;
  let values = keys + p.groups * ${D4}u;
  let first = u32(span[row].x);
  let last = select(u32(span[row].y), row + 1u, p.causal != 0u);
  let end = select(0u, last, span[row].y > span[row].x);
  let out = i * ${D4}u;
  //#repeat d D4
  let q${d} = qkv[query + ${d}u];
  //#end
  //#if FORWARD
  var most = LOW;
  var sum = 0.0;
  //#repeat d D4
  var o${d} = vec4f();
  //#end
  for (var r = first; r < end; r++) {
    let key = r * stride + keys;
    let value = r * stride + values;
    var s = dot(q0, qkv[key]);
    //#repeat d D4MORE
    s += dot(q${d + 1}, qkv[key + ${d + 1}u]);
    //#end
    s *= p.scale;
    let top = max(most, s);
    let fade = exp(most - top);
    let e = exp(s - top);
    most = top;
    sum = sum * fade + e;
    //#repeat d D4
    o${d} = fma(vec4f(e), qkv[value + ${d}u], o${d} * fade);
    //#end
  }
  let inverse = select(0.0, 1.0 / sum, sum > 0.0);
  //#repeat d D4
  o[out + ${d}u] = o${d} * inverse;
  //#end
  lse[i] = select(0.0, most + log(sum), sum > 0.0);
  //#else
  var both = 0.0;
  //#repeat d D4
  let g${d} = d_o[out + ${d}u];
  both += dot(g${d}, o[out + ${d}u]);
  var dq${d} = vec4f();
  //#end
  delta[i] = both;
  let norm = lse[i];
  for (var r = first; r < end; r++) {
    let key = r * stride + keys;
    let value = r * stride + values;
    //#repeat d D4
    let k${d} = qkv[key + ${d}u];
    //#end
    var s = dot(q0, k0);
    var dp = dot(g0, qkv[value]);
    //#repeat d D4MORE
    s += dot(q${d + 1}, k${d + 1});
    dp += dot(g${d + 1}, qkv[value + ${d + 1}u]);
    //#end
    let ds = exp(s * p.scale - norm) * (dp - both);
    //#repeat d D4
    dq${d} = fma(vec4f(ds), k${d}, dq${d});
    //#end
  }
  //#repeat d D4
  dqkv[query + ${d}u] = dq${d} * p.scale;
  //#end
  //#end
  //#end
}

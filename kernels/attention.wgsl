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
// QUERIES and KEYS together write all of dqkv. An invocation holds ROWS neighbouring rows of a head in registers,
// so that what it loads of the other side serves them all; rows that do not see it are masked. The other side is read
// again for every tile of rows: with TEXTURES through textures (src/gpu/textures.ts), KEYS its dO as well.
// Loops: at most two neighbouring sequences' rows (KEYS: times heads/groups), which must stay under 65,535 trips.

struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

//#if TEXTURES
@group(0) @binding(0) var qkv: qkv_texture;
fn load(i: u32) -> vec4f { return textureLoad(qkv, vec2u(i & 255u, i >> 8u)); }
//#else
@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>;
fn load(i: u32) -> vec4f { return vec4f(qkv[i]); }
//#end
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>;
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads·D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads]
//#if FORWARD
@group(0) @binding(4) var<uniform> p: Params;
//#else
//#if GRADIENT_TEXTURE
@group(0) @binding(4) var d_o: d_o_texture;                        // [rows, heads·D]
fn load_gradient(i: u32) -> vec4f { return textureLoad(d_o, vec2u(i & 255u, i >> 8u)); }
//#else
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads·D]
fn load_gradient(i: u32) -> vec4f { return d_o[i]; }
//#end
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads]
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2·groups)·D]
@group(0) @binding(7) var<uniform> p: Params;
//#end

const LOW = -1e30;

fn total(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

// The rows that `row` sees (KEYS: that see it): first and end; nothing for padding and beyond the last row.
fn seen(row: u32) -> vec2u {
  if (row >= p.rows || span[row].y <= span[row].x) { return vec2u(0xffffffffu, 0u); }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  //#if KEYS
  return vec2u(row, own.y);
  //#else
  return vec2u(own.x, row + 1u);
  //#end
}

@compute @workgroup_size(${WORKGROUP})
fn attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * ${WORKGROUP}u;
  let stride = (p.heads + 2u * p.groups) * ${D4}u;
  //#if KEYS
  let across = p.groups;
  //#else
  let across = p.heads;
  //#end
  let row = (i / across) * ${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let seen${r} = seen(row + ${r}u);
  let row${r} = min(row + ${r}u, p.rows - 1u);
  first = min(first, seen${r}.x);
  end = max(end, seen${r}.y);
  //#end
  first = min(first, end);
  //#if KEYS
  let group = i % p.groups;
  let share = p.heads / p.groups;
  //#repeat r ROWS
  let key${r} = row${r} * stride + (p.heads + group) * ${D4}u;
  let value${r} = key${r} + p.groups * ${D4}u;
  //#repeat d D4
  let k${r}_${d} = load(key${r} + ${d}u);
  let v${r}_${d} = load(value${r} + ${d}u);
  var dk${r}_${d} = vec4f();
  var dv${r}_${d} = vec4f();
  //#end
  //#end
  for (var h = group * share; h < (group + 1u) * share; h++) {
    for (var j = first; j < end; j++) {
      let query = j * stride + h * ${D4}u;
      let out = (j * p.heads + h) * ${D4}u;
      let norm = lse[j * p.heads + h];
      let both = delta[j * p.heads + h];
      //#repeat d D4
      let q${d} = load(query + ${d}u);
      let g${d} = load_gradient(out + ${d}u);
      //#end
      //#repeat r ROWS
      var s${r} = q0 * k${r}_0;
      var dp${r} = g0 * v${r}_0;
      //#repeat d D4MORE
      s${r} = fma(q${d + 1}, k${r}_${d + 1}, s${r});
      dp${r} = fma(g${d + 1}, v${r}_${d + 1}, dp${r});
      //#end
      let pr${r} = select(0.0, exp(total(s${r}) * p.scale - norm), j >= seen${r}.x && j < seen${r}.y);
      let ds${r} = pr${r} * (total(dp${r}) - both);
      //#repeat d D4
      dk${r}_${d} = fma(vec4f(ds${r}), q${d}, dk${r}_${d});
      dv${r}_${d} = fma(vec4f(pr${r}), g${d}, dv${r}_${d});
      //#end
      //#end
    }
  }
  //#repeat r ROWS
  if (row + ${r}u < p.rows) {
    //#repeat d D4
    dqkv[key${r} + ${d}u] = dk${r}_${d} * p.scale;
    dqkv[value${r} + ${d}u] = dv${r}_${d};
    //#end
  }
  //#end
  //#else
  let head = i % p.heads;
  let keys = (p.heads + head / (p.heads / p.groups)) * ${D4}u;
  let values = keys + p.groups * ${D4}u;
  //#repeat r ROWS
  let query${r} = row${r} * stride + head * ${D4}u;
  let out${r} = (row${r} * p.heads + head) * ${D4}u;
  //#repeat d D4
  let q${r}_${d} = load(query${r} + ${d}u);
  //#end
  //#end
  //#if FORWARD
  //#repeat r ROWS
  var most${r} = LOW;
  var sum${r} = 0.0;
  //#repeat d D4
  var o${r}_${d} = vec4f();
  //#end
  //#end
  for (var j = first; j < end; j++) {
    let key = j * stride + keys;
    let value = j * stride + values;
    //#repeat d D4
    let k${d} = load(key + ${d}u);
    let v${d} = load(value + ${d}u);
    //#end
    //#repeat r ROWS
    var s${r} = q${r}_0 * k0;
    //#repeat d D4MORE
    s${r} = fma(q${r}_${d + 1}, k${d + 1}, s${r});
    //#end
    let visible${r} = j >= seen${r}.x && j < seen${r}.y;
    let score${r} = select(LOW, total(s${r}) * p.scale, visible${r});
    let top${r} = max(most${r}, score${r});
    let fade${r} = exp(most${r} - top${r});
    let e${r} = select(0.0, exp(score${r} - top${r}), visible${r});
    most${r} = top${r};
    sum${r} = sum${r} * fade${r} + e${r};
    //#repeat d D4
    o${r}_${d} = fma(vec4f(e${r}), v${d}, o${r}_${d} * fade${r});
    //#end
    //#end
  }
  //#repeat r ROWS
  if (row + ${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum${r}, sum${r} > 0.0);
    //#repeat d D4
    o[out${r} + ${d}u] = o_t4(o${r}_${d} * inverse);
    //#end
    lse[row${r} * p.heads + head] = select(0.0, most${r} + log(sum${r}), sum${r} > 0.0);
  }
  //#end
  //#else
  //#repeat r ROWS
  var both${r} = 0.0;
  //#repeat d D4
  let g${r}_${d} = load_gradient(out${r} + ${d}u);
  both${r} += dot(g${r}_${d}, vec4f(o[out${r} + ${d}u]));
  var dq${r}_${d} = vec4f();
  //#end
  let norm${r} = lse[row${r} * p.heads + head];
  //#end
  for (var j = first; j < end; j++) {
    let key = j * stride + keys;
    let value = j * stride + values;
    //#repeat d D4
    let k${d} = load(key + ${d}u);
    let v${d} = load(value + ${d}u);
    //#end
    //#repeat r ROWS
    var s${r} = q${r}_0 * k0;
    var dp${r} = g${r}_0 * v0;
    //#repeat d D4MORE
    s${r} = fma(q${r}_${d + 1}, k${d + 1}, s${r});
    dp${r} = fma(g${r}_${d + 1}, v${d + 1}, dp${r});
    //#end
    let pr${r} = select(0.0, exp(total(s${r}) * p.scale - norm${r}), j >= seen${r}.x && j < seen${r}.y);
    let ds${r} = pr${r} * (total(dp${r}) - both${r});
    //#repeat d D4
    dq${r}_${d} = fma(vec4f(ds${r}), k${d}, dq${r}_${d});
    //#end
    //#end
  }
  //#repeat r ROWS
  if (row + ${r}u < p.rows) {
    delta[row${r} * p.heads + head] = both${r};
    //#repeat d D4
    dqkv[query${r} + ${d}u] = dq${r}_${d} * p.scale;
    //#end
  }
  //#end
  //#end
  //#end
}

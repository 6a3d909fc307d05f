// The largest logit of each part of a row, the first of equals: part k has entries 4·k … 4·k + 3 of every 4·parts.
//
// With PENALTY the logits of tokens that the row has seen are first divided by the penalty, or multiplied where they
// are negative (Keskar et al. 2019). An invocation a part; advance.wgsl takes the best of the parts.

//#include spread

struct Params { rows: u32, vocab: u32, parts: u32, penalty: f32, words: u32 }

@group(0) @binding(0) var<storage, read_write> z: array<f32>;       // [rows, vocab]
@group(0) @binding(1) var<storage, read_write> best: array<vec2u>;  // [rows, parts] the logit's bits, the token
//#if PENALTY
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;    // [rows, words] a bit a token
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end PENALTY

fn logit(row: u32, token: u32) -> f32 {
  let value = z[row * p.vocab + token];
  //#if PENALTY
  if (((seen[row * p.words + token / 32u] >> (token % 32u)) & 1u) == 0u) { return value; }
  return select(value / p.penalty, value * p.penalty, value < 0.0);
  //#else
  return value;
  //#end PENALTY
}

@compute @workgroup_size(${WORKGROUP})
fn best_tokens(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.parts;
  if (row >= p.rows) { return; }
  let first = 4u * (i % p.parts);
  var chosen = min(first, p.vocab - 1u);
  var most = logit(row, chosen);
  for (var at = first; at < p.vocab; at += 4u * p.parts) {
    //#repeat j 4
    let token${j} = min(at + ${j}u, p.vocab - 1u);
    let value${j} = logit(row, token${j});
    if (value${j} > most) {
      most = value${j};
      chosen = token${j};
    }
    //#end j
  }
  best[i] = vec2u(bitcast<u32>(most), chosen);
}

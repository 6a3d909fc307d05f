// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the best of the parts that best_tokens.wgsl left, the first of equals; with CHOSEN the token that the host put
// into `token`. A row is done once it has taken a token of `stops`, or the most it may; then it keeps its last token and
// stays where it is. state [rows, 2]: tokens taken, done. An invocation a row.

struct Params { rows: u32, most: u32, stops: u32, parts: u32, words: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
@group(0) @binding(5) var<storage, read_write> stops: array<i32>;     // [stops]
//#if CHOSEN
@group(0) @binding(6) var<uniform> p: Params;
//#elif PENALTY
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;    // [rows, parts] the logit's bits, the token
@group(0) @binding(7) var<storage, read_write> seen: array<u32>;      // [rows, words] a bit a token
@group(0) @binding(8) var<uniform> p: Params;
//#else
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;
@group(0) @binding(7) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let taken = u32(state[2u * row]);
  if (state[2u * row + 1u] != 0 || taken >= p.most) { return; }
  //#if CHOSEN
  let next = token[row];
  //#else
  var chosen = best[row * p.parts].y;
  var most = bitcast<f32>(best[row * p.parts].x);
  for (var k = 1u; k < p.parts; k++) {
    let part = best[row * p.parts + k];
    let value = bitcast<f32>(part.x);
    if (value > most || (value == most && part.y < chosen)) {
      most = value;
      chosen = part.y;
    }
  }
  let next = i32(chosen);
  token[row] = next;
  //#end CHOSEN
  //#if PENALTY
  seen[row * p.words + chosen / 32u] |= 1u << (chosen % 32u);
  //#end PENALTY
  var done = taken + 1u >= p.most;
  for (var k = 0u; k < p.stops; k++) { done = done || next == stops[k]; }
  output[row * p.most + taken] = next;
  state[2u * row] = i32(taken + 1u);
  state[2u * row + 1u] = select(0, 1, done);
  position[row] += 1;
  place[row] += 1;
}

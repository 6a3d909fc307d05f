// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the token of the largest logit, the first of equals; with CHOSEN the one that the host put into `token`.
// A row that has taken the stop token stays done and takes it again. state [rows, 2]: tokens taken, done.
// An invocation a row; one loop over the vocabulary, four entries a trip: 65,535 trips reach 262,140.

struct Params { rows: u32, vocab: u32, stop: i32, most: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
//#if CHOSEN
@group(0) @binding(5) var<uniform> p: Params;
//#else
@group(0) @binding(5) var<storage, read_write> z: array<f32>;         // [rows, vocab]
@group(0) @binding(6) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  //#if CHOSEN
  let chosen = token[row];
  //#else
  var best = 0u;
  var most = z[row * p.vocab];
  for (var i = 0u; i < p.vocab; i += 4u) {
    //#repeat j 4
    let at${j} = min(i + ${j}u, p.vocab - 1u);
    let z${j} = z[row * p.vocab + at${j}];
    if (z${j} > most) {
      most = z${j};
      best = at${j};
    }
    //#end j
  }
  let chosen = i32(best);
  //#end CHOSEN
  let taken = u32(state[2u * row]);
  let done = state[2u * row + 1u] != 0 || taken >= p.most;
  let next = select(chosen, p.stop, done);
  if (!done) {
    output[row * p.most + taken] = next;
    state[2u * row] = i32(taken + 1u);
    position[row] += 1;
    place[row] += 1;
  }
  if (next == p.stop || taken + 1u >= p.most) { state[2u * row + 1u] = 1; }
  token[row] = next;
}

// Cross-entropy of logits [rows, vocab], in place: the logits are overwritten by their gradient.
//
//   nll[row] = log Σ exp(z) − z[target],   z ← weight[row]·scale·(softmax(z) − onehot(target))
//
// A row of target -1 (padding) gives nll 0 and gradient 0. scale is read from scalars[at]: the step's 1/Σ weights.
// Where the vocabulary is large, a workgroup shares a row (SHARED): each invocation takes every WALK-th entry. Otherwise
// one invocation takes it whole; of a long one (BLOCK) so many entries are added up at a time. Three passes over the vocabulary, together under 65,535 trips an invocation.

//#include spread

struct Params { rows: u32, vocab: u32, first: u32, at: u32, gradient: u32 } // first: row of nll, target, weight

@group(0) @binding(0) var<storage, read_write> z: array<f32>;
@group(0) @binding(1) var<storage, read_write> target_id: array<i32>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> nll: array<f32>;
@group(0) @binding(4) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

//#include row_reductions

@compute @workgroup_size(${WORKGROUP})
fn cross_entropy(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  //#if SHARED
  let local = group_index(group, groups);
  let lane = invocation;
  let present = local < p.rows; // all stay until the last barrier
  //#else
  let local = item_index(id, groups);
  if (local >= p.rows) { return; }
  let lane = 0u;
  let present = true;
  //#end SHARED
  let row = p.first + min(local, p.rows - 1u);
  let at = (row - p.first) * p.vocab;
  let goal = target_id[row];
  let end = select(0u, p.vocab, present);
  var most = -1e30;
  for (var i = lane; i < end; i += ${WALK}u) { most = max(most, z[at + i]); }
  most = max_of_row(most, lane);
  var sum = 0.0;
  //#if BLOCK
  for (var start = lane; start < end; start += ${BLOCK * WALK}u) {
    var part = 0.0;
    for (var i = start; i < min(start + ${BLOCK * WALK}u, end); i += ${WALK}u) { part += exp(z[at + i] - most); }
    sum += part;
  }
  //#else
  for (var i = lane; i < end; i += ${WALK}u) { sum += exp(z[at + i] - most); }
  //#end BLOCK
  sum = sum_of_row(sum, lane);
  let aim = z[at + u32(max(goal, 0))];
  //#if SHARED
  storageBarrier(); // nobody overwrites the target's logit before all have read it
  //#end SHARED
  if (!present) { return; }
  if (lane == 0u) { nll[row] = select(0.0, log(sum) + most - aim, goal >= 0); }
  if (p.gradient == 0u) { return; }
  let scale = select(0.0, weight[row] * scalars[p.at], goal >= 0);
  let inverse = scale / sum;
  for (var i = lane; i < p.vocab; i += ${WALK}u) {
    let share = exp(z[at + i] - most) * inverse;
    z[at + i] = select(share, share - scale, i32(i) == goal);
  }
}

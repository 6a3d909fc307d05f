// cross_entropy_shared: cross_entropy (rows 512 vocab 49152 gradient) for a gpu, 512×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
// Cross-entropy of logits [rows, vocab], in place: the logits are overwritten by their gradient.
//
//   nll[row] = log Σ exp(z) − z[target],   z ← weight[row]·scale·(softmax(z) − onehot(target))
//
// A row of target -1 (padding) gives nll 0 and gradient 0. scale is read from scalars[at]: the step's 1/Σ weights.
// Where the vocabulary is large, a workgroup shares a row (SHARED): each invocation takes every WALK-th entry. Otherwise
// one invocation takes it whole; of a long one (BLOCK) so many entries are added up at a time. Three passes over the vocabulary, together under 65,535 trips an invocation.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 64u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }

struct Params { rows: u32, vocab: u32, first: u32, at: u32, gradient: u32 } // first: row of nll, target, weight

@group(0) @binding(0) var<storage, read_write> z: array<f32>;
@group(0) @binding(1) var<storage, read_write> target_id: array<i32>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> nll: array<f32>;
@group(0) @binding(4) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
var<workgroup> shared_max: array<f32, 64>;
var<workgroup> shared_sum: array<f32, 64>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < 64u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += shared_sum[i]; }
  return sum;
}

@compute @workgroup_size(64)
fn cross_entropy(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let local = group_index(group, groups);
  let lane = invocation;
  let present = local < p.rows; // all stay until the last barrier
  let row = p.first + min(local, p.rows - 1u);
  let at = (row - p.first) * p.vocab;
  let goal = target_id[row];
  let end = select(0u, p.vocab, present);
  var most = -1e30;
  for (var i = lane; i < end; i += 64u) { most = max(most, z[at + i]); }
  most = max_of_row(most, lane);
  var sum = 0.0;
  for (var i = lane; i < end; i += 64u) { sum += exp(z[at + i] - most); }
  sum = sum_of_row(sum, lane);
  let aim = z[at + u32(max(goal, 0))];
  storageBarrier(); // nobody overwrites the target's logit before all have read it
  if (!present) { return; }
  if (lane == 0u) { nll[row] = select(0.0, log(sum) + most - aim, goal >= 0); }
  if (p.gradient == 0u) { return; }
  let scale = select(0.0, weight[row] * scalars[p.at], goal >= 0);
  let inverse = scale / sum;
  for (var i = lane; i < p.vocab; i += 64u) {
    let share = exp(z[at + i] - most) * inverse;
    z[at + i] = select(share, share - scale, i32(i) == goal);
  }
}

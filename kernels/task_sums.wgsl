// What the trainer reads of a step, without the device waiting: into line `slot` of a ring of lines
//   [loss, gradient norm, then for each task: Σ nll, tokens]
// go the step's weighted loss Σ w·nll·scale and each task's sum of nll and count of tokens.
// An invocation a task (and one for the loss); one loop over the rows, at most 4,096 in a dispatch.
// With p.add (gradient accumulation, more rows) the sums add to what the line holds.

struct Params { rows: u32, tasks: u32, scale_at: u32, slot_at: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> nll: array<f32>;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> task: array<i32>; // -1: padding
@group(0) @binding(3) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(4) var<storage, read_write> ring: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn task_sums(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > p.tasks) { return; }
  let own = i32(id.x) - 1;
  let line = u32(scalars[p.slot_at]) * (2u + 2u * p.tasks);
  var sum = 0.0;
  var count = 0.0;
  for (var row = 0u; row < p.rows; row++) {
    if (own < 0) {
      sum += weight[row] * nll[row];
    } else if (task[row] == own) {
      sum += nll[row];
      count += 1.0;
    }
  }
  if (own < 0) {
    let loss = sum * scalars[p.scale_at];
    ring[line] = select(loss, ring[line] + loss, p.add != 0u);
  } else {
    let at = line + 2u + 2u * u32(own);
    ring[at] = select(sum, ring[at] + sum, p.add != 0u);
    ring[at + 1u] = select(count, ring[at + 1u] + count, p.add != 0u);
  }
}

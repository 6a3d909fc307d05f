// Writes the gradient's norm before clipping, √square[0], into column 1 of the ring's slot scalars[slot_at].
// One invocation.

struct Params { slot_at: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> square: array<f32>;
@group(0) @binding(1) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(2) var<storage, read_write> ring: array<f32>; // [slots, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn adamw_norm() {
  ring[u32(scalars[p.slot_at]) * p.width + 1u] = sqrt(square[0]);
}

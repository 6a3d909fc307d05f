// SwiGLU: y = silu(gate)·up, with gate and up side by side in one tensor [rows, 2·width].
// Backward: d gate = dy·up·silu'(gate), d up = dy·silu(gate). One invocation an element of y.

struct Params { rows: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [rows, 2·width]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // forward: y [rows, width]; backward: dy
//#if BACKWARD
@group(0) @binding(2) var<storage, read_write> dx: array<f32>; // [rows, 2·width]
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = x[at];
  let up = x[at + p.width];
  //#if BACKWARD
  let s = sigmoid(gate);
  dx[at] = y[i] * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = y[i] * gate * s;
  //#else
  y[i] = silu(gate) * up;
  //#end
}

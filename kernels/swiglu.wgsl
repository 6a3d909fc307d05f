// SwiGLU: y = silu(gate)·up, with gate and up side by side in one tensor [rows, 2·width].
// Backward: d gate = dy·up·silu'(gate), d up = dy·silu(gate). One invocation an element T of y: four values where
// the width is a multiple of 4.

//#if VECTOR
alias T = vec4f;
alias X = x_t4;
alias Y = y_t4;
//#else
alias T = f32;
alias X = x_t;
alias Y = y_t;
//#end

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>; // [rows, 2·width]
//#if BACKWARD
@group(0) @binding(1) var<storage, read_write> dy: array<T>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dx: array<T>; // [rows, 2·width]
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(1) var<storage, read_write> y: array<Y>; // [rows, width]
@group(0) @binding(2) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  //#if BACKWARD
  let g = dy[i];
  dx[at] = g * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = g * gate * s;
  //#else
  y[i] = Y(gate * s * up);
  //#end
}

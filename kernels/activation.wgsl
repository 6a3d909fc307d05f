// y = f(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) { y[i] = y_t(activate(f32(x[i]))); }
}

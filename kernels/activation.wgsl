// y = f(x) forward; dx (+)= dy·f'(x) backward. f is GELU, quick-GELU or SiLU. Four elements an invocation.

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // forward: the result; backward: dx
//#if BACKWARD
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * (id.x + id.y * groups.x * 64u);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if BACKWARD
      //#if GELU
    var value = dy[i] * gelu_derivative(x[i]);
      //#end
      //#if QUICK_GELU
    var value = dy[i] * quick_gelu_derivative(x[i]);
      //#end
      //#if SILU
    var value = dy[i] * silu_derivative(x[i]);
      //#end
    if (p.add != 0u) { value += y[i]; }
    //#else
      //#if GELU
    let value = gelu(x[i]);
      //#end
      //#if QUICK_GELU
    let value = quick_gelu(x[i]);
      //#end
      //#if SILU
    let value = silu(x[i]);
      //#end
    //#end
    y[i] = value;
  }
}

// y = f(x) forward; dx (+)= dy·f'(x) backward. f is GELU, quick-GELU or SiLU. Four elements an invocation.

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
//#if BACKWARD
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * (id.x + id.y * groups.x * 64u);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if BACKWARD
      //#if GELU
    var value = dy[i] * gelu_derivative(f32(x[i]));
      //#end
      //#if QUICK_GELU
    var value = dy[i] * quick_gelu_derivative(f32(x[i]));
      //#end
      //#if SILU
    var value = dy[i] * silu_derivative(f32(x[i]));
      //#end
    if (p.add != 0u) { value += dx[i]; }
    dx[i] = value;
    //#else
      //#if GELU
    y[i] = y_t(gelu(f32(x[i])));
      //#end
      //#if QUICK_GELU
    y[i] = y_t(quick_gelu(f32(x[i])));
      //#end
      //#if SILU
    y[i] = y_t(silu(f32(x[i])));
      //#end
    //#end
  }
}

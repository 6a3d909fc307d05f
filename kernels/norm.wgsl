// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows.wgsl is the fast form.
//
//   forward   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//             RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].
//   backward  dx (+)= rstd·(g − mean(g) − x̂·mean(g·x̂)),  g = dy·weight; RMSNorm: without mean(g).
//             d weight and d bias: column_sum.wgsl.

//#if VECTOR
alias T = vec4f;
alias X = x_t4;
alias Y = y_t4;
fn total(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
alias T = f32;
alias X = x_t;
alias Y = y_t;
fn total(v: T) -> f32 { return v; }
//#end

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>;
//#if BACKWARD
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;
//#else
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
  //#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
@group(0) @binding(5) var<uniform> p: Params;
  //#else
@group(0) @binding(4) var<uniform> p: Params;
  //#end
//#end

@compute @workgroup_size(${WORKGROUP})
fn norm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * ${WORKGROUP}u;
  if (row >= p.rows) { return; }
  let first = row * p.width;
  //#if BACKWARD
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = total(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = total(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
  //#else
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = total(sum) / p.size;
  //#end
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(total(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
  //#end
}

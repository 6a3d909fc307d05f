// The gradient of the input of LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation.
//
//   dx (+)= rstd·(g − mean(g) − x̂·mean(g·x̂)),  g = dy·weight; RMSNorm: without mean(g)
//
// x̂ comes from the mean and rstd that norm_forward.wgsl kept. d weight: norm_weight_parts.wgsl, d bias: column_parts.wgsl.

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = element_sum(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = element_sum(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end CENTRED
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
}

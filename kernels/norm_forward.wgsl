// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x̂·weight (+ bias),  x̂ = (x − mean)·rstd,  rstd = 1/√(mean((x − mean)²) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
//#end CENTRED
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  //#end CENTRED
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end CENTRED
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}

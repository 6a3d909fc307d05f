// Inverted dropout, four elements at a time: y (+)= x·factor where a random number is at least `share`, else 0.
//
// The numbers are a function of the element (`before` are the vec4s before this piece), the place in the model
// (`site`), the step and the pass (pcg4d, Jarzynski and Olano 2020): backward draws the same again, and nothing is kept from a step to the next.

//#include spread

struct Params { count: u32, before: u32, site: u32, share: f32, factor: f32, add: u32, step_at: u32, pass_at: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn pcg4d(seed: vec4u) -> vec4u {
  var v = seed * 1664525u + 1013904223u;
  v += v.yzxy * v.wxyz;
  v ^= v >> vec4u(16u);
  v += v.yzxy * v.wxyz;
  return v;
}

@compute @workgroup_size(${WORKGROUP})
fn dropout(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let vector = item_index(id, groups);
  let drawn = pcg4d(vec4u(p.before + vector, p.site, u32(scalars[p.step_at]), u32(scalars[p.pass_at])));
  let numbers = vec4f(drawn >> vec4u(8u)) / 16777216.0; // from 0 to below 1
  for (var q = 0u; q < 4u; q++) {
    let i = 4u * vector + q;
    if (i >= p.count) { return; }
    var value = 0.0;
    if (numbers[q] >= p.share) { value = f32(x[i]) * p.factor; }
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}

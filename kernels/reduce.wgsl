// y[i] = Σ of x (or with SQUARE of x²) over the i-th chunk of 1,024 elements: one pass of a tree of sums.
// An invocation a chunk.

//#include spread

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn reduce(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunk = item_index(id, groups);
  let first = chunk * 1024u;
  if (first >= p.count) { return; }
  var sum = 0.0;
  for (var i = first; i < min(first + 1024u, p.count); i++) {
    //#if SQUARE
    sum += f32(x[i]) * f32(x[i]);
    //#else
    sum += f32(x[i]);
    //#end SQUARE
  }
  y[chunk] = sum;
}

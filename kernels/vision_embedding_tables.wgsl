// d position[t] += Σ_images dy[image, t] and d cls += Σ_images dy[image, 0] of vision_embedding.wgsl.
// An invocation an element of the positions; one loop over the images.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;         // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;      // [width]
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>; // [n + 1, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn vision_embedding_tables(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let token = i / p.width;
  if (token >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + token) * p.width + column]; }
  d_position[i] += sum;
  if (token == 0u) { d_cls[column] += sum; }
}

// CLIP's vision embedding: y[image, 0] = cls + position[0], y[image, 1 + i] = patch[image, i] + position[1 + i].
//
//   FORWARD  y [images, n + 1, width], an invocation an element
//   PATCHES  d patch[image, i] = dy[image, 1 + i]
//   TABLES   d position[t] += Σ_images dy[image, t]; d cls += Σ_images dy[image, 0]

struct Params { images: u32, n: u32, width: u32 }

//#if FORWARD
@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<storage, read_write> cls: array<f32>;
@group(0) @binding(3) var<storage, read_write> position: array<position_t>;
@group(0) @binding(4) var<uniform> p: Params;
//#else
@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [images, n + 1, width]
//#end
//#if PATCHES
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;
//#end
//#if TABLES
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;
//#end

@compute @workgroup_size(64)
fn vision_embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let column = i % p.width;
  let row = i / p.width;
  //#if FORWARD
  if (row >= p.images * (p.n + 1u)) { return; }
  let token = row % (p.n + 1u);
  var value = f32(position[token * p.width + column]);
  if (token == 0u) {
    value += cls[column];
  } else {
    value += f32(patches[((row / (p.n + 1u)) * p.n + token - 1u) * p.width + column]);
  }
  y[i] = y_t(value);
  //#end
  //#if PATCHES
  if (row >= p.images * p.n) { return; }
  d_patches[i] = dy[((row / p.n) * (p.n + 1u) + row % p.n + 1u) * p.width + column];
  //#end
  //#if TABLES
  if (row >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + row) * p.width + column]; }
  d_position[i] += sum;
  if (row == 0u) { d_cls[column] += sum; }
  //#end
}

// Cuts images [images, channels, size, size] into patches [images·n, channels·patch·patch], n = (size/patch)²
// in reading order, so that the patch embedding (a convolution whose stride is its size) is a matrix product.
// Backward is the inverse permutation. An invocation an element of the patches.

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;        // backward: d pixels
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>; // backward: d patches
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(64)
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= p.count) { return; }
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  let at = ((picture * p.channels + channel) * p.size + y) * p.size + x;
  //#if BACKWARD
  var value = f32(patches[i]);
  if (p.add != 0u) { value += pixels[at]; }
  pixels[at] = value;
  //#else
  patches[i] = patches_t(pixels[at]);
  //#end
}

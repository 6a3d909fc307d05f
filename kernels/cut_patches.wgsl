// Cuts images into patches, so that the patch embedding (a convolution whose stride is its size) is a matrix product:
// patches[i] = pixels[pixel_at(i)]. An invocation an element of the patches.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

// The pixel in [images, channels, size, size] that is the i-th value of the patches [images·n, channels·side·side],
// n = ⌊size/side⌋² in reading order: the last rows and columns that
// fill no patch are left out.
fn pixel_at(i: u32) -> u32 {
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  return ((picture * p.channels + channel) * p.size + y) * p.size + x;
}

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  patches[i] = patches_t(pixels[pixel_at(i)]);
}

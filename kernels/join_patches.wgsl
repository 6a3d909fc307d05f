// The gradient of cut_patches.wgsl: d pixels[i] (+)= d patches[patch value that the pixel is]; 0 for pixels of the last
// rows and columns that fill no patch. An invocation a pixel's value.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let across = p.size / p.side;
  let x = i % p.size;
  let y = (i / p.size) % p.size;
  let channel = (i / (p.size * p.size)) % p.channels;
  let picture = i / (p.size * p.size * p.channels);
  var value = 0.0;
  if (x < across * p.side && y < across * p.side) {
    let cell = (picture * across + y / p.side) * across + x / p.side;
    value = d_patches[((cell * p.channels + channel) * p.side + y % p.side) * p.side + x % p.side];
  }
  if (p.add != 0u) { value += d_pixels[i]; }
  d_pixels[i] = value;
}

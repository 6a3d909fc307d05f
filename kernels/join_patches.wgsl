// The gradient of cut_patches.wgsl, its inverse: d pixels[pixel_at(i)] (+)= d patches[i].
// An invocation an element of the patches.

//#include spread
//#include patch_places

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let at = pixel_at(i);
  var value = d_patches[i];
  if (p.add != 0u) { value += d_pixels[at]; }
  d_pixels[at] = value;
}

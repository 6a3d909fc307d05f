// Element by element, four at a time: y (+)= value, a[i], a[0] (BROADCAST) or a[i]·b[i].
// One invocation a vec4; the last one may be ragged, so buffers are rounded up to 16 bytes.

//#include spread

struct Params { count: u32, value: f32, add: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
//#if INPUTS
@group(0) @binding(1) var<storage, read_write> a: array<a_t>;
//#end INPUTS
//#if PRODUCT
@group(0) @binding(2) var<storage, read_write> b: array<b_t>;
//#end PRODUCT
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if PRODUCT
    var value = f32(a[i]) * f32(b[i]);
    //#elif BROADCAST
    var value = f32(a[0]);
    //#elif INPUTS
    var value = f32(a[i]);
    //#else
    var value = p.value;
    //#end PRODUCT
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}

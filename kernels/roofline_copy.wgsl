// The most memory traffic that a kernel makes: y = x, EACH vec4 an invocation, neighbours side by side.

struct Params { stride: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn roofline_copy(@builtin(global_invocation_id) id: vec3u) {
  //#repeat i EACH
  let v${i} = x[id.x + ${i}u * p.stride];
  //#end i
  //#repeat i EACH
  y[id.x + ${i}u * p.stride] = v${i};
  //#end i
}

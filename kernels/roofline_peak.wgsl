// The most arithmetic that an adapter does: CHAINS independent chains of fma, four wide, all in registers.
//
// A trip makes UNROLL fused multiply-adds of each chain, so the loop itself costs little; factor and term are parameters,
// so no compiler knows the result beforehand. The sum is written to keep the chains alive.

struct Params { trips: u32, factor: f32, term: f32 }

@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn roofline_peak(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(p.factor);
  let term = vec4f(p.term);
  //#repeat i CHAINS
  var x${i} = vec4f(f32(id.x % ${WORKGROUP}u)) + vec4f(${i}.0, 0.25, 0.5, 0.75);
  //#end i
  for (var trip = 0u; trip < p.trips; trip++) {
    //#repeat u UNROLL
    //#repeat i CHAINS
    x${i} = fma(x${i}, factor, term);
    //#end i
    //#end u
  }
  var sum = vec4f();
  //#repeat i CHAINS
  sum += x${i};
  //#end i
  y[id.x] = dot(sum, vec4f(1.0));
}

// Counts the iterations of two nested loops, bounds.x times bounds.y of them, and hashes them, so that no compiler
// can replace the loops by a product. Some drivers stop a loop early and in silence; then found[0] is too small.

@group(0) @binding(0) var<storage, read_write> found: array<u32, 2>; // iterations, hash
@group(0) @binding(1) var<uniform> bounds: vec2u;

@compute @workgroup_size(1)
fn loop_probe() {
  var count = 0u;
  var hash = 0u;
  for (var i = 0u; i < bounds.x; i++) {
    for (var j = 0u; j < bounds.y; j++) {
      count += 1u;
      hash = hash * 1664525u + (i ^ j);
    }
  }
  found[0] = count;
  found[1] = hash;
}

// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads·D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO·o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2·groups)·D]

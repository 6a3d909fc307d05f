// rope: rope (rows 1280 heads 8 rotated 6 half 32 sign 1) for a cpu, 1280×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
enable f16;
alias x_t = f16; alias x_t4 = vec4<f16>;
alias y_t = f16; alias y_t4 = vec4<f16>;
// Rotary position embedding, Llama's half-split form: in each of the first `rotated` heads of a row, the pair
// (i, i + D/2) turns by the angle position·theta^(−2i/D), looked up in a table.
// The other heads are copied. Backward turns the other way (sign −1). An invocation a pair of T: four pairs where
// D/2 is a multiple of 4. The table holds the cosines of a position, then its sines: [positions, 2, D/2].

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 64u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
alias T = vec4f;
// A T as x and y hold it, which may be in 16 bits.
alias X = x_t4;
alias Y = y_t4;

struct Params { rows: u32, heads: u32, rotated: u32, half: u32, sign: f32 } // half in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;            // [rows, heads·D]
@group(0) @binding(1) var<storage, read_write> y: array<Y>;            // [rows, heads·D]
@group(0) @binding(2) var<storage, read_write> positions: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> table: array<T>;
@group(0) @binding(4) var<storage, read> params: Params; var<private> p: Params;

@compute @workgroup_size(64)
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let pair = item_index(id, groups);
  let head_row = pair / p.half;
  let row = head_row / p.heads;
  if (row >= p.rows) { return; }
  let i = pair % p.half;
  let at = head_row * 2u * p.half + i;
  let a = T(x[at]);
  let b = T(x[at + p.half]);
  if (head_row % p.heads >= p.rotated) {
    y[at] = Y(a);
    y[at + p.half] = Y(b);
    return;
  }
  let entry = 2u * u32(positions[row]) * p.half + i;
  let c = table[entry];
  let s = p.sign * table[entry + p.half];
  y[at] = Y(a * c - b * s);
  y[at + p.half] = Y(b * c + a * s);
}

// Sums over rows, in two passes without atomics: chunks of rows, then the chunks.
//
//   PARTIAL   partial[chunk, column] = Σ rows of x, or with NORM of x·x̂ (the gradient of a norm's weight,
//             x being dy), x̂ = (input − mean)·rstd from the saved stats.
//   else      y[column] (+)= Σ chunks of partial. An invocation a column; loops stay under 65,535 trips
//             because the chunks are at most 1,024. A column is one T: four values where the width allows.

//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end

struct Params { rows: u32, width: u32, chunk: u32, add: u32 } // width in T

//#if PARTIAL
@group(0) @binding(0) var<storage, read_write> x: array<T>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
  //#if NORM
@group(0) @binding(2) var<storage, read_write> input: array<T>;   // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;   // [rows, 2]
@group(0) @binding(4) var<uniform> p: Params;
  //#else
@group(0) @binding(2) var<uniform> p: Params;
  //#end
//#else
@group(0) @binding(0) var<storage, read_write> partial: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>;       // [width]
@group(0) @binding(2) var<uniform> p: Params;
//#end

@compute @workgroup_size(8)
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 8u;
  let column = i % p.width;
  //#if PARTIAL
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  var sum = T();
  for (var row = first; row < min(first + p.chunk, p.rows); row++) {
    let at = row * p.width + column;
    //#if NORM
    sum += x[at] * (input[at] - stats[2u * row]) * stats[2u * row + 1u];
    //#else
    sum += x[at];
    //#end
  }
  partial[i] = sum;
  //#else
  if (i >= p.width) { return; }
  var sum = T();
  for (var row = 0u; row < p.rows; row++) { sum += partial[row * p.width + column]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
  //#end
}

// Sums over rows, in two passes without atomics: chunks of rows, then the chunks.
//
//   PARTIAL   partial[chunk, column] = Σ rows of x, or with NORM of x·x̂ (the gradient of a norm's weight,
//             x being dy), x̂ = (input − mean)·rstd from the saved stats. (Without NORM column_parts.wgsl is faster
//             where the width is a multiple of 4.)
//   else      y[column] (+)= Σ chunks of partial. An invocation a column; loops stay under 65,535 trips
//             because the chunks are at most 1,024. A column is one T: four values where the width allows.
//
// Rows are added one after the other; the second pass loads four in a trip, which spares a CPU driver trips.

//#if VECTOR
alias T = vec4f;
alias Input = input_t4;
//#else
alias T = f32;
alias Input = input_t;
//#end

struct Params { rows: u32, width: u32, chunk: u32, add: u32 } // width in T

//#if PARTIAL
@group(0) @binding(0) var<storage, read_write> x: array<T>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
  //#if NORM
@group(0) @binding(2) var<storage, read_write> input: array<Input>; // [rows, width]
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

@compute @workgroup_size(${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * ${WORKGROUP}u;
  let column = i % p.width;
  //#if PARTIAL
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  var sum = T();
  let end = min(first + p.chunk, p.rows);
  //#if NORM
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += x[at] * (T(input[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  //#else
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  //#end
  partial[i] = sum;
  //#else
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + column;
    sum = (((sum + partial[at]) + partial[at + p.width]) + partial[at + 2u * p.width]) + partial[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += partial[row * p.width + column]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
  //#end
}

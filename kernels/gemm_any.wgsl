// Matrix product Y = op(A)·op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS×COLS outputs (COLS = 4·VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// Where elements of A and B lie.
//#if PITCHED
fn a_at(row: u32, column: u32) -> u32 { return row * p.a_pitch + p.a_first + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.b_pitch + p.b_first + column; }
//#else
//#if TN
fn a_at(row: u32, column: u32) -> u32 { return row * p.m + column; }
//#else
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#end TN
//#if NT
fn b_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#else
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }
//#end NT
//#end PITCHED

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    //#if TN
    x = f32(a[a_at(k, row)]);
    //#else
    x = f32(a[a_at(row, k)]);
    //#end TN
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    //#if NT
    x = f32(b[b_at(column, k)]);
    //#else
    x = f32(b[b_at(k, column)]);
    //#end NT
  }
  return x;
}

@compute @workgroup_size(${WORKGROUP})
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + ${COLS}u - 1u) / ${COLS}u;
  let row = (tile / across) * ${ROWS}u;
  let column = (tile % across) * ${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y${i}_${j} = vec4f();
  //#end j
  //#end i
  let steps = (p.k + 3u) / 4u;
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum${i}_${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < steps; first += ${BLOCK}u) {
  for (var k = first; k < min(first + ${BLOCK}u, steps); k++) {
  //#else
  for (var k = 0u; k < steps; k++) {
  //#end BLOCK
    //#repeat i ROWS
    let a${i} = vec4f(
      at_a(row + ${i}u, 4u * k), at_a(row + ${i}u, 4u * k + 1u),
      at_a(row + ${i}u, 4u * k + 2u), at_a(row + ${i}u, 4u * k + 3u));
    //#end i
    //#repeat j VCOLS
    //#repeat q 4
    let b${j}_${q} = vec4f(
      at_b(4u * k + ${q}u, column + ${4 * j}u), at_b(4u * k + ${q}u, column + ${4 * j + 1}u),
      at_b(4u * k + ${q}u, column + ${4 * j + 2}u), at_b(4u * k + ${q}u, column + ${4 * j + 3}u));
    //#end q
    let b${j} = mat4x4f(b${j}_0, b${j}_1, b${j}_2, b${j}_3);
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum${i}_${j} += y${i}_${j};
  y${i}_${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + ${i}u, column + ${4 * j}u, sum${i}_${j});
  //#else
  end(row + ${i}u, column + ${4 * j}u, y${i}_${j});
  //#end BLOCK
  //#end j
  //#end i
}

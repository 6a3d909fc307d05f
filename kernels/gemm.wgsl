// Matrix product Y = op(A)·op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]·B[N,K]ᵀ   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]·B[K,N]    its input gradient  dX = dY·W
//   TN: Y[M,N] = A[K,M]ᵀ·B[K,N]   its weight gradient dW = dYᵀ·X
//
// One invocation holds a tile of ROWS×COLS outputs (COLS = 4·VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

@compute @workgroup_size(${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
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
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let b_pitch = p.b_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_first = p.b_first / 4u;
  //#else
  let a_first = 0u;
  let b_first = 0u;
  //#if TN
  let a_pitch = p.m / 4u;
  //#else
  let a_pitch = k4;
  //#end TN
  //#if NT
  let b_pitch = k4;
  //#else
  let b_pitch = p.n / 4u;
  //#end NT
  //#end PITCHED
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  //#if TN
  //#repeat i VROWS
  let ra${i} = a_first + min(row / 4u + ${i}u, p.m / 4u - 1u);
  //#end i
  //#else
  //#repeat i ROWS
  let ra${i} = a_first + min(row + ${i}u, p.m - 1u) * a_pitch;
  //#end i
  //#end TN
  //#if NT
  //#repeat j COLS
  let cb${j} = b_first + min(column + ${j}u, p.n - 1u) * b_pitch;
  //#end j
  //#else
  //#repeat j VCOLS
  let cb${j} = b_first + min(column / 4u + ${j}u, p.n / 4u - 1u);
  //#end j
  //#end NT
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum${i}_${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < k4; first += ${BLOCK}u) {
  for (var k = first; k < min(first + ${BLOCK}u, k4); k++) {
  //#else
  for (var k = 0u; k < k4; k++) {
  //#end BLOCK
    // a: the tile's rows, a vec4 along k each.
    //#if TN
    //#repeat i VROWS
    let ta${i} = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra${i}), load_a((4u * k + 1u) * a_pitch + ra${i}),
      load_a((4u * k + 2u) * a_pitch + ra${i}), load_a((4u * k + 3u) * a_pitch + ra${i})));
    //#end i
    //#repeat i ROWS
    let a${i} = ta${i / 4}[${i % 4}];
    //#end i
    //#else
    //#repeat i ROWS
    let a${i} = load_a(ra${i} + k);
    //#end i
    //#end TN
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if NT
    let b${j} = transpose(mat4x4f(
      load_b(cb${4 * j} + k), load_b(cb${4 * j + 1} + k), load_b(cb${4 * j + 2} + k), load_b(cb${4 * j + 3} + k)));
    //#else
    let b${j} = mat4x4f(
      load_b(4u * k * b_pitch + cb${j}), load_b((4u * k + 1u) * b_pitch + cb${j}),
      load_b((4u * k + 2u) * b_pitch + cb${j}), load_b((4u * k + 3u) * b_pitch + cb${j}));
    //#end NT
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

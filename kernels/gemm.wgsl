// Matrix product Y = op(A)·op(B) with its endings, registers only.
//
//   NT: Y[M,N] = A[M,K]·B[N,K]ᵀ   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]·B[K,N]    its input gradient  dX = dY·W
//   TN: Y[M,N] = A[K,M]ᵀ·B[K,N]   its weight gradient dW = dYᵀ·X
//
// One invocation holds a tile of ROWS×COLS outputs (COLS = 4·VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. With TEXTURES the operands are read through textures (src/gpu/textures.ts). The walk of K is one loop
// of K/4 trips: 65,535 of them reach K = 262,140, a driver's limit.
// Without VECTOR (sizes that 4 does not divide) loads and stores go element by element within bounds.
// The ending is gemm_ending.wgsl's.

struct Params { m: u32, n: u32, k: u32, add: u32 }

//#if TEXTURES
@group(0) @binding(0) var a: a_texture;
@group(0) @binding(1) var b: b_texture;
fn load_a(i: u32) -> vec4f { return textureLoad(a, vec2u(i & 255u, i >> 8u)); }
fn load_b(i: u32) -> vec4f { return textureLoad(b, vec2u(i & 255u, i >> 8u)); }
//#else
//#if VECTOR
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
fn load_a(i: u32) -> vec4f { return vec4f(a[i]); }
fn load_b(i: u32) -> vec4f { return vec4f(b[i]); }
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end
//#end
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#if VECTOR
//#else
// op(A)[row, k] and op(B)[k, column]; 0 outside.
fn at_a(row: u32, k: u32) -> f32 {
  if (row >= p.m || k >= p.k) { return 0.0; }
  //#if TN
  return f32(a[k * p.m + row]);
  //#else
  return f32(a[row * p.k + k]);
  //#end
}
fn at_b(k: u32, column: u32) -> f32 {
  if (column >= p.n || k >= p.k) { return 0.0; }
  //#if NT
  return f32(b[column * p.k + k]);
  //#else
  return f32(b[k * p.n + column]);
  //#end
}
//#end

@compute @workgroup_size(${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = id.x + id.y * groups.x * ${WORKGROUP}u;
  let across = (p.n + ${COLS}u - 1u) / ${COLS}u;
  let row = (tile / across) * ${ROWS}u;
  let column = (tile % across) * ${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y${i}_${j} = vec4f();
  //#end
  //#end
  let steps = (p.k + 3u) / 4u;
  //#if VECTOR
  let k4 = p.k / 4u; let m4 = p.m / 4u; let n4 = p.n / 4u;
  //#if TN
  //#repeat i VROWS
  let ra${i} = min(row / 4u + ${i}u, m4 - 1u);
  //#end
  //#else
  //#repeat i ROWS
  let ra${i} = min(row + ${i}u, p.m - 1u) * k4;
  //#end
  //#end
  //#if NT
  //#repeat j COLS
  let cb${j} = min(column + ${j}u, p.n - 1u) * k4;
  //#end
  //#else
  //#repeat j VCOLS
  let cb${j} = min(column / 4u + ${j}u, n4 - 1u);
  //#end
  //#end
  //#end
  for (var k = 0u; k < steps; k++) {
    // a: the tile's rows, a vec4 along k each.
    //#if VECTOR
    //#if TN
    //#repeat i VROWS
    let ta${i} = transpose(mat4x4f(
      load_a(4u * k * m4 + ra${i}), load_a((4u * k + 1u) * m4 + ra${i}),
      load_a((4u * k + 2u) * m4 + ra${i}), load_a((4u * k + 3u) * m4 + ra${i})));
    //#end
    //#repeat i ROWS
    let a${i} = ta${i / 4}[${i % 4}];
    //#end
    //#else
    //#repeat i ROWS
    let a${i} = load_a(ra${i} + k);
    //#end
    //#end
    //#else
    //#repeat i ROWS
    let a${i} = vec4f(
      at_a(row + ${i}u, 4u * k), at_a(row + ${i}u, 4u * k + 1u),
      at_a(row + ${i}u, 4u * k + 2u), at_a(row + ${i}u, 4u * k + 3u));
    //#end
    //#end
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if VECTOR
    //#if NT
    let b${j} = transpose(mat4x4f(
      
      load_b(cb${4 * j} + k), load_b(cb${4 * j + 1} + k), load_b(cb${4 * j + 2} + k), load_b(cb${4 * j + 3} + k)));
    //#else
    let b${j} = mat4x4f(
      load_b(4u * k * n4 + cb${j}), load_b((4u * k + 1u) * n4 + cb${j}),
      load_b((4u * k + 2u) * n4 + cb${j}), load_b((4u * k + 3u) * n4 + cb${j}));
    //#end
    //#else
    //#repeat q 4
    let b${j}_${q} = vec4f(
      at_b(4u * k + ${q}u, column + ${4 * j}u), at_b(4u * k + ${q}u, column + ${4 * j + 1}u),
      at_b(4u * k + ${q}u, column + ${4 * j + 2}u), at_b(4u * k + ${q}u, column + ${4 * j + 3}u));
    //#end
    let b${j} = mat4x4f(b${j}_0, b${j}_1, b${j}_2, b${j}_3);
    //#end
    //#repeat i ROWS
    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});
    //#end
    //#end
  }
  //#repeat i ROWS
  //#repeat j VCOLS
  end(row + ${i}u, column + ${4 * j}u, y${i}_${j});
  //#end
  //#end
}

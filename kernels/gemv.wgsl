// Matrix product Y[M,N] = A[M,K]·B[N,K]ᵀ with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#if HALF
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
//#end HALF
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending
//#include lane_sum

var<workgroup> sums: array<vec4f, ${ROWS * VCOLS * LANES}>; // [row, column / 4, lane]

@compute @workgroup_size(${WORKGROUP})
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = ${COLS}u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_pitch = p.b_pitch / ${EACH}u;
  let b_first = p.b_first / ${EACH}u;
  //#else
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / ${EACH}u;
  let b_first = 0u;
  //#end PITCHED
  //#repeat c COLS
  let row${c} = b_first + min(column + ${c}u, p.n - 1u) * b_pitch;
  //#repeat r ROWS
  var y${r}_${c} = vec4f();
  //#end r
  //#end c
  for (var k = lane; k < p.k / ${EACH}u; k += ${LANES}u) {
    //#repeat r ROWS
    let at${r} = a_first + ${r}u * a_pitch + ${EACH / 4}u * k;
    let a${r} = load_a(at${r});
    //#if HALF
    let more${r} = load_a(at${r} + 1u);
    //#end HALF
    //#end r
    //#repeat c COLS
    let b${c} = b[row${c} + k];
    //#if HALF
    let low${c} = vec4f(unpack2x16float(b${c}.x), unpack2x16float(b${c}.y));
    let high${c} = vec4f(unpack2x16float(b${c}.z), unpack2x16float(b${c}.w));
    //#repeat r ROWS
    y${r}_${c} = fma(more${r}, high${c}, fma(a${r}, low${c}, y${r}_${c}));
    //#end r
    //#else
    //#repeat r ROWS
    y${r}_${c} = fma(a${r}, b${c}, y${r}_${c});
    //#end r
    //#end HALF
    //#end c
  }
  //#repeat r ROWS
  //#repeat v VCOLS
  sums[${(r * VCOLS + v) * LANES}u + lane] = vec4f(
    lane_sum(y${r}_${4 * v}), lane_sum(y${r}_${4 * v + 1}), lane_sum(y${r}_${4 * v + 2}), lane_sum(y${r}_${4 * v + 3}));
  //#end v
  //#end r
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= ${ROWS * VCOLS}u) { return; }
  var sum = vec4f();
  //#repeat l LANES
  sum += sums[lane * ${LANES}u + ${l}u];
  //#end l
  end(lane / ${VCOLS}u, column + 4u * (lane % ${VCOLS}u), sum);
}

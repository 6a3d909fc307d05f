// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

//#include spread
//#include gemm_ending

struct Params {
//#include gemm_params
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(${WORKGROUP})
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    //#if VECTOR
    sum += partial[(first + column) / 4u];
    //#else
    let last = p.n - 1u;
    sum += vec4f(partial[first + column], partial[first + min(column + 1u, last)],
      partial[first + min(column + 2u, last)], partial[first + min(column + 3u, last)]);
    //#end VECTOR
  }
  end(row, column, sum);
}

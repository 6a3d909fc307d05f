// Reductions over the eight invocations tx = 0 … 7 that share own rows 4·ty … of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of `least`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  //#repeat t 8
  top = max(top, shared_rows[${8 * t}u + ty]);
  //#end t
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  //#repeat t 8
  sum += shared_rows[${8 * t}u + ty];
  //#end t
  return sum;
}

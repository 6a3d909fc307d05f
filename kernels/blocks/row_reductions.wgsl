// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
//#if SHARED
var<workgroup> shared_max: array<f32, ${WORKGROUP}>;
var<workgroup> shared_sum: array<f32, ${WORKGROUP}>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < ${WORKGROUP}u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < ${WORKGROUP}u; i++) { sum += shared_sum[i]; }
  return sum;
}
//#else
fn max_of_row(own: f32, lane: u32) -> f32 { return own; }
fn sum_of_row(own: f32, lane: u32) -> f32 { return own; }
//#end SHARED

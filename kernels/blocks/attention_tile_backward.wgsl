// The vec4 at `at` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  if (gradient) { return load_d_o(row * o_stride() + at); }
  return load_qkv(row * qkv_stride() + at);
}

  m: u32, n: u32, k: u32, add: u32,
  //#if PITCHED
  // Of each matrix: elements from a row to the next, and before its first.
  a_pitch: u32, a_first: u32, b_pitch: u32, b_first: u32, y_pitch: u32, y_first: u32,
  //#end PITCHED
  //#if SCALED
  scale: f32,
  //#end SCALED

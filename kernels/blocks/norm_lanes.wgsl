// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, …, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  //#if RAGGED
  return column < p.width;
  //#else
  return true;
  //#end RAGGED
}

//#include stored_elements
// The values of a T, added up from the first to the last.
//#if VECTOR
fn element_sum(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
fn element_sum(v: T) -> f32 { return v; }
//#end VECTOR

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd

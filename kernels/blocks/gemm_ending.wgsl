// How a matrix product ends.
//
//   z = scale·product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform `p` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

//#include elements
//#if VECTOR
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end VECTOR

@group(0) @binding(${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(${BIAS}) var<storage, read_write> bias: array<T>;
//#end BIAS
//#if SAVE
@group(0) @binding(${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end SAVE
//#if RESIDUAL
@group(0) @binding(${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end RESIDUAL
//#if ACTIVATION
//#include activation_chosen
//#end ACTIVATION

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  //#if SCALED
  value *= p.scale;
  //#end SCALED
  //#if BIAS
  value += bias[column];
  //#end BIAS
  //#if SAVE
  saved[at] = Saved(value);
  //#end SAVE
  //#if ACTIVATION
  //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
  //#else
  value = activate(value);
  //#end VECTOR
  //#end ACTIVATION
  //#if RESIDUAL
  value += T(residual[at]);
  //#end RESIDUAL
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  //#if PITCHED
  let first = p.y_first % p.y_pitch + column;
  let at = (sheet * p.m + row) * p.y_pitch + p.y_first + column;
  //#else
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  //#end PITCHED
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
  //#else
  //#repeat q 4
  if (column + ${q}u < p.n) { end_at(at + ${q}u, first + ${q}u, product[${q}]); }
  //#end q
  //#end VECTOR
}

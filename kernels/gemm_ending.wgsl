// How a matrix product ends; put in front of the kernels that compute one, after activations.wgsl.
//
//   z = product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform `p` with m, n and add.

//#if VECTOR
alias Y = vec4f;
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias Y = f32;
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end

@group(0) @binding(${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(${BIAS}) var<storage, read_write> bias: array<Y>;
//#end
//#if SAVE
@group(0) @binding(${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end
//#if RESIDUAL
@group(0) @binding(${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end
//#if ACTIVATION

fn activate(x: f32) -> f32 {
  //#if GELU
  return gelu(x);
  //#end
  //#if QUICK_GELU
  return quick_gelu(x);
  //#end
  //#if SILU
  return silu(x);
  //#end
}
//#end

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: Y) {
  var value = product;
  //#if BIAS
  value += bias[column];
  //#end
  //#if SAVE
  saved[at] = Saved(value);
  //#end
  //#if ACTIVATION
    //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
    //#else
  value = activate(value);
    //#end
  //#end
  //#if RESIDUAL
  value += Y(residual[at]);
  //#end
  if (p.add != 0u) { value += Y(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  let at = (sheet * p.m + row) * p.n + column;
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, column / 4u, product); }
  //#else
  //#repeat q 4
  if (column + ${q}u < p.n) { end_at(at + ${q}u, column + ${q}u, product[${q}]); }
  //#end
  //#end
}

/** The element-wise product. @module */
import { product } from "../autograd/elementwise.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";

/**
 * y = a·b, element by element; da = dy·b, db = dy·a.
 *
 * @param a Any shape.
 * @param b The same shape; may be `a` itself.
 * @returns The same shape.
 */
export function multiply(tape: Tape, a: Tensor, b: Tensor): Tensor {
  expectShape("multiply", "b", b.shape, a.shape);
  const y = tape.result(a.shape, "product");
  const other = tape.apart(b, a);
  product(tape, y, a, other, false);
  if (tape.needsGrad(a, b)) {
    tape.differentiable(y, (dy) => {
      const da = tape.target(a);
      if (da) product(tape, da.tensor, dy, other, da.add);
      const db = tape.target(b);
      if (db) product(tape, db.tensor, dy, a, db.add);
    });
  }
  return y;
}

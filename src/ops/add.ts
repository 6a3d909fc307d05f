/** The element-wise sum. @module */
import { accumulate, copy } from "../autograd/elementwise.ts";
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";

/**
 * y = a + b, element by element; the gradient passes to both.
 *
 * @param a Any shape.
 * @param b The same shape.
 * @returns The same shape.
 */
export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  expectShape("add", "b", b.shape, a.shape);
  const y = tape.result(a.shape, "sum");
  copy(tape, y, a);
  accumulate(tape, y, b);
  if (tape.needsGrad(a, b)) {
    tape.differentiable(y, (dy) => {
      tape.pass(a, dy);
      tape.pass(b, dy);
    });
  }
  return y;
}

/** Sums of all elements as a tree, in a fixed order. @module */
import { broadcast } from "../autograd/elementwise.ts";
import { pieces } from "../autograd/pieces.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import wgsl from "../../kernels/reduce.wgsl" with { type: "text" };

/** Sums of chunks of 1,024. */
export const reduce: Kernel<{ count: number; square: boolean }> = {
  name: "reduce",
  wgsl,
  constants: ({ square }) => ({ SQUARE: Number(square) }),
  bindings: () => ["x", "y"],
  f16: ["x"],
  params: ({ count }) => [count],
  groups: ({ count }, workgroup) => spread(Math.ceil(count / 1024), workgroup),
};

/** Records Σ x (or Σ x²) over all elements; no gradient. @returns [1] */
export function sumAll(tape: Tape, x: Tensor, square = false): Tensor {
  let from = x;
  do {
    const count = from.size;
    const to = tape.empty([Math.ceil(count / 1024)], square ? "sums of squares" : "sums");
    const flat = from.view([count]);
    for (const piece of pieces(tape.gpu, count)) {
      const sums = to.rows(piece.first / 1024, Math.ceil(piece.count / 1024));
      tape.dispatch(reduce, { count: piece.count, square }, [flat.rows(piece.first, piece.count), sums]);
    }
    from = to;
    square = false;
  } while (from.size > 1);
  return from;
}

/**
 * The sum of all elements; its gradient goes to every element alike.
 *
 * @param x Any shape.
 * @returns [1]
 */
export function sum(tape: Tape, x: Tensor): Tensor {
  const y = sumAll(tape, x);
  if (tape.needsGrad(x)) {
    tape.differentiable(y, (dy) => {
      const dx = tape.target(x)!;
      broadcast(tape, dx.tensor, dy, dx.add);
    });
  }
  return y;
}

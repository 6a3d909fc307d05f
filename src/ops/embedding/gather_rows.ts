/** Picking rows by an index. @module */
import { matrix } from "../gemm/gemm.ts";
import { type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import wgsl from "../../../kernels/gather_rows.wgsl" with { type: "text" };

interface Shape {
  count: number;
  width: number;
  add: boolean;
}

/** Forward and, with the inverse index, backward. */
export const gatherKernel: Kernel<Shape> = {
  name: "gather_rows",
  wgsl,
  constants: () => ({}),
  bindings: () => ["x", "index", "y"],
  f16: ["x", "y"],
  params: ({ count, width, add }) => [count, width, Number(add)],
  workgroup: () => 64,
  groups: ({ count, width }, workgroup) => spread(count * width, workgroup),
};

/**
 * y[i] = x[index[i]], 0 where index[i] is negative. No row may be picked twice, so that the gradient is a
 * gather by the inverse index: dx[r] = dy[inverse[r]].
 *
 * @param x [rows, width]
 * @param index [count] int32.
 * @param inverse [rows] int32: which i picked the row, or -1.
 * @returns [count, width]
 */
export function gatherRows(tape: Tape, x: Tensor, index: Tensor, inverse: Tensor): Tensor {
  const [rows, width] = matrix(x);
  const [count = 0] = index.shape;
  expectShape("gather rows", "inverse", inverse.shape, [rows]);
  const y = tape.result([count, width], "gathered rows");
  tape.dispatch(gatherKernel, { count, width, add: false }, [x, index, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(y, (dy) => {
      const dx = tape.target(x)!;
      tape.dispatch(gatherKernel, { count: rows, width, add: dx.add }, [dy, inverse, dx.tensor]);
    });
  }
  return y;
}

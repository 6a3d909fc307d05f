/** Matrices made wider or narrower at their end. @module */
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import wgsl from "../../kernels/resize_columns.wgsl" with { type: "text" };

/** Forward and, the other way round, backward. */
export const resizeColumnsKernel: Kernel<{ rows: number; width: number; columns: number; add: boolean }> = {
  name: "resize_columns",
  wgsl,
  constants: () => ({}),
  bindings: () => ["x", "y"],
  f16: ["x", "y"],
  params: ({ rows, width, columns, add }) => [rows, width, columns, Number(add)],
  workgroup: () => 64,
  groups: ({ rows, width }, workgroup) => spread(rows * width, workgroup),
};

/**
 * y[r, c] = x[r, c] where x has a column c, else 0.
 *
 * @param x Taken as rows of `columns` values.
 * @param columns Values of a row of x.
 * @param width Values of a row of the result.
 * @returns [rows, width]
 */
export function resizeColumns(tape: Tape, x: Tensor, columns: number, width: number): Tensor {
  const rows = x.size / columns;
  const y = tape.result([rows, width], "resized");
  tape.dispatch(resizeColumnsKernel, { rows, width, columns, add: false }, [x, y]);
  if (tape.needsGrad(x)) {
    tape.differentiable(y, (dy) => {
      const dx = tape.target(x)!;
      tape.dispatch(resizeColumnsKernel, { rows, width: columns, columns: width, add: dx.add }, [
        dy,
        dx.tensor,
      ]);
    });
  }
  return y;
}

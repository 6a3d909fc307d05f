/** Dropout whose numbers are drawn anew wherever they are needed. @module */
import { pieces } from "../autograd/pieces.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { f32, type Kernel, spread } from "../gpu/kernel/kernel.ts";
import wgsl from "../../kernels/dropout.wgsl" with { type: "text" };

/** What drops elements at one place of a model. */
export interface Dropout {
  /** The share of elements that become 0, from 0 to below 1. */
  share: number;
  /** A number of the place's own, of 32 bits: places with different ones draw different numbers. */
  site: number;
  /** Uploaded for every pass; whole numbers below 2²⁴ at `stepAt` and `passAt` in it say which step and pass it is. */
  scalars: Tensor;
  /** Where the step's number stands. */
  stepAt: number;
  /** Where the number of the pass within the step stands. */
  passAt: number;
}

interface Shape extends Omit<Dropout, "scalars"> {
  count: number;
  /** vec4s before the first element. */
  before: number;
  add: boolean;
}

/** y (+)= x/(1 − share), or 0. */
export const dropoutKernel: Kernel<Shape> = {
  name: "dropout",
  wgsl,
  constants: () => ({}),
  bindings: () => ["x", "y", "scalars"],
  f16: ["x", "y"],
  params: ({ count, before, site, share, add, stepAt, passAt }) => [
    count,
    before,
    site,
    f32(share),
    f32(1 / (1 - share)),
    Number(add),
    stepAt,
    passAt,
  ],
  workgroup: () => 64,
  groups: ({ count }, workgroup) => spread(Math.ceil(count / 4), workgroup),
};

/**
 * Records y = x/(1 − share) where an element stays, 0 where it is dropped (Srivastava et al. 2014, inverted). The same
 * call on a gradient gives the gradient: the same elements are dropped.
 *
 * @param x Any shape.
 * @param y The same shape.
 * @param add Whether to add to what `y` holds.
 */
export function drop(tape: Tape, { scalars, ...shape }: Dropout, x: Tensor, y: Tensor, add = false) {
  for (const { first, count } of pieces(tape.gpu, x.size)) {
    const of = (t: Tensor) => t.view([t.size]).rows(first, count);
    tape.dispatch(dropoutKernel, { ...shape, before: first / 4, count, add }, [of(x), of(y), scalars]);
  }
}

/**
 * Adam for one number, on the host: how methods learn a number a task.
 *
 * @module
 */

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) for a single number.
 *
 * ```
 * m ← β1·m + (1 − β1)·g,   v ← β2·v + (1 − β2)·g²,   change = η · m/(1 − β1^t) / (√(v/(1 − β2^t)) + ε)
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | g | the gradient |
 * | η | rate: about how far a step goes, whatever the gradient's size |
 * | t | how many gradients there were, this one included |
 * | β1, β2, ε | 0.9, 0.999 and 1e-8, the paper's and PyTorch's |
 *
 * @param rate η, above 0.
 * @returns Takes a gradient, gives the change that is to be subtracted.
 *
 * @example The first step is as long as the rate
 * ```ts
 * import { scalarAdam } from "./adam.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const adam = scalarAdam(0.1);
 * assertAlmostEquals(adam(-3), -0.1, 1e-8);
 * ```
 */
export function scalarAdam(rate: number): (gradient: number) => number {
  const beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  let m = 0, v = 0, power1 = 1, power2 = 1;
  return (gradient) => {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient * gradient;
    power1 *= beta1;
    power2 *= beta2;
    return rate * (m / (1 - power1)) / (Math.sqrt(v / (1 - power2)) + eps);
  };
}

/** AdamW in float64. @module */

/** A range of parameters that share learning rate and decay. */
export interface Rule {
  start: number;
  end: number;
  rate: number;
  decay: number;
}

/** The state that a step changes. */
export interface State {
  theta: Float64Array;
  m: Float64Array;
  v: Float64Array;
}

/**
 * One step (Loshchilov and Hutter 2019) in place, with the gradient scaled by min(1, clip/(norm + 1e-6)) before.
 *
 * @param step From 1.
 * @returns The gradient's norm before clipping.
 */
export function adamw(
  { theta, m, v }: State,
  gradient: ArrayLike<number>,
  rules: readonly Rule[],
  options: { step: number; betas: readonly [number, number]; eps: number; clip: number },
): number {
  const { step, betas: [beta1, beta2], eps, clip } = options;
  let square = 0;
  for (let i = 0; i < gradient.length; i++) square += gradient[i]! ** 2;
  const norm = Math.sqrt(square);
  const factor = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
  for (const { start, end, rate, decay } of rules) {
    for (let i = start; i < end; i++) {
      const g = gradient[i]! * factor;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const update = m[i]! / (1 - beta1 ** step) / (Math.sqrt(v[i]! / (1 - beta2 ** step)) + eps);
      theta[i] = theta[i]! * (1 - rate * decay) - rate * update;
    }
  }
  return norm;
}

/** Activation functions and their derivatives in float64. @module */

/** Which function. */
export type Activation = "gelu" | "gelu_tanh" | "quick_gelu" | "silu";

/** The error function, by its series 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, all of whose terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= 2 * x * x / (2 * n + 1);
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** 1/(1 + e^(−x)). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** f(x). */
export function activate(activation: Activation, x: number): number {
  if (activation === "gelu") return 0.5 * x * (1 + erf(x / Math.SQRT2));
  if (activation === "gelu_tanh") {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  }
  return x * sigmoid(activation === "silu" ? x : 1.702 * x);
}

/** f′(x). */
export function derivative(activation: Activation, x: number): number {
  if (activation === "gelu") {
    return 0.5 * (1 + erf(x / Math.SQRT2)) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
  if (activation === "gelu_tanh") {
    const tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
    return 0.5 * (1 + tanh) +
      0.5 * x * (1 - tanh ** 2) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);
  }
  const factor = activation === "silu" ? 1 : 1.702;
  const s = sigmoid(factor * x);
  return s + factor * x * s * (1 - s);
}

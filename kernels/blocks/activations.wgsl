// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x·Φ(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x·sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x·½(1 + tanh u) = x·sigmoid(2u), u = √(2/π)·(x + 0.044715 x³); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x·sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}

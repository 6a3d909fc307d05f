//#include activations
// The activation function that is asked for, and its derivative.
//#if GELU
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }
//#elif QUICK_GELU
fn activate(x: f32) -> f32 { return quick_gelu(x); }
fn derivative(x: f32) -> f32 { return quick_gelu_derivative(x); }
//#elif GELU_TANH
fn activate(x: f32) -> f32 { return gelu_tanh(x); }
fn derivative(x: f32) -> f32 { return gelu_tanh_derivative(x); }
//#elif SILU
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }
//#end GELU

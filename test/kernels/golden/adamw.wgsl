// adamw: adamw (count 65536 clip 1 vectors 4) for a cpu, 64×1×1 workgroups.
// Written by `deno task kernel --golden`; the source is in kernels/.
// AdamW (Loshchilov and Hutter 2019) with clipping by the global norm, over a whole range of parameters at once.
//
//   g ← g·min(1, clip/(norm + 1e-6));  m ← β1·m + (1−β1)·g;  v ← β2·v + (1−β2)·g²
//   θ ← θ·(1 − lr·decay) − lr·(m/c1)/(√(v/c2) + eps),  c = 1 − β^step
//
// Parameters lie in blocks of 64; kind[block] says which line of `kinds` (learning-rate factor, decay) holds for it.
// scalars: [lr, c1, c2] from `rate_at`; norm² is in square[0].
// An invocation VECTORS times four elements of one block: what a rule and the scalars take to load, they share.

// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (`spread` of src/gpu/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 64u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }

struct Params { count: u32, rate_at: u32, beta1: f32, beta2: f32, eps: f32, clip: f32 }

@group(0) @binding(0) var<storage, read_write> theta: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> kind: array<u32>;
@group(0) @binding(5) var<storage, read_write> kinds: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> square: array<f32>;
@group(0) @binding(7) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(8) var<storage, read> params: Params; var<private> p: Params;

@compute @workgroup_size(64)
fn adamw(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  p = params;
  let at = 4u * item_index(id, groups);
  if (at >= p.count / 4u) { return; }
  let rule = kinds[kind[at / 16u]];
  let lr = scalars[p.rate_at] * rule.x;
  let c1 = scalars[p.rate_at + 1u];
  let c2 = scalars[p.rate_at + 2u];
  let factor = select(1.0, min(1.0, p.clip / (sqrt(square[0]) + 1e-6)), p.clip > 0.0);
  {
    let i = at + 0u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
  {
    let i = at + 1u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
  {
    let i = at + 2u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
  {
    let i = at + 3u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
}

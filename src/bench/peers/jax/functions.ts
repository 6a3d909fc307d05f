/** The functions that the operations and the model share, in jax-js. @module */
import { NORM_EPS, OPTIMIZER } from "../../workloads/workload.ts";
import type { JaxArray } from "./api.ts";
import type { OpenJax } from "./device.ts";

/** LayerNorm over the last axis. */
export function layerNorm({ jax }: OpenJax, x: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray {
  return jax.nn.standardize(x, -1, { epsilon: NORM_EPS }).mul(weight).add(bias);
}

/** RMSNorm over the last axis. */
export function rmsNorm({ jax: { numpy: np } }: OpenJax, x: JaxArray, weight: JaxArray): JaxArray {
  return x.ref.div(np.sqrt(np.square(x).mean(-1, { keepdims: true }).add(NORM_EPS))).mul(weight);
}

/** True where a column is the row's class. */
export function isClass({ jax: { numpy: np } }: OpenJax, ids: JaxArray, classes: number): JaxArray {
  return np.equal(np.expandDims(ids, -1), np.arange(0, classes, 1, { dtype: np.int32 }));
}

/**
 * Σ w·nll / Σ w. `nn.oneHot` binds an identity matrix, past Deno's limit of 128 MiB at 8,192 classes: on WebGPU the
 * classes are compared, on WebAssembly `nn.oneHot` is faster.
 */
export function crossEntropy(open: OpenJax, logits: JaxArray, labels: JaxArray, weights: JaxArray): JaxArray {
  const { jax: { nn, numpy: np }, device } = open;
  const classes = logits.shape.at(-1)!, logp = nn.logSoftmax(logits, -1);
  const picked = device === "webgpu"
    ? np.where(isClass(open, labels, classes), logp, 0)
    : logp.mul(nn.oneHot(labels, classes));
  return picked.sum(-1).mul(-1).mul(weights.ref).sum().div(weights.sum());
}

/** AdamW of one tensor, written out, for jax-js's optimisers are not in the package; `t` counts from 1. */
export function adamw(
  { jax: { numpy: np } }: OpenJax,
  p: JaxArray,
  g: JaxArray,
  m: JaxArray,
  v: JaxArray,
  t: JaxArray,
): [JaxArray, JaxArray, JaxArray] {
  const { learningRate, beta1, beta2, eps, weightDecay } = OPTIMIZER;
  m = m.mul(beta1).add(g.ref.mul(1 - beta1));
  v = v.mul(beta2).add(np.square(g).mul(1 - beta2));
  const correction = (beta: number, t: JaxArray) => np.exp(t.mul(Math.log(beta))).mul(-1).add(1);
  const first = m.ref.div(correction(beta1, t.ref)), second = v.ref.div(correction(beta2, t));
  const update = first.div(np.sqrt(second).add(eps)).mul(learningRate);
  return [p.mul(1 - learningRate * weightDecay).sub(update), m, v];
}

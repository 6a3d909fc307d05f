/** The operations in TensorFlow.js. @module */
import type { Contestant } from "../../contestant.ts";
import { integers, uniform } from "../../workloads/inputs.ts";
import { NORM_EPS, OPTIMIZER, type Workload } from "../../workloads/workload.ts";
import type { Tf, TfTensor } from "./api.ts";
import { called, type OpenTf } from "./device.ts";

/** Prepares an operation; the whole step is not written for TensorFlow.js. */
export function prepareOperation(open: OpenTf, workload: Workload): Contestant | string {
  const { tf } = open;
  const input = (seed: number, shape: readonly number[], scale = 1, shift = 0) =>
    tf.tensor(uniform(seed, shape.reduce((a, b) => a * b), scale, shift), shape);
  switch (workload.kind) {
    case "gemm": {
      const { form, m, k, n } = workload;
      const x = () => input(1, [m, k]), w = () => input(2, [k, n]), dy = () => input(3, [m, n]);
      const inputs = form === "NN" ? [x(), w()] : form === "NT" ? [dy(), w()] : [x(), dy()];
      const product = (a?: TfTensor, b?: TfTensor) => [tf.matMul(a!, b!, form === "TN", form === "NT")];
      return called(open, inputs, product, ["y"]);
    }
    case "attention": {
      const { b, h, t, d } = workload;
      const mask = causalMask(tf, t);
      const inputs = [4, 5, 6, 7].map((seed) => input(seed, [b, h, t, d]));
      const attend = (...[q, k, v]: TfTensor[]) => {
        const scores = tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(d));
        return tf.matMul(tf.softmax(tf.add(scores, mask)), v!);
      };
      const contestant = called(open, inputs, gradients(tf, attend), ["o", "dq", "dk", "dv"]);
      return {
        ...contestant,
        destroy() {
          contestant.destroy();
          tf.dispose([mask]);
        },
      };
    }
    case "layer-norm":
    case "rms-norm": {
      const { kind, rows, width } = workload;
      const x = input(8, [rows, width]), g = input(9, [width], 0.5, 1), dy = input(11, [rows, width]);
      if (kind === "rms-norm") {
        const f = (...[x, weight]: TfTensor[]) => {
          const square = tf.mean(tf.square(x!), -1, true);
          return tf.mul(tf.mul(x!, tf.rsqrt(tf.add(square, NORM_EPS))), weight!);
        };
        return called(open, [x, g, dy], gradients(tf, f), ["y", "dx", "dg"]);
      }
      const f = (...[x, weight, bias]: TfTensor[]) => {
        const { mean, variance } = tf.moments(x!, -1, true);
        const unit = tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, NORM_EPS)));
        return tf.add(tf.mul(unit, weight!), bias!);
      };
      return called(open, [x, g, input(10, [width]), dy], gradients(tf, f), ["y", "dx", "dg", "db"]);
    }
    case "cross-entropy": {
      const { rows, width, vocab } = workload;
      if (rows * vocab > 16e6) return "left out: had not finished after three minutes when it was tried";
      const inputs = [
        input(12, [rows, width]),
        input(13, [width, vocab], 1 / Math.sqrt(width)),
        tf.tensor(integers(14, rows, vocab), [rows], "int32"),
        tf.tensor(Float32Array.from(integers(15, rows, 2)), [rows]),
      ];
      return called(open, inputs, (...[h, p, labels, weights]) => {
        const { value, grads } = tf.valueAndGrads((h, p) => {
          const logp = tf.logSoftmax(tf.matMul(h!, p!));
          const nll = tf.mul(tf.sum(tf.mul(logp, tf.oneHot(labels!, vocab)), -1), -1);
          return tf.div(tf.sum(tf.mul(nll, weights!)), tf.sum(weights!));
        })([h!, p!]);
        return [value, ...grads];
      }, ["loss", "dh", "dp"]);
    }
    case "adamw": {
      const shape = [workload.count];
      const inputs = [input(16, shape), input(17, shape), tf.zeros(shape), tf.zeros(shape)];
      return called(open, inputs, (...[p, g, m, v]) => adamw(tf, p!, g!, m!, v!), ["p"]);
    }
    case "step":
      return "not written for TensorFlow.js";
  }
}

/** −10⁹ above the diagonal. */
function causalMask(tf: Tf, t: number): TfTensor {
  const mask = Float32Array.from({ length: t * t }, (_, i) => i % t > Math.floor(i / t) ? -1e9 : 0);
  return tf.tensor(mask, [t, t]);
}

/** The first update of AdamW, written out: the library's Adam has no decay. */
function adamw(tf: Tf, p: TfTensor, g: TfTensor, m: TfTensor, v: TfTensor): TfTensor[] {
  const { learningRate, beta1, beta2, eps, weightDecay } = OPTIMIZER;
  m = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
  v = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
  const root = tf.add(tf.sqrt(tf.div(v, 1 - beta2)), eps);
  const update = tf.mul(tf.div(tf.div(m, 1 - beta1), root), learningRate);
  return [tf.sub(tf.mul(p, 1 - learningRate * weightDecay), update), m, v];
}

/** A function of inputs and the output's gradient that gives the output and the inputs' gradients. */
function gradients(tf: Tf, f: (...x: TfTensor[]) => TfTensor) {
  return (...all: TfTensor[]): TfTensor[] => {
    let y: TfTensor | undefined;
    const back = tf.grads((...x) => y = tf.keep(f(...x))); // gives the gradients only: keep the output
    const inputs = back(all.slice(0, -1), all.at(-1)!);
    return [y!, ...inputs];
  };
}

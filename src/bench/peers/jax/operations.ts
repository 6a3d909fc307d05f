/** Every operation in jax-js. @module */
import type { Contestant } from "../../contestant.ts";
import { integers, uniform } from "../../workloads/inputs.ts";
import type { StepWorkload, Workload } from "../../workloads/workload.ts";
import type { JaxArray } from "./api.ts";
import { adamw, crossEntropy, layerNorm, rmsNorm } from "./functions.ts";
import { jitted, type OpenJax } from "./device.ts";

/** Prepares an operation. */
export function prepareOperation(open: OpenJax, workload: Exclude<Workload, StepWorkload>): Contestant {
  const { jax } = open, np = jax.numpy;
  const input = (seed: number, shape: readonly number[], scale = 1, shift = 0) =>
    open.array(uniform(seed, shape.reduce((a, b) => a * b), scale, shift), shape);
  switch (workload.kind) {
    case "gemm": {
      const { form, m, k, n } = workload;
      const x = () => input(1, [m, k]), w = () => input(2, [k, n]), dy = () => input(3, [m, n]);
      if (form === "NN") return jitted(open, [x(), w()], (x, w) => [np.matmul(x!, w!)], ["y"]);
      if (form === "NT") return jitted(open, [dy(), w()], (dy, w) => [np.matmul(dy!, w!.transpose())], ["y"]);
      return jitted(open, [x(), dy()], (x, dy) => [np.matmul(x!.transpose(), dy!)], ["y"]);
    }
    case "attention": {
      const { b, h, t, d } = workload;
      const turn = (x: JaxArray) => x.transpose([0, 2, 1, 3]); // jax-js takes [b, t, h, d]
      const arrays = [4, 5, 6, 7].map((seed) => turn(input(seed, [b, h, t, d])));
      const attend = (...x: JaxArray[]) =>
        jax.nn.dotProductAttention(x[0]!, x[1]!, x[2]!, { isCausal: true });
      return jitted(open, arrays, gradients(open, attend), ["o", "dq", "dk", "dv"], turn);
    }
    case "cross-entropy": {
      const { rows, width, vocab } = workload;
      const loss = (h: JaxArray, p: JaxArray, y: JaxArray, w: JaxArray) =>
        crossEntropy(open, np.matmul(h, p), y, w);
      const arrays = [
        input(12, [rows, width]),
        input(13, [width, vocab], 1 / Math.sqrt(width)),
        open.array(integers(14, rows, vocab), [rows]),
        open.array(Float32Array.from(integers(15, rows, 2)), [rows]),
      ];
      return jitted(open, arrays, (h, p, y, w) => {
        const options = { argnums: [0, 1] };
        const [value, [dh, dp]] = jax.valueAndGrad<JaxArray[], [JaxArray, JaxArray]>(
          loss as (...x: JaxArray[]) => JaxArray,
          options,
        )(h!, p!, y!, w!);
        return [value, dh, dp];
      }, ["loss", "dh", "dp"]);
    }
    case "adamw": {
      const shape = [workload.count];
      const arrays = [input(16, shape), input(17, shape), np.zeros(shape), np.zeros(shape), np.array([1])];
      return jitted(open, arrays, (p, g, m, v, t) => adamw(open, p!, g!, m!, v!, t!), ["p"]);
    }
    default: {
      const { kind, rows, width } = workload;
      const x = input(8, [rows, width]), g = input(9, [width], 0.5, 1), dy = input(11, [rows, width]);
      if (kind === "rms-norm") {
        const f = (...x: JaxArray[]) => rmsNorm(open, x[0]!, x[1]!);
        return jitted(open, [x, g, dy], gradients(open, f), ["y", "dx", "dg"]);
      }
      const f = (...x: JaxArray[]) => layerNorm(open, x[0]!, x[1]!, x[2]!);
      const arrays = [x, g, input(10, [width]), dy];
      return jitted(open, arrays, gradients(open, f), ["y", "dx", "dg", "db"]);
    }
  }
}

/** A function of inputs and the output's gradient that gives the output and the inputs' gradients. */
function gradients({ jax }: OpenJax, f: (...x: JaxArray[]) => JaxArray) {
  return (...all: JaxArray[]): JaxArray[] => {
    const [y, back] = jax.vjp(f, all.slice(0, -1));
    const inputs = back(all.at(-1)!);
    back.dispose();
    return [y, ...inputs];
  };
}

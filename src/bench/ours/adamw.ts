/** Our AdamW. @module */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { Parameters } from "../../nn/parameters.ts";
import { AdamW, SCALARS } from "../../optim/adamw.ts";
import type { Contestant } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import { type AdamWWorkload, OPTIMIZER } from "../workloads/workload.ts";
import { recorded } from "./recorded.ts";

/** Prepares the update as the training step records it, with the gradient's norm, which the peers leave out. */
export function prepareAdamW(gpu: Gpu, { count }: AdamWWorkload): Contestant {
  const { learningRate, beta1, beta2, eps, weightDecay } = OPTIMIZER;
  const parameters = new Parameters(gpu, [{
    name: "all",
    bundles: [[{ name: "p", shape: [count / 100, 100], init: { constant: 0 } }]], // a matrix: those decay
  }]);
  parameters.values.write(gpu, uniform(16, count));
  parameters.gradients.write(gpu, uniform(17, count));
  const optimizer = new AdamW(parameters, {
    rates: { all: 1 },
    betas: [beta1, beta2],
    eps,
    weightDecay,
    clip: 0,
  });
  const ring = Tensor.of(gpu, [1, 2]);
  const tape = new Tape(gpu);
  optimizer.update(tape, tape.input("scalars", [SCALARS.count]), ring);
  const scalars = new Float32Array(SCALARS.count);
  let step = 0;
  return recorded(tape, {
    outputs: { p: parameters.tensor(["p"], false) },
    owned: [ring],
    before(program) {
      optimizer.fillScalars(scalars, ++step, learningRate);
      program.upload({ scalars });
    },
    arrange: ({ p }) => ({ p: p!.subarray(0, count) }),
    after() {
      optimizer.destroy();
      parameters.destroy();
    },
  });
}

/** Our norms, forward and backward. @module */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { layerNorm, rmsNorm } from "../../ops/norm/norm.ts";
import type { Contestant } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import { NORM_EPS, type NormWorkload } from "../workloads/workload.ts";
import { recorded } from "./recorded.ts";

/** Prepares a norm. */
export function prepareNorm(gpu: Gpu, { kind, rows, width }: NormWorkload): Contestant {
  const x = Tensor.of(gpu, [rows, width], uniform(8, rows * width));
  const weight = Tensor.of(gpu, [width], uniform(9, width, 0.5, 1));
  const bias = Tensor.of(gpu, [width], uniform(10, width));
  const dy = Tensor.of(gpu, [rows, width], uniform(11, rows * width));
  for (const tensor of [x, weight, bias]) tensor.requiresGrad = true;
  const tape = new Tape(gpu);
  const centred = kind === "layer-norm";
  const y = centred ? layerNorm(tape, x, weight, bias, NORM_EPS) : rmsNorm(tape, x, weight, NORM_EPS);
  tape.backward(y, dy);
  return recorded(tape, {
    outputs: {
      y,
      dx: tape.gradient(x)!,
      dg: tape.gradient(weight)!,
      ...(centred && { db: tape.gradient(bias)! }),
    },
    owned: [x, weight, bias, dy],
  });
}

/** Our matrix products. @module */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { gemm } from "../../ops/gemm/gemm.ts";
import type { Contestant } from "../contestant.ts";
import { uniform } from "../workloads/inputs.ts";
import type { GemmWorkload } from "../workloads/workload.ts";
import { recorded } from "./recorded.ts";

/** Prepares a product. */
export function prepareGemm(gpu: Gpu, { form, m, k, n }: GemmWorkload): Contestant {
  const made = {
    x: () => Tensor.of(gpu, [m, k], uniform(1, m * k)),
    w: () => Tensor.of(gpu, [k, n], uniform(2, k * n)),
    dy: () => Tensor.of(gpu, [m, n], uniform(3, m * n)),
  };
  const [a, b, shape] = form === "NN"
    ? [made.x(), made.w(), [m, n]]
    : form === "NT"
    ? [made.dy(), made.w(), [m, k]]
    : [made.x(), made.dy(), [k, n]];
  const tape = new Tape(gpu);
  const y = tape.empty(shape, "product");
  gemm(tape, form, a, b, y);
  return recorded(tape, { outputs: { y }, owned: [a, b] });
}

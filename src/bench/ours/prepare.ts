/** Our side of every workload. @module */
import type { Gpu } from "../../gpu/gpu.ts";
import type { Contestant } from "../contestant.ts";
import type { Workload } from "../workloads/workload.ts";
import { prepareAdamW } from "./adamw.ts";
import { prepareAttention } from "./attention.ts";
import { prepareCrossEntropy } from "./cross_entropy.ts";
import { prepareGemm } from "./gemm.ts";
import { prepareNorm } from "./norm.ts";
import { prepareStep } from "./step.ts";

/**
 * Prepares a workload on our kernels.
 *
 * @param gpu The device.
 * @param workload Any of them.
 * @returns Ready to run.
 */
export function prepareOurs(gpu: Gpu, workload: Workload): Contestant {
  switch (workload.kind) {
    case "gemm":
      return prepareGemm(gpu, workload);
    case "attention":
      return prepareAttention(gpu, workload);
    case "cross-entropy":
      return prepareCrossEntropy(gpu, workload);
    case "adamw":
      return prepareAdamW(gpu, workload);
    case "step":
      return prepareStep(gpu);
    default:
      return prepareNorm(gpu, workload);
  }
}

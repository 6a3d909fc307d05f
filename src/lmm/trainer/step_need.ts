/**
 * What a training step takes on the device, found by recording it: nothing is allocated and nothing runs.
 *
 * @module
 */
import { Tape } from "../../autograd/tape.ts";
import type { ProgramNeed } from "../../gpu/program/program.ts";
import { answerLoss, type ForwardContext, forwardInputs, type ForwardSize } from "./forward.ts";
import type { TrainingSettings } from "./settings.ts";

/** How the step is trained. */
export interface StepNeedContext extends ForwardContext {
  /** How activations are stored. */
  storage: TrainingSettings["storage"];
  /** Whether they are computed again for the backward pass. */
  checkpointActivations?: TrainingSettings["checkpointActivations"];
}

/**
 * Plans the memory of one forward and backward pass. Kernels that are new to the device are compiled, as the step itself
 * would do.
 *
 * @param context The model, the modules that are trained (of those it was loaded for), and how.
 * @param size Rows, images and targets of the pass, as `forwardSize` rounds them.
 * @returns Bytes, beside parameters, gradients and moments.
 * @throws {RunError} If a tensor is over the adapter's largest binding.
 */
export function stepNeed(context: StepNeedContext, size: ForwardSize): ProgramNeed {
  const { storage, checkpointActivations: checkpoint = false } = context;
  const tape = new Tape(context.model.gpu, { storage, checkpoint });
  const { nll } = answerLoss(tape, context, size, forwardInputs(tape, context, size), true);
  tape.backward(nll, nll);
  return tape.need();
}

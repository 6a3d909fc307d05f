/** Our final projection with cross-entropy, as the training step does it. @module */
import { Tape } from "../../autograd/tape.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { roundUp } from "../../lmm/batch.ts";
import { recordTaskSums, weightedCrossEntropy } from "../../ops/cross_entropy.ts";
import { gatherRows } from "../../ops/embedding/gather_rows.ts";
import type { Contestant } from "../contestant.ts";
import { integers, uniform } from "../workloads/inputs.ts";
import { transpose } from "../workloads/llava_parameters.ts";
import type { CrossEntropyWorkload } from "../workloads/workload.ts";
import { recorded } from "./recorded.ts";

/** Prepares the loss and its gradients. Rows of weight 0 are left out anew in every run; that is timed, too. */
export function prepareCrossEntropy(gpu: Gpu, { rows, width, vocab }: CrossEntropyWorkload): Contestant {
  const labels = integers(14, rows, vocab), weights = integers(15, rows, 2);
  const answers = roundUp(weights.reduce((sum, weight) => sum + weight, 0));
  const h = Tensor.of(gpu, [rows, width], uniform(12, rows * width));
  const p = uniform(13, width * vocab, 1 / Math.sqrt(width));
  const head = Tensor.of(gpu, [vocab, width], transpose(p, width, vocab));
  const ring = Tensor.of(gpu, [1, 4]);
  h.requiresGrad = true;
  head.requiresGrad = true;
  const tape = new Tape(gpu);
  const scalars = tape.input("scalars", [4]); // the scale, then the ring's line
  const goal = {
    target: tape.input("target", [answers], "i32"),
    weight: tape.input("weight", [answers]),
    scalars,
    scaleAt: 0,
  };
  const task = tape.input("task", [answers], "i32");
  const pick = tape.input("pick", [answers], "i32"), picked = tape.input("picked", [rows], "i32");
  const nll = weightedCrossEntropy(tape, gatherRows(tape, h, pick, picked), head, goal);
  recordTaskSums(tape, nll, goal, task, ring, { tasks: 1, slotAt: 1, add: false });
  tape.backward(nll, nll);
  return recorded(tape, {
    outputs: { nll, dh: tape.gradient(h)!, dp: tape.gradient(head)!, loss: ring },
    owned: [h, head, ring],
    before: (program) => program.upload(compact(labels, weights, answers)),
    arrange: ({ nll, dh, dp, loss }) => ({
      nll: nll!,
      loss: loss!.slice(0, 1),
      dh: dh!,
      dp: transpose(dp!, vocab, width),
    }),
  });
}

/** Lists the rows whose weight is not 0, as the trainer lists the rows of answers. */
function compact(labels: Int32Array, weights: Int32Array, answers: number) {
  const pick = new Int32Array(answers).fill(-1), picked = new Int32Array(weights.length).fill(-1);
  const target = new Int32Array(answers).fill(-1), task = new Int32Array(answers).fill(-1);
  const weight = new Float32Array(answers);
  let count = 0, sum = 0;
  weights.forEach((value, row) => {
    if (value === 0) return;
    pick[count] = row;
    picked[row] = count;
    target[count] = labels[row]!;
    task[count] = 0;
    weight[count++] = value;
    sum += value;
  });
  return { pick, picked, target, task, weight, scalars: Float32Array.of(1 / sum, 0) };
}

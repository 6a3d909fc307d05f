/** The final projection with task-weighted cross-entropy. @module */
import { gemm } from "./gemm/gemm.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import { alignedRows, rowPieces } from "../autograd/pieces.ts";
import { BYTES, expectShape, type Tensor } from "../autograd/tensor.ts";
import entropyWgsl from "../../kernels/cross_entropy.wgsl" with { type: "text" };
import sumsWgsl from "../../kernels/task_sums.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  vocab: number;
  first: number;
  at: number;
  gradient: boolean;
}

/** Above this vocabulary a row is shared by a workgroup. */
const SHARED_ABOVE = 8192;
/** Invocations that share a row then. */
const WALK = 64;
/** Entries that an invocation adds up at a time. */
const BLOCK = 1024;

/** Loss and gradient of logits. */
export const crossEntropyKernel: Kernel<Shape> = {
  name: "cross_entropy",
  wgsl: entropyWgsl,
  constants({ vocab }) {
    const walk = vocab > SHARED_ABOVE ? WALK : 1;
    return { SHARED: Number(walk > 1), WALK: walk, BLOCK: vocab > BLOCK * walk ? BLOCK : 0 };
  },
  workgroup: ({ vocab }) => vocab > SHARED_ABOVE ? WALK : undefined,
  bindings: () => ["z", "target_id", "weight", "nll", "scalars"],
  params: ({ rows, vocab, first, at, gradient }) => [rows, vocab, first, at, Number(gradient)],
  groups: ({ rows, vocab }, workgroup) => spread(rows, vocab > SHARED_ABOVE ? 1 : workgroup),
  label: ({ rows, vocab, gradient }) => `rows ${rows} vocab ${vocab}${gradient ? " gradient" : ""}`,
};

interface SumsShape {
  rows: number;
  tasks: number;
  scaleAt: number;
  slotAt: number;
  add: boolean;
}

/** Sums for the trainer's log. */
export const taskSums: Kernel<SumsShape> = {
  name: "task_sums",
  wgsl: sumsWgsl,
  constants: () => ({}),
  bindings: () => ["nll", "weight", "task", "scalars", "ring"],
  params: ({ rows, tasks, scaleAt, slotAt, add }) => [rows, tasks, scaleAt, slotAt, Number(add)],
  groups: ({ tasks }, workgroup) => spread(tasks + 1, workgroup),
  label: ({ rows, tasks }) => `rows ${rows} tasks ${tasks}`,
};

/** Targets of {@linkcode weightedCrossEntropy}. */
export interface Targets {
  /** [rows] int32 token to predict; -1 in padding. */
  target: Tensor;
  /** [rows] weight of the row: its task's λ. */
  weight: Tensor;
  /** A tensor whose element `scaleAt` is 1/Σ weights of the whole optimiser step. */
  scalars: Tensor;
  /** Which element of `scalars`. */
  scaleAt: number;
}

/** Most rows that one dispatch of the task sums adds up: a multiple of 64, where a binding may begin. */
const MAX_SUMS = 4096;

/** Most bytes of logits at one time. */
const LOGITS_BYTES = 64 << 20;

/**
 * Final projection and weighted token loss, CoTBal's equation (2): L = Σ_r w_r·nll_r·scale.
 *
 * Logits exist for a chunk of rows at a time. Where gradients are wanted they are computed at once: the chunk
 * is overwritten by w·scale·(softmax − onehot), from which dh = dz·W and dW += dzᵀ·h. Backward therefore takes
 * the loss's own gradient to be 1.
 *
 * @param h [rows, width]: only rows that have a target.
 * @param weight [vocabulary, width]
 * @param targets What to predict, with which weight.
 * @returns nll [rows], the unweighted loss of every row in nats; go on with `tape.backward(nll, nll)`: any seed will
 * do, since the gradient is already there.
 */
export function weightedCrossEntropy(tape: Tape, h: Tensor, weight: Tensor, targets: Targets): Tensor {
  const [rows = 0, width = 0] = h.shape;
  const [vocab = 0] = weight.shape;
  expectShape("cross-entropy", "weight", weight.shape, [-1, width]);
  expectShape("cross-entropy", "target", targets.target.shape, [rows]);
  expectShape("cross-entropy", "row weight", targets.weight.shape, [rows]);
  const gradient = tape.needsGrad(h, weight);
  const nll = tape.empty([rows], "nll");
  const dh = gradient && h.requiresGrad ? tape.empty([rows, width], "d hidden") : undefined;
  // Chunks start where a binding may begin: of any width at multiples of 64 rows (in 16 bits 128), which are taken
  // unless as many logits are too much.
  const most = Math.floor(Math.min(LOGITS_BYTES, tape.gpu.largestBinding) / 4 / vocab);
  const every = h.dtype === "f16" ? 128 : 64;
  const step = most >= every ? every : alignedRows(width * BYTES[h.dtype]);
  const chunk = Math.max(step, Math.floor(most / step) * step);
  for (let first = 0; first < rows; first += chunk) {
    const count = Math.min(chunk, rows - first);
    const part = h.rows(first, count);
    const z = tape.empty([count, vocab], "logits");
    gemm(tape, "NT", part, weight, z);
    for (const piece of rowPieces(tape.gpu, count, 4 * vocab)) {
      const shape = {
        rows: piece.count,
        vocab,
        first: first + piece.first,
        at: targets.scaleAt,
        gradient,
      };
      const own = piece.count === count ? z : z.rows(piece.first, piece.count);
      tape.dispatch(crossEntropyKernel, shape, [own, targets.target, targets.weight, nll, targets.scalars]);
    }
    if (!gradient) continue;
    if (dh) gemm(tape, "NN", z, weight, dh.rows(first, count));
    const dw = tape.target(weight);
    if (dw) gemm(tape, "TN", z, part, dw.tensor, { add: dw.add });
  }
  if (gradient) tape.differentiable(nll, () => tape.pass(h, dh!));
  return nll;
}

/**
 * Logits without a loss: h·Wᵀ.
 *
 * @returns [rows, vocabulary]
 */
export function logits(tape: Tape, h: Tensor, weight: Tensor): Tensor {
  const z = tape.empty([h.shape[0] ?? 0, weight.shape[0] ?? 0], "logits");
  gemm(tape, "NT", h, weight, z);
  return z;
}

/**
 * Writes the step's loss and every task's sum of nll and count of tokens into a line of the ring.
 *
 * @param nll [rows]
 * @param task [rows] int32, -1 in padding.
 * @param ring [lines, 2 + 2·tasks]; `scalars[slotAt]` says which line.
 */
export function recordTaskSums(
  tape: Tape,
  nll: Tensor,
  targets: Targets,
  task: Tensor,
  ring: Tensor,
  options: { tasks: number; slotAt: number; add: boolean },
) {
  const { tasks, slotAt } = options;
  for (let first = 0; first < nll.size; first += MAX_SUMS) {
    const rows = Math.min(MAX_SUMS, nll.size - first);
    const shape = { rows, tasks, scaleAt: targets.scaleAt, slotAt, add: options.add || first > 0 };
    const part = (of: Tensor) => of.rows(first, rows);
    tape.dispatch(taskSums, shape, [part(nll), part(targets.weight), part(task), targets.scalars, ring]);
  }
}

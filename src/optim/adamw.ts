/** AdamW with clipping by the global norm, over all trainable parameters at once. @module */
import { sumSquares } from "./sum_squares.ts";
import { fill } from "../autograd/elementwise.ts";
import { pieces } from "../autograd/pieces.ts";
import type { Tape } from "../autograd/tape.ts";
import { Tensor } from "../autograd/tensor.ts";
import { f32, type Kernel, spread } from "../gpu/kernel/kernel.ts";
import { Joined } from "../nn/joined.ts";
import { BLOCK, type Parameters, type Range, type Stretch } from "../nn/parameters.ts";
import { formOf } from "../ops/forms.ts";
import normWgsl from "../../kernels/adamw_norm.wgsl" with { type: "text" };
import wgsl from "../../kernels/adamw.wgsl" with { type: "text" };

/** Settings of {@linkcode AdamW}. */
export interface AdamWOptions {
  /** Decay rates of the two moments; default 0.9 and 0.999. */
  betas?: readonly [number, number];
  /** Added to the root of the second moment; default 1e-8. */
  eps?: number;
  /** Decoupled decay of matrices (not of biases and norms); default 0. */
  weightDecay?: number;
  /** Largest global norm of the gradient; 0 for none; default 1. */
  clip?: number;
  /** Factor on the learning rate of each module; a module that is not named is frozen. */
  rates: Readonly<Record<string, number>>;
}

/** Where a step's scalars stand in the tensor that is uploaded for it. */
export const SCALARS = {
  rate: 0,
  correction1: 1,
  correction2: 2,
  scale: 3,
  line: 4,
  /** The step, from 1, and the pass within it, from 0: what is dropped depends on them. */
  step: 5,
  pass: 6,
  count: 8,
} as const;

interface Shape {
  count: number;
  beta1: number;
  beta2: number;
  eps: number;
  clip: number;
  /** vec4s an invocation; divides a block. */
  vectors: number;
}

/** The update of a range of parameters. */
export const adamwUpdate: Kernel<Shape> = {
  name: "adamw",
  wgsl,
  constants: ({ vectors }) => ({ VECTORS: vectors }),
  bindings: () => ["theta", "gradient", "m", "v", "kind", "kinds", "square", "scalars"],
  params: ({ count, beta1, beta2, eps, clip }) => [
    count,
    SCALARS.rate,
    f32(beta1),
    f32(beta2),
    f32(eps),
    f32(clip),
  ],
  workgroup: () => 64,
  groups: ({ count, vectors }, workgroup) => spread(count / 4 / vectors, workgroup),
};

/** The gradient's norm, into the ring. */
export const adamwNorm: Kernel<{ width: number }> = {
  name: "adamw_norm",
  wgsl: normWgsl,
  constants: () => ({}),
  bindings: () => ["square", "scalars", "ring"],
  params: ({ width }) => [SCALARS.line, width],
  workgroup: () => 1,
  groups: () => [1, 1, 1],
};

/**
 * AdamW (Loshchilov and Hutter 2019) with the gradient's global norm clipped before.
 *
 * Parameters of modules that are not in `rates` are frozen: they lie outside the stretches that are updated, or
 * inside one with rate 0.
 */
export class AdamW {
  /** The model's parameters. */
  readonly parameters: Parameters;
  /** The settings, defaults filled in. */
  readonly options: Required<AdamWOptions>;
  /** The stretches of parameters that are updated, in order. */
  readonly stretches: readonly Stretch[];
  /** Their values, one after the other. */
  readonly theta: Joined;
  /** Their first moments. */
  readonly m: Joined;
  /** Their second moments. */
  readonly v: Joined;
  readonly #moments: { m: Tensor; v: Tensor; kind: Tensor }[];
  readonly #kinds: Tensor;

  /**
   * An optimiser whose moments are 0.
   *
   * @param parameters The model's parameters.
   * @param options Settings, and which modules are trained.
   * @throws {Error} If a module does not exist or cannot be trained, or none is trained.
   */
  constructor(parameters: Parameters, options: AdamWOptions) {
    this.parameters = parameters;
    this.options = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, clip: 1, ...options };
    const { gpu } = parameters;
    const names = Object.keys(options.rates);
    if (names.length === 0) throw new Error("AdamW: every module is frozen; there is nothing to train");
    this.stretches = parameters.stretches(names);
    this.#moments = this.stretches.map((stretch) => {
      const count = stretch.end - stretch.start;
      const kind = this.#kind(stretch);
      return {
        m: Tensor.of(gpu, [count]),
        v: Tensor.of(gpu, [count]),
        kind: Tensor.of(gpu, [kind.length], kind, "i32"),
      };
    });
    const kinds = names.flatMap((name) => {
      const rate = this.options.rates[name]!;
      return [rate, 0, rate, this.options.weightDecay];
    });
    this.#kinds = Tensor.of(gpu, [2 + kinds.length], Float32Array.of(0, 0, ...kinds));
    this.theta = join(this.stretches.map(({ values }) => values));
    this.m = join(this.#moments.map(({ m }) => m));
    this.v = join(this.#moments.map(({ v }) => v));
  }

  /** Which rule holds for each block of a stretch: a line of (factor, decay), 0 where frozen. */
  #kind({ start, end }: Range): Int32Array {
    const names = Object.keys(this.options.rates);
    const kind = new Int32Array((end - start) / BLOCK);
    for (const { offset, size, shape, idle } of this.parameters.places.values()) {
      if (offset < start || offset >= end || idle) continue;
      const module = names.findIndex((name) => {
        const range = this.parameters.modules.get(name)!;
        return offset >= range.start && offset < range.end;
      });
      if (module < 0) continue;
      const first = Math.floor((offset - start) / BLOCK);
      const last = Math.ceil((offset + size - start) / BLOCK);
      kind.fill(1 + 2 * module + Number(shape.length > 1), first, last);
    }
    return kind;
  }

  /** Records the clearing of all gradients. */
  clear(tape: Tape) {
    for (const { gradients } of this.stretches) fill(tape, gradients, 0);
  }

  /**
   * Records the update.
   *
   * @param scalars [{@linkcode SCALARS}.count]: rate, 1 − β1^t, 1 − β2^t, …, filled by {@linkcode AdamW.fillScalars}.
   * @param ring [lines, width]: column 1 of line `scalars[SCALARS.line]` takes the gradient's norm before clipping.
   */
  update(tape: Tape, scalars: Tensor, ring: Tensor) {
    const { betas: [beta1, beta2], eps, clip } = this.options;
    const square = sumSquares(tape, this.stretches.map(({ gradients }) => gradients));
    // A CPU driver pays for every load; on a GPU neighbouring invocations had better take neighbouring vec4s.
    const vectors = formOf("adamw", tape.gpu) === "registers" ? 4 : 1;
    const shape = { beta1, beta2, eps, clip, vectors };
    tape.dispatch(adamwNorm, { width: ring.shape[1]! }, [square, scalars, ring]);
    this.stretches.forEach(({ values, gradients }, i) => {
      const { m, v, kind } = this.#moments[i]!;
      for (const { first, count } of pieces(tape.gpu, gradients.size)) {
        tape.dispatch(adamwUpdate, { ...shape, count }, [
          ...[values, gradients, m, v].map((of) => of.rows(first, count)),
          kind.rows(first / BLOCK, count / BLOCK),
          this.#kinds,
          square,
          scalars,
        ]);
      }
    });
  }

  /** Fills rate and bias corrections for the update that makes `step` steps done (from 1). */
  fillScalars(scalars: Float32Array, step: number, rate: number) {
    const { betas: [beta1, beta2] } = this.options;
    scalars[SCALARS.rate] = rate;
    // The kernel's betas are float32: with 0.999 itself the second moment would come out 5e-5 too large.
    scalars[SCALARS.correction1] = 1 - Math.fround(beta1) ** step;
    scalars[SCALARS.correction2] = 1 - Math.fround(beta2) ** step;
  }

  /** Frees the moments. */
  destroy() {
    const tensors = this.#moments.flatMap(({ m, v, kind }) => [m, v, kind]);
    for (const tensor of [...tensors, this.#kinds]) tensor.destroy(this.parameters.gpu);
  }
}

/** Tensors one after the other, without a gap. */
function join(tensors: readonly Tensor[]): Joined {
  let start = 0;
  const parts = tensors.map((tensor) => {
    const part = { start, tensor };
    start += tensor.size;
    return part;
  });
  return new Joined(start, parts);
}

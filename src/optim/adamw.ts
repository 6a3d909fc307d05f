/** AdamW with clipping by the global norm, over all trainable parameters at once. @module */
import { fill } from "../autograd/elementwise.ts";
import { pieces } from "../autograd/pieces.ts";
import type { Tape } from "../autograd/tape.ts";
import { Tensor } from "../autograd/tensor.ts";
import { f32, type Kernel, spread } from "../gpu/kernel/kernel.ts";
import { BLOCK, type Parameters, type Range } from "../nn/parameters.ts";
import { formOf } from "../ops/forms.ts";
import { sumAll } from "../ops/sum.ts";
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
export const SCALARS = { rate: 0, correction1: 1, correction2: 2, scale: 3, line: 4, count: 8 } as const;

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
 * Parameters of modules that are not in `rates` are frozen: they lie outside the range that is updated, or
 * inside it with rate 0.
 */
export class AdamW {
  /** The model's parameters. */
  readonly parameters: Parameters;
  /** The settings, defaults filled in. */
  readonly options: Required<AdamWOptions>;
  /** The range of parameters that is updated. */
  readonly range: Range;
  /** First moments of the range. */
  readonly m: Tensor;
  /** Second moments of the range. */
  readonly v: Tensor;
  readonly #kind: Tensor;
  readonly #kinds: Tensor;

  /**
   * An optimiser whose moments are 0.
   *
   * @param parameters The model's parameters.
   * @param options Settings, and which modules are trained.
   * @throws {Error} If a module does not exist, or none is trained.
   */
  constructor(parameters: Parameters, options: AdamWOptions) {
    this.parameters = parameters;
    this.options = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, clip: 1, ...options };
    const { gpu } = parameters;
    const trained = Object.keys(options.rates).map((name) => {
      const range = parameters.modules.get(name);
      if (!range) {
        throw new Error(`AdamW: no module "${name}"; there are ${[...parameters.modules.keys()].join(", ")}`);
      }
      return range;
    });
    if (trained.length === 0) throw new Error("AdamW: every module is frozen; there is nothing to train");
    this.range = {
      start: Math.min(...trained.map(({ start }) => start)),
      end: Math.max(...trained.map(({ end }) => end)),
    };
    const count = this.range.end - this.range.start;
    this.m = Tensor.of(gpu, [count]);
    this.v = Tensor.of(gpu, [count]);
    const { kind, kinds } = this.#rules();
    this.#kind = Tensor.of(gpu, [kind.length], kind, "i32");
    this.#kinds = Tensor.of(gpu, [kinds.length], kinds);
  }

  /** Which rule holds for each block of parameters: (factor, decay), factor 0 where frozen. */
  #rules(): { kind: Int32Array; kinds: Float32Array } {
    const names = Object.keys(this.options.rates);
    const kinds = [0, 0];
    for (const name of names) {
      kinds.push(this.options.rates[name]!, 0, this.options.rates[name]!, this.options.weightDecay);
    }
    const kind = new Int32Array((this.range.end - this.range.start) / BLOCK);
    for (const { offset, size, shape, idle } of this.parameters.places.values()) {
      const module = names.findIndex((name) => {
        const range = this.parameters.modules.get(name)!;
        return offset >= range.start && offset < range.end;
      });
      if (module < 0 || idle) continue;
      const first = Math.floor((offset - this.range.start) / BLOCK);
      const last = Math.ceil((offset + size - this.range.start) / BLOCK);
      kind.fill(1 + 2 * module + Number(shape.length > 1), first, last);
    }
    return { kind, kinds: Float32Array.from(kinds) };
  }

  #part(of: Tensor): Tensor {
    const { start, end } = this.range;
    return new Tensor([end - start], "f32", of.slot, start * 4);
  }

  /** Records the clearing of all gradients. */
  clear(tape: Tape) {
    fill(tape, this.#part(this.parameters.gradients), 0);
  }

  /**
   * Records the update.
   *
   * @param scalars [{@linkcode SCALARS}.count]: rate, 1 − β1^t, 1 − β2^t, …, filled by {@linkcode AdamW.fillScalars}.
   * @param ring [lines, width]: column 1 of line `scalars[SCALARS.line]` takes the gradient's norm before clipping.
   */
  update(tape: Tape, scalars: Tensor, ring: Tensor) {
    const { betas: [beta1, beta2], eps, clip } = this.options;
    const gradient = this.#part(this.parameters.gradients);
    const square = sumAll(tape, gradient, true);
    // A CPU driver pays for every load; on a GPU neighbouring invocations had better take neighbouring vec4s.
    const vectors = formOf("adamw", tape.gpu) === "registers" ? 4 : 1;
    const shape = { beta1, beta2, eps, clip, vectors };
    tape.dispatch(adamwNorm, { width: ring.shape[1]! }, [square, scalars, ring]);
    const theta = this.#part(this.parameters.values);
    for (const { first, count } of pieces(tape.gpu, gradient.size)) {
      const moving = [theta, gradient, this.m, this.v].map((of) => of.rows(first, count));
      const kind = this.#kind.rows(first / BLOCK, count / BLOCK);
      tape.dispatch(adamwUpdate, { ...shape, count }, [
        ...moving,
        kind,
        this.#kinds,
        square,
        scalars,
      ]);
    }
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
    for (const tensor of [this.m, this.v, this.#kind, this.#kinds]) tensor.destroy(this.parameters.gpu);
  }
}

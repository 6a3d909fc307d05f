/**
 * The tape: operations write their dispatches and their backward rules here.
 *
 * One rule holds everywhere: parameter gradients add (they live in the parameters' own memory until the
 * optimiser clears them), activation gradients assign on first use and add afterwards.
 *
 * @module
 */
import { accumulate, copy, fill } from "./elementwise.ts";
import { InputError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Kernel } from "../gpu/kernel/kernel.ts";
import { overlap, type Program, type ProgramNeed, Recording } from "../gpu/program/program.ts";
import { BYTES, type DType, elements, type StorageType, Tensor } from "./tensor.ts";

/** Options of a {@linkcode Tape}. */
export interface TapeOptions {
  /**
   * How results of operations are stored that backward reads again; default "f32". Whatever it is, kernels compute in
   * f32, and gradients, statistics, logits and losses are f32. With "f16" a result beyond 65,519 becomes infinite: it
   * is not cut off, so that it shows as a loss or a gradient's norm that is not finite.
   */
  storage?: StorageType;
  /**
   * Whether what {@linkcode Tape.checkpoint} is given is computed again for its backward pass in place of being kept;
   * default false. No gradient changes by a bit.
   */
  checkpoint?: boolean;
}

interface Node {
  output: Tensor;
  backward: (outputGradient: Tensor) => void;
}

/**
 * Records a computation and, for tensors that require it, how to differentiate it.
 *
 * @example The gradient of a sum of squares
 * ```ts
 * import { createGpu } from "../gpu/gpu.ts";
 * import { Tape } from "./tape.ts";
 * import { Tensor } from "./tensor.ts";
 * import { multiply } from "../ops/multiply.ts";
 * import { sum } from "../ops/sum.ts";
 *
 * const gpu = await createGpu();
 * const x = Tensor.of(gpu, [3], [1, 2, 3]);
 * x.requiresGrad = true;
 * const tape = new Tape(gpu);
 * tape.backward(sum(tape, multiply(tape, x, x)));
 * const dx = tape.output(tape.gradient(x)!);
 * const program = tape.compile();
 * program.run();
 * console.log(await dx.read(gpu)); // [2, 4, 6]
 * program.destroy();
 * x.destroy(gpu);
 * gpu.destroy();
 * ```
 */
export class Tape {
  /** The device. */
  readonly gpu: Gpu;
  /** How results of operations are stored. */
  readonly storage: StorageType;
  readonly #checkpoints: boolean;
  readonly #recording: Recording;
  #nodes: Node[] = [];
  readonly #gradients = new Map<Tensor, Tensor>(); // by origin, so that a view and its tensor have one gradient
  readonly #lent = new Set<Tensor>(); // gradients that the present rule has handed over to an input
  #seed: Tensor | undefined; // what backward started from: the caller's own
  #grad = true;
  #constants = 0;

  /**
   * An empty tape.
   *
   * @param gpu The device that the computation will run on.
   * @param options How results are stored.
   * @throws {InputError} If results shall be f16 and the adapter has no `shader-f16`.
   */
  constructor(gpu: Gpu, { storage = "f32", checkpoint = false }: TapeOptions = {}) {
    checkStorage(gpu, storage);
    this.gpu = gpu;
    this.storage = storage;
    this.#checkpoints = checkpoint;
    this.#recording = new Recording(gpu);
  }

  /** Number of dispatches recorded so far. */
  get length(): number {
    return this.#recording.length;
  }

  /** A tensor that `program.upload({[name]: …})` fills before a run. */
  input(name: string, shape: readonly number[], dtype: "f32" | "i32" = "f32"): Tensor {
    return new Tensor(shape, dtype, this.#recording.input(name, elements(shape) * BYTES[dtype]));
  }

  /** A tensor of fixed integers, such as an index. */
  constant(values: Int32Array | Float32Array, shape: readonly number[] = [values.length]): Tensor {
    const name = `constant ${this.#constants++}`;
    const dtype = values instanceof Int32Array ? "i32" : "f32";
    return new Tensor(shape, dtype, this.#recording.input(name, values.byteLength, values));
  }

  /** An intermediate tensor; some dispatch must write all of it before another reads it. */
  empty(shape: readonly number[], label: string, dtype: DType = "f32"): Tensor {
    return new Tensor(shape, dtype, this.#recording.slot(elements(shape) * BYTES[dtype], label));
  }

  /** The result of an operation: {@linkcode Tape.empty} in the tape's storage. */
  result(shape: readonly number[], label: string): Tensor {
    return this.empty(shape, label, this.storage);
  }

  /** Records one dispatch; tensors in the order of the kernel's bindings. */
  dispatch<S>(kernel: Kernel<S>, shape: S, tensors: readonly Tensor[]) {
    this.#recording.dispatch(kernel, shape, tensors.map((t) => t.slice));
  }

  /** Runs `body` without recording backward rules. */
  noGrad<T>(body: () => T): T {
    const before = this.#grad;
    this.#grad = false;
    try {
      return body();
    } finally {
      this.#grad = before;
    }
  }

  /**
   * Activation checkpointing (Chen et al. 2016, arXiv 1604.06174): of a piece of the computation only what it reads and
   * its result are kept; its backward pass first computes it again.
   *
   * Memory is planned by lifetimes, so that what is not read again gives its place away at once. Both times the same
   * kernels run in the same order.
   *
   * @param body Records the piece. It is called again in the backward pass, and must record the same each time.
   * @returns What `body` returned.
   */
  checkpoint(body: () => Tensor): Tensor {
    if (!this.#checkpoints || !this.#grad) return body();
    const before = this.#nodes;
    this.#nodes = []; // the rules of the first time would keep what they read
    const output = body();
    this.#nodes = before;
    if (output.requiresGrad) {
      this.differentiable(output.origin, (gradient) => this.#again(body, output, gradient));
    }
    return output;
  }

  /** Records a piece once more, with its rules, and runs these. */
  #again(body: () => Tensor, output: Tensor, gradient: Tensor) {
    const before = this.#nodes;
    this.#nodes = [];
    this.#grad = true;
    const again = body();
    this.#grad = false;
    this.#gradients.delete(output.origin); // its memory may be handed on
    this.#gradients.set(again.origin, gradient);
    this.#backward();
    this.#nodes = before;
  }

  /** True where a result of these inputs needs a backward rule. */
  needsGrad(...inputs: readonly (Tensor | undefined)[]): boolean {
    return this.#grad && inputs.some((input) => input?.requiresGrad);
  }

  /** True where backward must compute a gradient for any of these inputs. */
  gradientWanted(...inputs: readonly (Tensor | undefined)[]): boolean {
    return inputs.some((input) => input?.requiresGrad);
  }

  /**
   * Writes down the backward rule of an operation.
   *
   * @param output The result; from here on it requires a gradient.
   * @param backward Given the gradient of the result, passes gradients on to the inputs.
   */
  differentiable(output: Tensor, backward: (outputGradient: Tensor) => void) {
    output.requiresGrad = true;
    this.#nodes.push({ output, backward });
  }

  /**
   * Runs the backward rules in reverse order.
   *
   * @param loss A scalar; its gradient is 1.
   * @param seed Gradient to start from in place of 1, of the loss's shape.
   */
  backward(loss: Tensor, seed?: Tensor) {
    if (!loss.requiresGrad) {
      throw new Error("backward: the loss does not depend on a tensor that requires a gradient");
    }
    if (!seed) {
      if (loss.size !== 1) {
        throw new Error(`backward: the loss must be a scalar, found shape [${loss.shape}]`);
      }
      seed = this.empty(loss.shape, "seed");
      fill(this, seed, 1);
    }
    this.#gradients.set(loss.origin, seed);
    this.#seed = seed;
    this.noGrad(() => this.#backward());
    this.#nodes.length = 0;
  }

  /** Runs the rules of all nodes, the last first. */
  #backward() {
    for (const { output, backward } of this.#nodes.reverse()) {
      const gradient = this.#gradients.get(output);
      if (!gradient) continue;
      this.#lent.clear();
      if (gradient === this.#seed) this.#lent.add(gradient); // the caller's own: others may not add to it
      backward(gradient);
      // What an input took over is its gradient now, and others may add to it.
      if (gradient !== this.#seed && this.#lent.has(gradient)) this.#gradients.delete(output);
    }
  }

  /**
   * The gradient of a tensor after {@linkcode Tape.backward}.
   *
   * @returns The gradient, or undefined where none reached the tensor, or where an intermediate result has handed
   * its gradient's memory on to an input.
   */
  gradient(tensor: Tensor): Tensor | undefined {
    return tensor.gradient ?? reshape(this.#gradients.get(tensor.origin), tensor.shape);
  }

  /**
   * Where a backward rule writes the gradient of an input, for kernels that can add.
   *
   * @returns The place and whether to add to it, or undefined if the input needs no gradient.
   */
  target(input: Tensor | undefined): { tensor: Tensor; add: boolean } | undefined {
    if (!input?.requiresGrad) return undefined;
    if (input.gradient) return { tensor: input.gradient, add: true };
    const present = reshape(this.#gradients.get(input.origin), input.shape);
    if (present) return { tensor: present, add: true };
    const tensor = this.empty(input.shape, `d ${input.slot.label}`);
    this.#gradients.set(input.origin, reshape(tensor, input.origin.shape)!);
    return { tensor, add: false };
  }

  /** Like {@linkcode Tape.target} for kernels that only assign: `write` fills a tensor, which is added if need be. */
  assign(input: Tensor | undefined, write: (into: Tensor) => void): void {
    const target = this.target(input);
    if (!target) return;
    if (!target.add) return write(target.tensor);
    const part = this.empty(target.tensor.shape, `part of d ${input!.slot.label}`);
    write(part);
    accumulate(this, target.tensor, part);
  }

  /** Passes a gradient on unchanged; without a copy where nobody else holds it. */
  pass(input: Tensor | undefined, gradient: Tensor): void {
    if (!input?.requiresGrad) return;
    if (!input.gradient && !this.#gradients.has(input.origin) && !this.#lent.has(gradient)) {
      this.#lent.add(gradient);
      this.#gradients.set(input.origin, reshape(gradient, input.origin.shape)!);
      return;
    }
    const target = this.target(input)!;
    if (!target.add) return copy(this, target.tensor, gradient);
    accumulate(this, target.tensor, this.apart(gradient, target.tensor));
  }

  /** `tensor`, or a copy if it shares memory with `other`: one dispatch may not bind the same memory twice. */
  apart<T extends Tensor | undefined>(tensor: T, other: Tensor): T | Tensor {
    if (!tensor || !overlap(tensor.slice, other.slice)) return tensor;
    const twin = this.empty(tensor.shape, `copy of ${tensor.slot.label}`, tensor.dtype);
    copy(this, twin, tensor);
    return twin;
  }

  /** Keeps a tensor readable after a run. */
  output(tensor: Tensor): Tensor {
    this.#recording.output(tensor.slot);
    return tensor;
  }

  /** Plans the memory of the recorded dispatches, and takes none. */
  need(): ProgramNeed {
    return this.#recording.need();
  }

  /** Plans the memory and makes the program that replays all recorded dispatches. */
  compile(): Program {
    return this.#recording.compile();
  }
}

/** The same memory in another shape; the tensor itself where the shape is the same. */
function reshape(tensor: Tensor | undefined, shape: readonly number[]): Tensor | undefined {
  const same = tensor?.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i]);
  return same ? tensor : tensor?.view(shape);
}

/**
 * Checks that an adapter can store what it shall store.
 *
 * @throws {InputError} If results shall be f16 and the adapter has no `shader-f16`.
 */
export function checkStorage(gpu: Gpu, storage: StorageType) {
  if (storage === "f32" || gpu.device.features.has("shader-f16")) return;
  throw new InputError(
    `f16 storage needs the WebGPU feature shader-f16, which this adapter (${gpu.facts.description}) does not ` +
      "offer; store in f32, or choose another adapter",
  );
}

/**
 * All parameters of a model in one buffer, so that the optimiser is one dispatch, and matrices that are used
 * together (query, key, value; gate, up) lie together and serve as one.
 *
 * @module
 */
import { copy } from "../autograd/elementwise.ts";
import { Tape } from "../autograd/tape.ts";
import { elements, type StorageType, Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Random } from "../random.ts";

/** How a parameter starts. */
export type Init = { normal: number } | { constant: number };

/** One parameter's name, shape and start. */
export interface Spec {
  /** Hugging Face's name. */
  name: string;
  /** Sizes. */
  shape: readonly number[];
  /** How it starts. */
  init: Init;
  /** Set where the loss never reads it: it has no gradient, and no optimiser changes it. */
  idle?: boolean;
}

/** Parameters that lie side by side, without a gap; most bundles have one. */
export type Bundle = readonly Spec[];

/** A named, contiguous part of the model that can be frozen or have its own learning rate. */
export interface ModuleSpec {
  /** Its name. */
  name: string;
  /** Its parameters, in the order in which they lie in memory. */
  bundles: readonly Bundle[];
}

/** Where a parameter lies: floats from the buffer's start. */
export interface Place {
  /** The parameter's name. */
  name: string;
  /** Sizes. */
  shape: readonly number[];
  /** Floats before it. */
  offset: number;
  /** Its floats. */
  size: number;
  /** True where the loss never reads it. */
  idle: boolean;
}

/** A range of floats of the buffer. */
export interface Range {
  /** The first. */
  start: number;
  /** The first after it. */
  end: number;
}

/** Floats that every bundle's start is a multiple of: one binding offset (256 bytes). */
export const BLOCK = 64;

/** The parameters of a model and, once asked for, their gradients. */
export class Parameters {
  /** The device. */
  readonly gpu: Gpu;
  /** Every parameter by name. */
  readonly places: ReadonlyMap<string, Place>;
  /** The range of each module. */
  readonly modules: ReadonlyMap<string, Range>;
  /** Floats in all, gaps included. */
  readonly size: number;
  /** All values, [size]. */
  readonly values: Tensor;
  #gradients: Tensor | undefined;
  readonly #bundles = new Map<string, { offset: number; shape: number[] }>();
  readonly #halves = new Map<string, { f32: Tensor; f16: Tensor }>(); // frozen matrices, by bundle

  /**
   * Makes room for the parameters, all 0.
   *
   * @param gpu The device.
   * @param modules The modules in the order in which they shall lie.
   */
  constructor(gpu: Gpu, modules: readonly ModuleSpec[]) {
    this.gpu = gpu;
    const places = new Map<string, Place>();
    const ranges = new Map<string, Range>();
    let at = 0;
    for (const module of modules) {
      const start = at;
      for (const bundle of module.bundles) {
        const first = bundle[0]!;
        const rows = bundle.reduce((sum, { shape }) => sum + shape[0]!, 0);
        this.#bundles.set(key(bundle.map(({ name }) => name)), {
          offset: at,
          shape: [rows, ...first.shape.slice(1)],
        });
        for (const { name, shape, idle = false } of bundle) {
          const size = elements(shape);
          places.set(name, { name, shape, offset: at, size, idle });
          at += size;
        }
        at = Math.ceil(at / BLOCK) * BLOCK;
      }
      ranges.set(module.name, { start, end: at });
    }
    this.places = places;
    this.modules = ranges;
    this.size = at;
    this.values = Tensor.of(gpu, [at]);
  }

  /** Starting values of all parameters, by a random stream. */
  static initial(parameters: Parameters, modules: readonly ModuleSpec[], random: Random): Float32Array {
    const values = new Float32Array(parameters.size);
    for (const { name, init } of modules.flatMap(({ bundles }) => bundles.flat())) {
      const { offset, size } = parameters.places.get(name)!;
      const stream = random.fork(name);
      for (let i = offset; i < offset + size; i++) {
        values[i] = "normal" in init ? init.normal * stream.normal() : init.constant;
      }
    }
    return values;
  }

  /** Gradients of all parameters, [size]; made on first use. */
  get gradients(): Tensor {
    return this.#gradients ??= Tensor.of(this.gpu, [this.size]);
  }

  /**
   * A parameter, or several that lie side by side as one matrix, as a tensor of a tape.
   *
   * @param names One name, or the names of a whole bundle in order.
   * @param trainable Whether it gets a gradient; then it is f32.
   * @param storage With "f16" a matrix that is not trained is a 16-bit copy of its values, made here on first use;
   * what was written to `values` since then, {@linkcode Parameters.refresh} brings over.
   */
  tensor(names: readonly string[], trainable: boolean, storage: StorageType = "f32"): Tensor {
    const bundle = this.#bundles.get(key(names));
    if (!bundle) throw new Error(`no parameters ${names.join(" + ")}`);
    const view = (of: Tensor) => new Tensor(bundle.shape, "f32", of.slot, bundle.offset * 4);
    const tensor = view(this.values);
    if (trainable) {
      tensor.requiresGrad = true;
      tensor.gradient = view(this.gradients);
    }
    if (trainable || storage === "f32" || bundle.shape.length < 2) return tensor;
    let twins = this.#halves.get(key(names));
    if (!twins) {
      twins = { f32: tensor, f16: Tensor.of(this.gpu, bundle.shape, undefined, "f16") };
      this.#halves.set(key(names), twins);
      this.#round([twins]);
    }
    return twins.f16;
  }

  /** Rounds all 16-bit copies anew, after a write to `values` (queued). */
  refresh() {
    this.#round([...this.#halves.values()]);
  }

  #round(twins: readonly { f32: Tensor; f16: Tensor }[]) {
    if (twins.length === 0) return;
    const tape = new Tape(this.gpu);
    for (const { f32, f16 } of twins) copy(tape, f16, f32);
    const program = tape.compile();
    program.run();
    program.destroy();
  }

  /** Reads one parameter's values out of an array of all. */
  of(values: Float32Array, name: string): Float32Array {
    const { offset, size } = this.places.get(name)!;
    return values.subarray(offset, offset + size);
  }

  /** Number of parameters, gaps not counted. */
  get count(): number {
    return [...this.places.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Frees values, gradients and 16-bit copies. */
  destroy() {
    for (const { f16 } of this.#halves.values()) f16.destroy(this.gpu);
    this.#halves.clear();
    this.values.destroy(this.gpu);
    this.#gradients?.destroy(this.gpu);
  }
}

function key(names: readonly string[]): string {
  return names.join("\n");
}

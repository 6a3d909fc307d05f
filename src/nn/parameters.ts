/**
 * All parameters of a model. They lie one after the other in as few buffers as the adapter allows, so that the optimiser
 * takes few dispatches; matrices that are used together (query, key, value; gate, up) lie together and serve as one.
 * Matrices that are not trained may be held in 16 bits.
 *
 * @module
 */
import { Joined } from "./joined.ts";
import {
  BLOCK,
  keyOf,
  type Laid,
  layOut,
  type ModuleSpec,
  type Place,
  type Range,
  type Spec,
} from "./parameter_layout.ts";
import { checkStorage } from "../autograd/tape.ts";
import { elements, type StorageType, Tensor } from "../autograd/tensor.ts";
import { RunError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Random } from "../random.ts";

export {
  BLOCK,
  type Bundle,
  type Init,
  type ModuleSpec,
  type Place,
  type Range,
  type Spec,
} from "./parameter_layout.ts";

/** What is decided when a model is made, since nothing is held twice. */
export interface ParameterOptions {
  /** Names of the modules that can be trained; all if left out. Others have no gradients, whatever is run. */
  trainable?: Iterable<string> | undefined;
  /** How matrices of other modules are held; default "f32". With "f16" there is no copy of them in 32 bits. */
  storage?: StorageType | undefined;
}

/** Parameters that lie side by side, on the device. */
export interface HeldBundle {
  /** The module they belong to. */
  module: string;
  /** The parameters, in order. */
  places: readonly Place[];
  /** All of them as one tensor, f32 or f16. */
  tensor: Tensor;
}

/** Trained parameters that lie side by side in one buffer, with what lies between them. */
export interface Stretch extends Range {
  /** Their values, [end − start]. */
  values: Tensor;
  /** Their gradients, [end − start]. */
  gradients: Tensor;
}

/** One buffer of 32-bit values and what of it can be trained. */
interface Segment {
  start: number;
  values: Tensor;
  /** Gradients, by stretches of modules that can be trained. */
  runs: (Range & { gradients?: Tensor })[];
}

interface Home {
  bundle: HeldBundle;
  segment: Segment | undefined;
}

/** The parameters of a model and, once asked for, the gradients of those that can be trained. */
export class Parameters {
  /** The device. */
  readonly gpu: Gpu;
  /** Every parameter by name. */
  readonly places: ReadonlyMap<string, Place>;
  /** The range of each module. */
  readonly modules: ReadonlyMap<string, Range>;
  /** Floats in all, gaps included. */
  readonly size: number;
  /** Names of the modules that can be trained. */
  readonly trainable: ReadonlySet<string>;
  /** How matrices of modules that cannot be trained are held. */
  readonly storage: StorageType;
  /** All values as the host sees them, [size]; gaps are 0. */
  readonly values: Joined;
  readonly #homes = new Map<string, Home>();
  readonly #segments: Segment[] = [];

  /**
   * Makes room for the parameters, all 0.
   *
   * @param gpu The device.
   * @param modules The modules in the order in which they shall lie.
   * @param options What can be trained, and how the rest is held.
   * @throws {InputError} If f16 is asked for and the adapter does not offer it.
   * @throws {RunError} If parameters that lie side by side do not fit one buffer.
   */
  constructor(
    gpu: Gpu,
    modules: readonly ModuleSpec[],
    { trainable, storage = "f32" }: ParameterOptions = {},
  ) {
    checkStorage(gpu, storage);
    this.gpu = gpu;
    this.trainable = new Set(trainable ?? modules.map(({ name }) => name));
    this.storage = storage;
    const { places, ranges, bundles, size } = layOut(modules);
    this.places = places;
    this.modules = ranges;
    this.size = size;
    try {
      this.#allocate(bundles);
    } catch (error) {
      this.destroy();
      throw error;
    }
    // A buffer is read and written at once, unless 16-bit matrices lie elsewhere between its parameters.
    const whole = this.#segments.length > 0 && bundles.every(({ key }) => this.#homes.get(key)!.segment);
    this.values = new Joined(
      size,
      whole
        ? this.#segments.map(({ start, values }) => ({ start, tensor: values }))
        : bundles.map(({ key, start }) => ({ start, tensor: this.#homes.get(key)!.bundle.tensor })),
    );
  }

  /** Gives every bundle a place: in a segment, or in 16 bits by itself. */
  #allocate(bundles: readonly Laid[]) {
    const { gpu } = this;
    const most = Math.floor(gpu.largestBuffer / 4 / BLOCK) * BLOCK;
    let waiting: Laid[] = [], floats = 0;
    const close = () => {
      if (waiting.length === 0) return;
      const segment: Segment = { start: waiting[0]!.start, values: Tensor.of(gpu, [floats]), runs: [] };
      this.#segments.push(segment);
      let at = 0;
      for (const { key, module, places, shape, start, end } of waiting) {
        const tensor = new Tensor(shape, "f32", segment.values.slot, at * 4);
        this.#homes.set(key, { bundle: { module, places, tensor }, segment });
        if (this.trainable.has(module)) {
          const last = segment.runs.at(-1);
          if (last?.end === start) last.end = end;
          else segment.runs.push({ start, end });
        }
        at += end - start;
      }
      waiting = [];
      floats = 0;
    };
    for (const laid of bundles) {
      const { key, module, places, shape, start, end } = laid;
      const half = this.storage === "f16" && shape.length > 1 && !this.trainable.has(module);
      const bytes = (end - start) * (half ? 2 : 4);
      if (bytes > gpu.largestBuffer) {
        const names = places.map(({ name }) => name).join(" + ");
        const way = this.storage === "f32" ? "; --storage f16 halves what is frozen" : "";
        throw new RunError(
          `${names}: ${bytes} bytes are over this adapter's largest buffer, ${gpu.largestBuffer} bytes${way}`,
        );
      }
      if (half) {
        const tensor = Tensor.of(gpu, shape, undefined, "f16");
        this.#homes.set(key, { bundle: { module, places, tensor }, segment: undefined });
        continue;
      }
      if (floats + end - start > most) close();
      waiting.push(laid);
      floats += end - start;
    }
    close();
  }

  /** Starting values of all parameters, by a random stream. */
  static initial(parameters: Parameters, modules: readonly ModuleSpec[], random: Random): Float32Array {
    const values = new Float32Array(parameters.size);
    for (const spec of modules.flatMap(({ bundles }) => bundles.flat())) {
      values.set(startingValues(spec, random), parameters.places.get(spec.name)!.offset);
    }
    return values;
  }

  /** All bundles, in order. */
  get bundles(): HeldBundle[] {
    const offset = ({ places }: HeldBundle) => places[0]!.offset;
    return [...this.#homes.values()].map(({ bundle }) => bundle).sort((a, b) => offset(a) - offset(b));
  }

  /** All gradients as the host sees them, [size]: 0 where there are none. */
  get gradients(): Joined {
    const parts = this.#segments.flatMap(({ runs }) => runs).flatMap((run) => {
      return [{ start: run.start, tensor: this.#gradients(run) }];
    });
    return new Joined(this.size, parts);
  }

  #gradients(run: Segment["runs"][number]): Tensor {
    return run.gradients ??= Tensor.of(this.gpu, [run.end - run.start]);
  }

  /**
   * The stretches of the buffers that hold some modules, first to last, for an optimiser.
   *
   * @param names Modules.
   * @returns From the first of them to the last; what lies between and can be trained is among it.
   * @throws {Error} If there is no such module, or it cannot be trained.
   */
  stretches(names: readonly string[]): Stretch[] {
    const ranges = names.map((name) => {
      const range = this.modules.get(name);
      if (!range) throw new Error(`no module "${name}"; there are ${[...this.modules.keys()].join(", ")}`);
      if (!this.trainable.has(name)) throw new Error(frozenMessage(name, this.trainable));
      return range;
    });
    const from = Math.min(...ranges.map(({ start }) => start));
    const to = Math.max(...ranges.map(({ end }) => end));
    return this.#segments.flatMap((segment) =>
      segment.runs.flatMap((run) => {
        const start = Math.max(run.start, from), end = Math.min(run.end, to);
        if (start >= end) return [];
        // Bundles of a run lie in the buffer as they do in the array: only before it may some be missing.
        const first = this.#offset(segment, run.start);
        const part = ({ slot }: Tensor, at: number) =>
          new Tensor([end - start], "f32", slot, (at + start - run.start) * 4);
        return [{
          start,
          end,
          values: part(segment.values, first),
          gradients: part(this.#gradients(run), 0),
        }];
      })
    );
  }

  /** Floats of a segment before a bundle that starts at a place. */
  #offset(segment: Segment, start: number): number {
    for (const { bundle, segment: own } of this.#homes.values()) {
      if (own === segment && bundle.places[0]!.offset === start) return bundle.tensor.offset / 4;
    }
    throw new Error(`no bundle starts at ${start}`);
  }

  /**
   * A parameter, or several that lie side by side as one matrix, as a tensor of a tape.
   *
   * @param names One name, or the names of a whole bundle in order.
   * @param trainable Whether it gets a gradient.
   * @returns The tensor: f32, or f16 where it is held so.
   * @throws {Error} If it shall get a gradient and belongs to a module that cannot be trained.
   */
  tensor(names: readonly string[], trainable: boolean): Tensor {
    const home = this.#homes.get(keyOf(names));
    if (!home) throw new Error(`no parameters ${names.join(" + ")}`);
    const { bundle: { module, places, tensor: { shape, dtype, slot, offset } }, segment } = home;
    const tensor = new Tensor(shape, dtype, slot, offset);
    if (!trainable) return tensor;
    const at = places[0]!.offset;
    const run = segment?.runs.find(({ start, end }) => at >= start && at < end);
    if (!run) throw new Error(frozenMessage(module, this.trainable));
    tensor.requiresGrad = true;
    tensor.gradient = new Tensor(shape, "f32", this.#gradients(run).slot, (at - run.start) * 4);
    return tensor;
  }

  /**
   * One parameter by itself, wherever it lies, to be read and written by the host.
   *
   * @throws {Error} If it is held in 16 bits.
   */
  single(name: string): Tensor {
    for (const { bundle: { places, tensor } } of this.#homes.values()) {
      const place = places.find((place) => place.name === name);
      if (!place) continue;
      if (tensor.dtype !== "f32") throw new Error(`${name} is held in 16 bits; load it in 32`);
      const before = 4 * (place.offset - places[0]!.offset);
      return new Tensor(place.shape, "f32", tensor.slot, tensor.offset + before);
    }
    throw new Error(`no parameter ${name}`);
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

  /** Frees values and gradients. */
  destroy() {
    for (const { bundle, segment } of this.#homes.values()) if (!segment) bundle.tensor.destroy(this.gpu);
    for (const { values, runs } of this.#segments) {
      values.destroy(this.gpu);
      for (const { gradients } of runs) gradients?.destroy(this.gpu);
    }
    this.#homes.clear();
    this.#segments.length = 0;
  }
}

/** Starting values of a parameter, by a random stream. */
export function startingValues({ name, shape, init }: Spec, random: Random): Float32Array {
  const stream = random.fork(name);
  return Float32Array.from({ length: elements(shape) }, () => {
    if ("normal" in init) return init.normal * stream.normal();
    return "uniform" in init ? init.uniform * (2 * stream.next() - 1) : init.constant;
  });
}

function frozenMessage(module: string, trainable: ReadonlySet<string>): string {
  return `the module ${module} has no gradients: the model was made to train ${
    [...trainable].join(", ") || "nothing"
  }. Load it with ${module} among \`trainable\``;
}

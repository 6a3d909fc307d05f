/** A tensor: a shape over a piece of GPU memory. @module */
import type { Gpu } from "../gpu/gpu.ts";
import type { HostArray, Slice, Slot } from "../gpu/program/program.ts";

/** How the results of operations are stored: in 32 bits, or in 16, which hold up to 65,504 and 11 binary digits. */
export type StorageType = "f32" | "f16";

/** Element types. */
export type DType = StorageType | "i32";

/** Bytes of an element. */
export const BYTES: Readonly<Record<DType, number>> = { f32: 4, f16: 2, i32: 4 };

/**
 * A dense, row-major tensor on the GPU.
 *
 * A tensor either has a buffer of its own (made by {@linkcode Tensor.of}; it holds values between runs) or is
 * an intermediate result of a recorded program, whose values exist only while the program runs.
 */
export class Tensor {
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** Type of its elements. */
  readonly dtype: DType;
  /** Where its memory is. */
  readonly slot: Slot;
  /** Bytes from the slot's start. */
  readonly offset: number;
  /** Whether backward passes gradients to (or through) this tensor. */
  requiresGrad = false;
  /** Where a parameter's gradient is summed; outlives the program. */
  gradient: Tensor | undefined;
  /** The tensor that this one is a view of (itself if none): the two have one gradient. */
  readonly origin: Tensor;

  /**
   * A tensor over a slot; {@linkcode Tensor.of} makes one with memory of its own.
   *
   * @param shape Sizes.
   * @param dtype Type of its elements.
   * @param slot Where its memory is.
   * @param offset Bytes from the slot's start.
   * @param origin The tensor that it is a view of.
   */
  constructor(shape: readonly number[], dtype: DType, slot: Slot, offset = 0, origin?: Tensor) {
    this.shape = shape;
    this.dtype = dtype;
    this.slot = slot;
    this.offset = offset;
    this.origin = origin ?? this;
  }

  /**
   * A tensor with a buffer of its own.
   *
   * @param gpu The device.
   * @param shape Sizes.
   * @param values Row-major values, rounded to the element type; zeros if left out.
   * @param dtype Element type.
   */
  static of(gpu: Gpu, shape: readonly number[], values?: ArrayLike<number>, dtype: DType = "f32"): Tensor {
    const count = elements(shape);
    if (values && values.length !== count) {
      throw new Error(`expected ${count} values for shape [${shape}], found ${values.length}`);
    }
    const bytes = count * BYTES[dtype];
    const buffer = gpu.buffer(bytes, `tensor [${shape}]`);
    const tensor = new Tensor(shape, dtype, { label: buffer.label, bytes, buffer, offset: 0 });
    if (values) tensor.write(gpu, dtype === "i32" ? Int32Array.from(values) : Float32Array.from(values));
    return tensor;
  }

  /** Number of elements. */
  get size(): number {
    return elements(this.shape);
  }

  /** Size in bytes. */
  get bytes(): number {
    return this.size * BYTES[this.dtype];
  }

  /** The memory, for a dispatch. */
  get slice(): Slice {
    return { slot: this.slot, offset: this.offset, bytes: this.bytes, f16: this.dtype === "f16" };
  }

  /** The same memory with another shape of equal size; gradients of the view are gradients of the tensor. */
  view(shape: readonly number[]): Tensor {
    if (elements(shape) !== this.size) throw new Error(`cannot view [${this.shape}] as [${shape}]`);
    const view = new Tensor(shape, this.dtype, this.slot, this.offset, this.origin);
    view.requiresGrad = this.requiresGrad;
    view.gradient = this.gradient?.view(shape);
    return view;
  }

  /**
   * Some rows of a matrix, as a view; gradients do not pass through it.
   *
   * @param first First row; its offset must be a multiple of 256 bytes.
   * @param count Number of rows.
   */
  rows(first: number, count: number): Tensor {
    const width = this.size / (this.shape[0] ?? 1);
    const offset = this.offset + first * width * BYTES[this.dtype];
    if (offset % 256 !== 0) throw new Error(`rows: offset ${offset} bytes is not a multiple of 256`);
    return new Tensor([count, ...this.shape.slice(1)], this.dtype, this.slot, offset);
  }

  /**
   * Writes values into the tensor's own buffer (queued). An f16 tensor rounds them, to infinity beyond 65,519; it is
   * written whole.
   */
  write(gpu: Gpu, values: HostArray) {
    if (values.length === 0) return;
    const at = this.slot.offset + this.offset;
    if (this.dtype !== "f16") {
      gpu.device.queue.writeBuffer(this.#buffer(), at, values as HostArray & BufferSource);
      return;
    }
    if (values.length !== this.size || (this.size % 2 === 1 && this.bytes < this.slot.bytes)) {
      throw new Error(
        `f16 tensor [${this.shape}]: expected ${this.size} values for the whole of it, found ${values.length} ` +
          `for ${this.bytes} of ${this.slot.bytes} bytes`,
      );
    }
    const halves = new Float16Array(2 * Math.ceil(values.length / 2)); // writes come in words of four bytes
    halves.set(values);
    gpu.device.queue.writeBuffer(this.#buffer(), at, halves);
  }

  /** Reads the values back, as f32; waits for all queued work. */
  async read(gpu: Gpu): Promise<Float32Array> {
    const bytes = await gpu.read(this.#buffer(), this.slot.offset + this.offset, this.bytes);
    if (this.dtype === "f32") return new Float32Array(bytes);
    return Float32Array.from(this.dtype === "f16" ? new Float16Array(bytes) : new Int32Array(bytes));
  }

  /** Frees the tensor's own buffer. */
  destroy(gpu: Gpu) {
    gpu.release(this.#buffer());
  }

  #buffer(): GPUBuffer {
    if (!this.slot.buffer) {
      throw new Error(
        `tensor "${this.slot.label}" is intermediate: name it as an output of its program to read it`,
      );
    }
    return this.slot.buffer;
  }
}

/** Number of elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Checks two shapes for an operation.
 *
 * @throws {Error} Naming the operation and both shapes when they differ. A size of -1 matches any.
 */
export function expectShape(
  operation: string,
  what: string,
  found: readonly number[],
  expected: readonly number[],
) {
  if (found.length !== expected.length || expected.some((size, i) => size !== -1 && size !== found[i])) {
    const wanted = expected.map((size) => size === -1 ? "*" : size);
    throw new Error(`${operation}: ${what} must have shape [${wanted}], found [${found}]`);
  }
}

/** Tensors that the host sees as one array. @module */
import type { Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";

/** Tensors that the host reads and writes as one array: f16 ones as the values they hold. */
export class Joined {
  /** Floats of the array. */
  readonly size: number;
  readonly #parts: readonly { start: number; tensor: Tensor }[];

  /**
   * Joins tensors.
   *
   * @param size Floats of the array.
   * @param parts Tensors with buffers, and where in the array each begins; what none covers is 0.
   */
  constructor(size: number, parts: readonly { start: number; tensor: Tensor }[]) {
    this.size = size;
    this.#parts = parts;
  }

  /** Reads all values; waits for all queued work. */
  async read(gpu: Gpu): Promise<Float32Array> {
    const [only] = this.#parts;
    if (this.#parts.length === 1 && only!.tensor.size === this.size) return await only!.tensor.read(gpu);
    const all = new Float32Array(this.size);
    for (const { start, tensor } of this.#parts) all.set(await tensor.read(gpu), start);
    return all;
  }

  /** Writes all values (queued); f16 tensors round them, to infinity beyond 65,519. */
  write(gpu: Gpu, values: Float32Array) {
    if (values.length !== this.size) {
      throw new Error(`expected ${this.size} values, found ${values.length}`);
    }
    for (const { start, tensor } of this.#parts) {
      tensor.write(gpu, values.subarray(start, start + tensor.size));
    }
  }
}

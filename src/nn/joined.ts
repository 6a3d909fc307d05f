/** Tensors that the host sees as one array. @module */
import type { Tensor } from "../autograd/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";

/** Floats that are read at a time; a multiple of 64. */
const PIECE = 4 << 20;

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
    const all = new Float32Array(this.size);
    await this.readInto(gpu, all);
    return all;
  }

  /**
   * Reads all values into an array, piece by piece, so that no second copy of them is in memory.
   *
   * @param into As long as the joined tensors.
   */
  async readInto(gpu: Gpu, into: Float32Array) {
    for (const { start, tensor } of this.#parts) {
      if (tensor.dtype === "f16") {
        into.set(await tensor.read(gpu), start);
        continue;
      }
      const flat = tensor.view([tensor.size]);
      for (let first = 0; first < tensor.size; first += PIECE) {
        const piece = flat.rows(first, Math.min(PIECE, tensor.size - first));
        into.set(await piece.read(gpu), start + first);
      }
    }
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

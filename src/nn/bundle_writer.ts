/** Writing parameters to the device piece by piece. @module */
import type { HeldBundle } from "./parameters.ts";
import type { Gpu } from "../gpu/gpu.ts";

/** Fills a bundle from its first element to its last; f16 ones are packed two to a word, which is written whole. */
export class BundleWriter {
  readonly #gpu: Gpu;
  readonly #buffer: GPUBuffer;
  readonly #left: { count: number };
  readonly #half: boolean;
  #at: number; // bytes
  #carry: number | undefined; // an f16 that waits for the other half of its word

  /**
   * Begins at the first element.
   *
   * @param gpu The device.
   * @param bundle Where to.
   */
  constructor(gpu: Gpu, { tensor }: HeldBundle) {
    this.#gpu = gpu;
    this.#buffer = tensor.slot.buffer!;
    this.#at = tensor.slot.offset + tensor.offset;
    this.#half = tensor.dtype === "f16";
    this.#left = { count: tensor.size };
  }

  /**
   * Writes the next values (queued).
   *
   * @param values Float32 for an f32 bundle, the bits of f16 for another.
   */
  add(values: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) {
    if ((values instanceof Uint16Array) !== this.#half || values.length > this.#left.count) {
      throw new Error(`expected at most ${this.#left.count} values of the bundle's type`);
    }
    this.#left.count -= values.length;
    if (!this.#half || values instanceof Float32Array) return this.#write(values);
    let halves = values;
    if (this.#carry !== undefined) {
      halves = new Uint16Array(values.length + 1);
      halves[0] = this.#carry;
      halves.set(values, 1);
      this.#carry = undefined;
    }
    if (halves.length % 2 === 1) {
      if (this.#left.count > 0) {
        this.#carry = halves.at(-1);
        halves = halves.subarray(0, -1);
      } else {
        const padded = new Uint16Array(halves.length + 1);
        padded.set(halves);
        halves = padded;
      }
    }
    this.#write(halves);
  }

  #write(values: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) {
    if (values.length === 0) return;
    this.#gpu.device.queue.writeBuffer(this.#buffer, this.#at, values);
    this.#at += values.byteLength;
  }
}

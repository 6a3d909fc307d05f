/** The keys and values of the tokens that were read, layer by layer. @module */
import type { Lmm } from "../lmm.ts";
import { copy } from "../../autograd/elementwise.ts";
import { Tape } from "../../autograd/tape.ts";
import { cacheWidth } from "../../ops/attention/cache.ts";
import { BYTES, Tensor } from "../../autograd/tensor.ts";

/** Floats of a token in one layer. */
function width({ heads }: Lmm): number {
  return cacheWidth(heads);
}

/**
 * Bytes of a cache.
 *
 * @param rows Sequences.
 * @param length Most tokens of each.
 */
export function cacheBytes(model: Lmm, rows: number, length: number): number {
  return model.layers * rows * length * width(model) * BYTES.f32;
}

/** The most sequences of a length whose cache one binding holds, layer by layer; 0 if not even one. */
export function cacheRows(model: Lmm, length: number): number {
  return Math.floor(model.gpu.largestBinding / (length * width(model) * BYTES.f32));
}

/** Room for keys and values on the device. */
export class KeyValueCache {
  /** Sequences. */
  readonly rows: number;
  readonly #model: Lmm;
  readonly #layers: Tensor[];
  #length: number;

  /**
   * An empty cache.
   *
   * @param rows Sequences.
   * @param length Most tokens of each.
   */
  constructor(model: Lmm, rows: number, length: number) {
    this.rows = rows;
    this.#model = model;
    this.#length = length;
    this.#layers = Array.from({ length: model.layers }, () => this.#layer(length));
  }

  /** Most tokens of a sequence. */
  get length(): number {
    return this.#length;
  }

  /** Bytes on the device. */
  get bytes(): number {
    return cacheBytes(this.#model, this.rows, this.#length);
  }

  /** A layer's cache, [rows·length, {@linkcode cacheWidth}]. */
  layer(layer: number): Tensor {
    return this.#layers[layer]!;
  }

  /**
   * Makes room for more tokens, of one sequence: what it holds stays. Programs recorded before must not run again.
   *
   * @param length Most tokens from now on.
   */
  grow(length: number) {
    if (this.rows !== 1) throw new Error(`a cache of one sequence can grow, found one of ${this.rows}`);
    const { gpu } = this.#model;
    // Layer by layer, so that no more than one of them is there twice.
    this.#layers.forEach((old, i) => {
      const grown = this.#layer(length);
      const tape = new Tape(gpu);
      copy(tape, grown.rows(0, this.#length), old);
      const program = tape.compile();
      program.run();
      program.destroy();
      old.destroy(gpu);
      this.#layers[i] = grown;
    });
    this.#length = length;
  }

  #layer(length: number): Tensor {
    return Tensor.of(this.#model.gpu, [this.rows * length, width(this.#model)]);
  }

  /** Frees its memory. */
  destroy() {
    for (const layer of this.#layers) layer.destroy(this.#model.gpu);
    this.#layers.length = 0;
  }
}

/** The element-by-element moves that gradients need: fill, copy, accumulate, product. @module */
import type { Gpu } from "../gpu/gpu.ts";
import { f32, type Kernel, spread } from "../gpu/kernel/kernel.ts";
import wgsl from "../../kernels/elementwise.wgsl" with { type: "text" };
import { pieces } from "./pieces.ts";
import type { Tensor } from "./tensor.ts";

/** What these moves need of a tape: to write down dispatches. */
export interface Recorder {
  /** The device. */
  readonly gpu: Gpu;
  /** Records one dispatch; tensors in the order of the kernel's bindings. */
  dispatch<S>(kernel: Kernel<S>, shape: S, tensors: readonly Tensor[]): void;
}

interface Shape {
  count: number;
  inputs: 0 | 1 | 2;
  add: boolean;
  broadcast?: boolean;
  value?: number;
}

/** y (+)= value, a, a[0] or a·b. */
export const elementwise: Kernel<Shape> = {
  name: "elementwise",
  wgsl,
  constants: ({ inputs, broadcast }) => ({
    INPUTS: inputs,
    PRODUCT: Number(inputs === 2),
    BROADCAST: Number(broadcast === true),
    PARAMS: inputs + 1,
  }),
  bindings: ({ inputs }) => ["y", "a", "b"].slice(0, inputs + 1),
  f16: ["y", "a", "b"],
  params: ({ count, value, add }) => [count, f32(value ?? 0), Number(add)],
  workgroup: () => 64,
  groups: ({ count }, workgroup) => spread(Math.ceil(count / 4), workgroup),
};

/** Records the kernel for all elements, in pieces where a tensor is larger than a binding; a scalar is not cut. */
function record(tape: Recorder, shape: Omit<Shape, "count">, tensors: readonly Tensor[]) {
  const size = tensors[0]!.size;
  for (const { first, count } of pieces(tape.gpu, size)) {
    const part = (t: Tensor) => t.size === size ? t.view([size]).rows(first, count) : t;
    tape.dispatch(elementwise, { ...shape, count }, tensors.map(part));
  }
}

/** y = value. */
export function fill(tape: Recorder, y: Tensor, value: number) {
  record(tape, { inputs: 0, add: false, value }, [y]);
}

/** y = x. */
export function copy(tape: Recorder, y: Tensor, x: Tensor) {
  record(tape, { inputs: 1, add: false }, [y, x]);
}

/** y (+)= x[0] in every element. */
export function broadcast(tape: Recorder, y: Tensor, x: Tensor, add: boolean) {
  record(tape, { inputs: 1, add, broadcast: true }, [y, x]);
}

/** y += x. */
export function accumulate(tape: Recorder, y: Tensor, x: Tensor) {
  record(tape, { inputs: 1, add: true }, [y, x]);
}

/** y = a·b, or y += a·b. `a` and `b` must not be the same memory. */
export function product(tape: Recorder, y: Tensor, a: Tensor, b: Tensor, add: boolean) {
  record(tape, { inputs: 2, add }, [y, a, b]);
}

/** The part of TensorFlow.js that the bench calls, written down here so that checking types downloads nothing. @module */

/** A tensor. */
export interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<number>>;
}

/** What the bench touches of the WebGPU backend. */
export interface TfBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  /** Set while something is encoded that was not submitted. */
  readonly commandEncoder: unknown;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** The library. */
export interface Tf {
  env(): { set(flag: string, value: boolean | number): void };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  backend(): TfBackend;
  tensor(
    values: Float32Array | Int32Array,
    shape: readonly number[],
    type?: "float32" | "int32",
  ): TfTensor;
  zeros(shape: readonly number[]): TfTensor;
  add(a: TfTensor, b: TfTensor | number): TfTensor;
  sub(a: TfTensor, b: TfTensor | number): TfTensor;
  mul(a: TfTensor, b: TfTensor | number): TfTensor;
  div(a: TfTensor, b: TfTensor | number): TfTensor;
  square(x: TfTensor): TfTensor;
  sqrt(x: TfTensor): TfTensor;
  rsqrt(x: TfTensor): TfTensor;
  sum(x: TfTensor, axis?: number): TfTensor;
  mean(x: TfTensor, axis: number, keepDims: boolean): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  softmax(x: TfTensor): TfTensor;
  logSoftmax(x: TfTensor): TfTensor;
  oneHot(x: TfTensor, classes: number): TfTensor;
  moments(x: TfTensor, axis: number, keepDims: boolean): { mean: TfTensor; variance: TfTensor };
  keep(x: TfTensor): TfTensor;
  tidy<T>(f: () => T): T;
  dispose(x: readonly TfTensor[]): void;
  grads(f: (...x: TfTensor[]) => TfTensor): (x: readonly TfTensor[], dy: TfTensor) => TfTensor[];
  valueAndGrads(
    f: (...x: TfTensor[]) => TfTensor,
  ): (x: readonly TfTensor[]) => { value: TfTensor; grads: TfTensor[] };
}

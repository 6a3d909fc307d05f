/** The part of jax-js that the bench calls, written down here so that checking types downloads nothing. @module */

/** An array. A call consumes what it is given: `ref` keeps it for another one. */
export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  sum(axis?: number): JaxArray;
  mean(axis: number, options: { keepdims: boolean }): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(axes?: readonly number[]): JaxArray;
  slice(...ranges: readonly (readonly number[])[]): JaxArray;
  astype(type: JaxType): JaxArray;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
  /** Submits what the array depends on, without waiting. */
  gpuBufferSync(): unknown;
}

/** An element type. */
export type JaxType = string & { readonly jaxType: unique symbol };

/** Arrays by name. */
export type JaxTree = Record<string, JaxArray>;

/** jax-js's numpy. */
export interface JaxNumpy {
  readonly float32: JaxType;
  readonly int32: JaxType;
  array(values: Float32Array | Int32Array | readonly number[] | number): JaxArray;
  arange(start: number, end: number, step: number, options: { dtype: JaxType }): JaxArray;
  zeros(shape: readonly number[]): JaxArray;
  matmul(a: JaxArray, b: JaxArray): JaxArray;
  sqrt(x: JaxArray): JaxArray;
  square(x: JaxArray): JaxArray;
  exp(x: JaxArray): JaxArray;
  minimum(a: JaxArray, b: JaxArray): JaxArray;
  where(condition: JaxArray, a: JaxArray, b: JaxArray | number): JaxArray;
  equal(a: JaxArray, b: JaxArray): JaxArray;
  expandDims(x: JaxArray, axis: number): JaxArray;
  broadcastTo(x: JaxArray, shape: readonly number[]): JaxArray;
  concatenate(parts: readonly JaxArray[], axis: number): JaxArray;
  take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
}

/** jax-js's layers. */
export interface JaxNn {
  standardize(x: JaxArray, axis: number, options: { epsilon: number }): JaxArray;
  logSoftmax(x: JaxArray, axis: number): JaxArray;
  oneHot(x: JaxArray, classes: number): JaxArray;
  sigmoid(x: JaxArray): JaxArray;
  silu(x: JaxArray): JaxArray;
  gelu(x: JaxArray, options: { approximate: boolean }): JaxArray;
  dotProductAttention(q: JaxArray, k: JaxArray, v: JaxArray, options?: { isCausal: boolean }): JaxArray;
}

/** Whatever goes into or comes out of a jitted function. */
export type JaxValue = JaxArray | JaxTree;

/** The library. */
export interface Jax {
  readonly numpy: JaxNumpy;
  readonly nn: JaxNn;
  readonly tree: {
    ref(tree: JaxTree): JaxTree;
    dispose(tree: JaxTree): void;
  };
  init(device: JaxDevice): Promise<readonly string[]>;
  defaultDevice(device: JaxDevice): unknown;
  getWebGPUDevice(): GPUDevice;
  blockUntilReady(arrays: readonly JaxArray[]): Promise<unknown>;
  jit<A extends readonly unknown[], R>(f: (...x: A) => R): ((...x: A) => R) & { dispose(): void };
  vjp(
    f: (...x: JaxArray[]) => JaxArray,
    inputs: readonly JaxArray[],
  ): [JaxArray, ((dy: JaxArray) => JaxArray[]) & { dispose(): void }];
  valueAndGrad<A extends readonly unknown[], G>(
    f: (...x: A) => JaxArray,
    options?: { argnums: readonly number[] },
  ): (...x: A) => [JaxArray, G];
}

/** Where jax-js computes. */
export type JaxDevice = "webgpu" | "wasm";

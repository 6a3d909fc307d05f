/** An open device of jax-js, and functions on it as contestants. @module */
import type { Contestant, Results } from "../../contestant.ts";
import type { Jax, JaxArray, JaxDevice } from "./api.ts";

/** An open device of jax-js. */
export interface OpenJax {
  jax: Jax;
  device: JaxDevice;
  /** Such as `jax-webgpu`. */
  name: string;
  /** An array of values on the device. */
  array(values: Float32Array | Int32Array, shape: readonly number[]): JaxArray;
  /** Makes the device the one on which functions are traced and arrays are made. */
  use(): void;
  /** Starts the computation of arrays and gives them up. */
  submit(arrays: readonly JaxArray[]): void | Promise<void>;
  /** Waits for all that was submitted. */
  wait(): Promise<void>;
}

/** A jitted function of fixed inputs as a contestant. */
export function jitted(
  open: OpenJax,
  inputs: readonly JaxArray[],
  f: (...x: JaxArray[]) => JaxArray[],
  names: readonly string[],
  arrange: (x: JaxArray) => JaxArray = (x) => x,
): Contestant {
  const run = open.jax.jit(f);
  const call = () => {
    open.use();
    return run(...inputs.map((x) => x.ref));
  };
  return {
    name: open.name,
    async results() {
      const outputs = call();
      const results: Results = {};
      for (const [i, name] of names.entries()) {
        results[name] = Float32Array.from(await arrange(outputs[i]!).data());
      }
      await open.wait();
      return results;
    },
    run: () => open.submit(call()),
    wait: () => open.wait(),
    destroy() {
      inputs.forEach((x) => x.dispose());
      run.dispose();
    },
  };
}

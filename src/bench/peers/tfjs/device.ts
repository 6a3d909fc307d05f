/** An open TensorFlow.js, and functions on it as contestants. @module */
import type { Contestant, Results } from "../../contestant.ts";
import type { Tf, TfTensor } from "./api.ts";

/** An open TensorFlow.js. */
export interface OpenTf {
  tf: Tf;
  /** Submits what is encoded and waits; throws if the device reported an error. */
  wait(): Promise<void>;
}

/** A function of fixed inputs as a contestant. */
export function called(
  { tf, wait }: OpenTf,
  inputs: readonly TfTensor[],
  f: (...x: TfTensor[]) => TfTensor[],
  names: readonly string[],
): Contestant {
  const call = () => tf.tidy(() => f(...inputs));
  return {
    name: "tfjs",
    async results() {
      const outputs = call();
      const results: Results = {};
      for (const [i, name] of names.entries()) results[name] = Float32Array.from(await outputs[i]!.data());
      tf.dispose(outputs);
      await wait();
      return results;
    },
    run: () => tf.dispose(call()),
    wait,
    destroy: () => tf.dispose(inputs),
  };
}

/** What the threads of the pool's tests do. */

import { InputError } from "../../../src/errors.ts";
import { serve } from "../../../src/data/workers/pool.ts";

serve<{ add: number }, number | string, number | Uint8Array<ArrayBuffer>>(({ add }) => async (job) => {
  if (job === "input") throw new InputError("a bad input");
  if (job === "broken") throw new TypeError("a bug");
  if (job === "die") {
    setTimeout(() => {
      throw new Error("a thread ends");
    }, 0);
    await new Promise(() => {});
  }
  if (job === "bytes") {
    const bytes = new Uint8Array(8).fill(add);
    return { result: bytes, buffers: [bytes.buffer] };
  }
  await new Promise((resolve) => setTimeout(resolve, 3 * (Number(job) % 3)));
  return { result: Number(job) + add };
});

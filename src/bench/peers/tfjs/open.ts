/** Opens TensorFlow.js on WebGPU. @module */
import type { Peer } from "../../contestant.ts";
import type { Tf } from "./api.ts";
import type { OpenTf } from "./device.ts";
import { prepareOperation } from "./operations.ts";

// Not literals in the imports: only a bench that asks for TensorFlow.js downloads it.
const CORE: string = "npm:@tensorflow/tfjs@4.22.0"; // not tfjs-core, which has no gradients
const WEBGPU: string = "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";

/**
 * Opens TensorFlow.js.
 *
 * @returns The peer.
 * @throws {Error} If its WebGPU backend does not start here.
 */
export async function openTf(): Promise<Peer> {
  const loaded = await import(CORE) as Tf | { default: Tf };
  const tf = "setBackend" in loaded ? loaded : loaded.default;
  await import(WEBGPU);
  tf.env().set("WEBGPU_CPU_FORWARD", false); // small tensors stay on the device
  if (!await tf.setBackend("webgpu")) throw new Error("TensorFlow.js has no webgpu backend here");
  await tf.ready();
  const backend = tf.backend();
  let failure: string | undefined;
  backend.device.addEventListener("uncapturederror", (event: Event) => {
    event.preventDefault();
    failure ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  const open: OpenTf = {
    tf,
    async wait() {
      if (backend.commandEncoder) {
        backend.endComputePassEncoder();
        backend.submitQueue();
      }
      await backend.queue.onSubmittedWorkDone();
      const message = failure;
      failure = undefined;
      if (message !== undefined) throw new Error(`WebGPU error: ${message}`);
    },
  };
  return { name: "tfjs", prepare: (workload) => prepareOperation(open, workload) };
}

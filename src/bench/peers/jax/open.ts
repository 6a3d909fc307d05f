/** Opens jax-js on one of its devices. @module */
import type { Peer } from "../../contestant.ts";
import type { Jax, JaxDevice } from "./api.ts";
import type { OpenJax } from "./device.ts";
import { prepareOperation } from "./operations.ts";
import { prepareStep } from "./step.ts";

// Not a literal in the import: only a bench that asks for jax-js downloads it.
const PACKAGE: string = "npm:@jax-js/jax@0.1.25";

/**
 * Opens jax-js.
 *
 * @param device WebGPU or WebAssembly.
 * @returns The peer.
 * @throws {Error} If it has no such device here.
 */
export async function openJax(device: JaxDevice): Promise<Peer> {
  const jax = await import(PACKAGE) as Jax;
  if (!(await jax.init(device)).includes(device)) throw new Error(`jax-js has no ${device} device here`);
  let failure: string | undefined;
  if (device === "webgpu") {
    jax.getWebGPUDevice().addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      failure ??= (event as GPUUncapturedErrorEvent).error.message;
    });
  }
  const open: OpenJax = {
    jax,
    device,
    name: `jax-${device}`,
    array: (values, shape) => jax.numpy.array(values).reshape(shape),
    use: () => void jax.defaultDevice(device),
    submit(arrays) {
      // jax-js computes when a result is asked for; this asks without waiting. On WebAssembly nothing else does.
      if (device === "wasm") {
        return jax.blockUntilReady(arrays).then(() => arrays.forEach((x) => x.dispose()));
      }
      arrays.at(-1)!.ref.gpuBufferSync();
      arrays.forEach((x) => x.dispose());
    },
    async wait() {
      if (device === "webgpu") await jax.getWebGPUDevice().queue.onSubmittedWorkDone();
      const message = failure;
      failure = undefined;
      if (message !== undefined) throw new Error(`WebGPU error: ${message}`);
    },
  };
  return {
    name: open.name,
    prepare(workload) {
      open.use();
      return workload.kind === "step" ? prepareStep(open) : prepareOperation(open, workload);
    },
  };
}

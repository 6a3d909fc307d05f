/**
 * Finds drivers that cut loops short. Mesa's lavapipe before version 25 gives an invocation 65,535 loop iterations,
 * summed over all its loops, and then lets every loop end without an error.
 *
 * @module
 */

import source from "../../kernels/loop_probe.wgsl" with { type: "text" };

/** What the probe found. */
export interface LoopProbe {
  /** Iterations that the loops ought to make. */
  expected: number;
  /** Iterations that they made. */
  found: number;
  /** Whether they made all of them, and rightly. */
  ok: boolean;
}

const OUTER = 300;
const INNER = 300;

/**
 * Runs 300 × 300 nested iterations in one invocation.
 *
 * @param device An open device.
 * @returns What was expected and found.
 */
export async function probeLoops(device: GPUDevice): Promise<LoopProbe> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ, UNIFORM } = GPUBufferUsage;
  const result = device.createBuffer({ label: "loop probe", size: 8, usage: STORAGE | COPY_SRC });
  const bounds = device.createBuffer({ label: "loop probe bounds", size: 8, usage: UNIFORM | COPY_DST });
  const readable = device.createBuffer({ label: "loop probe read", size: 8, usage: MAP_READ | COPY_DST });
  try {
    device.queue.writeBuffer(bounds, 0, new Uint32Array([OUTER, INNER]));
    const module = device.createShaderModule({ label: "loop_probe", code: source });
    const pipeline = device.createComputePipeline({
      label: "loop_probe",
      layout: "auto",
      compute: { module, entryPoint: "loop_probe" },
    });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: result } }, { binding: 1, resource: { buffer: bounds } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(result, 0, readable, 0, 8);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const [found = 0, hash = 0] = new Uint32Array(readable.getMappedRange());
    return { expected: OUTER * INNER, found, ok: found === OUTER * INNER && hash === expectedHash() };
  } finally {
    result.destroy();
    bounds.destroy();
    readable.destroy();
  }
}

function expectedHash(): number {
  let hash = 0;
  for (let i = 0; i < OUTER; i++) {
    for (let j = 0; j < INNER; j++) hash = (Math.imul(hash, 1664525) + (i ^ j)) >>> 0;
  }
  return hash;
}

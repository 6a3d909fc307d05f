/**
 * Work that devices still have to do when a process leaves. A driver that runs on the CPU does it in threads of the process, and
 * one that leaves under them may crash, which changes its exit code: with Mesa's llvmpipe 17 of 80 did that left by `Deno.exit`
 * with kernels under way, 0 of 80 that waited.
 *
 * @module
 */

const devices = new Set<WeakRef<GPUDevice>>();

/**
 * Has a device waited for by {@linkcode workDone}, for as long as anything else holds it.
 *
 * @param device The device.
 */
export function waitFor(device: GPUDevice): void {
  for (const known of devices) if (!known.deref()) devices.delete(known);
  devices.add(new WeakRef(device));
}

/**
 * Waits for all that was submitted to devices, those included that were destroyed a moment ago. What a device has to complain of is
 * not told: whoever waits here is leaving.
 */
export async function workDone(): Promise<void> {
  await Promise.allSettled(
    [...devices].map(async (device) => await device.deref()?.queue.onSubmittedWorkDone()),
  );
}

import { assertEquals } from "@std/assert";
import { createGpu } from "../../src/gpu/gpu.ts";
import { workDone } from "../../src/gpu/under_way.ts";

/** A device with copies under way, and whether they are done. */
async function copying() {
  const gpu = await createGpu();
  const bytes = 1 << 26;
  const from = gpu.buffer(bytes, "from"), to = gpu.buffer(bytes, "to");
  const encoder = gpu.device.createCommandEncoder();
  for (let i = 0; i < 8; i++) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
  gpu.device.queue.submit([encoder.finish()]);
  const state = { gpu, done: false };
  gpu.device.queue.onSubmittedWorkDone().then(() => state.done = true);
  return state;
}

Deno.test("what devices have under way is waited for, also of one that is destroyed", async () => {
  const first = await copying(), second = await copying();
  second.gpu.destroy();
  await workDone();
  assertEquals([first.done, second.done], [true, true]);
  first.gpu.destroy();
  await workDone();
});

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { RunError } from "../../src/errors.ts";
import { createGpu, type Gpu } from "../../src/gpu/gpu.ts";
import type { Kernel } from "../../src/gpu/kernel/kernel.ts";
import { Recording } from "../../src/gpu/program/program.ts";

/** A kernel of one line over `y`. */
function kernel(name: string, body: string, bindings = ["y"]): Kernel<number> {
  return {
    name,
    wgsl: `
${bindings.map((b, i) => `@group(0) @binding(${i}) var<storage, read_write> ${b}: array<f32>;`).join("\n")}
struct Params { count: u32 }
@group(0) @binding(${bindings.length}) var<uniform> p: Params;
@compute @workgroup_size(1) fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.count) { return; }
  ${body}
}`,
    constants: () => ({}),
    bindings: () => bindings,
    params: (count) => [count],
    groups: (count) => [count, 1, 1],
  };
}

const three = kernel("three", "y[id.x] = 3.0;");

/** Records one dispatch of a kernel over a slot of four numbers that is read afterwards. */
function program(gpu: Gpu, of: Kernel<number>, count = 4) {
  const recording = new Recording(gpu);
  const slot = recording.slot(16, "result");
  recording.dispatch(of, count, [{ slot, offset: 0, bytes: 16 }]);
  recording.output(slot);
  return { program: recording.compile(), slot };
}

Deno.test("buffers are counted and every byte comes back", async () => {
  const gpu = await createGpu();
  assertEquals(gpu.liveBytes, 0);
  const a = gpu.buffer(1, "a"), b = gpu.buffer(100, "b");
  assertEquals(gpu.liveBytes, 16 + 112);
  gpu.release(a);
  gpu.release(b);
  assertEquals(gpu.liveBytes, 0);
  const made = program(gpu, three);
  assert(gpu.liveBytes > 0);
  made.program.run();
  assertEquals([...new Float32Array(await gpu.read(made.slot.buffer!, 0, 16))], [3, 3, 3, 3]);
  made.program.destroy();
  gpu.destroy();
  assertEquals(gpu.liveBytes, 0);
});

Deno.test("a buffer over the adapter's limit says so", async () => {
  const gpu = await createGpu();
  const bytes = gpu.device.limits.maxBufferSize + 16;
  assertThrows(() => gpu.buffer(bytes, "logits"), RunError, "logits: a buffer of");
  assertEquals(gpu.liveBytes, 0);
  gpu.destroy();
});

Deno.test("a kernel that does not compile throws with its name at the next read", async () => {
  const gpu = await createGpu();
  const made = program(gpu, kernel("crooked", "y[id.x] = nonsense;"));
  const error = await assertRejects(async () => {
    made.program.run();
    await gpu.read(made.slot.buffer!, 0, 16);
  }, RunError);
  assert(error.message.includes("crooked"), error.message);
  assert(error.message.includes("nonsense"), error.message);
  assert(error.message.includes("kernel crooked (4)"), error.message);
  assert(error.message.includes("kernels/crooked.wgsl:7:"), error.message);
  await assertRejects(() => gpu.read(made.slot.buffer!, 0, 16), RunError, "crooked");
  assertThrows(() => gpu.check(), RunError, "crooked");
  gpu.destroy();
});

Deno.test("kernels that are compiled ahead: they are waited for, or compiled when they run", async () => {
  for (const waiting of [true, false]) {
    const gpu = await createGpu();
    gpu.compilesAhead = true;
    const made = program(gpu, three);
    if (waiting) await gpu.compiled();
    made.program.run();
    assertEquals([...new Float32Array(await gpu.read(made.slot.buffer!, 0, 16))], [3, 3, 3, 3]);
    await gpu.compiled();
    assertStrictEquals(gpu.pipeline(three, 4).pipeline, gpu.pipeline(three, 4).pipeline);
    made.program.destroy();
    gpu.destroy();
    assertEquals(gpu.liveBytes, 0);
  }
});

Deno.test("a kernel that does not compile ahead throws with its name where it is waited for", async () => {
  const gpu = await createGpu();
  gpu.compilesAhead = true;
  const made = program(gpu, kernel("crooked", "y[id.x] = nonsense;"));
  const error = await assertRejects(async () => {
    await gpu.compiled();
    await gpu.settle();
  }, RunError);
  assert(error.message.includes("kernel crooked (4)"), error.message);
  made.program.destroy();
  gpu.destroy();
});

Deno.test("a kernel whose types clash throws with its name", async () => {
  const gpu = await createGpu();
  const made = program(gpu, kernel("clash", "y[id.x] = id.x;"));
  const error = await assertRejects(async () => {
    made.program.run();
    await gpu.read(made.slot.buffer!, 0, 16);
  }, RunError);
  assert(error.message.includes("clash"), error.message);
  gpu.destroy();
});

Deno.test("other errors of the device do not pass in silence", async () => {
  const gpu = await createGpu();
  gpu.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  const good = gpu.buffer(16, "good");
  await assertRejects(async () => {
    for (let i = 0; i < 3; i++) await gpu.read(good, 0, 16);
  }, RunError);
  gpu.destroy();
});

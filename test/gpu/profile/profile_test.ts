import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { type Kernel, variant } from "../../../src/gpu/kernel/kernel.ts";
import { profiled, Profiler } from "../../../src/gpu/profile/profile.ts";
import { type Program, Recording, type Slot } from "../../../src/gpu/program/program.ts";

interface Shape {
  trips: number;
  name: string;
}

/** x = x/2 + k in eight elements, `trips` times. */
const spin: Kernel<Shape> = {
  name: "spin",
  wgsl: `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> k: array<i32>;
struct Params { trips: u32 }
@group(0) @binding(2) var<uniform> p: Params;
@compute @workgroup_size(8) fn spin(@builtin(global_invocation_id) id: vec3u) {
  var value = x[id.x];
  for (var i = 0u; i < p.trips; i++) { value = fma(value, 0.5, f32(k[0])); }
  x[id.x] = value;
}`,
  constants: () => ({}),
  bindings: () => ["x", "k"],
  params: ({ trips }) => [trips],
  groups: () => [1, 1, 1],
  operations: ({ trips }, values) => {
    const k = values("k");
    return k && 16 * trips * k[0]!;
  },
};

const all = (slot: Slot) => ({ slot, offset: 0, bytes: slot.bytes, f16: false });

Deno.test("profile", async (t) => {
  const gpu = await createGpu();

  function record(shapes: readonly Shape[]): { program: Program; x: Slot } {
    const recording = new Recording(gpu);
    const x = recording.slot(32, "x"), k = recording.input("k", 4);
    for (const shape of shapes) recording.dispatch(spin, shape, [all(x), all(k)]);
    recording.output(x);
    return { program: recording.compile(), x };
  }

  await t.step("adds up dispatches, bytes and operations by kernel and variant", async () => {
    const short = { trips: 1, name: "short" }, long = { trips: 50_000, name: "long" };
    const { program } = record([short, long, short]);
    program.upload({ k: Int32Array.of(3) });
    program.run();
    const { rows, runs } = await profiled(gpu, () => {
      program.run();
      program.run(2);
    });
    assertEquals(runs, 2);
    const found = rows.map(({ ms: _, ...row }) => row).sort((a, b) => a.dispatches - b.dispatches);
    assertEquals(found, [
      {
        kernel: "spin",
        variant: "trips 50000 long",
        dispatches: 3,
        bytes: 3 * 36,
        operations: 3 * 16 * 50_000 * 3,
      },
      { kernel: "spin", variant: "trips 1 short", dispatches: 6, bytes: 6 * 36, operations: 6 * 16 * 3 },
    ]);
    assert(rows.every(({ ms }) => ms >= 0 && Number.isFinite(ms)));
    assert(rows[0]!.ms >= rows[1]!.ms, "the longest time first");
    program.destroy();
  });
  await t.step("takes more dispatches than a query set holds, and leaves the results alone", async () => {
    const { program, x } = record(new Array<Shape>(5000).fill({ trips: 1, name: "" }));
    program.upload({ k: Int32Array.of(1) });
    const read = async () => [...new Float32Array(await gpu.read(x.buffer!, 0, 32))];
    program.run();
    const before = await read();
    assertEquals(before, new Array(8).fill(2)); // x = x/2 + 1 tends to 2
    const { rows } = await profiled(gpu, () => program.run());
    assertEquals(rows.map(({ dispatches }) => dispatches), [5000]);
    assert(rows[0]!.ms >= 0);
    assertEquals(await read(), before);
    program.destroy();
  });
  await t.step("is off afterwards, also after an error, and keeps no bytes", async () => {
    const live = gpu.liveBytes;
    await assertRejects(
      () =>
        profiled(gpu, () => {
          throw new Error("stop");
        }),
      Error,
      "stop",
    );
    assertEquals(gpu.profiler, undefined);
    assertEquals(gpu.liveBytes, live);
    assertEquals(await profiled(gpu, () => {}), { rows: [], runs: 0 });
  });
  gpu.destroy();
});

/**
 * A device on which time passes as told.
 *
 * @param ticks How long each pass takes, in order; the clock stands still between them.
 */
function fakeDevice(ticks: readonly number[]): GPUDevice {
  const left = [...ticks];
  let now = 1000n;
  const createBuffer = ({ size }: GPUBufferDescriptor) => ({
    mapAsync: () => Promise.resolve(),
    getMappedRange: () => {
      const times = Array.from({ length: size / 16 }, () => [now, now += BigInt(left.shift()!)]);
      return BigUint64Array.from(times.flat()).buffer;
    },
    destroy() {},
  });
  const createCommandEncoder = () => ({
    beginComputePass: () => ({ end() {} }),
    resolveQuerySet() {},
    copyBufferToBuffer() {},
    finish() {},
  });
  return {
    features: new Set(["timestamp-query"]),
    createQuerySet: () => ({ destroy() {} }),
    createBuffer,
    createCommandEncoder,
    queue: { submit() {} },
  } as unknown as GPUDevice;
}

/** Runs `body` with the host's clock at these times, in ms. */
async function atTimes(times: readonly number[], body: () => Promise<void>) {
  const left = [...times];
  performance.now = () => left.shift()!;
  try {
    await body();
  } finally {
    Reflect.deleteProperty(performance, "now"); // the prototype's is there again
  }
}

Deno.test("times are added up by kernel and variant, the longest first", async () => {
  const device = fakeDevice([1e6, 5e6, 3e6, 5e5]);
  const profiler = new Profiler(device), encoder = device.createCommandEncoder();
  const dispatch = (kernel: string, variant: string) => ({
    kernel,
    variant,
    bytes: 8,
    operations: undefined,
  });
  profiler.time(dispatch("a", "x"));
  profiler.time(dispatch("b", "x"));
  profiler.time(dispatch("a", "x"));
  profiler.end(encoder);
  profiler.time(dispatch("a", "y"));
  profiler.end(encoder);
  const { rows, runs } = await profiler.read();
  assertEquals(runs, 2);
  assertEquals(rows.map(({ kernel, variant, dispatches, ms }) => [kernel, variant, dispatches, ms]), [
    ["b", "x", 1, 5],
    ["a", "x", 2, 4],
    ["a", "y", 1, 0.5],
  ]);
});

Deno.test("times agree with the host's clock, however long a tick is", async () => {
  const host = [5, 205]; // 200 ms
  // Ticks in these 200 ms, then those of a dispatch; and how long it took.
  for (const [between, ticks, ms] of [[200e6, 7e6, 7], [20e6, 7e6, 70], [240e6, 7e6, 7]] as const) {
    const device = fakeDevice([0, between, ticks]);
    const profiler = new Profiler(device);
    await atTimes(host, () => profiler.calibrate());
    profiler.time({ kernel: "a", variant: "", bytes: 8, operations: 1 });
    profiler.end(device.createCommandEncoder());
    assertEquals((await profiler.read()).rows[0]!.ms, ms);
  }
  const still = new Profiler(fakeDevice([0, 0]));
  await assertRejects(
    () => atTimes(host, () => still.calibrate()),
    InputError,
    "do not move (1000, then 1000)",
  );
});

Deno.test("an adapter without timestamps is named", () => {
  const device = { features: new Set() } as unknown as GPUDevice;
  assertThrows(() => new Profiler(device), InputError, "timestamp-query");
});

Deno.test("a shape's variant is its whole numbers, words and what is true in it", () => {
  const kernel = { ...spin, name: "other" } as unknown as Kernel<unknown>;
  const shape = { layout: "NT", m: 4, eps: 0.5, add: false, bias: true, activation: undefined };
  assertEquals(variant(kernel, shape), "NT m 4 bias");
  assertEquals(variant(kernel, 7), "7");
  assertEquals(variant({ ...kernel, label: () => "mine" }, shape), "mine");
});

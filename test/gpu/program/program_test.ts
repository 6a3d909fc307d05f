import { assert, assertEquals, assertThrows } from "@std/assert";
import { createGpu } from "../../../src/gpu/gpu.ts";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { Recording, type Slot } from "../../../src/gpu/program/program.ts";

/** y = x + 1 in the first `count` elements. */
const next: Kernel<number> = {
  name: "next",
  wgsl: `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
struct Params { count: u32 }
@group(0) @binding(2) var<uniform> p: Params;
@compute @workgroup_size(1) fn next(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { y[id.x] = x[id.x] + 1.0; }
}`,
  constants: () => ({}),
  bindings: () => ["x", "y"],
  params: (count) => [count],
  groups: (count) => [count, 1, 1],
};

const all = (slot: Slot) => ({ slot, offset: 0, bytes: slot.bytes });

Deno.test("program", async (t) => {
  const gpu = await createGpu();
  const read = async (
    slot: Slot,
    count: number,
  ) => [...new Float32Array(await gpu.read(slot.buffer!, slot.offset, 4 * count))];

  /** x + `links`, link by link, over `count` elements. */
  function chain(links: number, count: number) {
    const recording = new Recording(gpu);
    const x = recording.input("x", 4 * count);
    let slot = x;
    for (let i = 0; i < links; i++) {
      const to = recording.slot(4 * count, `link ${i}`);
      recording.dispatch(next, count, [all(slot), all(to)]);
      slot = to;
    }
    recording.output(slot);
    return { program: recording.compile(), last: slot };
  }

  await t.step("runs again and again, with new inputs", async () => {
    const { program, last } = chain(5, 3);
    assertEquals(program.length, 5);
    program.upload({ x: Float32Array.of(1, 2, 3) });
    program.run();
    assertEquals(await read(last, 3), [6, 7, 8]);
    program.upload({ x: Float32Array.of(10) });
    program.run(2);
    assertEquals(await read(last, 3), [15, 7, 8]);
    program.destroy();
  });
  await t.step("memory is shared by what follows one another", () => {
    const { program } = chain(20, 64);
    assertEquals(program.arenaBytes, 512); // two links of 256 bytes at a time, the last has a buffer of its own
    assertEquals(program.largestNeed, 512);
    program.destroy();
  });
  await t.step("a program goes on after another has made the arena grow", async () => {
    const small = chain(4, 3);
    small.program.upload({ x: Float32Array.of(1, 1, 1) });
    small.program.run();
    const before = gpu.arena(16).size;
    const large = chain(4, 5000);
    large.program.upload({ x: new Float32Array(5000) });
    large.program.run();
    assert(gpu.arena(16).size > before);
    small.program.upload({ x: Float32Array.of(2, 2, 2) });
    small.program.run();
    assertEquals(await read(small.last, 3), [6, 6, 6]);
    assertEquals((await read(large.last, 5000)).every((value) => value === 4), true);
    small.program.destroy();
    large.program.destroy();
  });
  await t.step("poison shows what is not written", async () => {
    const recording = new Recording(gpu);
    const x = recording.input("x", 16), y = recording.slot(16, "y");
    recording.dispatch(next, 3, [all(x), all(y)]); // the fourth element is left out
    recording.output(y);
    const program = recording.compile();
    program.upload({ x: Float32Array.of(1, 2, 3, 4) });
    program.poison();
    program.run();
    assertEquals(await read(y, 4), [2, 3, 4, NaN]);
    program.destroy();
  });
  await t.step("poison shows what is read before it is written", async () => {
    const recording = new Recording(gpu);
    const between = recording.slot(16, "between"), y = recording.slot(16, "y");
    recording.dispatch(next, 4, [all(between), all(y)]);
    recording.output(y);
    const program = recording.compile();
    program.poison();
    program.run();
    assertEquals(await read(y, 4), [NaN, NaN, NaN, NaN]);
    program.destroy();
  });
  await t.step("no bytes stay behind", () => {
    const shared = gpu.sharedBytes;
    assertEquals(gpu.liveBytes - shared, 0);
  });
  await t.step("mistakes are named", () => {
    const recording = new Recording(gpu);
    const x = recording.input("x", 16), y = recording.slot(16, "y");
    assertThrows(() => recording.input("x", 4), Error, 'program input "x" is declared twice');
    assertThrows(
      () => recording.dispatch(next, 4, [all(x)]),
      Error,
      "kernel next: expected 2 tensors (x,y), found 1",
    );
    assertThrows(
      () => recording.dispatch(next, 4, [all(x), all(x)]),
      Error,
      'kernel next: x and y share memory ("x")',
    );
    recording.dispatch(next, 4, [all(x), all(y)]);
    const program = recording.compile();
    assertThrows(
      () => program.upload({ z: Float32Array.of(1) }),
      Error,
      'program has no input "z"; it has x',
    );
    assertThrows(
      () => program.upload({ x: new Float32Array(5) }),
      Error,
      'input "x": expected at most 16 bytes, found 20',
    );
    program.destroy();
    const nothing = new Recording(gpu).compile();
    nothing.upload({});
    nothing.run();
    nothing.destroy();
  });
  gpu.destroy();
});

/**
 * The roofline (Williams, Waterman and Patterson 2009): what an adapter can do at most, measured on itself, and how near
 * a kernel comes to it.
 *
 * @module
 */
import type { Gpu } from "../gpu.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Profiler, type ProfileRow } from "./profile.ts";
import { Recording } from "../program/program.ts";
import { copyKernel, GROUP, PEAK_GROUPS, peakKernel } from "./roofline_kernels.ts";

/** What an adapter can do at most. */
export interface Roofline {
  /** Floating-point operations a second, f32, a fused multiply-add being two. */
  flops: number;
  /** Bytes a second, read and written together: the faster of a kernel's copy and the queue's own. */
  bandwidth: number;
  /** Bytes a second of a kernel's copy alone: on a CPU driver a kernel's loads cost more than the memory does. */
  kernelBandwidth: number;
}

/** How fast a kernel ran. */
export interface Rates {
  /** 10⁹ floating-point operations a second; null where the kernel does not say how many it makes. */
  gflops: number | null;
  /** 10⁹ bytes a second, each byte bound counted once. */
  gbs: number | null;
  /**
   * Part of the roofline: the time that the adapter would need at least, by operations or by bytes, over the time taken.
   * Above 1 where what is read lies in caches.
   */
  fraction: number | null;
}

/** Chains and their repetitions a trip: adapters differ in how many registers suit them. */
const PEAK_SHAPES = [[1, 16], [2, 16], [3, 8], [4, 8], [8, 8]] as const;
/** Time that one dispatch takes at least, in ms. */
const PEAK_MS = 10;
/** Most trips: 65,535 is where a known driver cuts loops. */
const MOST_TRIPS = 32_768;
/** Size of each of the two buffers of a copy, well beyond caches. */
const COPY_BYTES = 128 << 20;
/** Time that the queue's copies take at least, in ms: a wait may be 10 late. */
const COPY_MS = 200;
/** Dispatches of which the fastest counts. */
const TRIES = 3;

/**
 * Measures an adapter's peak of f32 arithmetic and its memory bandwidth; takes some seconds on a CPU driver.
 *
 * @param gpu The device, idle.
 * @returns What it can do.
 * @throws {InputError} If the adapter has no timestamps.
 */
export async function measureRoofline(gpu: Gpu): Promise<Roofline> {
  const profiler = new Profiler(gpu.device);
  try {
    await profiler.calibrate();
    const bytes = copyBytes(gpu);
    const copy = (each: number) => fastest(gpu, profiler, copyKernel, { bytes, each }, [bytes, bytes]);
    const copies = [await copy(4), await copy(8)];
    const kernelBandwidth = 1000 * Math.max(...copies.map(({ bytes, ms }) => bytes / ms));
    const bandwidth = Math.max(kernelBandwidth, await copyByQueue(gpu));
    return { flops: await peak(gpu, profiler), bandwidth, kernelBandwidth };
  } finally {
    profiler.destroy();
  }
}

async function peak(gpu: Gpu, profiler: Profiler): Promise<number> {
  let best = 0;
  for (const [chains, unroll] of PEAK_SHAPES) {
    for (let trips = 64; trips <= MOST_TRIPS; trips *= 4) {
      const shape = { chains, unroll, trips };
      const { ms, operations } = await fastest(gpu, profiler, peakKernel, shape, [PEAK_GROUPS * GROUP * 4]);
      best = Math.max(best, 1000 * operations! / ms);
      if (ms >= PEAK_MS) break;
    }
  }
  return best;
}

async function copyByQueue(gpu: Gpu): Promise<number> {
  const bytes = copyBytes(gpu);
  const from = gpu.buffer(bytes, "roofline from"), to = gpu.buffer(bytes, "roofline to");
  try {
    for (let copies = 1;; copies *= 2) {
      const encoder = gpu.device.createCommandEncoder();
      for (let i = 0; i < copies; i++) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
      const start = performance.now();
      gpu.device.queue.submit([encoder.finish()]);
      await gpu.device.queue.onSubmittedWorkDone();
      const ms = performance.now() - start;
      if (ms >= COPY_MS) return 1000 * 2 * copies * bytes / ms;
    }
  } finally {
    gpu.release(from);
    gpu.release(to);
  }
}

/** The buffers' size, of which both kernels' workgroups make a whole number. */
function copyBytes({ largestBinding }: Gpu): number {
  const step = 16 * 8 * GROUP;
  return Math.floor(Math.min(COPY_BYTES, largestBinding) / step) * step;
}

/** The fastest of some dispatches over buffers of their own, after one that compiles. */
async function fastest<S>(
  gpu: Gpu,
  profiler: Profiler,
  kernel: Kernel<S>,
  shape: S,
  sizes: readonly number[],
): Promise<ProfileRow> {
  const recording = new Recording(gpu);
  const slots = sizes.map((bytes, i) => recording.slot(bytes, `roofline ${i}`));
  for (const slot of slots) recording.output(slot);
  recording.dispatch(kernel, shape, slots.map((slot) => ({ slot, offset: 0, bytes: slot.bytes })));
  const program = recording.compile();
  try {
    program.run();
    const rows: ProfileRow[] = [];
    while (rows.length < TRIES) {
      gpu.profiler = profiler;
      program.run();
      gpu.profiler = undefined;
      rows.push((await profiler.read()).rows[0]!);
    }
    return rows.reduce((best, row) => row.ms < best.ms ? row : best);
  } finally {
    gpu.profiler = undefined;
    program.destroy();
  }
}

/**
 * How fast a kernel ran, and how near to the roofline: achieved / min(peak, intensity · bandwidth).
 *
 * @param row Its time, bytes and operations; where operations are not known, bytes alone count.
 * @param roofline The adapter's.
 * @returns Rates; null where no time was measured.
 *
 * @example A copy at half of the bandwidth
 * ```ts
 * import { rates } from "./roofline.ts";
 * const roofline = { flops: 1e12, bandwidth: 1e11, kernelBandwidth: 1e11 };
 * const { gbs, fraction } = rates({ ms: 1, bytes: 5e7, operations: null }, roofline);
 * if (gbs !== 50 || fraction !== 0.5) throw new Error(`${gbs} ${fraction}`);
 * ```
 */
export function rates(
  { ms, bytes, operations }: Pick<ProfileRow, "ms" | "bytes" | "operations">,
  { flops, bandwidth }: Roofline,
): Rates {
  if (!(ms > 0)) return { gflops: null, gbs: null, fraction: null };
  const least = 1000 * Math.max(bytes / bandwidth, (operations ?? 0) / flops);
  return {
    gflops: operations === null ? null : operations / ms / 1e6,
    gbs: bytes / ms / 1e6,
    fraction: least / ms,
  };
}

/** The two kernels that the roofline is measured with. @module */
import { f32, type Kernel } from "../kernel/kernel.ts";
import copyWgsl from "../../../kernels/roofline_copy.wgsl" with { type: "text" };
import peakWgsl from "../../../kernels/roofline_peak.wgsl" with { type: "text" };

/** Invocations a workgroup of both kernels. */
export const GROUP = 64;
/** Workgroups of the peak kernel: enough for the largest device. */
export const PEAK_GROUPS = 4096;

interface PeakShape {
  chains: number;
  unroll: number;
  trips: number;
}

/** Arithmetic alone. */
export const peakKernel: Kernel<PeakShape> = {
  name: "roofline_peak",
  wgsl: peakWgsl,
  constants: ({ chains, unroll }) => ({ CHAINS: chains, UNROLL: unroll }),
  bindings: () => ["y"],
  params: ({ trips }) => [trips, f32(0.999), f32(0.5)],
  workgroup: () => GROUP,
  groups: () => [PEAK_GROUPS, 1, 1],
  operations: ({ chains, unroll, trips }) => 8 * chains * unroll * trips * PEAK_GROUPS * GROUP,
};

interface CopyShape {
  bytes: number;
  each: number;
}

/** Memory alone. */
export const copyKernel: Kernel<CopyShape> = {
  name: "roofline_copy",
  wgsl: copyWgsl,
  constants: ({ each }) => ({ EACH: each }),
  bindings: () => ["x", "y"],
  params: ({ bytes, each }) => [bytes / 16 / each],
  workgroup: () => GROUP,
  groups: ({ bytes, each }, workgroup) => [bytes / 16 / each / workgroup, 1, 1],
};

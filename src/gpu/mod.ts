/**
 * The device: kernels are recorded once as a {@linkcode Program} over planned memory, and replayed; what a replay
 * takes is profiled kernel by kernel.
 *
 * @module
 */

export { type AdapterFacts, createGpu, Gpu, type GpuOptions, type Pipeline } from "./gpu.ts";
export type { Groups, Kernel } from "./kernel.ts";
export type { Constants } from "./template.ts";
export type { TexelFormat, TextureNeed } from "./textures.ts";
export { type KernelProfile, kernelProfile, type KernelRow } from "./kernel_profile.ts";
export {
  type Profile,
  type Profiled,
  profiled,
  Profiler,
  type ProfileRow,
  type TimedDispatch,
} from "./profile.ts";
export { type HostArray, Program, Recording } from "./program.ts";
export { measureRoofline, type Rates, type Roofline } from "./roofline.ts";
export type { Slice, Slot } from "./slice.ts";

/**
 * The device: kernels are recorded once as a {@linkcode Program} over planned memory, and replayed; what a replay
 * takes is profiled kernel by kernel.
 *
 * @module
 */

export { type AdapterFacts, createGpu, Gpu, type GpuOptions, type Pipeline } from "./gpu.ts";
export type { Groups, Kernel } from "./kernel/kernel.ts";
export type { Constants } from "./kernel/template.ts";
export type { TexelFormat, TextureNeed } from "./program/textures.ts";
export { type KernelProfile, kernelProfile, type KernelRow } from "./profile/kernel_profile.ts";
export {
  type Profile,
  type Profiled,
  profiled,
  Profiler,
  type ProfileRow,
  type TimedDispatch,
} from "./profile/profile.ts";
export { type HostArray, Program, type ProgramNeed, Recording } from "./program/program.ts";
export { measureRoofline, type Rates, type Roofline } from "./profile/roofline.ts";
export type { Slice, Slot } from "./program/slice.ts";

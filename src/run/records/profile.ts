/**
 * profile.json: where the time of a training step goes.
 *
 * @module
 */

import type { AdapterFacts } from "../../gpu/gpu.ts";
import type { KernelProfile } from "../../gpu/profile/kernel_profile.ts";
import type { Roofline } from "../../gpu/profile/roofline.ts";

/** profile.json: where the time of a training step goes; the kernels are the mean of some steps. */
export interface StepProfile extends KernelProfile {
  /** Version of this file's form. */
  format: 1;
  /** The part whose steps were timed. */
  part: string;
  /** The first of them, from 1. */
  from: number;
  /** How many. */
  steps: number;
  /** What computed. */
  adapter: AdapterFacts;
  /** What the adapter can do at most. */
  roofline: Roofline;
  /** Bytes of the arena, in which all intermediate tensors lie. */
  arenaBytes: number;
  /** Bytes of the textures that operands are copied into. */
  textureBytes: number;
  /** Bytes of all buffers and textures on the device. */
  liveBytes: number;
}

/** How a program's dispatches become commands: in few passes, or each timed in a pass of its own. @module */
import type { Dispatch, HostValues } from "./dispatch.ts";
import type { Profiler } from "../profile/profile.ts";
import { encodeCopy, type TextureUse } from "./textures.ts";

/** A program with its memory, as it is encoded. */
export interface Encodable {
  /** In order. */
  readonly dispatches: readonly Dispatch[];
  /** What each of them binds. */
  readonly groups: readonly GPUBindGroup[];
  /** What each of them has of textures. */
  readonly uses: readonly TextureUse[];
  /** The textures. */
  readonly textures: readonly GPUTexture[];
  /** Where slots without a buffer of their own lie. */
  readonly arena: GPUBuffer;
}

/** Encodes runs: one pass, and more where operands are copied into textures. */
export function encodeRuns(encoder: GPUCommandEncoder, program: Encodable, times: number) {
  const { dispatches, groups, uses } = program;
  let pass: GPUComputePassEncoder | undefined;
  for (let time = 0; time < times; time++) {
    let bound: GPUComputePipeline | undefined;
    dispatches.forEach(({ compiled: { pipeline }, groups: [x, y, z] }, i) => {
      if (uses[i]!.copies.length > 0) {
        pass?.end();
        pass = bound = undefined;
        encodeCopies(encoder, program, i);
      }
      pass ??= encoder.beginComputePass();
      if (pipeline !== bound) pass.setPipeline(bound = pipeline);
      pass.setBindGroup(0, groups[i]!);
      pass.dispatchWorkgroups(x, y, z);
    });
  }
  pass?.end();
}

/** As {@linkcode encodeRuns}, but a pass for each dispatch, timed at both ends; copies are not timed. */
export function encodeTimedRuns(
  encoder: GPUCommandEncoder,
  program: Encodable,
  times: number,
  profiler: Profiler,
  values: HostValues,
) {
  for (let time = 0; time < times; time++) {
    program.dispatches.forEach(({ compiled: { pipeline }, groups: [x, y, z], facts }, i) => {
      encodeCopies(encoder, program, i);
      const pass = encoder.beginComputePass(profiler.time(facts(values)));
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, program.groups[i]!);
      pass.dispatchWorkgroups(x, y, z);
      pass.end();
    });
  }
  profiler.end(encoder);
}

/** Copies what dispatch `i` reads through textures, as far as it is not there yet. */
function encodeCopies(encoder: GPUCommandEncoder, { uses, arena, textures }: Encodable, i: number) {
  for (const { slice: { slot, offset, bytes }, texture } of uses[i]!.copies) {
    encodeCopy(encoder, slot.buffer ?? arena, slot.offset + offset, bytes, textures[texture]!);
  }
}

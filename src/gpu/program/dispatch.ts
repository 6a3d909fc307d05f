/** One dispatch as it is written down: checked, its kernel compiled, ready to be encoded. @module */
import { RunError } from "../../errors.ts";
import type { Gpu, Pipeline } from "../gpu.ts";
import { type Groups, type Kernel, variant } from "../kernel/kernel.ts";
import type { TimedDispatch } from "../profile/profile.ts";
import { overlap, type Slice } from "./slice.ts";

/** A dispatch of a program. */
export interface Dispatch {
  /** The kernel's name. */
  readonly name: string;
  /** The kernel, compiled. */
  readonly compiled: Pipeline;
  /** What it binds, in order. */
  readonly slices: readonly Slice[];
  /** Indices of the slices that are read through textures. */
  readonly textured: readonly number[];
  /** Words of its parameters. */
  readonly params: readonly number[];
  /** Workgroups. */
  readonly groups: Groups;
  /** What the profiler wants to know. */
  facts(values: HostValues): TimedDispatch;
}

/** What the host last uploaded to a slice, if it is of an input. */
export type HostValues = (slice: Slice) => Int32Array | undefined;

/**
 * Checks what a kernel is to bind, and compiles it.
 *
 * @param slices In the order of the kernel's bindings.
 * @throws {RunError} If a slice is over the adapter's largest binding.
 * @throws {Error} If there are too few or too many slices, if two share memory, or if one is f16 that may not be.
 */
export function makeDispatch<S>(gpu: Gpu, kernel: Kernel<S>, shape: S, slices: readonly Slice[]): Dispatch {
  const names = kernel.bindings(shape);
  if (names.length !== slices.length) {
    throw new Error(
      `kernel ${kernel.name}: expected ${names.length} tensors (${names}), found ${slices.length}`,
    );
  }
  const textured = (kernel.textures?.(shape) ?? []).map((name) => names.indexOf(name));
  slices.forEach((slice, i) => {
    if (textured.includes(i)) return; // what is bound is a copy
    if (slice.bytes > gpu.largestBinding) {
      throw new RunError(
        `kernel ${kernel.name}: ${names[i]} ("${slice.slot.label}") takes ${slice.bytes} bytes, over this ` +
          `adapter's largest binding of ${gpu.largestBinding}; use a smaller model or batch, or another adapter`,
      );
    }
    const j = slices.findIndex((other, at) => at > i && !textured.includes(at) && overlap(slice, other));
    if (j < 0) return;
    throw new Error(
      `kernel ${kernel.name}: ${names[i]} and ${names[j]} share memory ("${slice.slot.label}"), ` +
        `but one dispatch may not bind the same memory twice: copy one of them`,
    );
  });
  const f16 = names.filter((_, i) => slices[i]!.f16);
  const wrong = f16.find((name) => !kernel.f16?.includes(name));
  if (wrong !== undefined) {
    const { slot } = slices[names.indexOf(wrong)]!;
    throw new Error(
      `kernel ${kernel.name}: ${wrong} ("${slot.label}") is f16, but the kernel takes it as f32 only`,
    );
  }
  return {
    name: kernel.name,
    compiled: gpu.pipeline(kernel, shape, f16),
    slices,
    textured,
    params: kernel.params(shape),
    groups: kernel.groups(shape, kernel.workgroup?.(shape) ?? gpu.workgroup),
    facts: (values) => ({
      kernel: kernel.name,
      variant: [variant(kernel, shape), ...f16.length > 0 ? [`f16 ${f16}`] : []].join(" "),
      bytes: slices.reduce((sum, { bytes }) => sum + bytes, 0),
      operations: kernel.operations?.(shape, (binding) => {
        const slice = slices[names.indexOf(binding)];
        return slice && values(slice);
      }),
    }),
  };
}

/**
 * What a kernel is: a WGSL file and four typed parts that bind it to shapes.
 *
 * @module
 */
import { type Constants, expand } from "./template.ts";

/** Workgroups in x, y and z. */
export type Groups = readonly [number, number, number];

/**
 * A compute kernel for shapes `S`.
 *
 * Storage buffers are bindings 0, 1, … of group 0 in the order of `bindings`, all `read_write` (intermediate
 * tensors share one arena buffer, and WebGPU forbids one buffer both ways in one dispatch); the parameters
 * are a uniform at the next binding.
 */
export interface Kernel<S> {
  /** Name for messages and the profiler, and the entry point in the WGSL file. */
  readonly name: string;
  /** The WGSL template, as imported. */
  readonly wgsl: string;
  /** Constants that specialise the source; pipelines are cached by name and constants. */
  constants(shape: S): Constants;
  /** Names of the storage bindings for this shape, in order. */
  bindings(shape: S): readonly string[];
  /** Uniform words: integers as they are, floats through {@linkcode f32}. */
  params(shape: S): readonly number[];
  /** Workgroups to dispatch. */
  groups(shape: S): Groups;
}

/** The bits of a float as an unsigned integer, for {@linkcode Kernel.params}. */
export function f32(x: number): number {
  return new Uint32Array(new Float32Array([x]).buffer)[0]!;
}

/** Key under which a kernel's pipeline for a shape is cached. */
export function cacheKey<S>(kernel: Kernel<S>, shape: S): string {
  return `${kernel.name} ${JSON.stringify(kernel.constants(shape))}`;
}

/** The WGSL source of a kernel for a shape. */
export function source<S>(kernel: Kernel<S>, shape: S): string {
  return expand(kernel.wgsl, kernel.constants(shape));
}

/** Largest number of workgroups in one dimension that every WebGPU device takes. */
const MAX_GROUPS = 65_535;

/**
 * Workgroups for `threads` invocations in a line, folded into y where x would be too long. In WGSL the index
 * is `id.x + id.y * groups.x * size` with `groups` the builtin `num_workgroups`.
 *
 * @param threads Invocations wanted.
 * @param size Invocations a workgroup.
 * @returns Workgroups in x, y, z.
 */
export function line(threads: number, size: number): Groups {
  const groups = Math.max(1, Math.ceil(threads / size));
  if (groups <= MAX_GROUPS) return [groups, 1, 1];
  const y = Math.ceil(groups / MAX_GROUPS);
  return [Math.ceil(groups / y), y, 1];
}

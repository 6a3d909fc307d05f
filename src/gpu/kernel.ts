/**
 * What a kernel is: a WGSL file and four typed parts that bind it to shapes.
 *
 * @module
 */
import { hasParams, storeParams } from "./stored_params.ts";
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
  /**
   * Names of the bindings that may hold 16-bit floats; all others hold elements of four bytes. For each of them
   * {@linkcode source} puts two aliases in front of the WGSL, `NAME_t` for an element and `NAME_t4` for four, with
   * which the file declares the binding and converts what it stores. What it loads it converts to f32.
   */
  readonly f16?: readonly string[];
  /**
   * Names of the bindings that are read through textures for this shape: four elements a texel, laid out as in
   * textures.ts. {@linkcode source} puts an alias `NAME_texture` in front of the WGSL, with which the file declares them.
   */
  textures?(shape: S): readonly string[];
  /** Uniform words: integers as they are, floats through {@linkcode f32}. */
  params(shape: S): readonly number[];
  /**
   * Workgroups to dispatch.
   *
   * @param workgroup Invocations a workgroup, as the WGSL knows them by its constant `WORKGROUP`: what suits the
   * adapter where a kernel gives an item to an invocation and cares for no particular number.
   */
  groups(shape: S, workgroup: number): Groups;
  /** The shape in a few words, for the profiler; by default its members. */
  label?(shape: S): string;
  /**
   * Floating-point operations of one dispatch, for the profiler: a multiplication with its addition counts as two.
   * Left out where memory is what counts.
   *
   * @param values What the host last uploaded for a binding; undefined where it was not the host that filled it.
   * @returns Operations, or undefined where they cannot be told.
   */
  operations?(shape: S, values: (binding: string) => Int32Array | undefined): number | undefined;
}

/** The shape in a few words: {@linkcode Kernel.label}, or its whole numbers, words and what is true in it. */
export function variant<S>(kernel: Kernel<S>, shape: S): string {
  if (kernel.label) return kernel.label(shape);
  if (typeof shape !== "object" || shape === null) return String(shape);
  return Object.entries(shape).flatMap(([name, value]) => {
    if (Number.isInteger(value)) return [`${name} ${value}`];
    return typeof value === "string" ? [value] : value === true ? [name] : [];
  }).join(" ");
}

/**
 * Invocations a workgroup where an item an invocation is all that matters: on a CPU driver one vector of its lanes, on
 * GPUs two subgroups, or one of the widest.
 */
export const WORKGROUP = { software: 8, gpu: 64 } as const;

/** The bits of a float as an unsigned integer, for {@linkcode Kernel.params}. */
export function f32(x: number): number {
  return new Uint32Array(new Float32Array([x]).buffer)[0]!;
}

/** Key under which a kernel's pipeline is cached, for a shape and the bindings that hold 16-bit floats. */
export function cacheKey<S>(kernel: Kernel<S>, shape: S, f16: readonly string[] = []): string {
  const textures = kernel.textures?.(shape) ?? [];
  return [kernel.name, JSON.stringify(kernel.constants(shape)), ...f16, "|", ...textures].join(" ");
}

/**
 * The WGSL source of a kernel for a shape.
 *
 * @param f16 Names of the bindings that hold 16-bit floats.
 * @param workgroup The constant `WORKGROUP`; see {@linkcode Kernel.groups}.
 * @param stored Whether the parameters come from a storage buffer; see stored_params.ts.
 */
export function source<S>(
  kernel: Kernel<S>,
  shape: S,
  f16: readonly string[] = [],
  workgroup: number = WORKGROUP.gpu,
  stored = false,
): string {
  const lines = f16.length > 0 ? ["enable f16;"] : [];
  for (const name of kernel.f16 ?? []) {
    const half = f16.includes(name);
    lines.push(
      `alias ${name}_t = ${half ? "f16" : "f32"}; alias ${name}_t4 = ${half ? "vec4<f16>" : "vec4f"};`,
    );
  }
  for (const name of kernel.textures?.(shape) ?? []) {
    const format = f16.includes(name) ? "rgba16float" : "rgba32float";
    lines.push(`alias ${name}_texture = texture_storage_2d<${format}, read>;`);
  }
  const wgsl = expand(kernel.wgsl, { WORKGROUP: workgroup, ...kernel.constants(shape) });
  return [...lines, stored && hasParams(wgsl) ? storeParams(wgsl, kernel.name) : wgsl].join("\n");
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

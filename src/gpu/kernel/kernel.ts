/**
 * What a kernel is: a WGSL file and the typed parts that bind it to shapes.
 *
 * @module
 */
import { BLOCKS } from "./blocks.ts";
import { hasParams, PARAMS_LOAD, storeParams } from "./stored_params.ts";
import { type Constants, expandLines } from "./template.ts";
import { bindTexture, loadFunction } from "../program/textures.ts";

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
  /** Name for messages and the profiler, the entry point in the WGSL file, and the file's: kernels/NAME.wgsl. */
  readonly name: string;
  /** The WGSL template, as imported. */
  readonly wgsl: string;
  /** Constants that specialise the source. */
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
   * textures.ts. The file declares them as buffers of vec4s and reads them by `load_NAME(i)`, which
   * {@linkcode source} puts in front of the WGSL and which gives the i-th vec4 as f32, of a buffer or of a texture.
   */
  textures?(shape: S): readonly string[];
  /** Uniform words: integers as they are, floats through {@linkcode f32}. */
  params(shape: S): readonly number[];
  /**
   * Invocations a workgroup, which the WGSL knows as `WORKGROUP`. Left out or undefined where an item an invocation is
   * all that matters: then as many as suit the adapter, {@linkcode WORKGROUP}.
   */
  workgroup?(shape: S): number | undefined;
  /**
   * Workgroups to dispatch.
   *
   * @param workgroup Invocations a workgroup.
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
export const WORKGROUP = { cpu: 8, gpu: 64 } as const;

/** The bits of a float as an unsigned integer, for {@linkcode Kernel.params}. */
export function f32(x: number): number {
  return new Uint32Array(new Float32Array([x]).buffer)[0]!;
}

/** Key under which a kernel's pipeline is cached: all that {@linkcode source} depends on; parameters as there. */
export function cacheKey<S>(
  kernel: Kernel<S>,
  shape: S,
  f16: readonly string[] = [],
  workgroup: number = WORKGROUP.gpu,
  stored = false,
): string {
  const words = (names: readonly string[] = []) => `[${names}]`;
  return [
    kernel.name,
    JSON.stringify(kernel.constants(shape)),
    words(kernel.bindings(shape)),
    words(f16),
    words(kernel.textures?.(shape)),
    kernel.workgroup?.(shape) ?? workgroup,
    stored ? "stored" : "uniform",
  ].join(" ");
}

/** The WGSL of a kernel for a shape, and where each of its lines was written. */
export interface KernelSource {
  /** What the device is given. */
  readonly code: string;
  /** Of each line of `code`. */
  readonly places: readonly { readonly file: string; readonly line: number }[];
}

/**
 * The WGSL source of a kernel for a shape, with the places of its lines.
 *
 * @param f16 Names of the bindings that hold 16-bit floats.
 * @param workgroup Invocations a workgroup, where the kernel does not say; see {@linkcode Kernel.workgroup}.
 * @param stored Whether the parameters come from a storage buffer; see stored_params.ts.
 * @throws {Error} If the template has a mistake: with file, line and shape.
 */
export function kernelSource<S>(
  kernel: Kernel<S>,
  shape: S,
  f16: readonly string[] = [],
  workgroup: number = WORKGROUP.gpu,
  stored = false,
): KernelSource {
  const { lines, places } = expanded(kernel, shape, workgroup);
  let wgsl = lines.join("\n");
  const textures = kernel.textures?.(shape) ?? [];
  for (const name of textures) wgsl = bindTexture(wgsl, name);
  if (stored && hasParams(wgsl)) {
    wgsl = storeParams(wgsl, kernel.name);
    const opening = wgsl.slice(0, wgsl.indexOf(PARAMS_LOAD)).split("\n").length;
    places.splice(opening, 0, places[opening - 1]!);
  }
  const front = f16.length > 0 ? ["enable f16;"] : [];
  for (const name of kernel.f16 ?? []) {
    const half = f16.includes(name);
    front.push(
      `alias ${name}_t = ${half ? "f16" : "f32"}; alias ${name}_t4 = ${half ? "vec4<f16>" : "vec4f"};`,
    );
  }
  for (const name of textures) {
    const format = f16.includes(name) ? "rgba16float" : "rgba32float";
    front.push(`alias ${name}_texture = texture_storage_2d<${format}, read>;`);
  }
  for (const name of kernel.bindings(shape)) {
    if (wgsl.includes(`load_${name}(`)) front.push(loadFunction(name, textures.includes(name)));
  }
  const generated = front.map((_, i) => ({
    file: `${kernel.name} (what stands in front of it)`,
    line: i + 1,
  }));
  return { code: [...front, wgsl].join("\n"), places: [...generated, ...places] };
}

/** {@linkcode kernelSource} without the places. */
export function source<S>(
  kernel: Kernel<S>,
  shape: S,
  f16: readonly string[] = [],
  workgroup: number = WORKGROUP.gpu,
  stored = false,
): string {
  return kernelSource(kernel, shape, f16, workgroup, stored).code;
}

function expanded<S>(kernel: Kernel<S>, shape: S, workgroup: number) {
  const constants = { WORKGROUP: kernel.workgroup?.(shape) ?? workgroup, ...kernel.constants(shape) };
  const block = (name: string) => {
    const text = BLOCKS[name];
    return text === undefined ? undefined : { text, file: `kernels/blocks/${name}.wgsl` };
  };
  try {
    return expandLines(kernel.wgsl, constants, { file: `kernels/${kernel.name}.wgsl`, block });
  } catch (error) {
    throw new Error(
      `kernel ${kernel.name} (${variant(kernel, shape)}): ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Largest number of workgroups in one dimension that every WebGPU device takes. */
const MAX_GROUPS = 65_535;

/**
 * Spreads invocations over workgroups: in a line, folded into y where x would be too long. In WGSL
 * kernels/blocks/spread.wgsl gives the index of an invocation, or of a workgroup.
 *
 * @param invocations How many are wanted.
 * @param workgroup Invocations a workgroup; 1 where it is workgroups that are counted.
 * @returns Workgroups in x, y, z.
 */
export function spread(invocations: number, workgroup: number): Groups {
  const groups = Math.max(1, Math.ceil(invocations / workgroup));
  if (groups <= MAX_GROUPS) return [groups, 1, 1];
  const y = Math.ceil(groups / MAX_GROUPS);
  return [Math.ceil(groups / y), y, 1];
}

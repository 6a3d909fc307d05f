/**
 * Norms with a workgroup on several rows at a time: the bindings of kernels/norm_rows_forward.wgsl and
 * kernels/norm_rows_backward.wgsl.
 *
 * @module
 */
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Form } from "../forms.ts";
import backward from "../../../kernels/norm_rows_backward.wgsl" with { type: "text" };
import forward from "../../../kernels/norm_rows_forward.wgsl" with { type: "text" };

/** How the rows of a norm are dealt to workgroups. */
export interface RowsDeal {
  /** Invocations a workgroup, which share a row. */
  lanes: number;
  /** vec4s of a row that an invocation holds. */
  held: number;
  /** Rows that are worked on at one time. */
  tile: number;
  /** How often a workgroup takes so many rows. */
  blocks: number;
  /** Workgroups. */
  groups: number;
}

/** What one dispatch of {@linkcode normRowsForward} does. */
export interface RowsNorm extends RowsDeal {
  /** Rows of x. */
  rows: number;
  /** Size of a row. */
  width: number;
  eps: number;
  /** LayerNorm; else RMSNorm. */
  centred: boolean;
}

/** What one dispatch of {@linkcode normRowsBackward} does. */
export interface RowsNormBackward extends RowsNorm {
  /** Which gradients, and whether to add to that of x. */
  gradients: { dx: boolean; add: boolean; weight: boolean; bias: boolean };
}

/**
 * Invocations that keep a GPU busy; what more rows there are, workgroups take one after the other, and so leave fewer
 * rows of sums for the gradients of weight and bias.
 */
const GPU_INVOCATIONS = 65_536;
/** Invocations that may share a row on a GPU: whole subgroups. */
const GPU_LANES = [32, 64, 128, 256];
/** vec4s of a row that an invocation on a GPU should hold. */
const GPU_HELD = 4;
/** … and of all rows at one time; the backward pass holds two of each, beside three of every column. */
const GPU_HELD_ROWS = 8;

/** Lanes above which their sums are added up in two steps. */
const DIRECT = 32;

/**
 * How rows of a width are dealt.
 *
 * @param form With `registers` one vector of 8 lanes a workgroup makes its barrier cheap, and a loop around it would be
 * dear: forward of 4096×512 takes 4.1 ms without, 5.3 ms with 16 blocks a workgroup.
 * @returns undefined where 4 does not divide the width or too much would have to be held (a shader compiler's time
 * grows faster than what a row's invocations hold): such norms take the form `any`.
 */
export function dealRows(rows: number, width: number, form: Form): RowsDeal | undefined {
  const registers = form === "registers";
  const lanes = registers ? 8 : GPU_LANES.find((count) => count * GPU_HELD >= width / 4) ?? GPU_LANES.at(-1)!;
  const held = Math.ceil(width / 4 / lanes);
  if (width % 4 !== 0 || held > 16) return undefined;
  const tile = registers ? 4 : [4, 2].find((count) => count * held <= GPU_HELD_ROWS) ?? 1;
  const blocks = registers ? 1 : Math.ceil(rows / tile / (GPU_INVOCATIONS / lanes));
  return { lanes, held, tile, blocks, groups: Math.ceil(rows / tile / blocks) };
}

const common: Pick<Kernel<RowsNorm>, "f16" | "params" | "workgroup" | "groups"> = {
  f16: ["x", "y"],
  params: ({ rows, width, blocks, eps }) => [rows, width / 4, blocks, f32(eps)],
  workgroup: ({ lanes }) => lanes,
  groups: ({ groups }) => spread(groups, 1),
};

function constants({ lanes, held, tile, blocks, width, centred }: RowsNorm) {
  return {
    LANES: lanes,
    TREE: Number(lanes > DIRECT),
    PARTS: lanes > DIRECT ? lanes / 16 : lanes,
    HELD: held,
    TILE: tile,
    LOOP: Number(blocks > 1),
    RAGGED: Number(width / 4 % lanes !== 0),
    CENTRED: Number(centred),
  };
}

function label({ rows, width, centred }: RowsNorm): string {
  return `${centred ? "LayerNorm" : "RMSNorm"} ${rows}×${width}`;
}

/** y, and the statistics of every row. */
export const normRowsForward: Kernel<RowsNorm> = {
  ...common,
  name: "norm_rows_forward",
  wgsl: forward,
  constants: (shape) => ({ ...constants(shape), PARAMS: normRowsForward.bindings(shape).length }),
  bindings: ({ centred }) => ["x", "weight", "stats", "y", ...(centred ? ["bias"] : [])],
  label: (shape) => `${label(shape)} forward`,
};

/** All gradients: that of x, and parts of those of weight and bias. */
export const normRowsBackward: Kernel<RowsNormBackward> = {
  ...common,
  name: "norm_rows_backward",
  wgsl: backward,
  constants(shape) {
    const names = normRowsBackward.bindings(shape);
    const at = (name: string) => Math.max(0, names.indexOf(name));
    return {
      ...constants(shape),
      DX: at("dx"),
      ADD: Number(shape.gradients.add),
      WEIGHT_PARTS: at("weight_parts"),
      BIAS_PARTS: at("bias_parts"),
      PARAMS: names.length,
    };
  },
  bindings: ({ gradients: { dx, weight, bias } }) => [
    ...["x", "weight", "stats", "dy"],
    ...(dx ? ["dx"] : []),
    ...(weight ? ["weight_parts"] : []),
    ...(bias ? ["bias_parts"] : []),
  ],
  label: (shape) => `${label(shape)} backward`,
};

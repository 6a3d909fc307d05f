/** Norms with a workgroup on several rows at a time: the binding of kernels/norm_rows.wgsl. @module */
import { f32, type Kernel, line } from "../gpu/kernel.ts";
import wgsl from "../../kernels/norm_rows.wgsl" with { type: "text" };

/** How the rows of a norm are dealt to workgroups. */
export interface RowsForm {
  /** Invocations a workgroup, which share a row. */
  lanes: number;
  /** vec4s of a row that an invocation holds. */
  held: number;
  /** Rows that are worked on at one time. */
  rows: number;
  /** How often a workgroup takes so many rows. */
  blocks: number;
  /** Workgroups. */
  groups: number;
}

/** What one dispatch of {@linkcode normRows} does. */
export interface RowsShape extends RowsForm {
  /** Rows of x. */
  all: number;
  /** Size of a row. */
  width: number;
  eps: number;
  /** LayerNorm; else RMSNorm. */
  centred: boolean;
  /** Forward, or which gradients. */
  pass: "forward" | { dx: boolean; add: boolean; weight: boolean; bias: boolean };
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
 * The form for a width.
 *
 * @param software Whether the adapter is a CPU driver. There one vector of 8 lanes a workgroup makes its barrier cheap,
 * and a loop around it is dear: forward of 4096×512 takes 4.1 ms without, 5.3 ms with 16 blocks a workgroup.
 * @returns undefined where 4 does not divide the width or too much would have to be held (a shader compiler's time
 * grows faster than what a row's invocations hold).
 */
export function rowsForm(all: number, width: number, software: boolean): RowsForm | undefined {
  const lanes = software ? 8 : GPU_LANES.find((count) => count * GPU_HELD >= width / 4) ?? GPU_LANES.at(-1)!;
  const held = Math.ceil(width / 4 / lanes);
  if (width % 4 !== 0 || held > 16) return undefined;
  const rows = software ? 4 : [4, 2].find((count) => count * held <= GPU_HELD_ROWS) ?? 1;
  const blocks = software ? 1 : Math.ceil(all / rows / (GPU_INVOCATIONS / lanes));
  return { lanes, held, rows, blocks, groups: Math.ceil(all / rows / blocks) };
}

/** Forward or backward of a norm; see the WGSL file for what it computes. */
export const normRows: Kernel<RowsShape> = {
  name: "norm_rows",
  wgsl,
  f16: ["x", "y"],
  constants(shape) {
    const { lanes, held, rows, blocks, width, centred, pass } = shape;
    const names = this.bindings(shape);
    const at = (name: string) => Math.max(0, names.indexOf(name));
    return {
      LANES: lanes,
      TREE: Number(lanes > DIRECT),
      PARTS: lanes > DIRECT ? lanes / 16 : lanes,
      HELD: held,
      ROWS: rows,
      LOOP: Number(blocks > 1),
      RAGGED: Number(width / 4 % lanes !== 0),
      CENTRED: Number(centred),
      BACKWARD: Number(pass !== "forward"),
      DX: at("dx"),
      ADD: Number(pass !== "forward" && pass.add),
      WEIGHT_PARTS: at("weight_parts"),
      BIAS_PARTS: at("bias_parts"),
      PARAMS: names.length,
    };
  },
  bindings({ centred, pass }) {
    if (pass === "forward") return ["x", "weight", "stats", "y", ...(centred ? ["bias"] : [])];
    return [
      ...["x", "weight", "stats", "dy"],
      ...(pass.dx ? ["dx"] : []),
      ...(pass.weight ? ["weight_parts"] : []),
      ...(pass.bias ? ["bias_parts"] : []),
    ];
  },
  params: ({ all, width, blocks, eps }) => [all, width / 4, blocks, f32(eps)],
  groups: ({ groups }) => line(groups, 1),
  label: ({ all, width, centred, pass }) =>
    `${centred ? "LayerNorm" : "RMSNorm"} ${all}×${width} ${pass === "forward" ? "forward" : "backward"}`,
};

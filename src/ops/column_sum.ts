/** Sums over rows in two deterministic passes: gradients of biases and of norms' weights. @module */
import { matrix } from "./gemm/gemm.ts";
import { formOf } from "./forms.ts";
import { type Kernel, spread } from "../gpu/kernel/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import partsWgsl from "../../kernels/column_parts.wgsl" with { type: "text" };
import partsAnyWgsl from "../../kernels/column_parts_any.wgsl" with { type: "text" };
import sumWgsl from "../../kernels/column_sum.wgsl" with { type: "text" };
import weightWgsl from "../../kernels/norm_weight_parts.wgsl" with { type: "text" };

/** Columns of four values, or of one where four do not divide the width. */
function columns(width: number): number {
  return width % 4 === 0 ? width / 4 : width;
}

/** Sums of rows, added up: the second pass, or the only one. */
export const columnSum: Kernel<{ rows: number; width: number; add: boolean }> = {
  name: "column_sum",
  wgsl: sumWgsl,
  constants: ({ width }) => ({ VECTOR: Number(width % 4 === 0) }),
  bindings: () => ["x", "y"],
  params: ({ rows, width, add }) => [rows, columns(width), Number(add)],
  groups: ({ width }, workgroup) => spread(columns(width), workgroup),
};

/** Rows, and how many of them make a chunk. */
export interface Chunks {
  rows: number;
  width: number;
  chunk: number;
}

/** Sums of chunks of rows of any width. */
export const columnPartsAny: Kernel<Chunks> = {
  name: "column_parts_any",
  wgsl: partsAnyWgsl,
  constants: () => ({}),
  bindings: () => ["x", "partial"],
  params: ({ rows, width, chunk }) => [rows, width, chunk],
  groups: ({ rows, width, chunk }, workgroup) => spread(Math.ceil(rows / chunk) * width, workgroup),
};

/** Sums of chunks of rows of dy·x̂. */
export const normWeightParts: Kernel<Chunks> = {
  name: "norm_weight_parts",
  wgsl: weightWgsl,
  f16: ["x", "y"],
  constants: ({ width }) => ({ VECTOR: Number(width % 4 === 0) }),
  bindings: () => ["dy", "partial", "x", "stats"],
  params: ({ rows, width, chunk }) => [rows, columns(width), chunk],
  groups: ({ rows, width, chunk }, workgroup) => spread(Math.ceil(rows / chunk) * columns(width), workgroup),
};

interface LaneChunks extends Chunks {
  lanes: number;
}

/** vec4 columns that a lane of {@linkcode columnParts} holds. */
function held({ width, lanes }: LaneChunks): number {
  return Math.min(16, Math.ceil(width / 4 / lanes));
}

function across(shape: LaneChunks): number {
  return Math.ceil(shape.width / 4 / (shape.lanes * held(shape)));
}

/** Sums of chunks of rows whose width 4 divides. */
export const columnParts: Kernel<LaneChunks> = {
  name: "column_parts",
  wgsl: partsWgsl,
  constants: (shape) => ({ LANES: shape.lanes, HELD: held(shape), STEP: held(shape) <= 4 ? 4 : 1 }),
  bindings: () => ["x", "partial"],
  params: (shape) => [shape.rows, shape.width / 4, shape.chunk, across(shape)],
  workgroup: ({ lanes }) => lanes,
  groups: (shape) => spread(Math.ceil(shape.rows / shape.chunk) * across(shape), 1),
};

/** Most values that one pass adds up on a CPU driver, where a second dispatch costs more. */
const DIRECT = 65_536;
/** Most rows then. */
const DIRECT_ROWS = 4096;

/**
 * y (+)= Σ_rows x, or Σ_rows x·x̂ where `norm` gives the input and statistics of a norm.
 *
 * @param x [..., width]
 * @param y Where to, [width], and whether to add.
 * @param norm `input` [..., width] and `stats` [rows, 2] (mean, rstd) of x̂ = (input − mean)·rstd.
 */
export function accumulateColumns(
  tape: Tape,
  x: Tensor,
  y: { tensor: Tensor; add: boolean },
  norm?: { input: Tensor; stats: Tensor },
) {
  const [rows, width] = matrix(x);
  const final = (of: Tensor, rows: number) =>
    tape.dispatch(columnSum, { rows, width, add: y.add }, [of, y.tensor]);
  const registers = formOf("columnSum", tape.gpu) === "registers";
  const direct = rows <= 64 || (registers && x.size <= DIRECT && rows <= DIRECT_ROWS);
  if (!norm && direct) return final(x, rows);
  const chunk = Math.max(32, Math.ceil(rows / 1024));
  const chunks = Math.ceil(rows / chunk);
  const partial = tape.empty([chunks, width], "column sums of chunks");
  const shape = { rows, width, chunk };
  if (norm) tape.dispatch(normWeightParts, shape, [x, partial, norm.input, norm.stats]);
  else if (width % 4 !== 0) tape.dispatch(columnPartsAny, shape, [x, partial]);
  else tape.dispatch(columnParts, { ...shape, lanes: registers ? 8 : 32 }, [x, partial]);
  final(partial, chunks);
}

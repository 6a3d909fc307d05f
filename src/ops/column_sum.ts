/** Sums over rows in two deterministic passes: gradients of biases and of norms' weights. @module */
import { matrix } from "./gemm/gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import parts from "../../kernels/column_parts.wgsl" with { type: "text" };
import wgsl from "../../kernels/column_sum.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  width: number;
  chunk: number;
  pass: "partial" | "norm" | "final";
  add: boolean;
}

const columnSum: Kernel<Shape> = {
  name: "column_sum",
  wgsl,
  f16: ["input"],
  constants: ({ pass, width }) => ({
    PARTIAL: Number(pass !== "final"),
    NORM: Number(pass === "norm"),
    VECTOR: Number(width % 4 === 0),
  }),
  bindings: ({ pass }) =>
    pass === "final"
      ? ["partial", "y"]
      : pass === "norm"
      ? ["x", "partial", "input", "stats"]
      : ["x", "partial"],
  params: ({ rows, width, chunk, add }) => [rows, columns(width), chunk, Number(add)],
  groups: ({ rows, width, chunk, pass }, workgroup) =>
    line(pass === "final" ? columns(width) : Math.ceil(rows / chunk) * columns(width), workgroup),
};

interface PartsShape {
  rows: number;
  width: number;
  chunk: number;
  lanes: number;
}

/** vec4 columns that a lane of {@linkcode columnParts} holds. */
function held({ width, lanes }: PartsShape): number {
  return Math.min(16, Math.ceil(width / 4 / lanes));
}

function across(shape: PartsShape): number {
  return Math.ceil(shape.width / 4 / (shape.lanes * held(shape)));
}

const columnParts: Kernel<PartsShape> = {
  name: "column_parts",
  wgsl: parts,
  constants: (shape) => ({ LANES: shape.lanes, HELD: held(shape), STEP: held(shape) <= 4 ? 4 : 1 }),
  bindings: () => ["x", "partial"],
  params: (shape) => [shape.rows, shape.width / 4, shape.chunk, across(shape)],
  groups: (shape) => line(Math.ceil(shape.rows / shape.chunk) * across(shape), 1),
};

/** Most values that one pass adds up on a CPU driver, where a second dispatch costs more. */
const DIRECT = 65_536;

/** Columns of four values, or of one where four do not divide the width. */
function columns(width: number): number {
  return width % 4 === 0 ? width / 4 : width;
}

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
  const final = (parts: Tensor, rows: number) =>
    tape.dispatch(columnSum, { rows, width, chunk: rows, pass: "final", add: y.add }, [parts, y.tensor]);
  const software = tape.gpu.facts.isFallbackAdapter;
  if (!norm && (rows <= 64 || (software && x.size <= DIRECT && rows <= 4096))) return final(x, rows);
  const chunk = Math.max(32, Math.ceil(rows / 1024));
  const chunks = Math.ceil(rows / chunk);
  const partial = tape.empty([chunks, width], "column sums of chunks");
  const shape = { rows, width, chunk, add: false };
  if (norm) {
    tape.dispatch(columnSum, { ...shape, pass: "norm" }, [x, partial, norm.input, norm.stats]);
  } else if (width % 4 === 0) {
    tape.dispatch(columnParts, { rows, width, chunk, lanes: software ? 8 : 32 }, [x, partial]);
  } else {
    tape.dispatch(columnSum, { ...shape, pass: "partial" }, [x, partial]);
  }
  final(partial, chunks);
}

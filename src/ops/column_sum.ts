/** Sums over rows in two deterministic passes: gradients of biases and of norms' weights. @module */
import { matrix } from "./gemm/gemm.ts";
import { type Kernel, line } from "../gpu/kernel.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
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
  groups: ({ rows, width, chunk, pass }) =>
    line(pass === "final" ? columns(width) : Math.ceil(rows / chunk) * columns(width), 8),
};

/** Most rows that one pass adds up: a second dispatch costs more on a CPU driver, a GPU wants many invocations. */
const DIRECT = { software: 1024, gpu: 64 };

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
  if (!norm && rows <= (tape.gpu.facts.isFallbackAdapter ? DIRECT.software : DIRECT.gpu)) {
    return final(x, rows);
  }
  const chunk = Math.max(32, Math.ceil(rows / 1024));
  const chunks = Math.ceil(rows / chunk);
  const partial = tape.empty([chunks, width], "column sums of chunks");
  const shape = { rows, width, chunk, add: false };
  if (norm) {
    tape.dispatch(columnSum, { ...shape, pass: "norm" }, [x, partial, norm.input, norm.stats]);
  } else {
    tape.dispatch(columnSum, { ...shape, pass: "partial" }, [x, partial]);
  }
  final(partial, chunks);
}

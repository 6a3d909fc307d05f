/** Rotary position embedding. @module */
import { f32, type Kernel, spread } from "../../gpu/kernel/kernel.ts";
import type { Tape } from "../../autograd/tape.ts";
import { expectShape, type Tensor } from "../../autograd/tensor.ts";
import wgsl from "../../../kernels/rope.wgsl" with { type: "text" };

interface Shape {
  rows: number;
  heads: number;
  rotated: number;
  half: number;
  sign: 1 | -1;
}

/** Forward and, with sign −1, backward. */
export const ropeKernel: Kernel<Shape> = {
  name: "rope",
  wgsl,
  constants: ({ half }) => ({ VECTOR: Number(half % 4 === 0) }),
  bindings: () => ["x", "y", "positions", "table"],
  f16: ["x", "y"],
  params: ({ rows, heads, rotated, half, sign }) => [rows, heads, rotated, half / lanes(half), f32(sign)],
  workgroup: () => 64,
  groups: ({ rows, heads, half }, workgroup) => spread(rows * heads * half / lanes(half), workgroup),
};

/** Pairs an invocation handles. */
function lanes(half: number): 1 | 4 {
  return half % 4 === 0 ? 4 : 1;
}

/**
 * Rotary position embedding (Su et al. 2021) in Llama's half-split form, on the first `rotated` heads of a row.
 *
 * @param x [rows, heads·headSize]: queries, keys and values side by side.
 * @param positions [rows] int32, each below the table's length.
 * @param table [positions, 2, headSize/2] from {@linkcode ropeTable}.
 * @param heads Heads in a row, of any kind.
 * @param rotated How many of them turn (queries and keys come first).
 * @returns [rows, heads·headSize]
 * @throws {Error} If shapes do not fit.
 */
export function rope(
  tape: Tape,
  x: Tensor,
  positions: Tensor,
  table: Tensor,
  heads: number,
  rotated: number,
): Tensor {
  const [rows = 0, width = 0] = x.shape;
  const half = width / heads / 2;
  if (!Number.isInteger(half)) {
    throw new Error(`rope: ${heads} heads of even size do not fill rows of ${width}`);
  }
  if (rotated > heads) throw new Error(`rope: ${rotated} of ${heads} heads cannot turn`);
  expectShape("rope", "positions", positions.shape, [rows]);
  expectShape("rope", "table", table.shape, [-1, 2, half]);
  const y = tape.result(x.shape, "rope");
  const turn = (from: Tensor, to: Tensor, sign: 1 | -1) =>
    tape.dispatch(ropeKernel, { rows, heads, rotated, half, sign }, [from, to, positions, table]);
  turn(x, y, 1);
  if (tape.needsGrad(x)) tape.differentiable(y, (dy) => tape.assign(x, (dx) => turn(dy, dx, -1)));
  return y;
}

/** Kinds of {@linkcode RopeScaling}. */
export const ROPE_TYPES = ["default", "linear", "llama3"] as const;

/** How frequencies are scaled, so that a model reads longer sequences than it was first trained on. */
export type RopeScaling =
  | { type: "default" }
  /** Every frequency is divided by the factor (Chen et al. 2023). */
  | { type: "linear"; factor: number }
  /**
   * Llama 3.1's: frequencies whose waves are longer than `original / low` positions are divided by the factor, those
   * shorter than `original / high` stay, those between are mixed.
   */
  | { type: "llama3"; factor: number; low: number; high: number; original: number };

/** A frequency, scaled; its wave is 2π/frequency positions long. */
function scaled(frequency: number, scaling: RopeScaling): number {
  if (scaling.type === "default") return frequency;
  const { factor } = scaling;
  if (scaling.type === "linear") return frequency / factor;
  const { low, high, original } = scaling;
  const share = (original * frequency / (2 * Math.PI) - low) / (high - low); // of the frequency as it is
  const kept = Math.min(1, Math.max(0, share));
  return (1 - kept) * frequency / factor + kept * frequency;
}

/**
 * Cosines and sines of every position and frequency.
 *
 * @param positions How many positions.
 * @param headSize Even size of a head.
 * @param theta Base of the frequencies theta^(−2i/headSize).
 * @param scaling How these are scaled.
 * @returns Cosines, then sines: [positions, 2, headSize/2], row-major.
 */
export function ropeTable(
  positions: number,
  headSize: number,
  theta: number,
  scaling: RopeScaling = { type: "default" },
): Float32Array {
  const half = headSize / 2;
  const frequencies = Array.from({ length: half }, (_, i) => scaled(theta ** (-2 * i / headSize), scaling));
  const table = new Float32Array(positions * half * 2);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      table[2 * position * half + i] = Math.cos(angle);
      table[(2 * position + 1) * half + i] = Math.sin(angle);
    }
  }
  return table;
}

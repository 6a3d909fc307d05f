/** What a matrix product is, for every kernel family. @module */
import { f32 } from "../../gpu/kernel/kernel.ts";
import type { Constants } from "../../gpu/kernel/template.ts";

/** NT: A·Bᵀ (forward), NN: A·B (input gradient), TN: Aᵀ·B (weight gradient). */
export type Layout = "NT" | "NN" | "TN";

/** Activations that a product can end with. */
export const ACTIVATIONS = ["gelu", "gelu_tanh", "quick_gelu", "silu"] as const;

/** An activation: "gelu" is exact, "gelu_tanh" GELU by tanh (Hugging Face's gelu_pytorch_tanh). */
export type Activation = typeof ACTIVATIONS[number];

/** How a matrix lies in what is bound: elements from a row to the next, and before its first. */
export interface Pitch {
  row: number;
  first: number;
}

/** How the matrices of a piece of a product lie. */
export type Pitches = Readonly<Record<"a" | "b" | "y", Pitch>>;

/** Sizes and ending of a product. */
export interface Product {
  /** Which operand is transposed. */
  layout: Layout;
  /** Rows of Y. */
  m: number;
  /** Columns of Y. */
  n: number;
  /** Inner size. */
  k: number;
  /** Whether a bias is added. */
  bias: boolean;
  /** Whether the value before the activation is kept. */
  save: boolean;
  /** Whether a residual is added. */
  residual: boolean;
  /** Applied after the bias. */
  activation: Activation | undefined;
  /** Whether the result is added to what Y holds. */
  add: boolean;
  /** A factor on the product, before all else; left out for 1. */
  scale?: number | undefined;
  /** Where it is a piece of a larger product whose matrices are bound with all their columns. */
  pitches?: Pitches | undefined;
}

/** Values of K that are added up before they go into a second sum, where K is long. */
const BLOCK = 256;
/** Longest K that is added up in one go, so that the short products of small models need no second set of sums. */
const SHORT = 2048;

/**
 * Steps that make a block of a long inner size; 0 where it is added up in one go.
 *
 * @param k Values that one invocation adds up.
 * @param step Values of a step.
 */
export function blockSteps(k: number, step: number): number {
  return k > SHORT ? BLOCK / step : 0;
}

/** Constants that choose a function of kernels/blocks/activation_chosen.wgsl. */
export function activationConstants(activation: Activation | undefined): Constants {
  return {
    GELU: Number(activation === "gelu"),
    GELU_TANH: Number(activation === "gelu_tanh"),
    QUICK_GELU: Number(activation === "quick_gelu"),
    SILU: Number(activation === "silu"),
  };
}

/** Bindings of kernels/blocks/gemm_ending.wgsl that may hold 16-bit floats. */
export const ENDING_F16 = ["y", "saved", "residual"] as const;

/** Names of the bindings of kernels/blocks/gemm_ending.wgsl, in order. */
export function endingBindings({ bias, save, residual }: Product): string[] {
  const names = ["y"];
  if (bias) names.push("bias");
  if (save) names.push("saved");
  if (residual) names.push("residual");
  return names;
}

/**
 * Constants of kernels/blocks/gemm_ending.wgsl.
 *
 * @param first Binding of y; those of the ending's other tensors and the uniform follow.
 */
export function endingConstants(product: Product, first: number): Constants {
  const names = endingBindings(product);
  const at = (name: string) => Math.max(0, names.indexOf(name)) && first + names.indexOf(name);
  const { activation } = product;
  return {
    Y: first,
    BIAS: at("bias"),
    SAVE: at("saved"),
    RESIDUAL: at("residual"),
    PARAMS: first + names.length,
    PITCHED: Number(product.pitches !== undefined),
    SCALED: Number(product.scale !== undefined),
    ACTIVATION: Number(activation !== undefined),
    ...activationConstants(activation),
  };
}

/** Words of kernels/blocks/gemm_params.wgsl. */
export function productParams({ m, n, k, add, pitches, scale }: Product): number[] {
  const lies = pitches ? [pitches.a, pitches.b, pitches.y] : [];
  return [
    m,
    n,
    k,
    Number(add),
    ...lies.flatMap(({ row, first }) => [row, first]),
    ...scale === undefined ? [] : [f32(scale)],
  ];
}

/** Whether a matrix that is bound with all its columns can be read and written four columns at a time. */
export function vectorPitch({ pitches }: Product, ...matrices: readonly (keyof Pitches)[]): boolean {
  return !pitches || matrices.every((of) => pitches[of].row % 4 === 0 && pitches[of].first % 4 === 0);
}

/** The product in a few words. */
export function label(product: Product): string {
  const { layout, m, n, k, bias, save, residual, activation, add, pitches, scale } = product;
  const words = [layout, `M${m} N${n} K${k}`, activation ?? "", scale !== undefined && "scaled"];
  return [...words, bias && "bias", save && "save", residual && "residual", add && "add", pitches && "piece"]
    .filter(Boolean).join(" ");
}

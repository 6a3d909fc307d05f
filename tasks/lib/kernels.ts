/**
 * Every kernel with shapes that show its forms: what `deno task kernel` prints.
 *
 * @module
 */
import { elementwise } from "../../src/autograd/elementwise.ts";
import { InputError } from "../../src/errors.ts";
import type { AdapterKind } from "../../src/gpu/kernel/adapter_kind.ts";
import { type Groups, type Kernel, kernelSource, variant, WORKGROUP } from "../../src/gpu/kernel/kernel.ts";
import { copyKernel, peakKernel } from "../../src/gpu/profile/roofline_kernels.ts";
import { hasParams } from "../../src/gpu/kernel/stored_params.ts";
import { activationForward, activationGradient } from "../../src/ops/activation.ts";
import { attentionProbabilitiesKernel } from "../../src/ops/attention/attention_probabilities.ts";
import type { AttentionPass, Pass } from "../../src/ops/attention/attention_pass.ts";
import { ATTENTION_REGISTERS, dealPass } from "../../src/ops/attention/attention_registers.ts";
import { ATTENTION_TILED } from "../../src/ops/attention/attention_tiled.ts";
import { advanceKernel, bestTokensKernel } from "../../src/ops/advance.ts";
import { cacheKernel } from "../../src/ops/attention/cache.ts";
import {
  cachedAttentionJoin,
  cachedAttentionKernel,
  dealCachedAttention,
} from "../../src/ops/attention/cached_attention.ts";
import { columnParts, columnPartsAny, columnSum, normWeightParts } from "../../src/ops/column_sum.ts";
import { crossEntropyKernel, taskSums } from "../../src/ops/cross_entropy.ts";
import { embeddingFeatures, embeddingForward, embeddingTable } from "../../src/ops/embedding/embedding.ts";
import { formOf } from "../../src/ops/forms.ts";
import { gatherKernel } from "../../src/ops/embedding/gather_rows.ts";
import { dropoutKernel } from "../../src/ops/dropout.ts";
import { type Activation, ACTIVATIONS, type Product } from "../../src/ops/gemm/product.ts";
import { dealGemv, gemv } from "../../src/ops/gemm/gemv.ts";
import { gemmAny, gemmRegisters } from "../../src/ops/gemm/registers.ts";
import { gemmSum, gemmTiled, type Side } from "../../src/ops/gemm/tiled.ts";
import { normBackward, normForward } from "../../src/ops/norm/norm_any.ts";
import { dealRows, normRowsBackward, normRowsForward } from "../../src/ops/norm/norm_rows.ts";
import {
  cutPatches,
  joinPatches,
  visionEmbeddingForward,
  visionEmbeddingPatches,
  visionEmbeddingTables,
} from "../../src/ops/embedding/patch_embedding.ts";
import { ropeKernel } from "../../src/ops/embedding/rope.ts";
import { resizeColumnsKernel } from "../../src/ops/resize_columns.ts";
import { reduce } from "../../src/ops/sum.ts";
import { swigluBackward, swigluForward } from "../../src/ops/swiglu.ts";
import { adamwNorm, adamwUpdate } from "../../src/optim/adamw.ts";

/** What can be said of a shape on a command line. */
export type Given = Readonly<Record<string, number | string | boolean>>;

/** How a kernel is asked for. */
export interface Wanted {
  /** For which kind of adapter. */
  adapter: AdapterKind;
  /** Bindings that hold 16-bit floats. */
  f16?: readonly string[];
  /** What differs from the example. */
  given?: Given;
}

/** What a device is given of a kernel. */
export interface Shown {
  /** The WGSL. */
  code: string;
  /** The shape in words. */
  shape: string;
  /** Invocations a workgroup. */
  workgroup: number;
  /** Workgroups. */
  groups: Groups;
  /** Names of the bindings. */
  bindings: readonly string[];
}

/** A kernel with an example. */
export interface Example {
  /** The kernel's name, and its file's in kernels/. */
  readonly name: string;
  /** What a shape says, with the example's values. */
  readonly given: Given;
  /** Bindings that may hold 16-bit floats. */
  readonly f16: readonly string[];
  /** The kinds of adapters that run it, the usual one first. */
  readonly adapters: readonly AdapterKind[];
  /** What a device is given. */
  show(wanted: Wanted): Shown;
}

function example<S, G extends Given>(
  kernel: Kernel<S>,
  given: G,
  shapeOf: (given: G, adapter: AdapterKind) => S,
): Example {
  return {
    name: kernel.name,
    given,
    f16: kernel.f16 ?? [],
    adapters: ["cpu", "gpu"],
    show({ adapter, f16 = [], given: other = {} }) {
      const shape = shapeOf({ ...given, ...check(kernel.name, given, other) }, adapter);
      const wrong = f16.find((name) => !kernel.f16?.includes(name));
      if (wrong !== undefined) {
        throw new InputError(
          `kernel ${kernel.name}: '${wrong}' is never f16; expected some of ${kernel.f16 ?? "none"}`,
        );
      }
      const workgroup = kernel.workgroup?.(shape) ?? WORKGROUP[adapter];
      const bindings = kernel.bindings(shape);
      const stored = adapter === "cpu" && hasParams(kernel.wgsl);
      const { code } = kernelSource(
        kernel,
        shape,
        f16.filter((n) => bindings.includes(n)),
        workgroup,
        stored,
      );
      const groups = kernel.groups(shape, workgroup);
      return { code, shape: variant(kernel, shape), workgroup, groups, bindings };
    },
  };
}

function check(name: string, given: Given, other: Given): Given {
  for (const [key, value] of Object.entries(other)) {
    const known = given[key];
    if (known === undefined) {
      throw new InputError(
        `kernel ${name}: its shape has no '${key}'; expected ${Object.keys(given).join(", ")}`,
      );
    }
    if (typeof known !== typeof value) {
      throw new InputError(`kernel ${name}: ${key}=${value}: expected a ${typeof known}, such as ${known}`);
    }
    if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new InputError(
        `kernel ${name}: ${key}=${value}: expected a whole number of 0 or more, such as ${known}`,
      );
    }
  }
  return other;
}

/** For kernels of the form `tiled`. */
function tiled(of: Example): Example {
  return { ...of, adapters: ["gpu"] };
}

/** For kernels whose shape is what can be said of it. */
function plain<S extends object>(kernel: Kernel<S>, given: S & Given): Example {
  return example(kernel, given, (shape) => shape);
}

const ATTENTION = { rows: 1024, heads: 4, groups: 2, headSize: 64, causal: true };
const PRODUCT = {
  layout: "NT",
  m: 512,
  n: 512,
  k: 512,
  bias: true,
  save: false,
  residual: false,
  activation: "none",
};
const NORM = { rows: 4096, width: 512, centred: true };

function product(given: typeof PRODUCT): Product {
  const { layout, activation, ...sizes } = given;
  if (layout !== "NT" && layout !== "NN" && layout !== "TN") {
    throw new InputError(`layout=${layout}: expected NT, NN or TN`);
  }
  return { ...sizes, layout, activation: activation === "none" ? undefined : known(activation), add: false };
}

function side(given: number): Side {
  if (given === 128 || given === 64 || given === 32) return given;
  throw new InputError(`side=${given}: expected 128, 64 or 32`);
}

function known(activation: string): Activation {
  const found = ACTIVATIONS.find((name) => name === activation);
  if (found !== undefined) return found;
  throw new InputError(`activation=${activation}: expected ${ACTIVATIONS.join(", ")}`);
}

function activation(given: { count: number; activation: string; add: boolean }) {
  return { ...given, activation: known(given.activation) };
}

function rowsNorm(given: typeof NORM, adapter: AdapterKind) {
  const deal = dealRows(given.rows, given.width, formOf("norm", adapter));
  if (!deal) throw new InputError(`width=${given.width}: no such form here; norm_forward takes any width`);
  return { ...given, ...deal, eps: 1e-5 };
}

const PASSES: readonly Pass[] = ["forward", "queries", "keys"];

/** The kernels, by family. */
export const KERNELS: readonly Example[] = [
  example(
    gemmRegisters,
    { ...PRODUCT, textures: true },
    ({ textures, ...of }) => ({ ...product(of), textures }),
  ),
  example(
    gemv,
    { ...PRODUCT, m: 1, n: 49_152, k: 576, bias: false, half: false },
    ({ half, ...of }, adapter) => dealGemv(product(of), half, adapter),
  ),
  example(gemmAny, { ...PRODUCT, m: 37, n: 13, k: 31 }, product),
  tiled(example(
    gemmTiled,
    { ...PRODUCT, side: 64, splits: 1 },
    (of) => ({ ...of, ...product(of), side: side(of.side) }),
  )),
  tiled(example(
    gemmSum,
    { ...PRODUCT, side: 64, splits: 4 },
    (of) => ({ ...of, ...product(of), side: side(of.side) }),
  )),
  ...PASSES.flatMap((pass) => [
    example(
      ATTENTION_REGISTERS[pass],
      { ...ATTENTION, textures: true },
      ({ textures, ...of }) => dealPass({ ...of, pass }, textures),
    ),
    tiled(example(ATTENTION_TILED[pass], ATTENTION, (of): AttentionPass => ({ ...of, pass }))),
  ]),
  plain(resizeColumnsKernel, { rows: 4096, width: 20, columns: 18, add: false }),
  plain(cacheKernel, { rows: 8, skip: 256, width: 256 }),
  example(
    cachedAttentionKernel,
    { rows: 1, heads: 9, groups: 3, headSize: 64, length: 1024 },
    dealCachedAttention,
  ),
  example(
    cachedAttentionJoin,
    { rows: 1, heads: 9, groups: 3, headSize: 64, length: 1024 },
    dealCachedAttention,
  ),
  plain(attentionProbabilitiesKernel, {
    ...{ rows: 1024, heads: 9, groups: 3, headSize: 64, scale: 1 / 8, causal: true, count: 16, length: 1000 },
  }),
  plain(bestTokensKernel, { rows: 8, vocab: 8192, parts: 16, penalty: 1 }),
  plain(advanceKernel, {
    ...{ rows: 8, vocab: 8192, most: 64, stops: 1, parts: 16, chosen: false, penalty: false },
  }),
  example(normRowsForward, NORM, rowsNorm),
  example(normRowsBackward, { ...NORM, dx: true, add: false, weight: true, bias: true }, (of, adapter) => {
    const { dx, add, weight, bias, ...norm } = of;
    return { ...rowsNorm(norm, adapter), gradients: { dx, add, weight, bias } };
  }),
  plain(normForward, { rows: 5, width: 17, eps: 1e-5, centred: true, add: false }),
  plain(normBackward, { rows: 5, width: 17, eps: 1e-5, centred: true, add: false }),
  plain(normWeightParts, { rows: 4096, width: 17, chunk: 32 }),
  example(columnParts, { rows: 4096, width: 512, chunk: 32 }, (of, adapter) => ({
    ...of,
    lanes: formOf("columnSum", adapter) === "registers" ? 8 : 32,
  })),
  plain(columnPartsAny, { rows: 4096, width: 17, chunk: 32 }),
  plain(columnSum, { rows: 128, width: 512, add: true }),
  plain(crossEntropyKernel, { rows: 512, vocab: 8192, first: 0, at: 3, gradient: true }),
  plain(taskSums, { rows: 512, tasks: 4, scaleAt: 3, slotAt: 4, add: false }),
  plain(embeddingForward, { count: 1280, width: 96, add: false, first: 0, end: 512 }),
  plain(embeddingFeatures, { count: 576, width: 96, add: false, first: 0, end: 512 }),
  plain(embeddingTable, { count: 1280, width: 96, add: true, first: 0, end: 512 }),
  plain(gatherKernel, { count: 640, width: 96, add: false }),
  plain(cutPatches, { count: 1 << 20, channels: 3, size: 224, patch: 14, add: false }),
  plain(joinPatches, { count: 1 << 19, channels: 3, size: 224, patch: 14, add: false }),
  plain(visionEmbeddingForward, { images: 8, n: 256, width: 64 }),
  plain(visionEmbeddingPatches, { images: 8, n: 256, width: 64 }),
  plain(visionEmbeddingTables, { images: 8, n: 256, width: 64 }),
  example(ropeKernel, { rows: 1280, heads: 8, rotated: 6, half: 32 }, (of) => ({ ...of, sign: 1 as const })),
  example(activationForward, { count: 65_536, activation: "gelu", add: false }, activation),
  example(activationGradient, { count: 65_536, activation: "gelu", add: false }, activation),
  plain(dropoutKernel, {
    ...{ count: 65_536, before: 0, site: 1 },
    share: 0.1,
    add: false,
    stepAt: 5,
    passAt: 6,
  }),
  plain(swigluForward, { rows: 1280, width: 256 }),
  plain(swigluBackward, { rows: 1280, width: 256 }),
  example(elementwise, { count: 65_536, inputs: 1, add: true, broadcast: false }, ({ inputs, ...of }) => {
    const known = ([0, 1, 2] as const).find((count) => count === inputs);
    if (known === undefined) throw new InputError(`inputs=${inputs}: expected 0, 1 or 2`);
    return { ...of, inputs: known };
  }),
  plain(reduce, { count: 65_536, square: false }),
  example(adamwUpdate, { count: 65_536 }, ({ count }, adapter) => ({
    ...{ count, beta1: 0.9, beta2: 0.999, eps: 1e-8, clip: 1 },
    vectors: formOf("adamw", adapter) === "registers" ? 4 : 1,
  })),
  plain(adamwNorm, { width: 16 }),
  plain(peakKernel, { chains: 4, unroll: 8, trips: 64 }),
  plain(copyKernel, { bytes: 1 << 20, each: 4 }),
];

/** The example of a name. */
export function kernelNamed(name: string): Example {
  const found = KERNELS.find((example) => example.name === name);
  if (found) return found;
  throw new InputError(`there is no kernel '${name}'; \`deno task kernel\` lists them`);
}

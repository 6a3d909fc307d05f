/** Which kernel computes a product: its form by adapter, its tile by shape. @module */
import { formOf } from "../forms.ts";
import { readsOnly } from "./gemv.ts";
import type { Layout } from "./product.ts";
import { invocations, type Side, workgroupBytes } from "./tiled.ts";

/** A form (see forms.ts; `gemv` is one for all adapters), and for the tiled one the tile and into how many parts the inner size is divided. */
export type Choice = { form: "registers" } | { form: "gemv" } | { form: "tiled"; side: Side; splits: number };

/** What the choice depends on; a `Gpu` has it. */
export interface Adapter {
  /** Whether it runs on the CPU. */
  readonly facts: { readonly isFallbackAdapter: boolean };
  /** Its device. */
  readonly device: {
    readonly limits: {
      readonly maxComputeInvocationsPerWorkgroup: number;
      readonly maxComputeWorkgroupStorageSize: number;
    };
  };
  /** Most bytes of one storage binding. */
  readonly largestBinding: number;
}

/**
 * The tiles of a GPU, best first: the larger the tile, the fewer loads a product takes. The first is taken that
 * the device grants (invocations, workgroup memory), that makes at least so many workgroups, parts of K included,
 * and that computes at most so many times the outputs asked for.
 *
 * The bounds follow from how GPUs are built (some dozens to hundreds of cores, each with room for several
 * workgroups); they have not been tuned by measurement.
 */
const TILES: readonly { side: Side; workgroups: number; excess: number }[] = [
  { side: 128, workgroups: 128, excess: 1.5 },
  { side: 64, workgroups: 128, excess: 1.5 },
  { side: 32, workgroups: 0, excess: Infinity },
];

/** Workgroups that dividing K aims at. */
const WANTED = 256;
/** Least part of K: shorter ones would spend their time on the partial products. */
const LEAST_PART = 256;

/**
 * Chooses.
 *
 * @param adapter The device and what is known of it.
 * @param sizes Rows, columns and inner size of a product, its layout, and whether it takes some columns of a matrix only.
 * @returns `gemv` for few rows and a large matrix; else `registers` on CPU drivers and where a device grants no tile.
 */
export function select(
  adapter: Adapter,
  sizes: { m: number; n: number; k: number; layout?: Layout; cut?: boolean },
): Choice {
  if (!sizes.cut && readsOnly(sizes)) return { form: "gemv" };
  if (formOf("gemm", adapter) === "registers") return { form: "registers" };
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize } = adapter.device.limits;
  for (const { side, workgroups, excess } of TILES) {
    if (invocations(side) > maxComputeInvocationsPerWorkgroup) continue;
    if (workgroupBytes(side) > maxComputeWorkgroupStorageSize) continue;
    const tiles = Math.ceil(sizes.m / side) * Math.ceil(sizes.n / side);
    const splits = parts(tiles, sizes, adapter.largestBinding);
    if (tiles * splits < workgroups || tiles * side * side > excess * sizes.m * sizes.n) continue;
    return { form: "tiled", side, splits };
  }
  return { form: "registers" };
}

/** Into how many parts K is divided: one, unless it is long and the output has few tiles. */
function parts(
  tiles: number,
  { m, n, k }: { m: number; n: number; k: number },
  largestBinding: number,
): number {
  if (k < 2 * Math.min(m, n)) return 1;
  const most = Math.min(Math.floor(k / LEAST_PART), Math.floor(largestBinding / (4 * m * n)));
  return Math.max(1, Math.min(Math.ceil(WANTED / tiles), most));
}

/**
 * What the bench shows.
 *
 * @module
 */

import type { MemoryRow } from "../../src/bench/memory.ts";
import type { WorkloadProfile } from "../../src/bench/profile.ts";
import type { BenchRow } from "../../src/bench/run.ts";
import type { StorageRow } from "../../src/bench/storage.ts";
import type { Roofline } from "../../src/gpu/profile/roofline.ts";
import { alignColumns } from "./table.ts";

/** Kernels of a workload that are shown. */
const MOST_KERNELS = 20;

/**
 * A number with three digits that count.
 *
 * @param x The number, or null where there is none.
 * @returns Text.
 */
export function digits(x: number | null): string {
  if (x === null) return "–";
  return x >= 100 ? Math.round(x).toLocaleString("en-US") : x.toPrecision(3);
}

function span(of: [number, number] | null): string {
  return of ? `${digits(of[0])}–${digits(of[1])}` : "";
}

/** Whole where it is: a run may differ from another in its dispatches. */
function whole(x: number): string {
  return Number.isInteger(x) ? x.toLocaleString("en-US") : digits(x);
}

/** What the last column says: nothing where all is well. */
function verdict({ correct, note, peerError, oursError, peer }: BenchRow): string {
  if (correct !== false) return note;
  const error = peer === null ? oursError : peerError;
  return error === null || Number.isNaN(error) ? `FAILED (${note})` : `${note}, by ${error.toExponential(1)}`;
}

/**
 * The rows of the bench.
 *
 * @param rows One a workload and peer.
 * @returns Lines.
 */
export function benchTable(rows: readonly BenchRow[]): string[] {
  const ours = ["ours ms", "min–max", "n", "GFLOP/s"],
    peer = ["peer", "peer ms", "min–max", "n", "ratio", ""];
  const head = ["name", "shape", ...ours, ...peer];
  const cells = rows.map((row) => [
    row.name,
    row.shape,
    digits(row.ours),
    span(row.oursRange),
    `${row.oursCount}`,
    digits(row.gflops),
    row.peer ?? "–",
    digits(row.peerMs),
    span(row.peerRange),
    row.peerCount === 0 ? "" : `${row.peerCount}`,
    row.ratio === null ? "–" : `${digits(row.ratio)}×`,
    verdict(row),
  ]);
  return alignColumns([head, ...cells]);
}

/** Bytes in the unit that fits. */
function size(bytes: number): string {
  for (const [unit, one] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const) {
    if (bytes >= one) return `${digits(bytes / one)} ${unit}`;
  }
  return `${Math.round(bytes)} B`;
}

function percent(x: number | null): string {
  return x === null ? "–" : `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)}%`;
}

/**
 * What the adapter can do at most.
 *
 * @param roofline As measured.
 * @returns A line.
 */
export function rooflineLine({ flops, bandwidth, kernelBandwidth }: Roofline): string {
  const [peak, memory, kernel] = [flops, bandwidth, kernelBandwidth].map((x) => digits(x / 1e9));
  return `roofline: ${peak} GFLOP/s, ${memory} GB/s (by a kernel: ${kernel})`;
}

/**
 * The kernels of a workload, those that take longest.
 *
 * @param profile Where its time goes.
 * @returns An empty line, a title, the rows.
 */
export function kernelTable({ name, shape, ms, dispatches, bytes, rows }: WorkloadProfile): string[] {
  const shown = rows.slice(0, MOST_KERNELS), rest = rows.slice(MOST_KERNELS);
  const cells = shown.map((row) => [
    `${row.kernel} ${row.variant}`,
    whole(row.dispatches),
    digits(row.ms),
    percent(row.ms / ms),
    digits(row.gflops),
    digits(row.gbs),
    percent(row.fraction),
    size(row.bytes),
  ]);
  const title = `${name} ${shape}: ${digits(ms)} ms on the device, ${whole(dispatches)} ${
    dispatches === 1 ? "dispatch" : "dispatches"
  }, ${size(bytes)}`;
  const head = ["kernel", "dispatches", "ms", "time", "GFLOP/s", "GB/s", "roofline", "bytes"];
  const restMs = rest.reduce((sum, row) => sum + row.ms, 0);
  const more = rest.length === 0 ? [] : [`and ${rest.length} more, ${digits(restMs)} ms together`];
  return ["", title, ...alignColumns([head, ...cells]), ...more];
}

/**
 * The memory of many steps.
 *
 * @param row What was found.
 * @returns Lines.
 */
export function memoryTable(row: MemoryRow): string[] {
  return alignColumns([
    [
      "name",
      "steps",
      "live before",
      "live after",
      "most",
      "arena",
      "textures",
      "peak",
      "largest need",
      "ratio",
      "to submit",
      "step",
    ],
    [
      "memory",
      row.steps.toLocaleString("en-US"),
      size(row.liveBefore),
      size(row.liveAfter),
      size(row.liveMost),
      size(row.arenaBytes),
      size(row.textureBytes),
      size(row.peakBytes),
      size(row.largestNeed),
      row.ratio.toFixed(3),
      `${digits(row.hostMs)} ms`,
      `${digits(row.stepMs)} ms`,
    ],
  ]);
}

/**
 * The step with activations stored in 32 and in 16 bits.
 *
 * @param rows Either way.
 * @returns Lines; ratios are to the first row.
 */
export function storageTable(rows: readonly StorageRow[]): string[] {
  const [first] = rows;
  return alignColumns([
    ["storage", "step ms", "min–max", "n", "ratio", "intermediate", "ratio", "error"],
    ...rows.map((row) => [
      row.storage,
      digits(row.ms),
      span(row.range),
      `${row.count}`,
      `${digits(row.ms / first!.ms)}×`,
      size(row.largestNeed),
      `${digits(row.largestNeed / first!.largestNeed)}×`,
      row.error.toExponential(1),
    ]),
  ]);
}

/**
 * state.bin: what a training goes on from, and what it takes to know that it is whole and its own.
 *
 * @module
 */

import { readIfThere, writeWhole } from "../run/files.ts";
import type { MetricsMark } from "../run/metrics_log.ts";
import { sha256 } from "../run/sha256.ts";

/** Version of the file's form. */
const FORMAT = 2;

/**
 * The first line of the file, as JSON; the trainer's parameters, moments and step follow.
 *
 * All else that a training needs follows from these and the run's options: the schedule and the order of the samples
 * from the step, the balancer from the lines of metrics.jsonl up to `metrics`, which it is told again. A stream of
 * random numbers that a training draws from (dropout) is to be seeded by the step, or gets a field here.
 */
export interface StateHeader {
  /** Version of the file's form. */
  format: typeof FORMAT;
  /** The run and the part it belongs to. */
  owner: string;
  /** Steps done. */
  step: number;
  /** The lines of metrics.jsonl up to this step. */
  metrics: MetricsMark;
  /** Bytes that follow this line. */
  bytes: number;
  /** Their SHA-256. */
  sha256: string;
}

/** A state that was read. */
export interface SavedState {
  /** What the file says of itself. */
  header: StateHeader;
  /** What the trainer goes on from. */
  state: Uint8Array<ArrayBuffer>;
}

/**
 * Writes a state, whole or not at all.
 *
 * @param path Where to.
 * @param state The trainer's.
 * @param about What else the file says.
 * @throws {RunError} If the disk is full, the folder vanished, and the like.
 */
export async function writeState(
  path: string,
  state: Uint8Array,
  about: Pick<StateHeader, "owner" | "step" | "metrics">,
): Promise<void> {
  const bytes = state as Uint8Array<ArrayBuffer>;
  const header: StateHeader = {
    format: FORMAT,
    ...about,
    bytes: bytes.length,
    sha256: await sha256(bytes),
  };
  await writeWhole(path, pieces(new TextEncoder().encode(JSON.stringify(header) + "\n"), bytes));
}

async function* pieces(...all: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* all;
}

/**
 * Reads a state.
 *
 * @param path The file.
 * @param owner The run and the part that it must belong to.
 * @returns The state; what is wrong with it, in words, where it is not to be believed; undefined if there is none.
 * @throws {InputError} If it is no file, or may not be read.
 */
export async function readState(path: string, owner: string): Promise<SavedState | string | undefined> {
  const file = await readIfThere(path);
  if (file === undefined) return undefined;
  const end = file.subarray(0, 4096).indexOf(10);
  const header = headerOf(file.subarray(0, Math.max(0, end)));
  if (header?.format !== FORMAT) return "is not of the form that this version writes";
  if (header.owner !== owner) return "is of another run or another part";
  const state = file.subarray(end + 1);
  if (state.length !== header.bytes) return `holds ${state.length} bytes in place of ${header.bytes}`;
  if (await sha256(state) !== header.sha256) {
    return "was damaged: it does not have the checksum that it names";
  }
  return { header, state };
}

function headerOf(line: Uint8Array): StateHeader | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(line)) as Partial<StateHeader> | null;
    const { metrics } = header ?? {};
    const known = Number.isSafeInteger(header?.step) && Number.isSafeInteger(metrics?.bytes) &&
      typeof metrics?.sha256 === "string";
    return known ? header as StateHeader : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

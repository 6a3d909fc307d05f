/** Runs workloads on our kernels and on the peers, checks them, and times those that are right. @module */
import type { Gpu } from "../gpu/gpu.ts";
import type { Roofline } from "../gpu/profile/roofline.ts";
import { worstDifference } from "./compare.ts";
import type { Contestant, Peer, Results } from "./contestant.ts";
import { openJax } from "./peers/jax/open.ts";
import { measure, type Times } from "./measure.ts";
import { prepareOurs } from "./ours/prepare.ts";
import { profileWorkload, type WorkloadProfile } from "./profile.ts";
import { referenceError, tolerance } from "./reference/error.ts";
import { openTf } from "./peers/tfjs/open.ts";
import { label, type Workload } from "./workloads/workload.ts";

/** Libraries that can be measured beside ours. */
export const PEERS = ["jax-webgpu", "jax-wasm", "tfjs"] as const;

/** One of {@linkcode PEERS}. */
export type PeerName = typeof PEERS[number];

/** One workload beside one peer; all times in ms a run. */
export interface BenchRow {
  /** The workload. */
  name: string;
  /** Its sizes. */
  shape: string;
  /** Our time, the median; null where our own result is wrong. */
  ours: number | null;
  /** Our least and greatest. */
  oursRange: [number, number] | null;
  /** Times that our median is of. */
  oursCount: number;
  /** 10⁹ floating-point operations a second that ours makes; null where memory is what counts. */
  gflops: number | null;
  /** Our error against float64, relative to the largest value. */
  oursError: number;
  /** Milliseconds from the start of our run to its submit, where they are known. */
  hostMs: number | null;
  /** The peer; null in a row without one. */
  peer: string | null;
  /** The peer's time, the median; null where it is wrong or takes no part. */
  peerMs: number | null;
  /** The peer's least and greatest. */
  peerRange: [number, number] | null;
  /** Times that the peer's median is of: a slow one sits rounds out. */
  peerCount: number;
  /** The peer's time over ours. */
  ratio: number | null;
  /** The peer's difference from ours; null where it gave no result. */
  peerError: number | null;
  /** Whether the peer's result agrees with ours (in a row without a peer: ours with float64); null where there is none. */
  correct: boolean | null;
  /** What went wrong, or why there is no time. */
  note: string;
}

/** Settings of {@linkcode runBench}. */
export interface BenchOptions {
  /** What to measure. */
  workloads: readonly Workload[];
  /** Beside whom. */
  peers: readonly PeerName[];
  /** Times that each median is of. */
  repeat: number;
  /** Stops between two times. */
  signal?: AbortSignal;
  /** Told before each workload. */
  onStart?: (name: string, done: number) => void;
  /** Profiles our kernels after they were timed. */
  profile?: {
    /** The adapter's. */
    roofline: Roofline;
    /** Told of each workload. */
    onProfile: (profile: WorkloadProfile) => void;
  };
}

interface Side {
  name: string;
  contestant?: Contestant;
  error?: number;
  times?: Times;
  note: string;
}

/**
 * Measures.
 *
 * @param gpu Our device; the peers open their own on the same adapter.
 * @param options What, beside whom, how often.
 * @returns A row a workload and peer (one a workload without peers), as they are measured.
 */
export async function* runBench(gpu: Gpu, options: BenchOptions): AsyncGenerator<BenchRow> {
  const { signal, repeat } = options;
  if (options.workloads.length === 0) return; // and no peer is downloaded
  const peers: (Peer | { name: string; failure: string })[] = [];
  for (const name of options.peers) peers.push(await open(name));
  for (const [done, workload] of options.workloads.entries()) {
    signal?.throwIfAborted();
    options.onStart?.(`${label(workload).name} ${label(workload).shape}`, done);
    const limit = tolerance(workload);
    const contestant = prepareOurs(gpu, workload);
    const results = await contestant.results();
    const error = referenceError(workload, results);
    const sides: Side[] = [{ name: contestant.name, contestant, error, note: "" }];
    for (const peer of peers) sides.push(await enter(peer, workload, results, limit));
    // A wrong one is not timed; nor is anything where ours is wrong, for the peers were compared with it.
    const right = error <= limit ? sides.filter(({ error }) => error! <= limit) : [];
    for (let left = [...right]; left.length > 0;) left = await timeAll(left, { repeat, signal });
    for (const row of rows(workload, sides)) yield row;
    const ms = sides[0]!.times?.median;
    if (options.profile && ms !== undefined) {
      const { roofline, onProfile } = options.profile;
      onProfile(await profileWorkload(gpu, workload, contestant, { roofline, ms }));
    }
    for (const side of sides) side.contestant?.destroy();
  }
}

/** Times all sides; where one fails, returns the others, to be timed again. */
async function timeAll(
  sides: Side[],
  options: { repeat: number; signal: AbortSignal | undefined },
): Promise<Side[]> {
  let failed: Side | undefined;
  const watched = sides.map((side) => ({
    ...side.contestant!,
    run: () => (failed = side, side.contestant!.run()),
    wait: () => (failed = side, side.contestant!.wait()),
  }));
  try {
    const times = await measure(watched, options);
    sides.forEach((side, i) => side.times = times[i]!);
    return [];
  } catch (error) {
    if (options.signal?.aborted || failed === undefined || failed.name === sides[0]!.name) throw error;
    failed.note = said(error);
    return sides.filter((side) => side !== failed);
  }
}

async function open(name: PeerName): Promise<Peer | { name: string; failure: string }> {
  try {
    if (name === "tfjs") return await openTf();
    return await openJax(name === "jax-wasm" ? "wasm" : "webgpu");
  } catch (error) {
    return { name, failure: said(error) };
  }
}

/** Prepares a peer and compares its results with ours. */
async function enter(
  peer: Peer | { name: string; failure: string },
  workload: Workload,
  expected: Results,
  limit: number,
): Promise<Side> {
  const { name } = peer;
  if ("failure" in peer) return { name, note: peer.failure };
  try {
    const contestant = peer.prepare(workload);
    if (typeof contestant === "string") return { name, note: contestant };
    try {
      const { error, where } = worstDifference(await contestant.results(), expected);
      return { name, contestant, error, note: error <= limit ? "" : `wrong: ${where}` };
    } catch (error) {
      contestant.destroy();
      throw error;
    }
  } catch (error) {
    return { name, error: NaN, note: said(error) };
  }
}

/** The first line of an error. */
function said(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, 200);
}

function rows(workload: Workload, [ours, ...peers]: Side[]): BenchRow[] {
  const { name, shape, operations } = label(workload);
  const times = ours!.times, error = ours!.error!;
  const hostMs = ours!.contestant?.hostMs?.() ?? NaN;
  const common = {
    name,
    shape,
    ours: times?.median ?? null,
    oursRange: range(times),
    oursCount: times?.count ?? 0,
    gflops: times && operations ? operations / times.median / 1e6 : null,
    oursError: error,
    hostMs: Number.isNaN(hostMs) ? null : hostMs,
  };
  const right = error <= tolerance(workload);
  const blame = right ? "" : "ours is wrong";
  if (peers.length === 0) {
    const none = { peer: null, peerMs: null, peerRange: null, peerCount: 0, ratio: null, peerError: null };
    return [{ ...common, ...none, correct: right, note: blame }];
  }
  return peers.map(({ name: peer, times: other, error: peerError, note }) => ({
    ...common,
    peer,
    peerMs: other?.median ?? null,
    peerRange: range(other),
    peerCount: other?.count ?? 0,
    ratio: times && other ? other.median / times.median : null,
    peerError: peerError ?? null,
    correct: peerError === undefined || !right ? null : peerError <= tolerance(workload),
    note: note || blame,
  }));
}

function range(times: Times | undefined): [number, number] | null {
  return times ? [times.min, times.max] : null;
}

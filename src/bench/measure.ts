/** Times several contestants in turns. @module */
import type { Contestant } from "./contestant.ts";

/** Times of one contestant, in ms a run. */
export interface Times {
  median: number;
  min: number;
  max: number;
  /** Times that were taken. */
  count: number;
}

/** Settings of {@linkcode measure}. */
export interface MeasureOptions {
  /** Rounds; each times every contestant once. */
  repeat: number;
  /** Length of a time in ms: runs are queued until it is filled, for one wait costs 10 ms in Deno. Default 250. */
  fillMs?: number;
  /** A contestant that has used so many ms sits the rest of the rounds out (after at least one). Default 60,000. */
  budgetMs?: number;
  /** Stops between two times. */
  signal?: AbortSignal | undefined;
  /** The clock, in ms. */
  now?: () => number;
}

/**
 * Times contestants in turns, so that a machine that slows down slows all of them.
 *
 * @param contestants Each after its results were read, so that everything is compiled.
 * @param options Rounds and lengths.
 * @returns The times, in the contestants' order.
 * @throws What a contestant throws.
 */
export async function measure(contestants: readonly Contestant[], options: MeasureOptions): Promise<Times[]> {
  const { repeat, fillMs = 250, budgetMs = 60_000, signal, now = () => performance.now() } = options;
  const time = async (contestant: Contestant, runs: number) => {
    signal?.throwIfAborted();
    const start = now();
    for (let i = 0; i < runs; i++) await contestant.run();
    await contestant.wait();
    return now() - start;
  };
  const lanes: { contestant: Contestant; runs: number; spent: number; times: number[] }[] = [];
  for (const contestant of contestants) {
    const most = contestant.mostQueued ?? 4096;
    let runs = 1, last = await time(contestant, runs), spent = last;
    while (last < fillMs / 2 && runs < most) {
      runs = Math.min(most, Math.ceil(runs * Math.max(2, Math.min(16, fillMs / last))));
      spent += last = await time(contestant, runs);
    }
    lanes.push({ contestant, runs, spent, times: [] });
  }
  for (let round = 0; round < repeat; round++) {
    for (const lane of lanes) {
      if (lane.times.length > 0 && lane.spent > budgetMs) continue;
      const ms = await time(lane.contestant, lane.runs);
      lane.spent += ms;
      lane.times.push(ms / lane.runs);
    }
  }
  return lanes.map(({ times }) => summary(times));
}

/** Median (the mean of the two in the middle if they are even in number), least and greatest. */
export function summary(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b), half = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    count: sorted.length,
  };
}

/**
 * Work that processes do one after the other.
 *
 * @module
 */

import type { Claims } from "./claims.ts";
import { holderName } from "./holder.ts";

/** How a process waits for its turn. */
export interface Waiting {
  /** Ends the waiting when it fires. */
  signal?: AbortSignal | undefined;
  /** Told once whom it waits for. */
  say?: (text: string) => void;
}

/** Milliseconds between two looks, at first and at most. */
const FIRST = 50, MOST = 2000;

/**
 * Does a piece of work once no other process does it.
 *
 * @typeParam T What the work gives.
 * @param claims Who does what.
 * @param name What the work is called.
 * @param work The work.
 * @param waiting How to wait.
 * @returns What the work gives.
 * @throws {Interrupted} If the signal fired.
 */
export async function exclusively<T>(
  claims: Claims,
  name: string,
  work: () => Promise<T>,
  { signal, say }: Waiting = {},
): Promise<T> {
  for (let wait = FIRST, told = false;; wait = Math.min(MOST, 2 * wait)) {
    signal?.throwIfAborted();
    const claim = await claims.take(name);
    if ("check" in claim) {
      try {
        return await work();
      } finally {
        await claim.release();
      }
    }
    if (!told && wait >= MOST) {
      say?.(`Waiting for ${holderName(claim)}: ${name}.`);
      told = true;
    }
    await pause(wait, signal);
  }
}

/**
 * Waits.
 *
 * @param ms Milliseconds.
 * @param signal Ends it sooner.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    if (signal?.aborted === true) end();
  });
}

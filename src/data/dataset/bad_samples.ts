/**
 * Samples that cannot be used: all are named at once, or left out on request.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** Why a sample cannot be used, in the words that counts are given in. */
export type Fault =
  | "of another form"
  | "with an image that is missing"
  | "with an image that cannot be read"
  | "with an image on the web"
  | "with an image outside the folder"
  | "with a video or sound"
  | "whose placeholders do not match their images"
  | "without an answer"
  | "without a true box"
  | "with too many tokens";

/** A sample that cannot be used. */
export class SampleError extends InputError {
  /**
   * Says what is wrong with one sample.
   *
   * @param message File, sample, what was expected and found, what to do.
   * @param fault The kind, for counts.
   */
  constructor(message: string, readonly fault: Fault) {
    super(message);
  }
}

/** Messages shown in full; the rest are counted. */
const SHOWN = 20;

/** What is known of the samples that cannot be used. */
export interface BadSamples {
  /** How many there are. */
  readonly count: number;
  /** Notes one. */
  add(task: string, error: SampleError): void;
  /**
   * One error for all: the only one as it is, else the first twenty and counts. A run that goes on cannot leave out what it
   * began with: there `advice` says what to do in place of --skip-bad.
   */
  error(advice?: string): InputError;
  /** One sentence a task: how many were left out, and why. */
  notes(): string[];
}

/**
 * Collects samples that cannot be used.
 *
 * @param place The folder or file, for messages.
 * @returns The empty collection.
 */
export function createBadSamples(place: string): BadSamples {
  const messages: string[] = [];
  const faults = new Map<string, Map<Fault, number>>();
  const all = new Map<Fault, number>();
  let count = 0;
  const countIn = (counts: Map<Fault, number>, fault: Fault) =>
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return {
    get count() {
      return count;
    },
    add(task, { message, fault }) {
      count++;
      if (messages.length < SHOWN) messages.push(message);
      const own = faults.get(task) ?? new Map<Fault, number>();
      faults.set(task, own);
      countIn(own, fault);
      countIn(all, fault);
    },
    error(advice) {
      if (count === 1) return new InputError(`${messages[0]} (${advice ?? "--skip-bad goes on without it"})`);
      const more = count > messages.length ? `\n  … and ${count - messages.length} more` : "";
      return new InputError(
        `${place}: expected samples that can be used, found ${count} that cannot (${sentence(all)}):` +
          messages.map((message) => `\n  ${message}`).join("") + more +
          `\n${advice ?? "mend or remove them; --skip-bad goes on without them"}`,
      );
    },
    notes: () =>
      [...faults].sort(([a], [b]) => a < b ? -1 : 1).map(([task, counts]) => {
        const sum = [...counts.values()].reduce((a, b) => a + b, 0);
        return `${task}: ${sum} ${sum === 1 ? "sample" : "samples"} left out: ${sentence(counts)}.`;
      }),
  };
}

function sentence(counts: ReadonlyMap<Fault, number>): string {
  return [...counts].sort(([, a], [, b]) => b - a).map(([fault, n]) => `${n} ${fault}`).join(", ");
}

/**
 * How fast a training reads tokens, what is no training left out.
 *
 * @module
 */

/** Keeps account of tokens and time between two looks at the losses. */
export interface Pace {
  /** Leaves so many seconds out of the stretch at hand. */
  without(seconds: number): void;
  /**
   * Ends a stretch and begins the next.
   *
   * @param tokens Tokens so far.
   * @param seconds Seconds so far.
   * @returns Tokens a second since the stretch began; nothing where no time passed.
   */
  rate(tokens: number, seconds: number): { tokensPerSecond?: number };
  /** Begins a stretch that holds no tokens yet, at so many seconds. */
  pause(seconds: number): void;
}

/**
 * Starts the account.
 *
 * @param tokens Tokens so far.
 * @param seconds Seconds so far.
 * @returns The account.
 *
 * @example A validation of a second in between
 * ```ts
 * import { startPace } from "./pace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pace = startPace(0, 0);
 * pace.without(1);
 * assertEquals(pace.rate(1000, 3), { tokensPerSecond: 500 });
 * ```
 */
export function startPace(tokens: number, seconds: number): Pace {
  let from = { tokens, seconds };
  return {
    without: (seconds) => {
      from.seconds += seconds;
    },
    rate(tokens, seconds) {
      const [read, took] = [tokens - from.tokens, seconds - from.seconds];
      from = { tokens, seconds };
      return took > 0 ? { tokensPerSecond: Number((read / took).toPrecision(4)) } : {};
    },
    pause: (seconds) => {
      from.seconds = seconds;
    },
  };
}

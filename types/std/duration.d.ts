/** Declarations for the durations of Deno's standard library. */

/** How a duration is written. */
export interface FormatOptions {
  /** "narrow" `1m 5s`, "full" `1 minute, 5 seconds`, "digital" `00:00:01:05:000:000:000`. Default "narrow". */
  style?: "narrow" | "digital" | "full";
  /** Whether parts that are 0 are left out. Default false. */
  ignoreZero?: boolean;
}

/** Writes a duration given in milliseconds. */
export function format(ms: number, options?: FormatOptions): string;

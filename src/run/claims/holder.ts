/**
 * Who holds something of a run, in words.
 *
 * @module
 */

/** A process, as others know it. */
export interface Holder {
  /** The name of its machine; empty where it may not be asked. Nothing is decided by it. */
  host: string;
  /** Its number there. */
  process: number;
  /** When it began, by its own clock: ISO 8601. Nothing is decided by it. */
  started: string;
}

/**
 * Says who it is.
 *
 * @param holder The process.
 * @returns A few words.
 *
 * @example
 * ```ts
 * import { holderName } from "./holder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(holderName({ host: "node-7", process: 12, started: "" }), "process 12 on node-7");
 * assertEquals(holderName({ host: "", process: 12, started: "" }), "process 12");
 * ```
 */
export function holderName({ host, process }: Holder): string {
  return `process ${process}${host === "" ? "" : ` on ${host}`}`;
}

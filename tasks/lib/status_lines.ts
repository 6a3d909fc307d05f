/**
 * How a submitted run stands, in lines.
 *
 * @module
 */

import type { PartStatus } from "../../src/cluster/run_status.ts";
import { alignColumns } from "./table.ts";

/** States, in the order in which they are counted. */
const STATES = ["done", "running", "ready", "waiting", "failed", "unknown", "open"] as const;

/**
 * Says how a run stands.
 *
 * @param found Its parts, and jobs beside them.
 * @param tails How logs of jobs that failed end, by the logs' names.
 * @param options `prepared`: whether the run's folder is ready; `open`: whether parts that are done are left out.
 * @returns Lines.
 *
 * @example A part that failed
 * ```ts
 * import { statusLines } from "./status_lines.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const failed = { part: "probes/mini", state: "failed", job: "7_0", host: "", since: null, reason: "", log: "a-7_0.log" } as const;
 * assertEquals(statusLines([failed], new Map([["a-7_0.log", ["error: no"]]]), { prepared: true, open: false }), [
 *   "1 failed",
 *   "",
 *   "part          state  job  host  since",
 *   "probes/mini  failed  7_0",
 *   "",
 *   "jobs/a-7_0.log ends:",
 *   "  error: no",
 * ]);
 * ```
 */
export function statusLines(
  found: readonly PartStatus[],
  tails: ReadonlyMap<string, readonly string[]>,
  { prepared, open }: { prepared: boolean; open: boolean },
): string[] {
  const counted = STATES.flatMap((state) => {
    const count = found.filter((part) => part.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const shown = found.filter(({ state }) => !open || state !== "done");
  return [
    counted.join(", ") || "no job is known",
    ...prepared ? [] : ["The run is not ready yet: its parts are shown once it is."],
    "",
    ...alignColumns([
      ["part", "state", "job", "host", "since"],
      ...shown.map(({ part, state, job, host, since, reason }) => [
        decodeURIComponent(part),
        reason === "" ? state : `${state} (${reason})`,
        job ?? "",
        host,
        since === null ? "" : localTime(since),
      ]),
    ]),
    ...[...tails].flatMap(([log, lines]) => ["", `jobs/${log} ends:`, ...lines.map((line) => `  ${line}`)]),
  ];
}

/** A moment by this machine's clock, to the second. */
function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (x: number) => String(x).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

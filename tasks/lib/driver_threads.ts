/**
 * How many threads Mesa's software driver takes, where several processes share this machine's cores.
 *
 * @module
 */

/** Mesa's variable: threads besides the one that asks for work, which does it itself where there are none. */
const VARIABLE = "LP_NUM_THREADS";

/**
 * What of the environment divides the cores among processes that train at the same time. Left alone, each takes as many
 * threads as there are cores, and two on two cores did 18 steps a second for 23 with none but their own. GPUs do not mind.
 *
 * @param processes How many there are.
 * @param cores The machine's.
 * @returns Nothing where the user has chosen.
 *
 * @example
 * ```ts
 * import { dividedCores } from "./driver_threads.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(dividedCores(2, 2), { LP_NUM_THREADS: "0" });
 * assertEquals(dividedCores(2, 8), { LP_NUM_THREADS: "4" });
 * ```
 */
export function dividedCores(
  processes: number,
  cores: number = navigator.hardwareConcurrency,
): Record<string, string> {
  const asked = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  if (asked.state === "granted" && Deno.env.has(VARIABLE)) return {};
  const each = Math.floor(cores / processes);
  return { [VARIABLE]: String(each > 1 ? each : 0) };
}

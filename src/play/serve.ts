/**
 * Serves the playground on loopback.
 *
 * @module
 */

import { type LoopbackServer, serveLoopback } from "../serve/loopback.ts";

/** Beside the page's own policy, which is stricter. */
const POLICY = "frame-ancestors 'none'";

/**
 * Starts to serve the page.
 *
 * @param page The page.
 * @param port The port; 0 for any that is free.
 * @returns Where it is.
 * @throws {InputError} If the port is in use, or may not be used.
 */
export function servePlay(page: string, port: number): LoopbackServer {
  return serveLoopback({
    policy: POLICY,
    paths: "/",
    answer: (path) => path === "/" ? { type: "text/html; charset=utf-8", body: page } : undefined,
  }, port);
}

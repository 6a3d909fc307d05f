/**
 * Serves the playground on loopback.
 *
 * @module
 */

import type { WeightFile } from "../lmm/weights.ts";
import { type LoopbackServer, serveLoopback } from "../serve/loopback.ts";

/** Beside the page's own policy, which is stricter. */
const POLICY = "frame-ancestors 'none'";

/** The most bytes that are given out at a time. */
const MOST = 1 << 30;

/**
 * Starts to serve the page, and the files of a model that is too large to be inside.
 *
 * @param page The page.
 * @param files The files, in the page's order; none, if left out.
 * @param port The port; 0 for any that is free.
 * @returns Where it is.
 * @throws {InputError} If the port is in use, or may not be used.
 */
export function servePlay(page: string, port: number, files: readonly WeightFile[] = []): LoopbackServer {
  return serveLoopback({
    policy: POLICY,
    paths: files.length === 0 ? "/" : "/ or /model/FILE/FROM-TO",
    async answer(path) {
      if (path === "/") return { type: "text/html; charset=utf-8", body: page };
      const [, at, ...ends] = /^\/model\/(\d+)\/(\d+)-(\d+)$/.exec(path)?.map(Number) ?? [];
      const [from, to] = ends as [number, number];
      const file = at === undefined ? undefined : files[at];
      if (file === undefined || from > to || to > file.size || to - from > MOST) return undefined;
      return { type: "application/octet-stream", body: await file.read(from, to - from) };
    },
  }, port);
}

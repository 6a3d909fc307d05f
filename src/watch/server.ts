/**
 * Serves a run's page on loopback.
 *
 * @module
 */

import { serveLoopback } from "../serve/loopback.ts";
import { eventStream } from "./event_stream.ts";
import type { Feed } from "./feed.ts";
import { ASSETS, POLICY, watchPage } from "./watch_page.ts";

/** Viewers at a time. */
const MOST_VIEWERS = 64;

/** A server that was started. */
export interface WatchServer {
  /** Where the page is. */
  url: string;
  /** Looks once more, sends what is new, and ends. */
  close(): Promise<void>;
}

/**
 * Starts to serve a run's page on loopback.
 *
 * @param feed Where snapshots come from.
 * @param port The port; 0 for any that is free.
 * @returns Where it is.
 * @throws {InputError} If the port is in use, or may not be used.
 */
export function serveWatch(feed: Feed, port: number): WatchServer {
  const controller = new AbortController();
  const viewers = new Set<symbol>();
  const stream = (request: Request) => {
    const viewer = Symbol();
    viewers.add(viewer);
    const known = request.headers.get("last-event-id") ?? undefined;
    return eventStream(feed, known, controller.signal, { gone: () => viewers.delete(viewer) });
  };
  const { url, close } = serveLoopback({
    policy: POLICY,
    paths: ["/", "/events", ...Object.keys(ASSETS)].join(", "),
    answer: async (path, request) => {
      if (path === "/events") {
        if (viewers.size >= MOST_VIEWERS) {
          return { status: 503, why: `expected at most ${MOST_VIEWERS} viewers` };
        }
        return { type: "text/event-stream", body: request.method === "HEAD" ? null : stream(request) };
      }
      if (path === "/") {
        return { type: "text/html; charset=utf-8", body: watchPage((await feed.now()).snapshot) };
      }
      const asset = ASSETS[path];
      return asset && { type: asset.type, body: asset.text };
    },
  }, port);
  return {
    url,
    async close() {
      if (viewers.size > 0) await feed.now().catch(() => {});
      controller.abort();
      await close();
    },
  };
}

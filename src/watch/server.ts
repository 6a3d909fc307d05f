/**
 * Serves a run's page on loopback.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import { eventStream } from "./event_stream.ts";
import type { Feed } from "./feed.ts";
import { ASSETS, POLICY, watchPage } from "./watch_page.ts";

/** The only address that is listened on. */
const LOOPBACK = "127.0.0.1";

/** Viewers at a time. */
const MOST_VIEWERS = 64;

/** Ms that viewers are given to take what is sent last. */
const LAST_WORDS = 1000;

/** A server that was started. */
export interface WatchServer {
  /** Where the page is. */
  url: string;
  /** Looks once more, sends what is new, and ends. */
  close(): Promise<void>;
}

/** What every answer carries. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

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
  const answer = answering(feed, viewers, controller.signal);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname: LOOPBACK, port, onListen() {}, onError: broken }, answer);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new InputError(`--port ${port}: expected a free port, found one in use. Name another, or none`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new InputError(
        `--port ${port}: expected a port that may be used, found that this is not allowed. Name another, or none`,
      );
    }
    throw error;
  }
  return {
    url: `http://${LOOPBACK}:${server.addr.port}/`,
    async close() {
      if (viewers.size > 0) await feed.now().catch(() => {});
      controller.abort();
      // A viewer that never reads would keep the server open.
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LAST_WORDS));
      await Promise.race([server.shutdown(), late]);
      clearTimeout(timer);
    },
  };
}

function send(body: BodyInit | null, type: string, status = 200): Response {
  return new Response(body, { status, headers: { ...HEADERS, "content-type": type } });
}

function refuse(status: number, text: string): Response {
  return send(`${text}\n`, "text/plain; charset=utf-8", status);
}

/** What is said where the folder cannot be looked at: the page tries again. */
function broken(error: unknown): Response {
  return refuse(500, error instanceof Error ? error.message : String(error));
}

function answering(
  feed: Feed,
  viewers: Set<symbol>,
  signal: AbortSignal,
): (request: Request) => Promise<Response> {
  return async (request) => {
    // A page elsewhere whose name was made to lead here has its own name in this header.
    if (!isLoopback(request.headers.get("host"))) {
      return refuse(403, "expected to be asked as localhost or 127.0.0.1");
    }
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "expected GET");
    const path = new URL(request.url).pathname;
    if (path === "/events") {
      if (viewers.size >= MOST_VIEWERS) return refuse(503, `expected at most ${MOST_VIEWERS} viewers`);
      if (request.method === "HEAD") return send(null, "text/event-stream");
      const viewer = Symbol();
      viewers.add(viewer);
      const known = request.headers.get("last-event-id") ?? undefined;
      const stream = eventStream(feed, known, signal, { gone: () => viewers.delete(viewer) });
      return send(stream, "text/event-stream");
    }
    const body = path === "/"
      ? { type: "text/html; charset=utf-8", text: watchPage((await feed.now()).snapshot) }
      : ASSETS[path];
    if (body === undefined) return refuse(404, "expected /, /events, /style.css or /client.js");
    return send(request.method === "HEAD" ? null : body.text, body.type);
  };
}

/** Whether a Host header names this machine. */
function isLoopback(host: string | null): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host ?? "");
}

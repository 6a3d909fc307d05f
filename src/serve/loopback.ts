/**
 * Serves pages to this machine alone.
 *
 * @module
 */

import { InputError } from "../errors.ts";

/** The only address that is listened on. */
const LOOPBACK = "127.0.0.1";

/** Ms that those who read are given to take what is sent last. */
const LAST_WORDS = 1000;

/** What every answer carries. */
const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** What is served. */
export interface Served {
  /** The content security policy that is sent with every answer. */
  policy: string;
  /**
   * Answers a request.
   *
   * @param path What is asked for, from the first slash on.
   * @param request The request: a GET or HEAD to this machine by its own name.
   * @returns The body of an answer and its type; undefined for what is not there. A string says why it is refused for now.
   */
  answer(path: string, request: Request): Promise<Body | Refusal | undefined> | Body | Refusal | undefined;
  /** What may be asked for, for those who ask for something else. */
  paths: string;
}

/** What is sent. */
export interface Body {
  /** Its media type. */
  type: string;
  /** The bytes; null where only the head was asked for. */
  body: BodyInit | null;
}

/** Why nothing is sent. */
export interface Refusal {
  /** The HTTP status. */
  status: number;
  /** A sentence. */
  why: string;
}

/** A server that was started. */
export interface LoopbackServer {
  /** Where it is. */
  url: string;
  /** Takes no more requests, gives those who read a moment, and ends. */
  close(): Promise<void>;
}

/**
 * Starts to serve on loopback.
 *
 * @param served What is served.
 * @param port The port; 0 for any that is free.
 * @returns Where it is.
 * @throws {InputError} If the port is in use, or may not be used.
 */
export function serveLoopback(served: Served, port: number): LoopbackServer {
  const respond = answering(served);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname: LOOPBACK, port, onListen() {}, onError: respond.broken }, respond.answer);
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
      // One who never reads would keep the server open.
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LAST_WORDS));
      await Promise.race([server.shutdown(), late]);
      clearTimeout(timer);
    },
  };
}

function answering({ policy, answer, paths }: Served) {
  const send = ({ body, type }: Body, status = 200): Response =>
    new Response(body, {
      status,
      headers: { ...HEADERS, "content-security-policy": policy, "content-type": type },
    });
  const refuse = (status: number, why: string): Response =>
    send({ body: `${why}\n`, type: "text/plain; charset=utf-8" }, status);
  return {
    async answer(request: Request): Promise<Response> {
      // A page elsewhere whose name was made to lead here has its own name in this header.
      if (!isLoopback(request.headers.get("host"))) {
        return refuse(403, "expected to be asked as localhost or 127.0.0.1");
      }
      if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "expected GET");
      const found = await answer(new URL(request.url).pathname, request);
      if (found === undefined) return refuse(404, `expected ${paths}`);
      if ("why" in found) return refuse(found.status, found.why);
      return send(request.method === "HEAD" ? { ...found, body: null } : found);
    },
    /** What is said where something cannot be looked at: a page tries again. */
    broken: (error: unknown): Response => refuse(500, error instanceof Error ? error.message : String(error)),
  };
}

/** Whether a Host header names this machine. */
function isLoopback(host: string | null): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host ?? "");
}

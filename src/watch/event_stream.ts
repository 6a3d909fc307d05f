/**
 * Snapshots as server-sent events, one viewer's stream.
 *
 * @module
 */

import type { Feed } from "./feed.ts";

/** Ms after which a viewer is sent a comment where there is nothing new, so that a connection that broke is noticed. */
const KEEP_ALIVE = 15_000;

/** Ms after which a browser tries again. */
const RETRY = 2000;

/**
 * The events that a viewer is sent: the newest snapshot, then each time a newer one. Nothing is made before the connection
 * takes it: a viewer that reads slowly skips snapshots, and one that never reads holds a single one.
 *
 * @param feed Where snapshots come from.
 * @param known Id of the snapshot that the viewer has; undefined if it has none.
 * @param signal Ends the stream.
 * @param options `keepAlive`: ms between two signs of life; `gone`: told when the viewer has gone or the stream ended.
 * @returns The bytes.
 */
export function eventStream(
  feed: Feed,
  known: string | undefined,
  signal: AbortSignal,
  { keepAlive = KEEP_ALIVE, gone = () => {} }: { keepAlive?: number; gone?: () => void } = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const viewer = new AbortController();
  const ended = AbortSignal.any([signal, viewer.signal]);
  let first = `retry: ${RETRY}\n\n`;
  return new ReadableStream({
    async pull(controller) {
      const issue = await feed.after(known, ended, keepAlive).catch((error) => {
        gone();
        throw error;
      });
      if (viewer.signal.aborted) return;
      if (issue === undefined && signal.aborted) {
        gone();
        return controller.close();
      }
      const text = issue === undefined
        ? ": nothing new\n\n"
        : `id: ${issue.id}\nevent: snapshot\ndata: ${issue.json}\n\n`;
      known = issue?.id ?? known;
      controller.enqueue(encoder.encode(first + text));
      first = "";
    },
    cancel() {
      viewer.abort();
      gone();
    },
  }, { highWaterMark: 0 });
}

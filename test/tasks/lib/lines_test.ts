import { assertEquals, assertRejects } from "@std/assert";
import { lines } from "../../../tasks/lib/lines.ts";

const NEVER = new AbortController().signal;

/** A stream of chunks. */
function streamOf(chunks: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

Deno.test("lines come whole, however the bytes are cut", async () => {
  const bytes = new TextEncoder().encode("one\r\n\ntwo é\nthree");
  for (const size of [1, 2, 3, 100]) {
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    assertEquals(await Array.fromAsync(lines(streamOf(chunks), NEVER)), ["one", "", "two é", "three"]);
  }
  assertEquals(await Array.fromAsync(lines(streamOf([]), NEVER)), []);
});

Deno.test("waiting for a line ends with the signal", async () => {
  const controller = new AbortController();
  const silent = new ReadableStream<Uint8Array>();
  const waiting = Array.fromAsync(lines(silent, controller.signal));
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  await assertRejects(() => Array.fromAsync(lines(streamOf([]), controller.signal)), Error, "enough");
});

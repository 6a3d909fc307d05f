import { assertEquals } from "@std/assert";
import { decodeBase64 } from "@std/encoding/base64";
import { crc32c, maskedCrc32c } from "../../../src/run/tensorboard/crc32c.ts";
import { encodeEvent, encodeRecord, type Event } from "../../../src/run/tensorboard/event.ts";
import stored from "../../fixtures/events.json" with { type: "json" };

Deno.test("checksums are those of TensorBoard", () => {
  for (const [text, crc, masked] of stored.checksums) {
    const bytes = new TextEncoder().encode(text as string);
    assertEquals([crc32c(bytes), maskedCrc32c(bytes)], [crc, masked]);
  }
  // RFC 3720, appendix B.4.
  const known: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ];
  for (const [bytes, crc] of known) assertEquals(crc32c(bytes), crc);
});

Deno.test("events are written byte by byte as TensorBoard's own writer writes them", () => {
  const records = (stored.events as unknown as Event[]).map((event) => [...encodeRecord(encodeEvent(event))]);
  assertEquals(Uint8Array.from(records.flat()), decodeBase64(stored.file));
});

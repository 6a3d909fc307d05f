/**
 * Fingerprints.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { statFile } from "./stat_file.ts";

/**
 * A hash of a text.
 *
 * @param text The text.
 * @returns SHA-256, in hexadecimal.
 */
export async function sha256(text: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A hash of what is too large to be held at once.
 *
 * @param pieces Its bytes, in order.
 * @returns SHA-256, in hexadecimal.
 */
export async function sha256Of(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/**
 * Hashes what passes by.
 *
 * @param content Bytes, or bytes piece by piece.
 * @param done Told the SHA-256, in hexadecimal, once the last piece has passed.
 * @returns The same pieces.
 */
export async function* hashed(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  done: (sha256: string) => void,
): AsyncIterable<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    hash.update(piece);
    yield piece;
  }
  done(hash.digest("hex"));
}

/** Bytes that are read of a file at a time. */
const PIECE = 1 << 20;

/**
 * Reads a file, or its beginning, piece by piece.
 *
 * @param path The file.
 * @param most Bytes to read at most.
 * @returns Its bytes; a piece holds good until the next is asked for.
 */
export async function* filePieces(path: string, most = Infinity): AsyncIterable<Uint8Array<ArrayBuffer>> {
  await statFile(path);
  using file = await Deno.open(path);
  const buffer = new Uint8Array(PIECE);
  for (let left = most; left > 0;) {
    const read = await file.read(buffer.subarray(0, Math.min(left, PIECE)));
    if (read === null) return;
    left -= read;
    yield buffer.subarray(0, read);
  }
}

/**
 * A hash of a file, read piece by piece.
 *
 * @param path The file.
 * @returns SHA-256, in hexadecimal; undefined if there is no such file.
 */
export async function sha256OfFile(path: string): Promise<string | undefined> {
  try {
    return await sha256Of(filePieces(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

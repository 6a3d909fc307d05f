/**
 * Fingerprints.
 *
 * @module
 */

import { createHash } from "node:crypto";

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

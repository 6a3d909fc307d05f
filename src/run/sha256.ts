/**
 * Fingerprints.
 *
 * @module
 */

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

/** Declarations for the Base64 functions of Deno's standard library. */

/** Writes bytes as Base64. */
export function encodeBase64(data: ArrayBuffer | Uint8Array | string): string;
/** Reads Base64 as bytes. */
export function decodeBase64(b64: string): Uint8Array<ArrayBuffer>;

/**
 * How a sample names a picture: by path, or the file itself as text.
 *
 * @module
 */

import { decodeBase64 } from "@std/encoding/base64";
import { asFields, isGiven, type PictureReference, type Wrong } from "./form.ts";

/** How base64 of a JPEG, PNG, GIF, WebP, BMP or TIFF file begins. */
const BASE64_IMAGE =
  /^(?:\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|Qk[0-9A-Za-z]|SUkqA|TU0AK)[A-Za-z0-9+/]{40,}={0,2}$/;

/** The fields in which an object may name its picture, and the nested ones. */
const NAMES = [
  "image_url",
  "image",
  "source",
  "bytes",
  "data",
  "base64",
  "path",
  "file_name",
  "url",
] as const;

/**
 * Reads what names a picture: a path, a `file://` or `data:` address, base64, or an object with `bytes`, `path`, `url`,
 * `data` or `image_url`.
 *
 * @param value What is written.
 * @param wrong Makes errors.
 * @param depth How deep in objects it stands.
 * @returns The picture's path or bytes.
 * @throws {SampleError} If it is none, or on the web.
 */
export function readPicture(value: unknown, wrong: Wrong, depth = 0): PictureReference {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string" && value !== "") return fromText(value, wrong);
  const fields = asFields(value);
  const name = fields && NAMES.find((name) => isGiven(fields[name]) && fields[name] !== "");
  if (fields === undefined || name === undefined || depth > 2) {
    throw wrong("image to be a path or a list of paths", value, "mend it");
  }
  const inner = fields[name];
  const holdsBytes = name === "bytes" || name === "base64" || name === "data";
  if (holdsBytes && typeof inner === "string" && !inner.startsWith("data:")) return fromBase64(inner, wrong);
  return readPicture(inner, wrong, depth + 1);
}

function fromText(text: string, wrong: Wrong): PictureReference {
  if (/^data:/i.test(text)) return fromDataAddress(text, wrong);
  if (/^file:\/\//i.test(text)) return fromFileAddress(text);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw wrong(
      "an image file of this folder",
      text,
      "download it beside the JSON and write its path: nothing is fetched while training",
      "with an image on the web",
    );
  }
  if (BASE64_IMAGE.test(text)) return fromBase64(text, wrong);
  return text.replaceAll("\\", "/");
}

/** A data address (RFC 2397). */
function fromDataAddress(text: string, wrong: Wrong): Uint8Array {
  const comma = text.indexOf(",");
  const head = text.slice(0, comma);
  if (comma < 0 || !/;base64$/i.test(head.trim())) {
    throw wrong(
      "an image as data:image/...;base64,...",
      text,
      "encode the file in base64, or write its path",
    );
  }
  return fromBase64(text.slice(comma + 1), wrong);
}

function fromBase64(text: string, wrong: Wrong): Uint8Array {
  try {
    // Both alphabets, with or without filling and line ends.
    const plain = text.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    const bytes = decodeBase64(plain + "=".repeat((4 - plain.length % 4) % 4));
    if (bytes.length > 0) return bytes;
  } catch {
    // Said below.
  }
  throw wrong("an image in base64", text, "encode the file again", "with an image that cannot be read");
}

/** `file:///a%20b.png` is a path from the root, `file://a.png` is taken for a relative one. */
function fromFileAddress(text: string): string {
  const path = text.slice("file://".length).replace(/^localhost\//i, "/").replaceAll("\\", "/");
  // file:///C:/pictures/1.png
  const plain = path.replace(/^\/([a-z]:\/)/i, "$1");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

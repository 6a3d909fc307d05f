/**
 * What a message says: a text, or a list of parts.
 *
 * @module
 */

import { asFields, isGiven, type Piece, type Role, type Wrong } from "./form.ts";
import { readPicture } from "./picture_reference.ts";

/** What LLaVA writes where an image belongs in a user's text. */
export const IMAGE_PLACEHOLDER = "<image>";

/**
 * Cuts a text at its placeholders.
 *
 * @param text The text.
 * @param role Whose it is: only a user's text shows images.
 * @returns Texts and images in order.
 */
export function textPieces(text: string, role: Role): Piece[] {
  if (role !== "user") return [text];
  return text.split(IMAGE_PLACEHOLDER).flatMap((part, i): Piece[] => [
    ...(i > 0 ? [{ image: undefined }] : []),
    ...(part === "" ? [] : [part]),
  ]);
}

/**
 * Reads the content of a message.
 *
 * @param content A text, or a list of texts and parts `{type: "text" | "image" | "image_url", …}`.
 * @param role Who says it.
 * @param turn What messages call the turn.
 * @param field What messages call the content.
 * @param wrong Makes errors.
 * @returns Texts and images in order.
 * @throws {SampleError} If it has another form, or a video or sound in it.
 */
export function readContent(
  content: unknown,
  role: Role,
  turn: string,
  field: string,
  wrong: Wrong,
): Piece[] {
  if (typeof content === "string") return textPieces(content, role);
  if (!Array.isArray(content)) {
    const part = asFields(content);
    if (part?.type !== undefined) return readContent([content], role, turn, field, wrong);
    throw wrong(`${turn} to have a text as ${field}`, content, "fill it in");
  }
  return content.flatMap((part: unknown): Piece[] => {
    if (typeof part === "string") return textPieces(part, role);
    const fields = asFields(part);
    const type = fields?.type ?? (isGiven(fields?.text) ? "text" : undefined);
    switch (type) {
      case "text":
      case "input_text":
      case "output_text":
        // Parts that other kinds fill are null in tables.
        if (typeof fields!.text === "string") return textPieces(fields!.text, role);
        break;
      case "image":
      case "image_url":
      case "input_image": {
        const { type: _, text: __, ...rest } = fields!;
        const named = Object.entries(rest).filter(([name, value]) =>
          isGiven(value) && /^(?:image|image_url|path|url|data|base64|bytes|source|file_name)$/.test(name)
        );
        if (named.length === 0) return [{ image: undefined }];
        return [{ image: readPicture(Object.fromEntries(named), wrong) }];
      }
      case "video":
      case "video_url":
      case "audio":
      case "audio_url":
      case "input_audio":
        throw wrong(
          `${turn} to hold texts and images`,
          type,
          "take it out: only images are read here; single frames can be saved as images",
          "with a video or sound",
        );
    }
    throw wrong(
      `${turn} to have parts {"type": "text", "text": …} or {"type": "image", …} in its ${field}`,
      part,
      "mend it",
    );
  });
}

/**
 * What the forms of conversations have in common.
 *
 * @module
 */

import type { Fault, SampleError } from "../bad_samples.ts";

/** The path of a picture as written, with `/`; or the bytes of its file. */
export type PictureReference = string | Uint8Array;

/** Who speaks. */
export type Role = "system" | "user" | "assistant";

/** A text, or a place where an image stands: the sample's next one, if it is not named there. */
export type Piece = string | { image: PictureReference | undefined };

/** What one side says. */
export interface Message {
  role: Role;
  /** Texts and images in order; a placeholder in a user's text is an image. */
  pieces: Piece[];
  /** All true answers, as written. */
  references?: unknown;
  /** The question template, as written. */
  template?: unknown;
}

/** The fields of a sample. */
export type Fields = Readonly<Record<string, unknown>>;

/** Makes an error that names the sample. */
export type Wrong = (expected: string, found: unknown, todo: string, fault?: Fault) => SampleError;

/** A form in which conversations are written. */
export interface Form {
  /** What messages call the list of turns. */
  readonly list: string;
  /** How the two sides are called in it. */
  readonly words: Readonly<Record<"user" | "assistant", string>>;
  /** Whether a sample has this form. */
  fits(fields: Fields): boolean;
  /**
   * What is said, in order.
   *
   * @param fields A sample of this form.
   * @param wrong Makes errors.
   * @throws {SampleError} If it is not of this form after all.
   */
  read(fields: Fields, wrong: Wrong): Message[];
}

/** An object's fields; undefined for anything else. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

/** Whether a field says something. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

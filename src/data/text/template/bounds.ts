/**
 * How far a template may go, and the error of one that goes further.
 *
 * @module
 */

/** Steps that one rendering may take: about a second of the slowest ones. Conversations of a hundred turns take some 50,000. */
export const MAX_STEPS = 2_000_000;
/** Characters of the longest text, parts of the largest list. */
export const MAX_SIZE = 1 << 20;
/** How deep a template's parts, its macros' calls and its lists may nest. */
export const MAX_DEPTH = 200;
/** Numbers of the longest range. */
export const MAX_RANGE = 100_000;

/** A template went past a bound, or said itself that it refuses what it was given. */
export class TemplateError extends Error {
  /** "TemplateError", so that the kind shows in messages. */
  override readonly name = "TemplateError";
}

/**
 * Refuses what would be too large.
 *
 * @param size Characters and parts.
 * @param most How many are taken.
 * @throws {TemplateError} If there are more.
 */
export function checkSize(size: number, most: number = MAX_SIZE): void {
  if (size > most) throw new TemplateError(`it makes a text or list of more than ${most} characters`);
}

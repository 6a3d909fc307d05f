/**
 * The style sheet's colours where there is no style sheet.
 *
 * @module
 */

import { RunError } from "../../errors.ts";
import style from "../style.css" with { type: "text" };

/**
 * A colour in the light theme.
 *
 * @param name The name of its variable, such as "blue".
 * @returns Its value, such as "#0072b2".
 * @throws {RunError} If the style sheet has no such colour.
 */
export function lightColour(name: string): string {
  // The light theme comes first.
  const [, value] = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(style) ?? [];
  if (value === undefined) throw new RunError(`style.css: expected a colour --${name}, found none`);
  return value;
}

/**
 * What a JSON file of a run holds, without its check: that names run and place, and no two runs are alike in them.
 *
 * @module
 */

/**
 * Takes the check off.
 *
 * @param text The file; anything but a JSON object is left alone.
 */
export function withoutCheck(text: string): string {
  if (!text.startsWith("{\n")) return text;
  const { check: _, ...value } = JSON.parse(text);
  return JSON.stringify(value, null, 1) + "\n";
}

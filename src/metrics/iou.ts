/**
 * Boxes and how much they overlap.
 *
 * @module
 */

/** A box `[x1, y1, x2, y2]`: left, top, right, bottom, as parts of the image's width and height (0 to 1). */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

const NUMBER = String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`;
const BOX = new RegExp(String.raw`\[${NUMBER},${NUMBER},${NUMBER},${NUMBER}\]`, "i");

/**
 * The first box in an answer.
 *
 * @param text The answer. Anything may stand around the box; spaces inside it do not matter.
 * @returns The box, or `null` if there is none: no four numbers between square brackets, a coordinate outside
 * [0, 1], or corners the wrong way round (x1 > x2 or y1 > y2).
 *
 * @example
 * ```ts
 * import { parseBox } from "./iou.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseBox("It is at [0.25, 0.5, 0.75, 1]."), [0.25, 0.5, 0.75, 1]);
 * assertEquals(parseBox("on the left"), null);
 * assertEquals(parseBox("[10, 20, 30, 40]"), null);
 * ```
 */
export function parseBox(text: string): Box | null {
  const found = BOX.exec(text);
  if (found === null) return null;
  const [x1, y1, x2, y2] = found.slice(1).map(Number) as [number, number, number, number];
  const inside = [x1, y1, x2, y2].every((x) => x >= 0 && x <= 1);
  return inside && x1 <= x2 && y1 <= y2 ? [x1, y1, x2, y2] : null;
}

/**
 * A box as text, the way {@linkcode parseBox} reads it.
 *
 * @param box The box.
 * @param digits Digits behind the point at most.
 * @returns `[x1, y1, x2, y2]`.
 *
 * @example
 * ```ts
 * import { formatBox } from "./iou.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatBox([0.25, 0.5, 1 / 3, 1]), "[0.25, 0.5, 0.3333, 1]");
 * ```
 */
export function formatBox(box: Box, digits = 4): string {
  return `[${box.map((x) => Number(x.toFixed(digits))).join(", ")}]`;
}

/**
 * Intersection over union: the area that two boxes share, divided by the area that they cover together.
 *
 * @param a A box.
 * @param b A box.
 * @returns From 0 (apart) to 1 (the same); 0 if neither has an area.
 *
 * @example
 * ```ts
 * import { iou } from "./iou.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(iou([0, 0, 0.5, 1], [0.25, 0, 0.75, 1]), 1 / 3);
 * ```
 */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  const together = area(a) + area(b) - shared;
  return together > 0 ? shared / together : 0;
}

function area(box: Box): number {
  return (box[2] - box[0]) * (box[3] - box[1]);
}

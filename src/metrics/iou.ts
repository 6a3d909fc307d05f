/**
 * Boxes and how much they overlap.
 *
 * @module
 */

/** A box `[x1, y1, x2, y2]`: left, top, right, bottom, as parts of the image's width and height (0 to 1), or in pixels. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** How the numbers of a box are meant. */
export interface BoxForm {
  /**
   * What the image's sides are: 1, 1000, or its own pixels. Overlaps are the same on any scale; it says which numbers
   * are possible.
   */
  scale: 1 | 1000 | "pixels";
  /** Whether they are left, top, right, bottom, or left, top, width, height. */
  form: "xyxy" | "xywh";
}

/** Parts of the image's sides, left, top, right, bottom: what is taken if nothing else is said. */
export const PARTS: BoxForm = { scale: 1, form: "xyxy" };

/** The scales that can be said. */
export const BOX_SCALES: readonly BoxForm["scale"][] = [1, 1000, "pixels"];
/** The forms that can be said. */
export const BOX_FORMS: readonly BoxForm["form"][] = ["xyxy", "xywh"];

const NUMBER = String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`;
const FOUR = Array<string>(4).fill(NUMBER).join(",");
const BOXES = [
  String.raw`\[${FOUR}\]`, // also inside <box>[[ … ]]</box>
  String.raw`\(${NUMBER},${NUMBER}\)\s*,?\s*\(${NUMBER},${NUMBER}\)`, // two corners
  String.raw`\(${FOUR}\)`,
  String.raw`<(?:box|bbox)>${FOUR}</(?:box|bbox)>`,
].map((pattern) => new RegExp(pattern, "i"));
const NAKED = new RegExp(String.raw`^${Array<string>(4).fill(NUMBER).join("[,\\s]")}\.?$`, "i");

/** What rounding may add to a side. */
const ROUNDING = 1e-6;

/**
 * The first box in an answer.
 *
 * @param text The answer. Anything may stand around the box; spaces inside it do not matter. It is four numbers in brackets
 * (`<box>[[…]]</box>` too) or parentheses, two corners `(x1, y1), (x2, y2)`, or `<box>x1, y1, x2, y2</box>`; where
 * a form is given, also four numbers and nothing else.
 * @param given How its numbers are meant.
 * @returns The box as left, top, right, bottom: parts of the sides, or pixels. `null` if there is none: no four numbers, a
 * coordinate outside the image (of pixels, below 0), or corners the wrong way round (x1 > x2 or y1 > y2).
 *
 * @example
 * ```ts
 * import { parseBox } from "./iou.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseBox("It is at [0.25, 0.5, 0.75, 1]."), [0.25, 0.5, 0.75, 1]);
 * assertEquals(parseBox("on the left"), null);
 * assertEquals(parseBox("[10, 20, 30, 40]"), null);
 * assertEquals(parseBox("<box>[[250, 500, 750, 1000]]</box>", { scale: 1000, form: "xyxy" }), [0.25, 0.5, 0.75, 1]);
 * assertEquals(parseBox("[10, 20, 30, 40]", { scale: "pixels", form: "xywh" }), [10, 20, 40, 60]);
 * ```
 */
export function parseBox(text: string, given?: BoxForm): Box | null {
  const { scale, form } = given ?? PARTS;
  const found = BOXES.map((pattern) => pattern.exec(text))
    .reduce(
      (first, match) => match !== null && (first === null || match.index < first.index) ? match : first,
      null,
    ) ??
    (given === undefined ? null : NAKED.exec(text.trim()));
  if (found === null) return null;
  const side = scale === "pixels" ? 1 : scale;
  const [x1, y1, c, d] = found.slice(1).map((number) => Number(number) / side) as [
    number,
    number,
    number,
    number,
  ];
  const [x2, y2] = form === "xyxy" ? [c, d] : [x1 + c, y1 + d];
  const most = scale === "pixels" ? Number.MAX_VALUE : form === "xywh" ? 1 + ROUNDING : 1;
  const inside = [x1, y1, x2, y2].every((x) => x >= 0 && x <= most);
  return inside && x1 <= x2 && y1 <= y2 ? [x1, y1, x2, y2] : null;
}

/** How a box is written, for messages. */
export function describeBox({ scale, form }: BoxForm = PARTS): string {
  const numbers = form === "xyxy" ? "[x1, y1, x2, y2]" : "[x, y, width, height]";
  return `${numbers} ${scale === "pixels" ? "in pixels" : `with coordinates in [0, ${scale}]`}`;
}

/**
 * A box as text, the way {@linkcode parseBox} reads it.
 *
 * @param box The box.
 * @param digits Digits behind the point at most.
 * @param given How its numbers are to be meant.
 * @returns `[x1, y1, x2, y2]`, or with width and height in the place of the last two.
 *
 * @example
 * ```ts
 * import { formatBox } from "./iou.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatBox([0.25, 0.5, 1 / 3, 1]), "[0.25, 0.5, 0.3333, 1]");
 * ```
 */
export function formatBox(box: Box, digits = 4, { scale, form }: BoxForm = PARTS): string {
  const side = scale === "pixels" ? 1 : scale;
  const [x1, y1, x2, y2] = box;
  const numbers = form === "xyxy" ? box : [x1, y1, x2 - x1, y2 - y1];
  return `[${numbers.map((x) => Number((x * side).toFixed(digits))).join(", ")}]`;
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

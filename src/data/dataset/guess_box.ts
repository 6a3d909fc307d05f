/**
 * How boxes are written, for a task that does not say.
 *
 * @module
 */

import { type BoxForm, parseBox, PARTS } from "../../metrics/iou.ts";

/** Forms in the order in which they are tried: the strictest first. */
const FORMS: readonly BoxForm[] = [
  PARTS,
  { scale: 1, form: "xywh" },
  { scale: 1000, form: "xyxy" },
  { scale: "pixels", form: "xyxy" },
  { scale: 1000, form: "xywh" },
  { scale: "pixels", form: "xywh" },
];

/**
 * Guesses how the boxes in answers are written: the first form in which all are boxes with an area. Numbers up to 1,000
 * may be pixels as well as thousandths, which makes no difference to overlaps.
 *
 * @param answers The answers.
 * @returns The form; undefined if some answer is no box in any.
 *
 * @example
 * ```ts
 * import { guessBox } from "./guess_box.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(guessBox(["[100, 200, 500, 600]"]), { scale: 1000, form: "xyxy" });
 * assertEquals(guessBox(["[100, 200, 50, 600]"]), { scale: 1000, form: "xywh" });
 * assertEquals(guessBox(["on the left"]), undefined);
 * ```
 */
export function guessBox(answers: readonly string[]): BoxForm | undefined {
  if (answers.length === 0) return undefined;
  return FORMS.find((form) =>
    answers.every((answer) => {
      // Four numbers and no sign of a box are a list.
      if (parseBox(answer) === null && parseBox(answer, form) !== null && !/[[(<]/.test(answer)) return false;
      const box = parseBox(answer, form);
      return box !== null && (form === PARTS || (box[0] < box[2] && box[1] < box[3]));
    })
  );
}

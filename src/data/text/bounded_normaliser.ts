/**
 * Normalisers within bounds: one that comes with a downloaded model may let a text grow without end.
 *
 * @module
 */

import type { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import { InputError } from "../../errors.ts";

/** UTF-16 units of the longest text that a normaliser makes of a shorter one. */
export const MAX_NORMALISED = 1 << 22;

/** A step of the library's normaliser. */
interface Step {
  config?: { type?: string; content?: string };
  pattern?: RegExp | null;
  normalizers?: (Step | null)[];
  normalize(text: string): string;
}

/**
 * Bounds what the steps that replace text make of it. As in `tokenizers`, what stands in the place of a text is taken as it
 * is: "$&" says nothing else.
 *
 * @param normalizer The library's normaliser; it is changed.
 */
export function boundReplacing(normalizer: HubTokenizer["normalizer"]): void {
  const visit = (step: Step | null) => {
    if (step === null) return;
    for (const inner of step.normalizers ?? []) visit(inner);
    const { pattern, config: { type, content = "" } = {} } = step;
    if (type !== "Replace" || !pattern) return;
    step.normalize = (text) => {
      const small = text.length * (1 + content.length) + content.length <= MAX_NORMALISED;
      if (small && !content.includes("$")) return text.replaceAll(pattern, content);
      let length = text.length;
      return text.replaceAll(pattern, (found) => {
        length += content.length - found.length;
        if (length > Math.max(text.length, MAX_NORMALISED)) {
          throw new InputError(
            `tokenizer.json: normalizer: expected texts of at most ${MAX_NORMALISED} characters, found that it makes a ` +
              `longer one by writing ${
                JSON.stringify(content.slice(0, 40))
              } over and over; use the model's own file`,
          );
        }
        return content;
      });
    };
  };
  visit(normalizer as Step | null);
}

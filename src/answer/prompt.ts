/**
 * What a model reads before it answers.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import type { Grid } from "../data/images/picture.ts";
import { placeholders } from "../data/text/conversation.ts";
import type { Sample } from "../data/types.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";
import type { EngineModel } from "../train/engine.ts";

/**
 * The prompt of a conversation's last turn, in the layout that the checkpoint was trained with.
 *
 * @param checkpoint The checkpoint.
 * @param model Its model.
 * @param sample The conversation; the answer of its last turn is not looked at.
 * @param grids How each of its images is cut.
 * @returns Token ids, image placeholders expanded, and the paths of the images in the order of their placeholders.
 * @throws {InputError} If it leaves no room for an answer.
 */
export function lastPrompt(
  checkpoint: CheckpointFiles,
  model: Pick<EngineModel, "maxPositions">,
  sample: Sample,
  grids: readonly Grid[],
): { ids: Int32Array; images: string[] } {
  const { format } = checkpoint;
  const prompt = format.promptOf(sample, sample.turns.length - 1, grids, { maxTokens: Infinity });
  const most = model.maxPositions - 1, found = prompt.ids.length;
  if (found <= most) return prompt;
  const visual = placeholders(format, grids);
  throw new InputError(
    `expected a conversation of at most ${most} tokens, which is all that the model reads, found ${found}` +
      `${visual > 0 ? ` (${visual} of them for images)` : ""}; ask less at once, or begin anew`,
  );
}

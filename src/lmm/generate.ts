/** Answers to many prompts, with a key-value cache: greedy on the device, or sampled. @module */
import type { Sequence } from "./batch.ts";
import { answerBatch } from "./generation/answer_batch.ts";
import { checkOptions, checkPrompt } from "./generation/check.ts";
import { KeyValueCache } from "./generation/key_value_cache.ts";
import type { GenerateOptions } from "./generation/options.ts";
import { promptsThatFit } from "./generation/prompts_that_fit.ts";
import type { Lmm } from "./lmm.ts";
import { Random } from "../random.ts";

/**
 * Answers prompts.
 *
 * @param model The model.
 * @param prompts Token ids up to where the answer starts, with the images' features (see `encodeImages`).
 * @param options How long, and how tokens are chosen: the most likely, or drawn if temperature is above 0.
 * @returns For each prompt the new tokens, without the token that ended the answer.
 * @throws {InputError} If an option cannot be used, or if a prompt with its answer is longer than the model's positions or
 * does not fit the model.
 */
export async function generate(
  model: Lmm,
  prompts: readonly Sequence[],
  options: GenerateOptions,
): Promise<Int32Array[]> {
  const { maxNewTokens, batchSize = 64, onToken } = options;
  checkOptions(options);
  prompts.forEach((prompt, i) => checkPrompt(model, prompt, maxNewTokens, `prompt ${i}`));
  // Prompts of like length together; answers in the order given.
  const order = prompts.map((_, i) => i).sort((a, b) =>
    prompts[a]!.ids.length - prompts[b]!.ids.length || a - b
  );
  const answers = new Array<Int32Array>(prompts.length);
  const random = new Random(options.seed ?? 0);
  for (let first = 0; first < order.length;) {
    const some = order.slice(first, first + batchSize);
    const sizes = some.map((i) => ({ tokens: prompts[i]!.ids.length, tiles: prompts[i]!.images.length }));
    const batch = some.slice(0, promptsThatFit(model, sizes, maxNewTokens));
    first += batch.length;
    const length = prompts[batch.at(-1)!]!.ids.length + maxNewTokens;
    const cache = new KeyValueCache(model, batch.length, length);
    try {
      const asked = {
        prompts: batch.map((i) => prompts[i]!),
        held: { tokens: 0, images: 0 },
        streams: batch.map((i) => random.fork(`prompt ${i}`)),
      };
      const made = await answerBatch(model, cache, asked, {
        ...options,
        ...(onToken ? { onToken: (token: number, i: number) => onToken(token, batch[i]!) } : {}),
      });
      batch.forEach((i, j) => answers[i] = made[j]!.ids);
    } finally {
      cache.destroy();
    }
  }
  return answers;
}

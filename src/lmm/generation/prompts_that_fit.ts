/** How many prompts are answered side by side. @module */
import { cacheRows } from "./key_value_cache.ts";
import { roundUp } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { memoryNeed } from "../memory_need.ts";
import { BYTES } from "../../autograd/tensor.ts";

/** What of a prompt its place on the device depends on. */
export interface PromptSize {
  /** Its tokens. */
  tokens: number;
  /** Tiles of its images. */
  tiles: number;
}

/**
 * How many of some prompts bindings hold what is made of: of the first, at least one.
 *
 * @param prompts In order of length.
 * @param maxNewTokens Most tokens of an answer.
 */
export function promptsThatFit(model: Lmm, prompts: readonly PromptSize[], maxNewTokens: number): number {
  const { imageTokens, featureWidth, gpu } = model;
  const { intermediate_size } = model.config.text_config;
  const most = gpu.largestBinding / BYTES.f32;
  let tokens = 0, images = 0;
  const end = prompts.findIndex((prompt, j) => {
    tokens += prompt.tokens;
    images += prompt.tiles;
    return j > 0 && (cacheRows(model, prompt.tokens + maxNewTokens) <= j || // a layer's cache
      roundUp(tokens) * 2 * intermediate_size > most || // the widest rows, of gate and up
      images * imageTokens * featureWidth > most || (j + 1) * model.vocabulary > most);
  });
  return end < 0 ? prompts.length : end;
}

/**
 * What answering takes on the device beside the parameters, at most: results of reading prompts and their cache.
 *
 * @param prompts In order of length; as many are answered side by side as fit, up to `together`.
 * @param options Most tokens of an answer, most prompts side by side.
 * @returns Bytes.
 */
export function answerNeed(
  model: Lmm,
  prompts: readonly PromptSize[],
  { maxNewTokens, together }: { maxNewTokens: number; together: number },
): number {
  let most = 0;
  for (let first = 0; first < prompts.length;) {
    const some = prompts.slice(first, first + together);
    const batch = some.slice(0, promptsThatFit(model, some, maxNewTokens));
    first += batch.length;
    const rows = roundUp(batch.reduce((sum, { tokens }) => sum + tokens, 0));
    const cached = batch.length * (batch.at(-1)!.tokens + maxNewTokens);
    const plan = { trainable: [], storage: "f32", rows, logits: batch.length, tiles: 0, cached } as const;
    // Features are projected before all else, and lie beside the rows that take them.
    const tiles = batch.reduce((sum, { tiles }) => sum + tiles, 0);
    const projected = (rows + 3 * tiles * model.imageTokens) * model.width * BYTES.f32;
    most = Math.max(most, memoryNeed(model.config, plan).results, projected);
  }
  return most;
}

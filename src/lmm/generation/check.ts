/** What can be asked for, and answered. @module */
import { cacheRows } from "./key_value_cache.ts";
import type { GenerateOptions } from "./options.ts";
import { checkSequence, type Sequence } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { InputError } from "../../errors.ts";

type Check = [name: string, value: number, right: boolean, expected: string];

/**
 * Checks options.
 *
 * @throws {InputError} Naming the option that cannot be used.
 */
export function checkOptions(options: GenerateOptions) {
  const { maxNewTokens, stops, batchSize = 64 } = options;
  const { temperature = 0, topK = 0, topP = 1, repetitionPenalty: penalty = 1 } = options;
  const checks: Check[] = [
    ["maxNewTokens", maxNewTokens, Number.isInteger(maxNewTokens) && maxNewTokens >= 1, "be at least 1"],
    ["batchSize", batchSize, Number.isInteger(batchSize) && batchSize >= 1, "be at least 1"],
    ["temperature", temperature, temperature >= 0 && temperature < Infinity, "be at least 0"],
    ["topK", topK, Number.isInteger(topK) && topK >= 0, "be a whole number of at least 0"],
    ["topP", topP, topP >= 0 && topP <= 1, "lie between 0 and 1"],
    ["repetitionPenalty", penalty, penalty > 0 && penalty < Infinity, "be above 0"],
    ...stops.map((stop): Check => ["stops", stop, stop === (stop | 0), "be token ids"]),
  ];
  for (const [name, value, right, expected] of checks) {
    if (!right) throw new InputError(`${name} must ${expected}, found ${value}`);
  }
}

/**
 * Checks that a prompt can be answered.
 *
 * @param name Which prompt, for messages.
 * @throws {InputError} If it is too long with its answer, or does not fit the model.
 */
export function checkPrompt(model: Lmm, prompt: Sequence, maxNewTokens: number, name: string) {
  const { length } = prompt.ids;
  if (length + maxNewTokens > model.maxPositions) {
    throw new InputError(
      `${name}: ${length} tokens and ${maxNewTokens} new ones are over the model's ${model.maxPositions} positions; ` +
        "shorten the prompt or the answer",
    );
  }
  checkSequence(model, prompt, model.imageTokens * model.featureWidth, name);
  if (cacheRows(model, length + maxNewTokens) < 1) {
    throw new InputError(
      `${name}: the keys and values of ${length} tokens and ${maxNewTokens} new ones are over the ` +
        `${model.gpu.largestBinding} bytes that a binding of this adapter holds; shorten the prompt or the answer`,
    );
  }
}

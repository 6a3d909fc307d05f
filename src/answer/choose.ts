/**
 * How the tokens of an answer are chosen.
 *
 * @module
 */

import type { GenerationConfig } from "../train/generation_config.ts";
import type { ReplyOptions } from "./dialogue.ts";

/** The longest answer where neither flag nor checkpoint say, in tokens. */
const LONGEST = 64;

/** The seed where none is given. */
export const SEED = 1;

/** Flags on how tokens are chosen. */
export interface ChoiceFlags {
  temperature?: number;
  topK?: number;
  topP?: number;
  repetitionPenalty?: number;
  maxTokens?: number;
  seed: number;
}

/**
 * How tokens are chosen: by the flags, else by the checkpoint.
 *
 * @param flags What was given.
 * @param config What the checkpoint's generation_config.json says.
 * @returns The options, and what is to be said about them.
 */
export function choose(
  flags: ChoiceFlags,
  { defaults, ignored }: GenerationConfig,
): { options: ReplyOptions; warnings: string[] } {
  const { temperature = defaults.temperature, topK = defaults.topK, topP = defaults.topP } = flags;
  const warnings = ignored.map((setting) => `generation_config.json: ${setting} is not heeded here`);
  if (temperature === 0 && (flags.topK !== undefined || flags.topP !== undefined)) {
    warnings.push("--top-k and --top-p change nothing at a temperature of 0; give --temperature as well");
  }
  return {
    options: {
      ...{ temperature, topK, topP, seed: flags.seed },
      repetitionPenalty: flags.repetitionPenalty ?? defaults.repetitionPenalty,
      maxNewTokens: flags.maxTokens ?? defaults.maxNewTokens ?? LONGEST,
    },
    warnings,
  };
}

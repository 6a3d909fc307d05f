/** How answers are generated. @module */
import type { SamplingOptions } from "../sample.ts";

/** How an answer is generated. */
export interface AnswerOptions extends Partial<SamplingOptions> {
  /** Most tokens of an answer. */
  maxNewTokens: number;
  /** The tokens that end an answer; may be empty. */
  stops: readonly number[];
  /** Seed of the draws when temperature is above 0; default 0. Every prompt has a stream of its own. */
  seed?: number | string;
  /**
   * Makes tokens of the prompt (image placeholders included) and of the answer less likely: their logits are divided by
   * it, or multiplied where they are negative, before all else (Keskar et al. 2019); above 0, default 1.
   */
  repetitionPenalty?: number;
  /**
   * Called with every token of an answer as soon as it is known, but for the one that ends it, and with the prompt's
   * place among the prompts. Tokens are then read back one by one, not several at a time.
   */
  onToken?: (token: number, prompt: number) => void;
  /** Looked at between tokens; once it has fired, its reason is thrown. */
  signal?: AbortSignal | undefined;
}

/** Options of `generate`. */
export interface GenerateOptions extends AnswerOptions {
  /** Prompts answered at the same time; default 64, less where their cache would be over what a binding holds. */
  batchSize?: number;
}

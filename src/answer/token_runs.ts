/**
 * A conversation's tokens, one by one, for people to look at.
 *
 * @module
 */

import type { Tokenizer } from "../data/text/tokenizer.ts";

/** Neighbouring tokens of one kind. */
export interface TokenRun {
  /** Text, special tokens, or places of an image's features. */
  kind: "text" | "special" | "image";
  /** Whether they are trained on. */
  trained: boolean;
  /** What each says: text, or how the vocabulary spells it. A token that completes no character says nothing. */
  tokens: string[];
}

/**
 * Cuts a conversation into runs of one kind.
 *
 * @param tokenizer The model's.
 * @param ids Its tokens.
 * @param mask 1 on trained ones.
 * @param imageId What stands for an image's features.
 * @returns The runs, in order; all tokens together are the conversation's.
 *
 * @example An answer and what it answers
 * ```ts
 * import { buildTokenizer, loadTokenizer } from "../data/mod.ts";
 * import { tokenRuns } from "./token_runs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = loadTokenizer(buildTokenizer(["red", "yes"]));
 * const [red, yes] = ["red", "yes"].flatMap((word) => tokenizer.encode(word));
 * const ids = [1, red!, yes!, 2];
 * assertEquals(tokenRuns(tokenizer, ids, [0, 0, 1, 1], 3), [
 *   { kind: "special", trained: false, tokens: ["<s>"] },
 *   { kind: "text", trained: false, tokens: ["red"] },
 *   { kind: "text", trained: true, tokens: ["yes"] },
 *   { kind: "special", trained: true, tokens: ["</s>"] },
 * ]);
 * ```
 */
export function tokenRuns(
  tokenizer: Tokenizer,
  ids: ArrayLike<number>,
  mask: ArrayLike<number>,
  imageId: number,
): TokenRun[] {
  const runs: (TokenRun & { ids: number[] })[] = [];
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!, trained = mask[i] === 1;
    const spelling = tokenizer.special(id);
    const kind = id === imageId ? "image" : spelling === undefined ? "text" : "special";
    let run = runs.at(-1);
    if (run?.kind !== kind || run.trained !== trained) {
      run = { kind, trained, tokens: [], ids: [] };
      runs.push(run);
    }
    run.ids.push(id);
    if (kind !== "text") run.tokens.push(spelling ?? `${id}`);
  }
  return runs.map(({ ids, ...run }) => run.kind === "text" ? { ...run, tokens: texts(tokenizer, ids) } : run);
}

/** What each token adds to the text of those before it: what a token says depends on them. */
function texts(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  return ids.map((_, last) => {
    const from = Math.max(0, last - WINDOW);
    const now = tokenizer.decode(ids.slice(from, last + 1));
    // A character of which bytes are missing shows as U+FFFD.
    if (now.endsWith("\uFFFD") && last < ids.length - 1) return "";
    const before = tokenizer.decode(ids.slice(from, last)).replace(/\uFFFD+$/, "");
    return now.startsWith(before) ? now.slice(before.length) : now;
  });
}

/** How many tokens back one still changes what a token says. */
const WINDOW = 16;

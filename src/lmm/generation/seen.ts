/** Which tokens a sequence has seen, for the repetition penalty. @module */
import { seenWords } from "../../ops/advance.ts";

/** A set of token ids, a bit a token, as the device holds it. */
export class SeenTokens {
  /** Bit `token % 32` of word `token / 32`. */
  readonly words: Int32Array;
  readonly #vocabulary: number;

  /**
   * A set.
   *
   * @param vocabulary Tokens there are; ids from there on are left out: no logit is theirs.
   * @param ids What is in it.
   */
  constructor(vocabulary: number, ids: Iterable<number>) {
    this.#vocabulary = vocabulary;
    this.words = new Int32Array(seenWords(vocabulary));
    for (const id of ids) this.add(id);
  }

  /** Adds a token. */
  add(id: number) {
    if (id < this.#vocabulary) this.words[id >> 5]! |= 1 << (id & 31);
  }

  /**
   * Logits with the penalty: those of seen tokens divided by it, or multiplied where they are negative.
   *
   * @param logits [vocabulary]
   * @param penalty Above 0.
   * @returns New logits, rounded to float32.
   */
  penalised(logits: Float32Array, penalty: number): Float32Array {
    return logits.map((z, id) => {
      if ((this.words[id >> 5]! >> (id & 31) & 1) === 0) return z;
      return z < 0 ? z * penalty : z / penalty;
    });
  }
}

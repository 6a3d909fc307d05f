/**
 * Recorded programs, kept for as long as their sizes come back.
 *
 * @module
 */
import { collect } from "../../gpu/collect.ts";
import type { Program } from "../../gpu/program/program.ts";

/** Recorded programs that are kept. */
const KEPT = 48;

/** Programs that are discarded between two collections of what they held. */
const DISCARDED = KEPT / 2;

/** Programs by name; the one that was unused for longest makes room for a new one. */
export class ProgramCache {
  readonly #kept = new Map<string, Program>();
  #discarded = 0;

  /** The most arena bytes that one of the kept programs needs at one time. */
  get largestNeed(): number {
    return Math.max(0, ...[...this.#kept.values()].map(({ largestNeed }) => largestNeed));
  }

  /**
   * The program of a name.
   *
   * @param key The name: all that its recording depends on.
   * @param record Records it, where it is not kept.
   * @returns The program; it is valid until the next call.
   */
  get(key: string, record: () => Program): Program {
    let program = this.#kept.get(key);
    if (program) {
      this.#kept.delete(key); // and put back as the latest used
    } else {
      if (this.#kept.size >= KEPT) {
        const [oldest, unused] = this.#kept.entries().next().value!;
        unused.destroy();
        this.#kept.delete(oldest);
        if (++this.#discarded % DISCARDED === 0) collect();
      }
      program = record();
    }
    this.#kept.set(key, program);
    return program;
  }

  /** Frees the programs. */
  destroy() {
    for (const program of this.#kept.values()) program.destroy();
    this.#kept.clear();
  }
}

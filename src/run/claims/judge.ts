/**
 * Whether other processes that work on a run still live.
 *
 * @module
 */

import { lives } from "./life_file.ts";
import { BEAT, type ProcessFacts, readProcessFile } from "./process_file.ts";

/** Seconds without a beat after which a process that cannot be looked at otherwise is taken for dead. */
export const QUIET = 60;

/** Most of the time between two looks that counts, in seconds: whoever looks may have been stopped in between. */
const LONGEST_LOOK = 3 * BEAT;

/** What is known of a process. */
export interface Judged {
  /** Unheard: it may live, and was not looked at for long enough to tell. */
  state: "alive" | "dead" | "unheard";
  /** What its file says; undefined where it is gone, or just being written. */
  facts: ProcessFacts | undefined;
}

/**
 * Judges processes, look by look. Where the process's machine is this one, the system tells at once. Else its beat is
 * watched, and the time is this process's own: no clock of another machine is believed.
 */
export class Judge {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #seen = new Map<string, { text: string; at: number; quiet: number; beaten: boolean }>();

  /**
   * @param folder The run's folder of claims.
   * @param now Seconds by a clock that never goes back.
   */
  constructor(folder: string, now: () => number = () => performance.now() / 1000) {
    this.#folder = folder;
    this.#now = now;
  }

  /**
   * Looks at a process.
   *
   * @param id What it is called.
   */
  async look(id: string): Promise<Judged> {
    const found = await readProcessFile(this.#folder, id);
    if (found === undefined) return { state: "dead", facts: undefined };
    const { text, facts } = found;
    return { state: await this.#stateOf(id, text, facts), facts };
  }

  async #stateOf(id: string, text: string, facts: ProcessFacts | undefined): Promise<Judged["state"]> {
    const life = facts?.life ?? null;
    const told = life === null ? undefined : await lives(life, id);
    if (told !== undefined) return told ? "alive" : "dead";
    const at = this.#now();
    const before = this.#seen.get(id);
    if (before === undefined || before.text !== text) {
      this.#seen.set(id, { text, at, quiet: 0, beaten: before !== undefined });
      return before === undefined ? "unheard" : "alive";
    }
    before.quiet += Math.min(LONGEST_LOOK, at - before.at);
    before.at = at;
    if (before.quiet >= QUIET) return "dead";
    return before.beaten && before.quiet < 3 * BEAT ? "alive" : "unheard";
  }
}

/**
 * The newest snapshot of a run, for any number of viewers.
 *
 * @module
 */

import { type Snapshot, snapshotOf } from "./regions.ts";
import type { RunView } from "./run_view.ts";

/** A snapshot, as it is sent. */
export interface Issue {
  /** Names it: another snapshot has another id. */
  id: string;
  /** What it holds. */
  snapshot: Snapshot;
  /** The same as JSON. */
  json: string;
}

/** Looks at a run while somebody waits for what is new, and only then. */
export class Feed {
  readonly #look: () => Promise<RunView>;
  readonly #every: number;
  readonly #began = Date.now().toString(36);
  #number = 0;
  #issue: Issue | undefined;
  #looking: Promise<Issue> | undefined;
  #next: Promise<Issue> | undefined;

  /**
   * @param look Looks at the run.
   * @param every Ms from one look to the next.
   */
  constructor(look: () => Promise<RunView>, every = 500) {
    this.#look = look;
    this.#every = every;
  }

  /** Looks now; all who ask meanwhile share the look. */
  now(): Promise<Issue> {
    return this.#looking ??= this.#lookOnce().finally(() => this.#looking = undefined);
  }

  /**
   * Waits for a snapshot that is not the one that is known already.
   *
   * @param known Its id.
   * @param signal Ends the waiting.
   * @param patience Most ms to wait.
   * @returns The newest one; undefined if there was none in this time.
   */
  async after(known: string | undefined, signal: AbortSignal, patience: number): Promise<Issue | undefined> {
    const until = performance.now() + patience;
    const fresh = () => this.#issue?.id === known ? undefined : this.#issue;
    while (fresh() === undefined && !signal.aborted && performance.now() < until) {
      await (known === undefined ? this.now() : this.#soon());
    }
    return fresh();
  }

  /** The look that comes next, the same for all who wait. */
  #soon(): Promise<Issue> {
    return this.#next ??= (async () => {
      try {
        await new Promise((resolve) => setTimeout(resolve, this.#every));
        return await this.now();
      } finally {
        this.#next = undefined;
      }
    })();
  }

  async #lookOnce(): Promise<Issue> {
    const snapshot = snapshotOf(await this.#look());
    const json = JSON.stringify(snapshot);
    if (json !== this.#issue?.json) {
      this.#issue = { id: `${this.#began}-${++this.#number}`, snapshot, json };
    }
    return this.#issue;
  }
}

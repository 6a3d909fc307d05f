/**
 * What a run said of itself in progress.jsonl.
 *
 * @module
 */

import { join } from "@std/path";
import { PROGRESS_FILE, type ProgressLine, type SittingEnd } from "../run/records/progress_line.ts";
import { LineTail } from "./line_tail.ts";
import type { RunView } from "./run_view.ts";

/** Lines of the log that are kept. */
const LOG = 200;

/** What was said until now. */
export interface Said {
  /** When the run was last heard of, in ms since 1970; null if it never spoke. */
  heard: number | null;
  /** How the last sitting ended; null where it goes on, was killed, or never spoke. */
  end: SittingEnd | null;
  /** What it failed by; null if it did not. */
  error: string | null;
  /** Whether it has come to the parts. */
  atParts: boolean;
  /** What it does. */
  doing: RunView["doing"];
  /** Seconds left as of the last line; null where it has not said. */
  secondsLeft: number | null;
  /** What it said, the latest last. */
  log: RunView["log"];
}

/** Nothing was said. */
export const SILENCE: Said = {
  heard: null,
  end: null,
  error: null,
  atParts: false,
  doing: null,
  secondsLeft: null,
  log: [],
};

/** Follows progress.jsonl. */
export class SaidSoFar {
  readonly #tail: LineTail;
  #said = SILENCE;
  /** Whether the lines at hand are of another run: the file was copied. */
  #foreign = false;
  #runId: string | undefined;

  /** @param folder The run's folder. */
  constructor(folder: string) {
    this.#tail = new LineTail(join(folder, PROGRESS_FILE));
  }

  /**
   * Reads what was said since.
   *
   * @param runId The run's id; sittings of others are passed over.
   * @returns All that is known.
   * @throws {InputError} If there is something else than a file.
   */
  async read(runId: string | undefined): Promise<Said> {
    if (runId === undefined) return SILENCE;
    this.#runId = runId;
    const modified = await this.#tail.read(
      (text) => {
        const line = parsed(text);
        if (line !== undefined) this.#hear(line);
      },
      () => {
        this.#said = SILENCE;
        this.#foreign = false;
      },
    );
    if (modified === undefined || this.#foreign) return this.#said;
    return { ...this.#said, heard: modified };
  }

  #hear(line: ProgressLine) {
    if (line.kind === "sitting") this.#foreign = line.run !== this.#runId;
    if (this.#foreign) return;
    const said = { ...this.#said, heard: line.at };
    this.#said = said;
    const log = (text: string) => said.log = [...said.log.slice(1 - LOG), { at: line.at, text }];
    switch (line.kind) {
      case "sitting":
        Object.assign(said, { ...SILENCE, heard: line.at, log: said.log });
        return log(`process ${line.process} began to work on the run`);
      case "note":
        return log(`note: ${line.text}`);
      case "setup":
        if (said.doing?.what !== line.doing) log(line.doing);
        said.doing = { part: null, what: line.doing, done: line.done, of: line.total };
        return;
      case "progress": {
        const { part, doing: what, step: done, steps: of, secondsLeft } = line;
        if (said.doing?.part !== part || said.doing.what !== what) log(`${part}: ${what}`);
        Object.assign(said, { atParts: true, doing: { part, what, done, of }, secondsLeft });
        return;
      }
      case "part":
        Object.assign(said, { atParts: true, doing: null });
        return log(`${line.part}: finished`);
      case "end":
        Object.assign(said, { end: line.how, error: line.error ?? null, doing: null, secondsLeft: null });
        return log(line.error === undefined ? line.how : `${line.how}: ${line.error}`);
    }
  }
}

/** A line that a run wrote; undefined for one that was cut off or damaged. */
function parsed(text: string): ProgressLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<ProgressLine> | null;
    return typeof line?.at === "number" && typeof line.kind === "string" ? line as ProgressLine : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

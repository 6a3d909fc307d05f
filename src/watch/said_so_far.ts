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
  /** How the sitting that spoke last ended, of those that go on if there are any; null where it goes on, was killed, or never spoke. */
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

/** What one process said of its work. */
type Speech = Pick<Said, "end" | "error" | "atParts" | "doing" | "secondsLeft">;

const NO_SPEECH: Speech = { end: null, error: null, atParts: false, doing: null, secondsLeft: null };

/** Follows progress.jsonl, where several processes may take turns. */
export class SaidSoFar {
  readonly #tail: LineTail;
  #heard: number | null = null;
  #log: Said["log"] = [];
  /** By what processes call themselves, the one that spoke last at the end. */
  readonly #speeches = new Map<string, Speech>();
  /** Processes whose lines are of another run: the file was copied. */
  readonly #foreign = new Set<string>();
  #last = "";
  #runId: string | undefined;

  /** @param folder The run's folder. */
  constructor(folder: string) {
    this.#tail = new LineTail(join(folder, PROGRESS_FILE));
  }

  /**
   * Reads what was said since.
   *
   * @param runId The run's id; sittings of others are passed over.
   * @param living What the processes call themselves that are not known to be dead: of them the last word counts.
   * @returns All that is known.
   * @throws {InputError} If there is something else than a file.
   */
  async read(runId: string | undefined, living: ReadonlySet<string> = new Set()): Promise<Said> {
    if (runId === undefined) return SILENCE;
    this.#runId = runId;
    const modified = await this.#tail.read(
      (text) => {
        const line = parsed(text);
        if (line !== undefined) this.#hear(line);
      },
      () => {
        this.#heard = null;
        this.#log = [];
        this.#speeches.clear();
        this.#foreign.clear();
      },
    );
    const heard = modified === undefined || this.#foreign.has(this.#last) ? this.#heard : modified;
    const all = [...this.#speeches];
    const [, speech] = all.findLast(([from, { end }]) => end === null && living.has(from)) ?? all.at(-1) ??
      ["", NO_SPEECH];
    return { ...speech, heard, log: this.#log };
  }

  #hear(line: ProgressLine) {
    const { from = "" } = line;
    this.#last = from;
    if (line.kind === "sitting") {
      if (line.run !== this.#runId) this.#foreign.add(from);
      else this.#foreign.delete(from);
    }
    if (this.#foreign.has(from)) return;
    this.#heard = line.at;
    const before = line.kind === "sitting" ? NO_SPEECH : this.#speeches.get(from) ?? NO_SPEECH;
    const speech = { ...before };
    this.#speeches.delete(from);
    this.#speeches.set(from, speech);
    const log = (text: string) => this.#log = [...this.#log.slice(1 - LOG), { at: line.at, text }];
    switch (line.kind) {
      case "sitting":
        return log(
          `process ${line.process}${
            line.host === undefined ? "" : ` on ${line.host}`
          } began to work on the run`,
        );
      case "note":
        return log(`note: ${line.text}`);
      case "setup":
        if (speech.doing?.what !== line.doing) log(line.doing);
        speech.doing = { part: null, what: line.doing, done: line.done, of: line.total };
        return;
      case "progress": {
        const { part, doing: what, step: done, steps: of, secondsLeft } = line;
        if (speech.doing?.part !== part || speech.doing.what !== what) log(`${part}: ${what}`);
        Object.assign(speech, { atParts: true, doing: { part, what, done, of }, secondsLeft });
        return;
      }
      case "part":
        Object.assign(speech, { atParts: true, doing: null });
        return log(`${line.part}: finished`);
      case "end":
        Object.assign(speech, { end: line.how, error: line.error ?? null, doing: null, secondsLeft: null });
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

/**
 * Writes what a run says on its way into its folder, so that it can be watched from elsewhere.
 *
 * @module
 */

import { join } from "@std/path";
import { Interrupted } from "../errors.ts";
import {
  PROGRESS_FILE,
  type ProgressLine,
  type ProgressSaid,
  SIGN_OF_LIFE,
} from "../run/records/progress_line.ts";
import type { Sitting } from "../run/records/run_info.ts";
import { RUN_FILE } from "../run/run_files.ts";
import type { TuneCallbacks, TuneEvent } from "./callbacks.ts";

/** Least time between two lines on the same work, in ms. */
const LINE_EVERY = 2000;

/** Who speaks. */
type Speaker = Pick<Sitting, "id" | "host">;

/**
 * Has a run's events written into progress.jsonl as well, from when run.json is there. A file that cannot be written is
 * given up in silence: no run fails for those who watch it.
 *
 * @typeParam T What the work gives.
 * @param folder The run's folder.
 * @param self This process, as others that share the run know it.
 * @param callbacks Who is told besides.
 * @param work The work, given callbacks that write and tell.
 * @returns What the work gives.
 */
export async function keepingProgress<T>(
  folder: string,
  self: Speaker,
  callbacks: TuneCallbacks,
  work: (callbacks: TuneCallbacks) => Promise<T>,
): Promise<T> {
  const log = new ProgressLog(folder, self);
  const event = (event: TuneEvent) => {
    const said = saidOf(event);
    if (said !== undefined) log.append(said);
    callbacks.event?.(event);
  };
  try {
    const result = await work({ ...callbacks, event });
    log.append({ kind: "end", how: "finished" });
    return result;
  } catch (error) {
    log.append(
      error instanceof Interrupted
        ? { kind: "end", how: "interrupted" }
        : { kind: "end", how: "failed", error: error instanceof Error ? error.message : String(error) },
    );
    throw error;
  } finally {
    log.close();
  }
}

/** What a line says of an event; nothing of parts that others finished. */
function saidOf(event: TuneEvent): ProgressSaid | undefined {
  switch (event.kind) {
    case "note":
    case "setup":
      return event;
    case "progress": {
      const { kind, part, doing, step, steps, secondsLeft } = event;
      return { kind, part, doing, step, steps, secondsLeft };
    }
    case "part":
      return event.before || event.elsewhere === true ? undefined : { kind: "part", part: event.part };
  }
}

/** The file, opened once run.json is there. */
class ProgressLog {
  readonly #folder: string;
  readonly #self: Speaker;
  #file: Deno.FsFile | undefined;
  #life: ReturnType<typeof setInterval> | undefined;
  #off = false;
  #last = { work: "", at: -Infinity };

  constructor(folder: string, self: Speaker) {
    this.#folder = folder;
    this.#self = self;
  }

  append(said: ProgressSaid) {
    if (this.#off || this.#tooSoon(said)) return;
    try {
      this.#file ??= this.#open();
      if (this.#file !== undefined) this.#write(this.#file, said);
    } catch {
      this.#off = true;
    }
  }

  close() {
    clearInterval(this.#life);
    this.#file?.close();
  }

  #tooSoon(said: ProgressSaid): boolean {
    if (said.kind !== "setup" && said.kind !== "progress") return false;
    const work = `${said.kind === "progress" ? said.part : ""} ${said.doing}`;
    const at = performance.now();
    if (work === this.#last.work && at - this.#last.at < LINE_EVERY) return true;
    this.#last = { work, at };
    return false;
  }

  /** In one piece, as other processes may add lines at the same time. */
  #write(file: Deno.FsFile, said: ProgressSaid) {
    const { id } = this.#self;
    const line: ProgressLine = { at: Date.now(), ...said, ...(id !== undefined && { from: id }) };
    const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  }

  /** Undefined where there is no run.json yet. */
  #open(): Deno.FsFile | undefined {
    const run = idOf(this.#folder);
    if (run === undefined) return undefined;
    const path = join(this.#folder, PROGRESS_FILE);
    if (!isFileOrNothing(path)) throw new Error(`${path} is no file`);
    const file = Deno.openSync(path, { read: true, append: true, create: true });
    // The last line of a sitting that was killed may lack its end.
    if (endsWithinLine(file)) file.writeSync(new TextEncoder().encode("\n"));
    const { host } = this.#self;
    this.#write(file, { kind: "sitting", run, process: Deno.pid, ...(host && { host }) });
    this.#life = setInterval(() => {
      try {
        const now = new Date();
        file.utimeSync(now, now);
      } catch {
        clearInterval(this.#life);
      }
    }, SIGN_OF_LIFE * 1000);
    return file;
  }
}

function idOf(folder: string): string | undefined {
  try {
    return (JSON.parse(Deno.readTextFileSync(join(folder, RUN_FILE))) as { id?: string }).id;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Opening a pipe would wait for its reader. */
function isFileOrNothing(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

function endsWithinLine(file: Deno.FsFile): boolean {
  const { size } = file.statSync();
  if (size === 0) return false;
  file.seekSync(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  file.readSync(last);
  return last[0] !== 10;
}

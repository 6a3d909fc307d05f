/**
 * The file by which a process that works on a run is known to others, on this machine or another.
 *
 * @module
 */

import { join } from "@std/path";
import type { Holder } from "./holder.ts";
import { openLifeFile } from "./life_file.ts";

/** Seconds between two beats. */
export const BEAT = 5;

/** What a process's file holds. */
export interface ProcessFacts extends Holder {
  /** What it is called; no two are called alike. */
  id: string;
  /** Whether it wants the run for itself, until it gives it back. */
  alone: boolean;
  /** Its sign of life on its own machine; see `life_file.ts`. */
  life: string | null;
  /** Counts up while it lives. */
  beat: number;
}

/** A process's own file, which beats. */
export interface ProcessFile {
  /** What it says. */
  readonly facts: Readonly<ProcessFacts>;
  /** Takes it away. */
  close(): Promise<void>;
}

const NAME = /^process-([0-9a-f]+)\.json$/;

/**
 * The process whose file has a name.
 *
 * @param name Of a file in a run's folder of claims.
 * @returns What the process is called; undefined for another file.
 */
export function processOf(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/**
 * Where a process's file lies.
 *
 * @param folder The run's folder of claims.
 * @param id What the process is called.
 */
export function processPath(folder: string, id: string): string {
  return join(folder, `process-${id}.json`);
}

/**
 * Writes this process's file, and has it beat until it is closed.
 *
 * The file is written in place, through the handle that made it: what another process put in its place is never touched.
 *
 * @param folder The run's folder of claims.
 * @param alone Whether the process wants the run for itself.
 * @returns The file.
 */
export async function openProcessFile(folder: string, alone: boolean): Promise<ProcessFile> {
  const id = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  const life = await openLifeFile(id);
  const facts: ProcessFacts = {
    id,
    host: hostName(),
    process: Deno.pid,
    started: new Date().toISOString(),
    alone,
    life: life.path,
    beat: 0,
  };
  const path = processPath(folder, id);
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { write: true, createNew: true });
    write(file, facts);
  } catch (error) {
    await life.close();
    throw error;
  }
  const timer = setInterval(() => {
    facts.beat++;
    try {
      write(file, facts);
      file.syncSync();
    } catch {
      // A disk that is full or gone for a while: what the run itself writes will say so.
    }
  }, 1000 * BEAT);
  Deno.unrefTimer(timer);
  return {
    facts,
    async close() {
      clearInterval(timer);
      file.close();
      await Deno.remove(path).catch(() => {});
      await life.close();
    },
  };
}

/** Of one length whatever the beat, so that no reader finds the rest of a longer one. */
function write(file: Deno.FsFile, { beat, ...facts }: ProcessFacts) {
  file.seekSync(0, Deno.SeekMode.Start);
  const bytes = new TextEncoder().encode(
    JSON.stringify({ ...facts, beat: String(beat).padStart(9, "0") }) + "\n",
  );
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

/**
 * Reads a process's file.
 *
 * @param folder The run's folder of claims.
 * @param id What the process is called.
 * @returns What it says, and its text, which changes with the beat; undefined if there is none. `facts` are missing where
 * it is just being written.
 */
export async function readProcessFile(
  folder: string,
  id: string,
): Promise<{ text: string; facts?: ProcessFacts } | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(processPath(folder, id));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const facts = JSON.parse(text) as Partial<ProcessFacts> | null;
    if (facts?.id === id && typeof facts.process === "number") {
      return { text, facts: { ...facts, beat: Number(facts.beat) } as ProcessFacts };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { text };
}

/**
 * The processes that work on a run, or did and ended without a word.
 *
 * @param folder The run's folder of claims.
 * @returns What their files say; none where there is no such folder.
 */
export async function processesIn(folder: string): Promise<ProcessFacts[]> {
  const found: ProcessFacts[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const id = processOf(name);
      const facts = id === undefined ? undefined : (await readProcessFile(folder, id))?.facts;
      if (facts !== undefined) found.push(facts);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  return found;
}

/** The machine's name, for messages; empty where it may not be asked. */
export function hostName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : "";
}

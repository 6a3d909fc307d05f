/**
 * Claims: of several processes that work on one run, on one machine or many, one at a time has a piece of work.
 *
 * A claim is a file in the run's folder `lock/`, wholly written beside it and then linked to its name, which the system
 * grants to one alone; no lock of a file system is needed. It names its process, whose own file there beats. A claim whose
 * process is dead (see {@linkcode Judge}) is taken over by making the one with the next number; its old holder, should it
 * come back to life, finds that one, and stops before it writes.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError, RunError } from "../../errors.ts";
import { LOCK_FILE, lockFolder, makeFolder } from "../lock.ts";
import { folderVanished, writing } from "../disk_error.ts";
import { claimFile, claimName, claimNumbers } from "./claim_names.ts";
import { type Holder, holderName } from "./holder.ts";
import { Judge, type Judged, QUIET } from "./judge.ts";
import { removeLife } from "./life_file.ts";
import { openProcessFile, type ProcessFacts, type ProcessFile, processOf } from "./process_file.ts";

/** Who has a piece of work. */
export interface WorkHolder extends Holder {
  /** When it took it, by its own clock: ISO 8601. */
  since: string;
  /** Whether its process was heard of, and so is alive; else it may have ended without a word. */
  heard: boolean;
}

/** What a claim's file holds: a process and its work, or `free` where the work was given back. */
interface ClaimText {
  id?: string;
  free?: true;
  holder?: Omit<WorkHolder, "heard">;
}

/** A piece of work that is this process's. */
export interface Claim {
  /**
   * Makes sure that it still is.
   *
   * @throws {RunError} If it was taken over, as this process was taken for dead.
   */
  check(): Promise<void>;
  /** The same, so that from now on nobody takes it over who took this process for dead before: for what must be written once. */
  renew(): Promise<void>;
  /** Gives it back; `done` where nobody needs to do it again. */
  release(how?: "done"): Promise<void>;
}

/** How a process joins those who work on a run. */
export interface ClaimsOptions {
  /** Whether others are not wanted. */
  alone?: boolean;
  /** Told what is waited for. */
  waiting?: (text: string) => void;
  /** See {@linkcode Judge}. */
  now?: (() => number) | undefined;
}

/** The processes that work on a run, and their pieces of work, as this process sees them. */
export class Claims {
  readonly #run: string;
  readonly #folder: string;
  readonly #made: boolean;
  readonly #own: ProcessFile;
  readonly #judge: Judge;
  readonly #held = new Set<Claim>();

  private constructor(run: string, made: boolean, own: ProcessFile, judge: Judge) {
    this.#run = run;
    this.#folder = join(run, LOCK_FILE);
    this.#made = made;
    this.#own = own;
    this.#judge = judge;
  }

  /**
   * Joins those who work on a run; the folder is made if it is missing.
   *
   * @param run The run's folder.
   * @param options Whether others may be there.
   * @returns What this process sees of them.
   * @throws {InputError} If the folder cannot be written to; with `alone`, if another process works on the run.
   */
  static async open(
    run: string,
    { alone = false, waiting = () => {}, now }: ClaimsOptions = {},
  ): Promise<Claims> {
    let made = false;
    try {
      made = await makeFolder(run);
      await makeLockFolder(run);
      const own = await openProcessFile(join(run, LOCK_FILE), alone);
      const claims = new Claims(run, made, own, new Judge(join(run, LOCK_FILE), now));
      try {
        if (alone) await claims.#beAlone(waiting);
      } catch (error) {
        await claims.close();
        throw error;
      }
      return claims;
    } catch (error) {
      if (made) await removeEmpty(join(run, LOCK_FILE), run);
      if (error instanceof InputError || !(error instanceof Error)) throw error;
      throw new InputError(
        `${alone ? "--out " : ""}${run}: expected a folder that can be written to, found: ${error.message}`,
      );
    }
  }

  /** This process, as others know it. */
  get self(): Pick<ProcessFacts, "id" | "host" | "process"> {
    const { id, host, process } = this.#own.facts;
    return { id, host, process };
  }

  /** Refuses to go on beside others; waits for what becomes of those that cannot be told from dead ones yet. */
  async #beAlone(waiting: (text: string) => void): Promise<void> {
    const claim = await this.take("alone");
    let told = false;
    for (;;) {
      const others = await this.others();
      // Of several that begin at a time, the one with the claim goes on.
      const alive = others.find(({ state, facts }) =>
        state === "alive" && !("check" in claim && facts?.alone)
      );
      const unheard = others.find(({ state }) => state === "unheard");
      if (alive === undefined && unheard === undefined && "check" in claim) return;
      if (alive === undefined && unheard !== undefined) {
        if (!told) {
          const who = unheard.facts === undefined ? "another process" : holderName(unheard.facts);
          waiting(
            `${who} is known to ${this.#run}, and may have ended without a word: waiting for a sign of it, ${QUIET} seconds at most.`,
          );
        }
        told = true;
        await delay(1000);
        continue;
      }
      const holder = alive?.facts ?? ("check" in claim ? undefined : claim);
      throw new InputError(
        `--out ${this.#run}: expected a folder that no other process writes to, found one in use${
          holder === undefined ? "" : ` by ${holderName(holder)}`
        }. Wait until that one is done, take part in its work (deno task tune --join ${this.#run}), or choose another folder`,
      );
    }
  }

  /** The other processes that are not known to be dead. */
  async others(): Promise<Judged[]> {
    const found: Judged[] = [];
    for (const file of await this.#files()) {
      const id = processOf(file);
      if (id === undefined || id === this.#own.facts.id) continue;
      const judged = await this.#judge.look(id);
      if (judged.state !== "dead") found.push(judged);
      else {
        await Deno.remove(join(this.#folder, file)).catch(() => {});
        const life = judged.facts?.life;
        if (life) await removeLife(life, id);
      }
    }
    return found;
  }

  /**
   * Takes a piece of work, unless another process has it that is not known to be dead.
   *
   * @param work A part's id, or another name.
   * @returns The claim, or who has it.
   * @throws {RunError} If the folder can no longer be written to.
   */
  take(work: string): Promise<Claim | WorkHolder> {
    return writing(join(this.#folder, claimName(work)), () => this.#take(work));
  }

  async #take(work: string): Promise<Claim | WorkHolder> {
    const name = claimName(work);
    const numbers = claimNumbers(await this.#files()).get(name) ?? [];
    const holder = await this.#holderOf(name, numbers);
    if (holder !== undefined) return holder;
    const number = (numbers.at(-1) ?? 0) + 1;
    if (!(await this.#make(name, number, this.#text()))) {
      return await this.#holderOf(name, [number]) ?? SOMEONE;
    }
    // Where the last process was tidying up as others came, there may be another number.
    const now = claimNumbers(await this.#files()).get(name) ?? [];
    const rival = await this.#holderOf(name, now.filter((n) => n !== number));
    if (rival !== undefined || now.at(-1) !== number) {
      await this.#make(name, number + 1, { free: true });
      await this.#remove(name, number);
      return rival ?? SOMEONE;
    }
    for (const old of now) if (old !== number) await this.#remove(name, old);
    return this.#claim(work, name, number);
  }

  /**
   * Who has which pieces of work.
   *
   * @returns By what {@linkcode claimName} makes of the work; this process's own are among them.
   */
  async holders(): Promise<Map<string, WorkHolder>> {
    return await holdersIn(this.#run, this.#judge);
  }

  /**
   * Gives back what is held, and leaves; whoever is the last takes away what the dead left.
   *
   * @returns Whether nobody else is there.
   */
  async close(): Promise<boolean> {
    for (const claim of [...this.#held]) await claim.release().catch(() => {});
    await this.#own.close();
    let last = false;
    try {
      last = (await this.others()).length === 0;
      for (const file of last ? await this.#files() : []) {
        if (processOf(file) === undefined) await Deno.remove(join(this.#folder, file)).catch(() => {});
      }
    } catch {
      // The folder has vanished, or cannot be read any more: nothing is to be tidied up.
    }
    await removeEmpty(this.#folder, this.#made ? this.#run : undefined);
    return last;
  }

  #claim(work: string, name: string, number: number): Claim {
    const lost = () =>
      new RunError(
        `${this.#run}: expected ${work} to be this process's, found that another took it over: this process was not heard ` +
          `of for long. What the other does is kept; take part again with deno task tune --join ${this.#run}`,
      );
    const claim: Claim = {
      check: async () => {
        const [own, next] = [number, number + 1].map((n) => join(this.#folder, claimFile(name, n)));
        if (await isThere(own!) && !(await isThere(next!))) return;
        throw await isThere(this.#run) ? lost() : folderVanished(this.#run);
      },
      renew: async () => {
        if (!(await this.#make(name, number + 1, this.#text()))) throw lost();
        await this.#remove(name, number++);
      },
      release: async (how) => {
        if (!this.#held.delete(claim)) return;
        // Else a number could be made twice, once by each of two who saw the same dead claim.
        if (how !== "done" && !(await this.#make(name, number + 1, { free: true }))) return;
        await this.#remove(name, number);
      },
    };
    this.#held.add(claim);
    return claim;
  }

  /** Who holds work by the highest of its claims; undefined where nobody does who may live. */
  #holderOf(name: string, numbers: readonly number[]): Promise<WorkHolder | undefined> {
    return holderOf(this.#folder, name, numbers, this.#judge);
  }

  #text(): ClaimText {
    const { id, host, process, started } = this.#own.facts;
    return { id, holder: { host, process, started, since: new Date().toISOString() } };
  }

  /** Makes a claim's file, whole and only if there is none. */
  async #make(name: string, number: number, text: ClaimText): Promise<boolean> {
    const path = join(this.#folder, claimFile(name, number));
    const temporary = `${path}.${this.#own.facts.id}`;
    await Deno.writeTextFile(temporary, JSON.stringify(text) + "\n");
    try {
      await Deno.link(temporary, path);
      return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) return await makeUnlinked(path, text);
      // A network file system may have done it, and lost its answer.
      return text.id !== undefined &&
        (await Deno.readTextFile(path).catch(() => "")) === JSON.stringify(text) + "\n";
    } finally {
      await Deno.remove(temporary).catch(() => {});
    }
  }

  async #remove(name: string, number: number): Promise<void> {
    await Deno.remove(join(this.#folder, claimFile(name, number))).catch(() => {});
  }

  #files(): Promise<string[]> {
    return filesIn(this.#folder);
  }
}

/** Someone who is gone before one could see who it was. */
const SOMEONE: WorkHolder = { host: "", process: 0, started: "", since: "", heard: false };

/**
 * Who has which pieces of work of a run; writes nothing.
 *
 * @param run The run's folder.
 * @param judge Tells who is dead, for as long as it was asked.
 * @returns By what {@linkcode claimName} makes of the work.
 */
export async function holdersIn(
  run: string,
  judge: Judge = new Judge(join(run, LOCK_FILE)),
): Promise<Map<string, WorkHolder>> {
  const folder = join(run, LOCK_FILE);
  const found = new Map<string, WorkHolder>();
  for (const [name, numbers] of claimNumbers(await filesIn(folder))) {
    const holder = await holderOf(folder, name, numbers, judge);
    if (holder !== undefined) found.set(name, holder);
  }
  return found;
}

async function holderOf(
  folder: string,
  name: string,
  numbers: readonly number[],
  judge: Judge,
): Promise<WorkHolder | undefined> {
  const last = numbers.at(-1);
  if (last === undefined) return undefined;
  let text: ClaimText;
  try {
    text = JSON.parse(await Deno.readTextFile(join(folder, claimFile(name, last)))) as ClaimText;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // it is done, or was given back
    if (error instanceof SyntaxError) return SOMEONE; // just being written
    throw error;
  }
  const { id, holder } = text;
  if (id === undefined || holder === undefined) return undefined;
  const { state } = await judge.look(id);
  return state === "dead" ? undefined : { ...holder, heard: state === "alive" };
}

async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    // A file is there where an older version is at work, or was killed.
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  return names;
}

/** For file systems without second names. */
async function makeUnlinked(path: string, text: ClaimText): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, JSON.stringify(text) + "\n", { createNew: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Makes the folder of claims; in its place an older version may have left a file, which its process locks. */
async function makeLockFolder(run: string): Promise<void> {
  const path = join(run, LOCK_FILE);
  try {
    await Deno.mkdir(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    if ((await Deno.stat(path)).isDirectory) return;
    const lock = await lockFolder(run);
    await lock.release();
    await makeLockFolder(run);
  }
}

/** Removes the folder of claims, and the run's, where they were left empty. */
async function removeEmpty(folder: string, run: string | undefined): Promise<void> {
  // Not recursive: this fails, as it should, where there is anything.
  await Deno.remove(folder).catch(() => {});
  if (run !== undefined) await Deno.remove(run).catch(() => {});
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

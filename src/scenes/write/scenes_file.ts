/**
 * scenes.json: how a folder was made, and what is in it.
 *
 * @module
 */

import { join } from "@std/path";
import type { Split } from "../../data/types.ts";
import { InputError } from "../../errors.ts";
import { type ChanceScores, chanceScores } from "../chance.ts";
import type { Conversation } from "../deal.ts";
import type { ScenesSettings } from "./settings.ts";
import type { SceneTask } from "../templates.ts";

/** What scenes.json tells of a task. */
export interface ScenesTask {
  /** How its answers are scored. */
  metric: string;
  /** How many there are. */
  conversations: Partial<Record<Split, number>>;
  /** Points by chance on the test split. */
  chance: ChanceScores;
  /** Counts of the answers by split, template and answer; of open answers only how many there are, as "…". */
  answers: Partial<Record<Split, Record<string, Record<string, number>>>>;
}

/** The file scenes.json: how the folder was made, and what is in it. */
export interface ScenesFile {
  /** Tells the file from others of its name. */
  benchmark: "scenes";
  /** Of the file's form. */
  version: 1;
  /** What the folder was made with. */
  settings: ScenesSettings;
  /** The mixture's tasks, in the order in which they are shown. */
  tasks: Record<string, ScenesTask>;
  /** The zero-shot tasks; empty if there are none. */
  zeroShot: Record<string, ScenesTask>;
}

/** Counts what is written of a task. Keeps the answers of the test split, whose chance score needs them. */
export class TaskCounts {
  readonly #task: SceneTask;
  readonly #open: ReadonlySet<string>;
  readonly #conversations: ScenesTask["conversations"] = {};
  readonly #answers: ScenesTask["answers"] = {};
  readonly #tested: { answer: string; template: string }[] = [];

  /**
   * Begins at zero.
   *
   * @param task The task.
   */
  constructor(task: SceneTask) {
    this.#task = task;
    this.#open = new Set(task.templates.filter(({ keys }) => keys.length === 0).map(({ name }) => name));
  }

  /**
   * Counts some more.
   *
   * @param split Their split. The splits come in the order train, val, test.
   * @param conversations The conversations.
   */
  add(split: Split, conversations: readonly Conversation[]): void {
    this.#conversations[split] = (this.#conversations[split] ?? 0) + conversations.length;
    const counts = this.#answers[split] ??= {};
    for (const { template, answer } of conversations.flatMap(({ turns }) => turns)) {
      const own = counts[template] ??= {};
      const kind = this.#open.has(template) ? "…" : answer;
      own[kind] = (own[kind] ?? 0) + 1;
      if (split === "test") this.#tested.push({ answer, template });
    }
  }

  /**
   * What was counted.
   *
   * @returns The task's entry of scenes.json.
   */
  summary(): ScenesTask {
    return {
      metric: this.#task.metric,
      conversations: this.#conversations,
      chance: chanceScores(this.#task, this.#tested),
      answers: this.#answers,
    };
  }
}

/**
 * The scenes.json of a folder made with the same settings.
 *
 * @param dir The folder.
 * @param settings The settings.
 * @returns The file; undefined where there is nothing yet.
 * @throws {InputError} If the folder holds anything else.
 */
export async function readPresent(dir: string, settings: ScenesSettings): Promise<ScenesFile | undefined> {
  let empty = true;
  try {
    for await (const _ of Deno.readDir(dir)) {
      empty = false;
      break;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotADirectory) {
      throw new InputError(`${dir}: expected a folder or nothing, found a file; name another folder`);
    }
    throw error;
  }
  if (empty) return undefined;
  let file: ScenesFile;
  try {
    file = JSON.parse(await Deno.readTextFile(join(dir, "scenes.json")));
  } catch {
    throw new InputError(
      `${dir}: expected an empty folder or the benchmark, found other files; name another folder`,
    );
  }
  if (
    file?.benchmark === "scenes" && file.version === 1 &&
    JSON.stringify(file.settings) === JSON.stringify(settings)
  ) {
    return file;
  }
  throw new InputError(
    `${dir}: expected an empty folder, found the benchmark made with other settings ` +
      `(${JSON.stringify(file?.settings)}); remove it or name another folder`,
  );
}

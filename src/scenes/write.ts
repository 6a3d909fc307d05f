/**
 * Writes the benchmark to a folder, in the form in which anyone's data is read.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { encodePng } from "../data/images/png.ts";
import type { Split } from "../data/types.ts";
import { InputError } from "../errors.ts";
import { Random } from "../random.ts";
import { type ChanceScores, chanceScores } from "./chance.ts";
import { type Conversation, dealConversations } from "./deal.ts";
import { renderScene } from "./picture/render.ts";
import { UNITS } from "./picture/scene.ts";
import { SCENE_TASKS } from "./tasks/mod.ts";
import { ZERO_SHOT_TASKS } from "./tasks/zero_shot.ts";
import type { SceneTask } from "./templates.ts";

/** Conversations of each task in the training split, unequal as in the paper's mixture. */
export const TRAIN_CONVERSATIONS: Readonly<Record<string, number>> = {
  caption: 600,
  "region-caption": 600,
  vqa: 1200,
  gqa: 1500,
  chart: 750,
  reading: 450,
  grounding: 900,
};

/** What `writeScenes` may be told. */
export interface WriteOptions {
  /** Seed of all that is drawn; 0, if left out. */
  seed?: number;
  /** Width and height of the pictures in pixels; 32, if left out. */
  size?: number;
  /** Training conversations by task; a task left out has those of `TRAIN_CONVERSATIONS`. */
  train?: Readonly<Record<string, number>>;
  /** Validation questions a task; 200, if left out. */
  val?: number;
  /** Test questions a task; 200, if left out. */
  test?: number;
  /** Questions of each zero-shot task, written to the folder `zero-shot`; 0 (none of them), if left out. */
  zeroShot?: number;
  /** Stops the writing; nothing is left behind. */
  signal?: AbortSignal;
}

/** The options as they are kept in scenes.json, nothing left out. */
export interface ScenesSettings {
  /** Seed of all that was drawn. */
  seed: number;
  /** Width and height of the pictures in pixels. */
  size: number;
  /** Training conversations by task. */
  train: Record<string, number>;
  /** Validation questions a task. */
  val: number;
  /** Test questions a task. */
  test: number;
  /** Questions of each zero-shot task. */
  zeroShot: number;
}

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
  /** The seven tasks, in the order in which they are shown. */
  tasks: Record<string, ScenesTask>;
  /** The zero-shot tasks; empty if there are none. */
  zeroShot: Record<string, ScenesTask>;
}

/** Pictures written at the same time. */
const AT_ONCE = 64;

/**
 * Writes the benchmark: for each task and split `<task>_<split>.json` in LLaVA's form, with PNG files; tasks.json
 * with the metrics; scenes.json with settings, counts, chance scores and the distribution of answers. No two
 * conversations of the folder share a scene. The folder appears whole or not at all.
 *
 * @param dir The folder; missing or empty. If it holds the benchmark with these very settings, it stays as it is.
 * @param options Seed, picture size, counts.
 * @param onProgress Told the number of pictures written and to write.
 * @returns The contents of scenes.json.
 * @throws {InputError} If the folder holds anything else, or an option is out of range.
 */
export async function writeScenes(
  dir: string,
  options: WriteOptions = {},
  onProgress?: (done: number, total: number) => void,
): Promise<ScenesFile> {
  const settings = resolveOptions(options);
  const target = resolve(dir);
  const present = await readPresent(target, settings);
  if (present !== undefined) return present;

  const total = Object.values(settings.train).reduce((sum, n) => sum + n, 0) +
    SCENE_TASKS.length * (settings.val + settings.test) + ZERO_SHOT_TASKS.length * settings.zeroShot;
  let done = 0;
  const written = () => onProgress?.(++done, total);

  await Deno.mkdir(dirname(target), { recursive: true });
  const partial = await Deno.makeTempDir({
    dir: dirname(target),
    prefix: `${basename(target)}.`,
    suffix: ".partial",
  });
  try {
    const random = new Random(settings.seed).fork("scenes");
    const seen = new Set<string>();
    const file: ScenesFile = { benchmark: "scenes", version: 1, settings, tasks: {}, zeroShot: {} };
    const write = async (task: SceneTask, folder: string, counts: Partial<Record<Split, number>>) => {
      const splits: Partial<Record<Split, Conversation[]>> = {};
      for (const split of ["train", "val", "test"] as const) {
        const count = counts[split];
        if (count === undefined) continue;
        options.signal?.throwIfAborted();
        const conversations = dealConversations(task, random.fork(`${task.name} ${split}`), {
          count,
          split,
          seen,
          ...(split === "train" ? {} : { turns: 1 }),
        });
        splits[split] = conversations;
        await writeSplit(folder, task, split, conversations, settings.size, written, options.signal);
      }
      return summary(task, splits);
    };

    for (const task of SCENE_TASKS) {
      file.tasks[task.name] = await write(task, partial, {
        train: settings.train[task.name]!,
        val: settings.val,
        test: settings.test,
      });
    }
    await writeJson(join(partial, "tasks.json"), metricsOf(SCENE_TASKS));
    if (settings.zeroShot > 0) {
      const folder = join(partial, "zero-shot");
      for (const task of ZERO_SHOT_TASKS) {
        file.zeroShot[task.name] = await write(task, folder, { test: settings.zeroShot });
      }
      await writeJson(join(folder, "tasks.json"), metricsOf(ZERO_SHOT_TASKS));
    }
    await writeJson(join(partial, "scenes.json"), file);
    await Deno.chmod(partial, 0o755); // temporary folders are private
    await Deno.rename(partial, target); // an empty folder at the target is replaced
    return file;
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  }
}

function resolveOptions(options: WriteOptions): ScenesSettings {
  const whole = (name: string, value: number, least: number): number => {
    if (Number.isInteger(value) && value >= least) return value;
    throw new InputError(`scenes: expected ${name} to be a whole number from ${least} on, found ${value}`);
  };
  const train: Record<string, number> = { ...TRAIN_CONVERSATIONS };
  for (const [task, count] of Object.entries(options.train ?? {})) {
    if (!(task in train)) {
      throw new InputError(
        `scenes: expected a task of the benchmark (${Object.keys(train).join(", ")}), found "${task}"`,
      );
    }
    train[task] = whole(`the training conversations of ${task}`, count, 1);
  }
  return {
    seed: whole("the seed", options.seed ?? 0, 0),
    size: whole("the picture size", options.size ?? UNITS, 16),
    train,
    val: whole("the number of validation questions", options.val ?? 200, 1),
    test: whole("the number of test questions", options.test ?? 200, 1),
    zeroShot: whole("the number of zero-shot questions", options.zeroShot ?? 0, 0),
  };
}

/** The scenes.json of a folder made with the same settings; undefined where there is nothing yet. */
async function readPresent(dir: string, settings: ScenesSettings): Promise<ScenesFile | undefined> {
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

async function writeSplit(
  dir: string,
  task: SceneTask,
  split: Split,
  conversations: readonly Conversation[],
  size: number,
  written: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = `images/${task.name}/${split}`;
  await Deno.mkdir(join(dir, folder), { recursive: true });
  const samples = conversations.map(({ turns }, i) => {
    const number = String(i).padStart(5, "0");
    return {
      id: `${task.name}-${split}-${number}`,
      image: `${folder}/${number}.png`,
      task: task.name,
      conversations: turns.flatMap(({ question, answer, template }, turn) => [
        { from: "human", value: turn === 0 ? `<image>\n${question}` : question },
        { from: "gpt", value: answer, template },
      ]),
    };
  });
  for (let from = 0; from < samples.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    await Promise.all(
      samples.slice(from, from + AT_ONCE).map(async ({ image }, i) => {
        const rgb = renderScene(conversations[from + i]!.scene, size);
        await Deno.writeFile(join(dir, image), encodePng(rgb, size, size));
        written();
      }),
    );
  }
  await writeJson(join(dir, `${task.name}_${split}.json`), samples);
}

function summary(task: SceneTask, splits: Partial<Record<Split, Conversation[]>>): ScenesTask {
  const result: ScenesTask = {
    metric: task.metric,
    conversations: {},
    chance: chanceScores(task, splits.test!.flatMap(({ turns }) => turns)),
    answers: {},
  };
  const open = new Set(task.templates.filter(({ keys }) => keys.length === 0).map(({ name }) => name));
  for (const split of ["train", "val", "test"] as const) {
    const conversations = splits[split];
    if (conversations === undefined) continue;
    result.conversations[split] = conversations.length;
    const counts: Record<string, Record<string, number>> = {};
    for (const { template, answer } of conversations.flatMap(({ turns }) => turns)) {
      const own = counts[template] ??= {};
      const kind = open.has(template) ? "…" : answer;
      own[kind] = (own[kind] ?? 0) + 1;
    }
    result.answers[split] = counts;
  }
  return result;
}

function metricsOf(tasks: readonly SceneTask[]): Record<string, { metric: string }> {
  return Object.fromEntries(tasks.map(({ name, metric }) => [name, { metric }]));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, undefined, 1) + "\n");
}

/**
 * Writes the benchmark to a folder, in the form in which anyone's data is read.
 *
 * @module
 */

import { basename, dirname, join, relative, resolve } from "@std/path";
import type { Split } from "../../data/types.ts";
import { BLOCK, type Conversation } from "../deal.ts";
import { dealBenchmark } from "../deal_benchmark.ts";
import type { Drawing } from "./draw_pictures.ts";
import { openDrawer } from "./drawer.ts";
import { JsonArrayFile } from "./json_array.ts";
import { readPresent, type ScenesFile, type ScenesTask, TaskCounts } from "./scenes_file.ts";
import { resolveSettings, type ScenesSettings, type WriteOptions } from "./settings.ts";
import { sampleNames } from "../sample_names.ts";
import { sceneTask } from "../scene_tasks.ts";
import { ZERO_SHOT_TASKS } from "../tasks/zero_shot.ts";
import type { SceneTask } from "../templates.ts";

export type { ScenesFile, ScenesSettings, ScenesTask, WriteOptions };

/**
 * The folder of the zero-shot tasks inside the benchmark's: a dataset of its own with a test split only, so that
 * `loadDataset(join(dir, ZERO_SHOT_FOLDER), { splits: ["test"] })` reads it.
 */
export const ZERO_SHOT_FOLDER = "zero-shot";

/** Pictures that are handed to a thread together. */
const AT_ONCE = 64;

/**
 * Writes the benchmark: for each task and split `<task>_<split>.json` in LLaVA's form, with PNG files; tasks.json
 * with the metrics; scenes.json with settings, counts, chance scores and the distribution of answers. No two
 * conversations of the folder share a scene. The folder appears whole or not at all. However much is written, no more
 * than a block of conversations is held in memory.
 *
 * The questions of validation and test are drawn apart from the training conversations: those of a task are the same
 * in every mixture, but for a scene that another task has taken.
 *
 * @param dir The folder; missing or empty. If it holds the benchmark with these very settings, it stays as it is.
 * @param options Seed, picture size, mixture, counts.
 * @param onProgress Told the number of pictures written and to write.
 * @returns The contents of scenes.json.
 * @throws {InputError} If the folder holds anything else, or an option is out of range.
 *
 * @example The starved mixture, and the zero-shot tasks, read back
 * ```ts
 * import { join } from "@std/path";
 * import { loadDataset } from "../../data/mod.ts";
 * import { mixtureSizes } from "../mixtures.ts";
 * import { writeScenes, ZERO_SHOT_FOLDER } from "./write.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dir = join(await Deno.makeTempDir(), "scenes");
 * const train = mixtureSizes("starved", { scale: 0.01 });
 * await writeScenes(dir, { mixture: "starved", train, val: 2, test: 2, zeroShot: 2 });
 * const dataset = await loadDataset(dir);
 * assertEquals(dataset.samples.train.get("gqa")!.length, 20);
 * const zeroShot = await loadDataset(join(dir, ZERO_SHOT_FOLDER), { splits: ["test"] });
 * assertEquals(zeroShot.tasks.map(({ name }) => name), ["vqa-pairs", "vqa-forms", "grounding-pairs"]);
 * ```
 */
export async function writeScenes(
  dir: string,
  options: WriteOptions = {},
  onProgress?: (done: number, total: number) => void,
): Promise<ScenesFile> {
  const settings = resolveSettings(options);
  const target = resolve(dir);
  const present = await readPresent(target, settings);
  if (present !== undefined) return present;

  const tasks = Object.keys(settings.train).map(sceneTask);
  const total = Object.values(settings.train).reduce((sum, n) => sum + n, 0) +
    tasks.length * (settings.val + settings.test) + ZERO_SHOT_TASKS.length * settings.zeroShot;
  let done = 0;
  const drawer = openDrawer(settings.size, total, options.workers);
  const begun: Promise<void>[] = [];
  const draw = async (drawings: Drawing[]) => {
    const drawn = drawer.draw(drawings).then((pixels) => {
      const bytes = 3 * settings.size ** 2;
      for (const [i, { path }] of drawings.entries()) {
        options.onPicture?.(
          join(target, relative(partial, path)),
          pixels.subarray(i * bytes, (i + 1) * bytes),
        );
        onProgress?.(++done, total);
      }
    });
    drawn.catch(() => {}); // heard below
    begun.push(drawn);
    while (begun.length * AT_ONCE > BLOCK) await begun.shift();
    // Signals and timers get their turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
  };

  await Deno.mkdir(dirname(target), { recursive: true });
  const partial = await Deno.makeTempDir({
    dir: dirname(target),
    prefix: `${basename(target)}.`,
    suffix: ".partial",
  });
  try {
    const file: ScenesFile = { benchmark: "scenes", version: 1, settings, tasks: {}, zeroShot: {} };
    const zeroShot = join(partial, ZERO_SHOT_FOLDER);
    const parts = [
      ...tasks.map((task) => ({
        task,
        sizes: { train: settings.train[task.name]!, val: settings.val, test: settings.test },
      })),
      ...(settings.zeroShot > 0 ? ZERO_SHOT_TASKS : []).map((task) => ({
        task,
        sizes: { test: settings.zeroShot },
      })),
    ];
    const counts = new Map(parts.map(({ task }) => [task, new TaskCounts(task)]));
    for (const { task, split, blocks } of dealBenchmark(settings.seed, parts)) {
      options.signal?.throwIfAborted();
      const writer = await SplitWriter.create(tasks.includes(task) ? partial : zeroShot, task, split);
      try {
        for (const block of blocks) {
          await writer.write(block, draw);
          counts.get(task)!.add(split, block);
        }
      } finally {
        await writer.end();
      }
    }
    for (const [task, counted] of counts) {
      file[tasks.includes(task) ? "tasks" : "zeroShot"][task.name] = counted.summary();
    }
    await Promise.all(begun);
    await writeJson(join(partial, "tasks.json"), metricsOf(tasks));
    if (settings.zeroShot > 0) await writeJson(join(zeroShot, "tasks.json"), metricsOf(ZERO_SHOT_TASKS));
    await writeJson(join(partial, "scenes.json"), file);
    await Deno.chmod(partial, 0o755); // temporary folders are private
    await Deno.rename(partial, target); // an empty folder at the target is replaced
    return file;
  } catch (error) {
    await drawer.close();
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  } finally {
    await drawer.close();
  }
}

/** Writes the pictures and the JSON file of one split, block by block. */
class SplitWriter {
  #count = 0;

  private constructor(
    private readonly dir: string,
    private readonly task: SceneTask,
    private readonly split: Split,
    private readonly file: JsonArrayFile,
  ) {}

  static async create(dir: string, task: SceneTask, split: Split): Promise<SplitWriter> {
    await Deno.mkdir(join(dir, "images", task.name, split), { recursive: true });
    const file = await JsonArrayFile.create(join(dir, `${task.name}_${split}.json`));
    return new SplitWriter(dir, task, split, file);
  }

  async write(
    conversations: readonly Conversation[],
    draw: (drawings: Drawing[]) => Promise<void>,
  ): Promise<void> {
    for (let from = 0; from < conversations.length; from += AT_ONCE) {
      const some = conversations.slice(from, from + AT_ONCE);
      const samples = some.map((conversation) => this.#sample(conversation, this.#count++));
      const drawings = some.map(({ scene }, i) => ({ scene, path: join(this.dir, samples[i]!.image) }));
      await draw(drawings);
      await this.file.push(...samples);
    }
  }

  async end(): Promise<void> {
    await this.file.end();
  }

  #sample({ turns }: Conversation, index: number) {
    return {
      ...sampleNames(this.task.name, this.split, index),
      task: this.task.name,
      conversations: turns.flatMap(({ question, answer, template }, turn) => [
        { from: "human", value: turn === 0 ? `<image>\n${question}` : question },
        { from: "gpt", value: answer, template },
      ]),
    };
  }
}

function metricsOf(tasks: readonly SceneTask[]): Record<string, { metric: string }> {
  return Object.fromEntries(tasks.map(({ name, metric }) => [name, { metric }]));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, undefined, 1) + "\n");
}

/**
 * Some of a dataset's folder, made ready for a page.
 *
 * @module
 */

import { questionsOf } from "../../answer/questions.ts";
import { drawSubsets } from "../../data/draw/draw_subsets.ts";
import { loadDataset } from "../../data/dataset/load_dataset.ts";
import { ofSample } from "../../data/dataset/validate_dataset.ts";
import { decodeImage } from "../../data/images/image.ts";
import type { Dataset, Sample, Split } from "../../data/types.ts";
import type { Example } from "../../run/records/example.ts";
import type { CheckpointFiles } from "../../train/checkpoint.ts";
import { chooseExamples } from "../../tune/data/examples.ts";
import type { PackedData } from "./packed_data.ts";
import { HELD, SHOWN, TRAINED } from "./share.ts";

/** Some of a dataset. */
export interface FolderData {
  /** What the page carries to train on. */
  data: PackedData;
  /** The questions that are shown. */
  examples: Example[];
  /** What was decided when the folder was read, a sentence each. */
  notes: string[];
}

/** Seed of what is taken; another seed of a training changes its order alone. */
const SEED = 0;

/**
 * Takes the same part of every task's training conversations, {@linkcode TRAINED} in all, some validation questions to
 * measure losses on, and some test questions to show.
 *
 * @param folder A dataset's folder, as `deno task tune --data` reads it.
 * @param checkpoint The model, which cuts the pictures and lays out the conversations.
 * @returns What the page carries: every picture as the model sees it.
 * @throws {InputError} If the folder or a picture cannot be read, or a conversation does not fit.
 */
export async function folderData(folder: string, checkpoint: CheckpointFiles): Promise<FolderData> {
  const dataset = await loadDataset(folder);
  const names = dataset.tasks.map(({ name }) => name);
  const train = trained(dataset);
  const held = names.flatMap((name) => samplesOf(dataset, "val", name, HELD));
  const { processor } = checkpoint;
  const asked = dataset.tasks.map(({ name, metric }) => ({
    task: name,
    metric,
    maxNewTokens: 0,
    questions: questionsOf(dataset, "test", name, SHOWN).map((item) => ({
      ...item,
      prompt: new Int32Array(),
      images: item.sample.images,
      tiles: 0,
    })),
  }));
  const shown = names.flatMap((name) => samplesOf(dataset, "test", name, SHOWN));

  const pictures: PackedData["pictures"] = {};
  // The page is told nothing of where files lie.
  const called = new Map<string, string>();
  const packed = async (sample: Sample): Promise<Sample> => {
    for (const path of sample.images) {
      if (called.has(path)) continue;
      const name = `picture ${called.size + 1}`;
      called.set(path, name);
      const { exif, maxPixels } = processor;
      const { tiles, grid } = await ofSample(
        sample,
        async () => processor.cut(await decodeImage(await Deno.readFile(path), { exif, maxPixels })),
      );
      pictures[name] = { tiles: tiles.map((tile) => tile.toBase64()), grid };
    }
    const file = sample.file.replace(/^.*[\\/]/, "");
    return { ...sample, file, images: sample.images.map((path) => called.get(path)!) };
  };
  const all = async (samples: readonly Sample[]) => {
    const done: Sample[] = [];
    for (const sample of samples) done.push(await packed(sample));
    return done;
  };
  return {
    data: {
      tasks: dataset.tasks,
      samples: { train: await all(train), held: await all(held), shown: await all(shown) },
      pictures,
    },
    examples: await chooseExamples(asked, processor),
    notes: dataset.notes,
  };
}

/** The same part of every task's training conversations, at least one. */
function trained({ tasks, samples }: Dataset): Sample[] {
  const total = tasks.reduce((sum, { name }) => sum + (samples.train.get(name)?.length ?? 0), 0);
  return tasks.flatMap(({ name }) => {
    const all = samples.train.get(name) ?? [];
    const rate = Math.min(1, Math.max(TRAINED / total, 1 / all.length));
    return drawSubsets(new Map([[name, all]]), { large: rate, mini: rate, seed: SEED }).get(name)!.large;
  });
}

/** The conversations of the first questions of a split, each once. */
function samplesOf(dataset: Dataset, split: Split, task: string, questions: number): Sample[] {
  return [...new Set(questionsOf(dataset, split, task, questions).map(({ sample }) => sample))];
}

/**
 * Validation and test splits for tasks that bring none.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { Random } from "../../random.ts";
import type { Sample, Split } from "../types.ts";

/** The part of a task's training samples that a cut split gets. */
const PART = 0.1;
/** The most samples that a cut split gets: scoring them all takes a model's time again and again. */
const MOST = 500;

/** Samples of every split, a task each. */
export type Splits = Record<Split, Map<string, Sample[]>>;

/** Clusters of images that stand together in a sample, each image by any one of its cluster. */
function imageClusters(samples: Iterable<Sample>): (sample: Sample) => string {
  const parent = new Map<string, string>();
  const find = (image: string): string => {
    let root = image;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    for (let at = image; at !== root;) {
      const up = parent.get(at)!;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  for (const { images } of samples) {
    for (const image of images.slice(1)) {
      const [a, b] = [find(images[0]!), find(image)];
      // The smaller name is the cluster's, whatever the order of the samples.
      if (a !== b) parent.set(a < b ? b : a, a < b ? a : b);
    }
  }
  return (sample) =>
    sample.images.length === 0 ? `text:${sample.task}:${sample.id}` : `image:${find(sample.images[0]!)}`;
}

/**
 * Cuts the missing validation and test splits out of the training samples, a tenth each (500 samples at most). An
 * image goes to one side with all samples of all tasks that show it, so that none is trained on and scored on. Which
 * images go depends on their names and the seed, not on the order of the samples.
 *
 * @param splits The samples that there are; changed in place.
 * @param seed Another seed cuts other images.
 * @param asked The tasks that will be used: only they are spoken of, and only they must have enough images. The others
 * take part so that the cut does not depend on the choice.
 * @returns What was cut, a sentence each.
 * @throws {InputError} If a task has too few images.
 */
export function cutSplits(splits: Splits, seed: number, asked: readonly string[]): string[] {
  const tasks = [...splits.train.keys()].filter((task) => splits.train.get(task)!.length > 0).sort();
  const wanting = (["test", "val"] as const).flatMap((split) =>
    tasks.filter((task) => !splits[split].has(task)).map((task) => [split, task] as const)
  );
  if (wanting.length === 0) return [];

  const clusterOf = imageClusters(tasks.flatMap((task) => splits.train.get(task)!));
  const members = new Map<string, Map<string, number>>(); // cluster -> task -> how many samples
  for (const task of tasks) {
    for (const sample of splits.train.get(task)!) {
      const cluster = clusterOf(sample);
      const byTask = members.get(cluster) ?? new Map<string, number>();
      members.set(cluster, byTask.set(task, (byTask.get(task) ?? 0) + 1));
    }
  }
  const rank = new Map<string, number>();
  for (const cluster of members.keys()) {
    rank.set(cluster, new Random(`${seed}/split/${cluster}`).next());
  }
  const order = [...members.keys()].sort((a, b) => rank.get(a)! - rank.get(b)! || (a < b ? -1 : 1));

  const side = new Map<string, Split>();
  for (const [split, task] of wanting) {
    const total = splits.train.get(task)!.length;
    const goal = Math.min(MOST, Math.max(1, Math.round(PART * total)));
    const own = order.filter((cluster) => members.get(cluster)!.has(task));
    let count = 0, left = own.filter((cluster) => !side.has(cluster)).length;
    for (const cluster of own) {
      if (side.get(cluster) === split) count += members.get(cluster)!.get(task)!;
    }
    for (const cluster of own) {
      if (count >= goal) break;
      if (side.has(cluster)) continue;
      side.set(cluster, split);
      count += members.get(cluster)!.get(task)!;
      left--;
    }
    if ((count === 0 || left === 0) && asked.includes(task)) {
      throw tooFew(splits.train.get(task)!, own.length);
    }
  }

  const notes: string[] = [];
  for (const task of tasks) {
    const cut: Splits["train"] = new Map([["train", []], ["val", []], ["test", []]]);
    let aside = 0;
    for (const sample of splits.train.get(task)!) {
      const to = side.get(clusterOf(sample)) ?? "train";
      // A task with a split of its own only loses what another task is scored on.
      if (to !== "train" && splits[to].has(task)) aside++;
      else cut.get(to)!.push(sample);
    }
    if (cut.get("train")!.length === 0 && asked.includes(task)) {
      const all = splits.train.get(task)!;
      throw tooFew(all, new Set(all.map(clusterOf)).size);
    }
    splits.train.set(task, cut.get("train")!);
    const spoken = asked.includes(task);
    const made = (["val", "test"] as const).filter((split) => cut.get(split)!.length > 0);
    for (const split of made) splits[split].set(task, cut.get(split)!);
    if (spoken && made.length > 0) {
      const parts = made.map((split) => `${cut.get(split)!.length} for ${split}`).join(" and ");
      notes.push(`${task}: ${parts} cut from train by image, ${cut.get("train")!.length} left to train on.`);
    }
    if (spoken && aside > 0) {
      notes.push(`${task}: ${aside} training samples set aside, another task is scored on their images.`);
    }
  }
  return notes;
}

function tooFew(samples: Sample[], images: number): InputError {
  const { file, task } = samples[0]!;
  return new InputError(
    `${file}, task ${task}: expected enough images or texts to cut train, val and test from (three at least), ` +
      `found ${images} in ${samples.length} samples; add samples, write ${task}_val.json and ${task}_test.json, or leave the task out`,
  );
}

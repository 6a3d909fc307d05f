/**
 * What run.json says of data and model.
 *
 * @module
 */

import { basename } from "@std/path";
import type { EncodedConversation } from "../../data/text/conversation.ts";
import type { Split } from "../../data/types.ts";
import type { DatasetSummary, ModelSummary, ResolvedOptions } from "../../run/records/run_info.ts";
import { sha256, sha256Of } from "../../run/sha256.ts";
import { MODULE_NAMES } from "../../lmm/layout.ts";
import { wholeFile } from "../../lmm/weights.ts";
import type { CheckpointFiles } from "../../train/checkpoint_files.ts";
import type { EngineModel } from "../../train/engine.ts";
import type { Encoded } from "./encode.ts";

/**
 * What run.json says of a dataset.
 *
 * @param encoded The dataset.
 * @param source Where it came from.
 * @returns Counts, notes and a fingerprint.
 */
export async function summarise(
  { dataset, conversations }: Pick<Encoded, "dataset" | "conversations">,
  source: { kind: "scenes" | "folder"; path: string },
): Promise<DatasetSummary> {
  const splits = ["train", "val", "test"] as const;
  const of = (split: Split, task: string) => dataset.samples[split].get(task) ?? [];
  const each = <T>(value: (split: Split) => T): Record<Split, T> => ({
    train: value("train"),
    val: value("val"),
    test: value("test"),
  });
  const tasks = dataset.tasks.map(({ name }) => name);
  const perTask = (task: string, value: (conversation: EncodedConversation) => number) =>
    of("train", task).reduce((sum, sample) => sum + value(conversations.get(sample)!), 0);

  const text: string[] = [JSON.stringify(dataset.tasks)];
  for (const split of splits) {
    for (const task of tasks) {
      for (const { id, images, turns, system } of of(split, task)) {
        const said = system === undefined ? [turns] : [turns, system];
        text.push(JSON.stringify([split, task, id, images.map((path) => basename(path)), ...said]));
      }
    }
  }
  return {
    ...source,
    tasks: dataset.tasks,
    conversations: each((split) => tasks.map((task) => of(split, task).length)),
    questions: each((split) =>
      tasks.map((task) => of(split, task).reduce((sum, { turns }) => sum + turns.length, 0))
    ),
    images: each((split) =>
      new Set(tasks.flatMap((task) => of(split, task).flatMap(({ images }) => images))).size
    ),
    tokens: tasks.map((task) => perTask(task, ({ ids }) => ids.length)),
    answerTokens: tasks.map((task) => perTask(task, ({ mask }) => mask.reduce((sum, x) => sum + x, 0))),
    fingerprint: await sha256(text.join("\n")),
    notes: dataset.notes,
  };
}

/**
 * What run.json says of the model.
 *
 * @param model The base, in memory.
 * @param checkpoint Its files.
 * @param options Which modules are frozen.
 * @returns Sizes and a fingerprint.
 */
export async function describeModel(
  model: EngineModel,
  checkpoint: CheckpointFiles,
  { frozen }: Pick<ResolvedOptions, "frozen">,
): Promise<ModelSummary> {
  const sizes = model.parameters;
  const hashes: string[] = [];
  for (const [name, bytes] of checkpoint.files) {
    hashes.push(`${name} ${await sha256(Uint8Array.from(bytes))}`);
  }
  for (const file of checkpoint.weights) hashes.push(`${file.name} ${await sha256Of(wholeFile(file))}`);
  const parameters = sizes.vision + sizes.projector + sizes.language;
  return {
    parameters,
    trainable: MODULE_NAMES.reduce(
      (sum, module) => frozen.includes(module) || model.lora?.addedTo.has(module) ? sum : sum + sizes[module],
      model.lora?.parameters ?? 0,
    ),
    imageTokens: model.imageTokens,
    imageSize: model.imageSize,
    vocabulary: checkpoint.tokenizer.vocabSize,
    config: checkpoint.config,
    fingerprint: await sha256(hashes.join("\n")),
  };
}

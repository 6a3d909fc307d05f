/**
 * The playground's page for a checkpoint and a dataset.
 *
 * @module
 */

import { InputError } from "../../src/errors.ts";
import { memoryFile, type WeightFile } from "../../src/lmm/weights.ts";
import { packModels } from "../../src/page/pack_models.ts";
import { folderData } from "../../src/play/data/folder_data.ts";
import { sceneSizes } from "../../src/play/data/scene_data.ts";
import { sceneExamples } from "../../src/play/data/scene_examples.ts";
import { renderPlayPage } from "../../src/play/page/play_page.ts";
import { presetsFor } from "../../src/play/presets.ts";
import { type CheckpointFiles, readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { inPackage, packageVersion } from "./package.ts";

/** What a playground is made for. */
export interface PlaygroundOptions {
  /** The model's folder; the shipped base if left out. */
  checkpoint?: string | undefined;
  /** A dataset's folder; scenes that the page draws itself, if left out. */
  data?: string | undefined;
  /** A link back to pages that this one belongs to. */
  home?: { name: string; href: string };
  /** Told what was decided by itself, a sentence each. */
  note?: (text: string) => void;
}

/** A playground. */
export interface Playground {
  /** The page's text. */
  page: string;
  /** Files that its server gives out: those of a model that is too large to be inside. */
  files: WeightFile[];
}

/** What the base is called that ships. */
const BASE = "the shipped base";

/**
 * Makes the page.
 *
 * @param options The model and the data.
 * @returns The page, and what is served beside it.
 * @throws {InputError} If the model or the data cannot be used.
 */
export async function playground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { checkpoint: folder, data, home, note = () => {} } = options;
  const asked = folder === undefined ? undefined : await readCheckpoint(folder);
  let name = asked === undefined ? BASE : `the model of ${folder}`;
  let checkpoint = asked ?? await readCheckpoint(inPackage("data/base"));
  let { packed, left } = await packModels([{ name, checkpoint }]);
  let served: CheckpointFiles | undefined;
  if (left.length > 0) {
    served = checkpoint;
    note(`${name} is too large to be trained in a page: it can be asked there, ${BASE} is trained`);
    [name, checkpoint] = [BASE, await readCheckpoint(inPackage("data/base"))];
    ({ packed, left } = await packModels([{ name, checkpoint }]));
  }
  const own = data === undefined ? undefined : await folderData(data, checkpoint);
  own?.notes.forEach(note);
  const tasks = own?.data.tasks.map(({ name }) => name) ?? Object.keys(sceneSizes());
  const files = served === undefined ? [] : filesOf(served);
  const page = await renderPlayPage({
    models: {
      packed: {
        ...packed,
        ...(served && {
          served: { name: `the model of ${folder}`, files: files.map(({ name, size }) => ({ name, size })) },
        }),
      },
      beside: [],
    },
    model: name,
    tasks,
    examples: own?.examples ?? sceneExamples(),
    presets: presetsFor(tasks),
    data: own?.data,
    version: packageVersion,
    ...(home && { home }),
  });
  return { page, files };
}

/** The files of a model's folder. */
function filesOf({ folder, files, weights, adapter }: CheckpointFiles): WeightFile[] {
  if (adapter !== undefined) {
    throw new InputError(
      `${folder}: expected a whole checkpoint where a model is too large to be inside a page, found a LoRA adapter; ` +
        `join it with its base first: deno task merge`,
    );
  }
  return [...[...files].map(([name, bytes]) => memoryFile(name, bytes)), ...weights];
}

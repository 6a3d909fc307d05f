/**
 * The playground's page for a checkpoint.
 *
 * @module
 */

import { packModels } from "../../src/page/pack_models.ts";
import type { PageModels } from "../../src/page/packed.ts";
import { sceneExamples } from "../../src/play/data/scene_examples.ts";
import { sceneSizes } from "../../src/play/data/scene_data.ts";
import { renderPlayPage } from "../../src/play/page/play_page.ts";
import { presetsFor } from "../../src/play/presets.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { inPackage, packageVersion } from "./package.ts";

/** What a playground is made for. */
export interface PlaygroundOptions {
  /** The model's folder; the shipped base if left out. */
  checkpoint?: string | undefined;
  /** A link back to pages that this one belongs to. */
  home?: { name: string; href: string };
  /** Told what is not as one may expect. */
  note?: (text: string) => void;
}

/**
 * Makes the page.
 *
 * @param options The model.
 * @returns The page's text.
 * @throws {InputError} If the model cannot be used.
 */
export async function playground({ checkpoint, home }: PlaygroundOptions = {}): Promise<string> {
  const base = await readCheckpoint(checkpoint ?? inPackage("data/base"));
  const model = checkpoint === undefined ? "the shipped base" : `the model of ${checkpoint}`;
  const { packed } = await packModels([{ name: model, checkpoint: base }]);
  const models: PageModels = { packed, beside: [] };
  const tasks = Object.keys(sceneSizes());
  return await renderPlayPage({
    models,
    model,
    tasks,
    examples: sceneExamples(),
    presets: presetsFor(tasks),
    version: packageVersion,
    ...(home && { home }),
  });
}

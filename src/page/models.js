// The models of a page: unpacked when the page is at rest, or when somebody asks.

import { createGpu } from "../gpu/gpu.ts";
import { answerer } from "./answerer.ts";
import { timed } from "./timed.ts";
import { openedCheckpoint, unpackModels } from "./unpack_models.ts";

/**
 * The models of a page.
 *
 * @param {() => PackedModels} packed Gives the models inside the page; called once.
 * @param {(name: string, i: number) => string} [nameOf] What a model that is opened is called.
 */
export function modelsOf(packed, nameOf = (_, i) => `opened model ${i + 1}`) {
  let gpu, loading;
  const models = [];

  async function load() {
    gpu = await timed("adapter", createGpu);
    gpu.compilesAhead = true;
    for (const { name, checkpoint } of await timed("unpacking", () => unpackModels(packed()))) {
      models.push({ name, answers: await answerer(gpu, checkpoint) });
    }
    return models;
  }

  return {
    /** @returns {Promise<{ name: string, answers: Answerer }[]>} The models, loaded on the first call. */
    open() {
      loading ??= load().catch((error) => {
        // The next call tries again.
        loading = undefined;
        models.length = 0;
        gpu?.destroy();
        throw error;
      });
      return loading;
    },
    /**
     * Opens a model from the files of its folder.
     *
     * @param {readonly File[]} files All of them.
     * @returns {Promise<{ name: string, answers: Answerer }>} The model, which is the last from now on.
     */
    async add(files) {
      const all = await this.open();
      const checkpoint = await openedCheckpoint(files);
      const model = { name: nameOf(checkpoint, all.length), answers: await answerer(gpu, checkpoint) };
      all.push(model);
      return model;
    },
  };
}

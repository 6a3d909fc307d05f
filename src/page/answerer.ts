/**
 * A model in a page that answers questions about pictures.
 *
 * @module
 */

import { choose, SEED } from "../answer/choose.ts";
import { type AnsweringModel, Dialogue, type Reply } from "../answer/dialogue.ts";
import type { Image } from "../data/images/image.ts";
import type { Picture } from "../data/images/picture.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { loadCheckpoint } from "../lmm/checkpoint.ts";
import { encodeImages } from "../lmm/features.ts";
import { GenerationSession } from "../lmm/generation/session.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";

/** Answers questions with one model. */
export interface Answerer {
  /**
   * Answers a question, with no memory of earlier ones: as `deno task ask` does.
   *
   * @param question The question.
   * @param pictures The pictures that it is about, in order; may be none.
   * @param onText Called with the answer's text, piece by piece.
   * @param signal Ends the answer.
   * @returns The answer and what it took.
   * @throws {InputError} If it cannot be asked.
   */
  ask(
    question: string,
    pictures: readonly Image[],
    onText: (piece: string) => void,
    signal?: AbortSignal,
  ): Promise<Reply>;
  /** Frees the model. */
  destroy(): void;
}

/**
 * Loads a model.
 *
 * @param gpu The device.
 * @param checkpoint The model.
 * @returns What answers with it.
 * @throws {InputError} If it cannot be used.
 */
export async function answerer(gpu: Gpu, checkpoint: CheckpointFiles): Promise<Answerer> {
  const { configText, weights, adapter, processor, generation } = checkpoint;
  const lmm = await loadCheckpoint(gpu, configText, weights, { trainable: [], adapter });
  const model: AnsweringModel = {
    imageSize: lmm.imageSize,
    maxPositions: lmm.maxPositions,
    encodeImages: (pixels) => encodeImages(lmm, pixels),
    session: () => new GenerationSession(lmm),
    destroy: () => lmm.destroy(),
  };
  const { options } = choose({ seed: SEED }, generation);
  return {
    async ask(question, pictures, onText, signal) {
      const cut = new Map<string, Picture>(
        pictures.map((image, i) => [`picture ${i + 1}`, processor.picture(image)]),
      );
      const dialogue = new Dialogue(checkpoint, model, {
        tiles: (path) => Promise.resolve(cut.get(path)!.tiles),
        grid: (path) => Promise.resolve(cut.get(path)!.grid),
      }, [...cut.keys()]);
      try {
        return await dialogue.ask(question, { ...options, onText, signal });
      } finally {
        dialogue.end();
      }
    },
    destroy: () => model.destroy(),
  };
}

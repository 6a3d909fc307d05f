/**
 * A model in a page that answers questions about pictures.
 *
 * @module
 */

import { choose, SEED } from "../answer/choose.ts";
import { type AnsweringModel, Dialogue, type Reply, type ReplyOptions } from "../answer/dialogue.ts";
import type { Image } from "../data/images/image.ts";
import type { Picture } from "../data/images/picture.ts";
import type { Tokenizer } from "../data/text/tokenizer.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Sequence } from "../lmm/batch.ts";
import { loadCheckpoint } from "../lmm/checkpoint.ts";
import { encodeImages } from "../lmm/features.ts";
import { attentionMaps } from "../lmm/generation/attention_maps.ts";
import { GenerationSession } from "../lmm/generation/session.ts";
import type { CheckpointFiles } from "../train/checkpoint.ts";
import { timed } from "./timed.ts";
import { AnswerAttention } from "./attention/answer_attention.ts";
import { tileTokens } from "./attention/patches.ts";

/** Answers questions with one model. */
export interface Answerer {
  /** Side of the square in which it sees a picture or a piece of one, in pixels. */
  readonly side: number;
  /** Most tokens of a conversation, answer included. */
  readonly maxPositions: number;
  /**
   * Begins a conversation.
   *
   * @param pictures The pictures that it is about, in order; may be none.
   * @returns The conversation; end it.
   * @throws {InputError} If a picture cannot be used.
   */
  begin(pictures: readonly Image[]): Talk;
  /** Frees the model. */
  destroy(): void;
}

/** What a conversation answers. */
export interface TalkReply extends Reply {
  /** The answer token by token, as text; the token that ended it is left out. */
  pieces: string[];
  /**
   * Where the model looked for each of them; at least one. It is computed when it is asked for, which can be later on,
   * as long as the model is there.
   *
   * @throws {RunError} If it cannot be computed on this device.
   */
  attention(): Promise<AnswerAttention>;
}

/** A conversation about pictures. */
export interface Talk {
  /**
   * Asks the next question; the first as `deno task ask` does.
   *
   * @param question The question.
   * @param options Told of the text, piece by piece; ended by a signal; how tokens are chosen, where the model's own
   * settings are not meant.
   * @returns The answer and what it took.
   * @throws {InputError} If the conversation is too long for the model.
   */
  ask(question: string, options?: Partial<ReplyOptions>): Promise<TalkReply>;
  /** Frees what the conversation holds. */
  end(): void;
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
  const { configText, weights, adapter, processor, generation, tokenizer } = checkpoint;
  const lmm = await timed(
    "loading a model",
    () => loadCheckpoint(gpu, configText, weights, { trainable: [], adapter }),
  );
  const { options } = choose({ seed: SEED }, generation);
  return {
    side: processor.size,
    maxPositions: lmm.maxPositions,
    begin(pictures) {
      const cut = new Map<string, Picture>(
        pictures.map((image, i) => [`picture ${i + 1}`, processor.picture(image)]),
      );
      let read: { prompt: Sequence; ids: Int32Array } | undefined;
      const model: AnsweringModel = {
        imageSize: lmm.imageSize,
        maxPositions: lmm.maxPositions,
        encodeImages: (pixels) => timed("looking at pictures", () => encodeImages(lmm, pixels)),
        session() {
          const session = new GenerationSession(lmm);
          return {
            async answer(prompt, how) {
              const answer = await timed("reading and answering", () => session.answer(prompt, how));
              read = { prompt, ids: answer.ids };
              return answer;
            },
            destroy: () => session.destroy(),
          };
        },
        destroy: () => {},
      };
      const dialogue = new Dialogue(checkpoint, model, {
        tiles: (path) => Promise.resolve(cut.get(path)!.tiles),
        grid: (path) => Promise.resolve(cut.get(path)!.grid),
      }, [...cut.keys()]);
      return {
        async ask(question, own) {
          const reply = await dialogue.ask(question, { ...options, ...own });
          const { prompt, ids } = read!;
          return {
            ...reply,
            pieces: piecesOf(tokenizer, ids),
            attention: async () =>
              new AnswerAttention(await attentionMaps(lmm, prompt, ids), {
                prompt: prompt.ids,
                answer: ids,
                imageId: lmm.imageId,
                tokenizer,
                tile: tileTokens(lmm.config),
                pictures: pictures.map(({ width, height }, i) => ({
                  grid: cut.get(`picture ${i + 1}`)!.grid,
                  shown: processor.shown(width, height),
                })),
              }),
          };
        },
        end: () => dialogue.end(),
      };
    },
    destroy: () => lmm.destroy(),
  };
}

/** What each token adds to the text, or, where it does not show by itself, its own text. */
function piecesOf(tokenizer: Tokenizer, ids: Int32Array): string[] {
  let before = "";
  return Array.from(ids, (id, i) => {
    const text = tokenizer.decode([...ids.subarray(0, i + 1)]);
    const piece = text.startsWith(before) ? text.slice(before.length) : tokenizer.decode([id]);
    before = text;
    return piece;
  });
}

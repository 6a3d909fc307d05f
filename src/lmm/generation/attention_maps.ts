/** Where a model looked for each token of an answer. @module */
import { checkPrompt } from "./check.ts";
import { batchArrays, batchInputs, batchSize, joinImages, type Sequence } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import { attended } from "../../ops/attention/attention.ts";
import { attentionProbabilities } from "../../ops/attention/attention_probabilities.ts";

/** What the tokens of an answer attended to. */
export interface AttentionMaps {
  /** Tokens of prompt and answer that can be attended to: all but the answer's last. */
  length: number;
  /** A layer each, from the first: [tokens of the answer, length] probabilities, averaged over heads. */
  layers: Float32Array[];
}

/**
 * Reads a prompt with its answer once more, all tokens at once, and takes from each layer's attention the probabilities
 * of the rows from which the answer's tokens were taken. That pass is the one by which prompts are read: with what was
 * computed token by token it agrees up to rounding.
 *
 * @param model The model.
 * @param prompt What was asked, with the features of its images.
 * @param answer The tokens whose maps are wanted, of which the first follows the prompt; at least one.
 * @returns The maps; a token's row says what the model looked at when it chose that token.
 * @throws {InputError} If prompt and answer do not fit the model.
 *
 * @example A row sums up to 1
 * ```ts
 * import { createGpu } from "../../gpu/gpu.ts";
 * import { parseConfig } from "../families/parse_config.ts";
 * import { Lmm } from "../lmm.ts";
 * import { attentionMaps } from "./attention_maps.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const gpu = await createGpu();
 * const config = parseConfig({
 *   image_token_index: 3,
 *   vision_config: { image_size: 16, patch_size: 8, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
 *     num_attention_heads: 2 },
 *   text_config: { vocab_size: 300, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1,
 *     num_attention_heads: 2 },
 * });
 * const model = Lmm.create(gpu, config, 0);
 * const { length, layers } = await attentionMaps(model, { ids: Int32Array.of(1, 7, 8), images: [] }, Int32Array.of(9, 10));
 * assertAlmostEquals(layers[0]!.subarray(length).reduce((a, b) => a + b), 1, 1e-5);
 * model.destroy();
 * gpu.destroy();
 * ```
 */
export async function attentionMaps(
  model: Lmm,
  prompt: Sequence,
  answer: Int32Array,
): Promise<AttentionMaps> {
  const { gpu, imageTokens, featureWidth } = model;
  checkPrompt(model, prompt, answer.length, "the prompt");
  const ids = new Int32Array(prompt.ids.length + answer.length - 1); // the last token is not read
  ids.set(prompt.ids);
  ids.set(answer.subarray(0, -1), prompt.ids.length);
  const sequence = { ids, images: prompt.images };
  const size = batchSize([sequence]);
  const tape = new Tape(gpu);
  const inputs = batchInputs(tape, size, imageTokens);
  const asked = tape.constant(Int32Array.from(answer, (_, i) => prompt.ids.length - 1 + i));
  const maps: Tensor[] = [];
  tape.noGrad(() => {
    const none = new Set<never>();
    const features = tape.input("images", [size.images * imageTokens, featureWidth]);
    const x = model.embed(tape, model.project(tape, features, none), inputs.index, none);
    const attend = (_: number, qkv: Tensor) => {
      const made = attended(tape, qkv, inputs.span, model.heads, true);
      maps.push(tape.output(attentionProbabilities(tape, made, asked, ids.length)));
      return made.o;
    };
    model.decode(tape, x, inputs.positions, attend, none);
  });
  const program = tape.compile();
  try {
    program.upload({
      ...batchArrays([sequence], size, model),
      images: joinImages([sequence], size.images, imageTokens * featureWidth),
    });
    await model.gpu.compiled();
    program.run();
    return { length: ids.length, layers: await Promise.all(maps.map((map) => map.read(gpu))) };
  } finally {
    program.destroy();
  }
}

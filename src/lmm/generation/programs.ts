/** The programs of generation: reading prompts into the cache, and one token further. @module */
import type { KeyValueCache } from "./key_value_cache.ts";
import { batchArrays, batchInputs, batchSize, joinImages, type Sequence } from "../batch.ts";
import { type Lmm, packedAttention } from "../lmm.ts";
import { Tape } from "../../autograd/tape.ts";
import type { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import { advance, type GenerationState, type Repetition } from "../../ops/advance.ts";
import { keep } from "../../ops/attention/cache.ts";
import { cachedAttention } from "../../ops/attention/cached_attention.ts";
import { logits } from "../../ops/cross_entropy.ts";
import { gatherRows } from "../../ops/embedding/gather_rows.ts";

/** How the next token is taken: the likeliest, on the device, or one that the host chooses. */
export type Choice = { on: "device"; repetition: Repetition | undefined } | { on: "host" };

/** A program, and the logits that it makes, [rows, vocabulary]; they can be read where the host chooses. */
export interface Generation {
  /** The program. */
  program: Program;
  /** Its logits. */
  z: Tensor;
}

const FROZEN = new Set<never>();

/**
 * Reads prompts into the cache, and takes the first token where the device chooses.
 *
 * @param prompts What is not in the cache yet: of one prompt the end, of several the whole.
 * @param held Tokens of the prompt that the cache holds; 0 where there are several.
 */
export function prefill(
  model: Lmm,
  prompts: readonly Sequence[],
  held: number,
  cache: KeyValueCache,
  s: GenerationState,
  choice: Choice,
): Generation {
  if (held > 0 && prompts.length > 1) throw new Error("the cache of one prompt can be gone on with");
  const { imageTokens, featureWidth } = model;
  const size = batchSize(prompts);
  const tape = new Tape(model.gpu);
  const inputs = batchInputs(tape, size, imageTokens);
  const place = new Int32Array(size.rows).fill(-1);
  const last: number[] = [];
  let at = 0;
  prompts.forEach(({ ids }, i) => {
    for (let j = 0; j < ids.length; j++) place[at + j] = i * cache.length + held + j;
    at += ids.length;
    last.push(at - 1);
  });
  const kept = tape.constant(place), ends = tape.constant(Int32Array.from(last));
  const z = tape.noGrad(() => {
    const features = tape.input("images", [size.images * imageTokens, featureWidth]);
    const x = model.embed(tape, model.project(tape, features, FROZEN), inputs.index, FROZEN);
    const packed = packedAttention(tape, inputs.span, model.heads);
    const rows = { position: inputs.positions, place: kept };
    const attend = (layer: number, qkv: Tensor) => {
      keep(tape, qkv, kept, cache.layer(layer), model.heads);
      if (held === 0) return packed(layer, qkv);
      return cachedAttention(tape, qkv, cache.layer(layer), rows, model.heads, cache.length);
    };
    const hidden = model.decode(tape, x, inputs.positions, attend, FROZEN);
    const answers = model.finish(tape, gatherRows(tape, hidden, ends, inputs.positions), FROZEN);
    return logits(tape, answers, model.head(FROZEN));
  });
  take(tape, s, z, choice);
  const program = tape.compile();
  const arrays = batchArrays(prompts, size, model);
  program.upload({
    ...arrays,
    positions: arrays.positions.map((position) => position + held),
    images: joinImages(prompts, size.images, imageTokens * featureWidth),
  });
  return { program, z };
}

/** One token further: embeds the last token, attends over the cache, and takes the next where the device chooses. */
export function step(model: Lmm, cache: KeyValueCache, s: GenerationState, choice: Choice): Generation {
  const rows = s.token.size;
  const tape = new Tape(model.gpu);
  const none = tape.constant(new Int32Array(rows).fill(-1));
  const z = tape.noGrad(() => {
    const index = {
      ids: s.token,
      image: none,
      place: tape.constant(Int32Array.of(-1)),
      held: none,
      rows: none,
    };
    const x = model.embed(tape, tape.input("no features", [1, model.width]), index, FROZEN);
    const attend = (layer: number, qkv: Tensor) => {
      keep(tape, qkv, s.place, cache.layer(layer), model.heads);
      return cachedAttention(tape, qkv, cache.layer(layer), s, model.heads, cache.length);
    };
    const hidden = model.decode(tape, x, s.position, attend, FROZEN);
    return logits(tape, model.finish(tape, hidden, FROZEN), model.head(FROZEN));
  });
  take(tape, s, z, choice);
  return { program: tape.compile(), z };
}

/** Takes the tokens that the host has put into the state. */
export function moveOn(model: Lmm, s: GenerationState): Program {
  const tape = new Tape(model.gpu);
  advance(tape, s);
  return tape.compile();
}

function take(tape: Tape, s: GenerationState, z: Tensor, choice: Choice) {
  if (choice.on === "host") tape.output(z);
  else advance(tape, s, z, choice.repetition);
}

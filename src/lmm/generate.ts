/** Generation with a key-value cache: greedy on the device, or sampled. @module */
import { batchArrays, batchInputs, batchSize, checkSequence, joinImages, type Sequence } from "./batch.ts";
import { type Lmm, packedAttention } from "./lmm.ts";
import { sample, type SamplingOptions } from "./sample.ts";
import { Tape } from "../autograd/tape.ts";
import { Tensor } from "../autograd/tensor.ts";
import { InputError } from "../errors.ts";
import type { Program } from "../gpu/program/program.ts";
import { advance, cachedAttention, type GenerationState, keep } from "../ops/attention/cache.ts";
import { logits } from "../ops/cross_entropy.ts";
import { gatherRows } from "../ops/embedding/gather_rows.ts";
import { Random } from "../random.ts";

/** Options of {@linkcode generate}. */
export interface GenerateOptions extends Partial<SamplingOptions> {
  /** Most tokens of an answer. */
  maxNewTokens: number;
  /** The token that ends an answer. */
  stop: number;
  /** Seed of the draws when temperature is above 0; default 0. Every prompt has a stream of its own. */
  seed?: number | string;
  /** Prompts answered at the same time; default 64. */
  batchSize?: number;
}

/** Tokens generated between two looks at whether all are done. */
const STRETCH = 8;

const FROZEN = new Set<never>();

/**
 * Answers prompts.
 *
 * @param model The model.
 * @param prompts Token ids up to where the answer starts, with the images' features (see `encodeImages`).
 * @param options How long, and how tokens are chosen: the most likely, or drawn if temperature is above 0.
 * @returns For each prompt the new tokens, without the stop token.
 * @throws {InputError} If a prompt with its answer is longer than the model's positions, or does not fit the model.
 */
export async function generate(
  model: Lmm,
  prompts: readonly Sequence[],
  options: GenerateOptions,
): Promise<Int32Array[]> {
  const { maxNewTokens, batchSize: size = 64 } = options;
  const longest = model.maxPositions;
  if (!(maxNewTokens >= 1)) throw new InputError(`maxNewTokens must be at least 1, found ${maxNewTokens}`);
  prompts.forEach((prompt, i) => {
    const { length } = prompt.ids;
    if (length + maxNewTokens > longest) {
      throw new InputError(
        `prompt ${i}: ${length} tokens and ${maxNewTokens} new ones are over the model's ${longest} positions; ` +
          "shorten the prompt or the answer",
      );
    }
    checkSequence(model, prompt, model.imageTokens * model.featureWidth, `prompt ${i}`);
  });
  // Prompts of like length together; answers in the order given.
  const order = prompts.map((_, i) => i).sort((a, b) =>
    prompts[a]!.ids.length - prompts[b]!.ids.length || a - b
  );
  const answers = new Array<Int32Array>(prompts.length);
  const random = new Random(options.seed ?? 0);
  for (let first = 0; first < order.length; first += size) {
    const batch = order.slice(first, first + size);
    const streams = batch.map((i) => random.fork(`prompt ${i}`));
    const made = await generateBatch(model, batch.map((i) => prompts[i]!), options, streams);
    batch.forEach((i, j) => answers[i] = made[j]!);
  }
  return answers;
}

async function generateBatch(
  model: Lmm,
  prompts: readonly Sequence[],
  options: GenerateOptions,
  streams: readonly Random[],
): Promise<Int32Array[]> {
  const { gpu } = model;
  const { maxNewTokens, stop, temperature = 0 } = options;
  const rows = prompts.length;
  const length = Math.max(...prompts.map(({ ids }) => ids.length)) + maxNewTokens;
  const { groups, headSize } = model.heads;
  const ints = (values: ArrayLike<number>, shape: number[]) => Tensor.of(gpu, shape, values, "i32");
  const s: GenerationState = {
    token: Tensor.of(gpu, [rows], undefined, "i32"),
    position: ints(prompts.map(({ ids }) => ids.length - 1), [rows]),
    place: ints(prompts.map(({ ids }, i) => i * length + ids.length - 1), [rows]),
    state: Tensor.of(gpu, [rows, 2], undefined, "i32"),
    output: Tensor.of(gpu, [rows, maxNewTokens], undefined, "i32"),
  };
  const caches = Array.from(
    { length: model.layers },
    () => Tensor.of(gpu, [rows * length, 2 * groups * headSize]),
  );
  const programs: Program[] = [];
  const tensors = [...Object.values(s) as Tensor[], ...caches];
  try {
    const greedy = temperature <= 0;
    const start = prefill(model, prompts, length, caches, s, greedy ? stop : undefined);
    programs.push(start.program);
    start.program.run();
    const next = step(model, caches, s, greedy ? stop : undefined);
    programs.push(next.program);
    if (greedy) {
      for (let taken = 1; taken < maxNewTokens; taken += STRETCH) {
        next.program.run(Math.min(STRETCH, maxNewTokens - taken));
        const state = await s.state.read(gpu);
        if (prompts.every((_, i) => state[2 * i + 1] === 1)) break;
      }
    } else {
      const move = moveOn(model, s, stop);
      programs.push(move);
      let z = start.z;
      for (let taken = 0; taken < maxNewTokens; taken++) {
        const all = await z.read(gpu);
        const vocab = all.length / rows;
        const chosen = prompts.map((_, i) =>
          sample(all.subarray(i * vocab, (i + 1) * vocab), { ...options, temperature }, streams[i]!)
        );
        s.token.write(gpu, Int32Array.from(chosen));
        move.run();
        const state = await s.state.read(gpu);
        if (prompts.every((_, i) => state[2 * i + 1] === 1)) break;
        next.program.run();
        z = next.z;
      }
    }
    const [state, output] = [await s.state.read(gpu), await s.output.read(gpu)];
    return prompts.map((_, i) => {
      const taken = Int32Array.from(output.subarray(i * maxNewTokens, i * maxNewTokens + state[2 * i]!));
      const end = taken.indexOf(stop);
      return end < 0 ? taken : taken.slice(0, end);
    });
  } finally {
    for (const program of programs) program.destroy();
    for (const tensor of tensors) tensor.destroy(gpu);
  }
}

/** Runs the prompts, fills the cache, and (greedy) takes the first token. */
function prefill(
  model: Lmm,
  prompts: readonly Sequence[],
  length: number,
  caches: readonly Tensor[],
  s: GenerationState,
  stop: number | undefined,
): { program: Program; z: Tensor } {
  const { imageTokens, featureWidth } = model;
  const size = batchSize(prompts);
  const tape = new Tape(model.gpu);
  const inputs = batchInputs(tape, size, imageTokens);
  const place = new Int32Array(size.rows).fill(-1);
  const last: number[] = [];
  let at = 0;
  prompts.forEach(({ ids }, i) => {
    for (let j = 0; j < ids.length; j++) place[at + j] = i * length + j;
    at += ids.length;
    last.push(at - 1);
  });
  const kept = tape.constant(place), ends = tape.constant(Int32Array.from(last));
  const z = tape.noGrad(() => {
    const features = tape.input("images", [size.images * imageTokens, featureWidth]);
    const x = model.embed(tape, model.project(tape, features, FROZEN), inputs.index, FROZEN);
    const packed = packedAttention(tape, inputs.span, model.heads);
    const attend = (layer: number, qkv: Tensor) => {
      keep(tape, qkv, kept, caches[layer]!, model.heads);
      return packed(layer, qkv);
    };
    const hidden = model.decode(tape, x, inputs.positions, attend, FROZEN);
    const answers = model.finish(tape, gatherRows(tape, hidden, ends, inputs.positions), FROZEN);
    return logits(tape, answers, model.head(FROZEN));
  });
  if (stop === undefined) tape.output(z);
  else advance(tape, s, stop, z);
  const program = tape.compile();
  program.upload({
    ...batchArrays(prompts, size, model),
    images: joinImages(prompts, size.images, imageTokens * featureWidth),
  });
  return { program, z };
}

/** One token further: embeds the last token, attends over the cache, and (greedy) takes the next. */
function step(
  model: Lmm,
  caches: readonly Tensor[],
  s: GenerationState,
  stop: number | undefined,
): { program: Program; z: Tensor } {
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
      keep(tape, qkv, s.place, caches[layer]!, model.heads);
      return cachedAttention(tape, qkv, caches[layer]!, s.position, model.heads);
    };
    const hidden = model.decode(tape, x, s.position, attend, FROZEN);
    return logits(tape, model.finish(tape, hidden, FROZEN), model.head(FROZEN));
  });
  if (stop === undefined) tape.output(z);
  else advance(tape, s, stop, z);
  return { program: tape.compile(), z };
}

/** Takes the tokens that the host has put into the state. */
function moveOn(model: Lmm, s: GenerationState, stop: number): Program {
  const tape = new Tape(model.gpu);
  advance(tape, s, stop);
  return tape.compile();
}

/** Answers to prompts that are answered side by side. @module */
import type { KeyValueCache } from "./key_value_cache.ts";
import type { AnswerOptions } from "./options.ts";
import { type Choice, type Generation, moveOn, prefill, step } from "./programs.ts";
import { SeenTokens } from "./seen.ts";
import type { Sequence } from "../batch.ts";
import type { Lmm } from "../lmm.ts";
import { sample } from "../sample.ts";
import { Tensor } from "../../autograd/tensor.ts";
import type { Program } from "../../gpu/program/program.ts";
import type { GenerationState } from "../../ops/advance.ts";
import type { Random } from "../../random.ts";

/** What came of a prompt. */
export interface Answered {
  /** The new tokens, without the one that ended the answer. */
  ids: Int32Array;
  /** The token that ended the answer; undefined where it is as long as it may be. */
  stop: number | undefined;
}

/** Prompts, and what of them is known already. */
export interface Asked {
  /** The prompts, whole. */
  prompts: readonly Sequence[];
  /** Tokens of the one prompt that the cache holds, and images among them; 0 and 0 where there are several. */
  held: { tokens: number; images: number };
  /** Where the draws come from, a stream a prompt. */
  streams: readonly Random[];
}

/** Tokens generated between two looks at whether all are done, where nobody waits for them. */
const STRETCH = 8;

/**
 * Answers prompts side by side.
 *
 * @param cache Room for every prompt and its answer, of as many sequences as there are prompts.
 * @returns An answer a prompt.
 */
export async function answerBatch(
  model: Lmm,
  cache: KeyValueCache,
  { prompts, held, streams }: Asked,
  options: AnswerOptions,
): Promise<Answered[]> {
  const { gpu } = model;
  const { maxNewTokens: most, stops, repetitionPenalty: penalty = 1, temperature = 0, signal } = options;
  const rows = prompts.length;
  const ints = (shape: number[], values?: ArrayLike<number>) => Tensor.of(gpu, shape, values, "i32");
  const state: GenerationState = {
    token: ints([rows]),
    position: ints([rows], prompts.map(({ ids }) => ids.length - 1)),
    place: ints([rows], prompts.map(({ ids }, i) => i * cache.length + ids.length - 1)),
    state: ints([rows, 2]),
    output: ints([rows, most]),
    stops: ints([stops.length], stops),
  };
  const tensors = Object.values(state) as Tensor[];
  const seen = penalty === 1 ? undefined : prompts.map(({ ids }) => new SeenTokens(model.vocabulary, ids));
  let choice: Choice = { on: "host" };
  if (temperature === 0) {
    const repetition = seen && { seen: ints([rows, seen[0]!.words.length], joined(seen)), penalty };
    if (repetition) tensors.push(repetition.seen);
    choice = { on: "device", repetition };
  }
  const work = new Work(model, cache, state, choice, options);
  try {
    signal?.throwIfAborted();
    const fresh = held.tokens === 0 ? prompts : prompts.map(({ ids, images }) => ({
      ids: ids.subarray(held.tokens),
      images: images.slice(held.images),
    }));
    const z = await work.read(fresh, held.tokens);
    if (choice.on === "device") await work.greedy();
    else await work.drawn(z, streams, seen, penalty);
    return await work.answers();
  } finally {
    work.destroy();
    for (const tensor of tensors) tensor.destroy(gpu);
  }
}

function joined(seen: readonly SeenTokens[]): Int32Array {
  const words = new Int32Array(seen.length * seen[0]!.words.length);
  seen.forEach((row, i) => words.set(row.words, i * row.words.length));
  return words;
}

/** The programs of one batch, and how far its answers are. */
class Work {
  readonly #model: Lmm;
  readonly #cache: KeyValueCache;
  readonly #s: GenerationState;
  readonly #choice: Choice;
  readonly #options: AnswerOptions;
  readonly #programs: Program[] = [];
  readonly #rows: number;
  readonly #told: number[];
  #next: Generation | undefined;

  constructor(model: Lmm, cache: KeyValueCache, s: GenerationState, choice: Choice, options: AnswerOptions) {
    this.#model = model;
    this.#cache = cache;
    this.#s = s;
    this.#choice = choice;
    this.#options = options;
    this.#rows = s.token.size;
    this.#told = new Array<number>(this.#rows).fill(0);
  }

  /** Reads the prompts; returns the logits of their last tokens. */
  async read(prompts: readonly Sequence[], held: number): Promise<Tensor> {
    const { program, z } = prefill(this.#model, prompts, held, this.#cache, this.#s, this.#choice);
    this.#programs.push(program);
    if (this.#options.maxNewTokens > 1) this.#stepping(); // its kernels are compiled beside those of the prompts
    await this.#model.gpu.compiled();
    program.run();
    return z;
  }

  /** Takes the rest of the tokens on the device, which has taken the first. */
  async greedy() {
    const { maxNewTokens: most, onToken } = this.#options;
    if (onToken) return await this.#greedyAndTold();
    for (let taken = 1; taken < most; taken += STRETCH) {
      this.#step(Math.min(STRETCH, most - taken));
      if (await this.#look()) return;
    }
  }

  /** One token at a time; the device is a token ahead, so that it does not stand while the last one is read back. */
  async #greedyAndTold() {
    let coming = this.#look();
    for (let taken = 1; taken < this.#options.maxNewTokens; taken++) {
      coming.catch(() => {}); // awaited below, unless what comes in between throws
      this.#step(1);
      if (await coming) return;
      coming = this.#look();
    }
    await coming;
  }

  /** Draws all tokens here; `z` are the first logits. What is told needs no look: the host knows first. */
  async drawn(
    z: Tensor,
    streams: readonly Random[],
    seen: readonly SeenTokens[] | undefined,
    penalty: number,
  ) {
    const { gpu } = this.#model;
    const { temperature = 0, maxNewTokens: most, stops, onToken, signal } = this.#options;
    const move = moveOn(this.#model, this.#s);
    this.#programs.push(move);
    const done = streams.map(() => false);
    for (let taken = 1;; taken++) {
      const all = await z.read(gpu);
      signal?.throwIfAborted();
      const vocab = all.length / this.#rows;
      const chosen = streams.map((stream, i) => {
        if (done[i]) return 0;
        const row = all.subarray(i * vocab, (i + 1) * vocab);
        const logits = seen ? seen[i]!.penalised(row, penalty) : row;
        const id = sample(logits, { ...this.#options, temperature }, stream);
        seen?.[i]?.add(id);
        done[i] = stops.includes(id);
        if (!done[i]) onToken?.(id, i);
        return id;
      });
      this.#s.token.write(gpu, Int32Array.from(chosen));
      move.run();
      if (taken === most || done.every((row) => row)) return;
      z = this.#step(1);
    }
  }

  /** The program that goes one token further. */
  #stepping(): Generation {
    if (!this.#next) {
      this.#next = step(this.#model, this.#cache, this.#s, this.#choice);
      this.#programs.push(this.#next.program);
    }
    return this.#next;
  }

  /** So many tokens further, by one program; returns where its logits are. */
  #step(times: number): Tensor {
    const { program, z } = this.#stepping();
    program.run(times);
    return z;
  }

  /** Tells of the tokens that the device has taken since; returns whether all rows are done. */
  async #look(): Promise<boolean> {
    const { gpu } = this.#model;
    const { maxNewTokens: most, stops, onToken, signal } = this.#options;
    // Both are asked for at once: what is queued after this call is not waited for.
    const [state, output] = await Promise.all([
      this.#s.state.read(gpu),
      onToken ? this.#s.output.read(gpu) : undefined,
    ]);
    signal?.throwIfAborted();
    this.#told.forEach((told, i) => {
      const taken = state[2 * i]!;
      for (const id of output?.subarray(i * most + told, i * most + taken) ?? []) {
        if (!stops.includes(id)) onToken?.(id, i);
      }
      this.#told[i] = taken;
    });
    return this.#told.every((_, i) => state[2 * i + 1] === 1);
  }

  /** What was taken. */
  async answers(): Promise<Answered[]> {
    const { gpu } = this.#model;
    const { maxNewTokens: most, stops } = this.#options;
    const [state, output] = [await this.#s.state.read(gpu), await this.#s.output.read(gpu)];
    return this.#told.map((_, i) => {
      const taken = Int32Array.from(output.subarray(i * most, i * most + state[2 * i]!));
      const last = taken.at(-1);
      return last !== undefined && stops.includes(last)
        ? { ids: taken.slice(0, -1), stop: last }
        : { ids: taken, stop: undefined };
    });
  }

  destroy() {
    for (const program of this.#programs) program.destroy();
  }
}

/** Taking the next token of every row. @module */
import type { Tape } from "../autograd/tape.ts";
import { expectShape, type Tensor } from "../autograd/tensor.ts";
import { adapterKind } from "../gpu/kernel/adapter_kind.ts";
import { f32, type Kernel, spread } from "../gpu/kernel/kernel.ts";
import advanceWgsl from "../../kernels/advance.wgsl" with { type: "text" };
import bestWgsl from "../../kernels/best_tokens.wgsl" with { type: "text" };

/** What moves on with every generated token; all int32, with buffers of their own. */
export interface GenerationState {
  /** [rows] the last token. */
  token: Tensor;
  /** [rows] its place in the sequence. */
  position: Tensor;
  /** [rows] its row of the cache. */
  place: Tensor;
  /** [rows, 2] tokens taken; done or not. */
  state: Tensor;
  /** [rows, most] the tokens. */
  output: Tensor;
  /** [count] the tokens that end a row. */
  stops: Tensor;
}

/** Makes tokens that a row has seen less likely. */
export interface Repetition {
  /** [rows, ⌈vocabulary/32⌉] int32: bit `token % 32` of word `token / 32`; tokens that are taken are added. */
  seen: Tensor;
  /** Logits of these tokens are divided by it, or multiplied where they are negative; above 0. */
  penalty: number;
}

/** The largest logits. */
export const bestTokensKernel: Kernel<
  { rows: number; vocab: number; parts: number; penalty: number }
> = {
  name: "best_tokens",
  wgsl: bestWgsl,
  constants: ({ penalty }) => ({ PENALTY: Number(penalty !== 1) }),
  bindings: ({ penalty }) => ["z", "best", ...(penalty === 1 ? [] : ["seen"])],
  params: ({ rows, vocab, parts, penalty }) => [rows, vocab, parts, f32(penalty), seenWords(vocab)],
  groups: ({ rows, parts }, workgroup) => spread(rows * parts, workgroup),
};

/** The next token. */
export const advanceKernel: Kernel<
  {
    rows: number;
    vocab: number;
    most: number;
    stops: number;
    parts: number;
    chosen: boolean;
    penalty: boolean;
  }
> = {
  name: "advance",
  wgsl: advanceWgsl,
  constants: ({ chosen, penalty }) => ({ CHOSEN: Number(chosen), PENALTY: Number(penalty) }),
  bindings: ({ chosen, penalty }) => [
    ...["token", "position", "place", "state", "output", "stops"],
    ...(chosen ? [] : ["best"]),
    ...(penalty ? ["seen"] : []),
  ],
  params: ({ rows, vocab, most, stops, parts }) => [rows, most, stops, parts, seenWords(vocab)],
  groups: ({ rows }, workgroup) => [Math.ceil(rows / workgroup), 1, 1],
};

/** Words that hold a bit for every token; see {@linkcode Repetition}. */
export function seenWords(vocabulary: number): number {
  return Math.ceil(vocabulary / 32);
}

/** Parts of a row that are looked through side by side: two vectors of a CPU's lanes, or enough for a GPU. */
const PARTS = { cpu: 16, gpu: 256 } as const;

/** Trips after which a known driver cuts an invocation's loops; four entries are a trip. */
const LOOP_LIMIT = 65_535;

/**
 * Takes the next token of every row and moves on. A row that has taken one of the stops, or as many tokens as there is
 * room for, is done and changes no more.
 *
 * @param z Logits [rows, vocabulary] for the greedy choice, the first of equals; left out, `token` holds what the host
 * chose.
 * @param repetition Makes the greedy choice avoid what was seen.
 * @throws {Error} If shapes do not fit.
 */
export function advance(tape: Tape, s: GenerationState, z?: Tensor, repetition?: Repetition) {
  const [rows = 0, most = 0] = s.output.shape;
  const [stops = 0] = s.stops.shape;
  const state = [s.token, s.position, s.place, s.state, s.output, s.stops];
  if (!z) {
    const shape = { rows, vocab: 0, most, stops, parts: 0, chosen: true, penalty: false };
    tape.dispatch(advanceKernel, shape, state);
    return;
  }
  expectShape("advance", "logits", z.shape, [rows, -1]);
  const vocab = z.shape[1]!;
  const penalty = repetition?.penalty ?? 1;
  const seen = repetition && penalty !== 1 ? [repetition.seen] : [];
  for (const { shape } of seen) expectShape("advance", "seen", shape, [rows, seenWords(vocab)]);
  const parts = Math.max(PARTS[adapterKind(tape.gpu)], Math.ceil(vocab / (4 * LOOP_LIMIT)));
  const best = tape.empty([rows, parts, 2], "best tokens", "i32");
  tape.dispatch(bestTokensKernel, { rows, vocab, parts, penalty }, [z, best, ...seen]);
  const shape = { rows, vocab, most, stops, parts, chosen: false, penalty: penalty !== 1 };
  tape.dispatch(advanceKernel, shape, [...state, best, ...seen]);
}

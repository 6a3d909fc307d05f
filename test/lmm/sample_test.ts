import { assert, assertEquals, assertThrows } from "@std/assert";
import { RunError } from "../../src/errors.ts";
import { SeenTokens } from "../../src/lmm/generation/seen.ts";
import { candidates, sample, type SamplingOptions } from "../../src/lmm/sample.ts";
import { Random } from "../../src/random.ts";
import stored from "../fixtures/sampling.json" with { type: "json" };

const LOGITS = [0.5, 2, -1, 1.5, 2, -30];
const DRAWS = 20_000;

/** How often each token is drawn. */
function shares(options: SamplingOptions, logits = LOGITS): number[] {
  const random = new Random("sample");
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[sample(logits, options, random)]!++;
  return counts.map((count) => count / DRAWS);
}

/** The softmax over some of the tokens. */
function softmax(temperature: number, kept: readonly number[]): number[] {
  const e = LOGITS.map((z, i) => kept.includes(i) ? Math.exp(z / temperature) : 0);
  const sum = e.reduce((a, b) => a + b);
  return e.map((x) => x / sum);
}

function close(found: number[], expected: number[]) {
  found.forEach((share, i) => {
    const deviation = Math.sqrt(expected[i]! * (1 - expected[i]!) / DRAWS);
    assert(Math.abs(share - expected[i]!) <= 4 * deviation, `token ${i}: ${share}, expected ${expected[i]}`);
  });
}

Deno.test("sampling: tokens come as often as the softmax says", () => {
  close(shares({ temperature: 1 }), softmax(1, [0, 1, 2, 3, 4, 5]));
  close(shares({ temperature: 0.5 }), softmax(0.5, [0, 1, 2, 3, 4, 5]));
  close(shares({ temperature: 3 }), softmax(3, [0, 1, 2, 3, 4, 5]));
});

Deno.test("sampling: top-k and top-p", () => {
  close(shares({ temperature: 1, topK: 2 }), softmax(1, [1, 4]));
  close(shares({ temperature: 1, topK: 3 }), softmax(1, [1, 3, 4]));
  close(shares({ temperature: 1, topK: 99 }), softmax(1, [0, 1, 2, 3, 4, 5]));
  // 0.35, 0.35, 0.21, … of the whole: two reach 0.69, three 0.90.
  close(shares({ temperature: 1, topP: 0.8 }), softmax(1, [1, 3, 4]));
  close(shares({ temperature: 1, topP: 0.6 }), softmax(1, [1, 4]));
  close(shares({ temperature: 1, topP: 0 }), softmax(1, [1]));
  close(shares({ temperature: 1, topK: 2, topP: 0.99 }), softmax(1, [1, 4]));
});

Deno.test("sampling: a temperature of 0 takes the largest, the first of equals, and draws nothing", () => {
  const random = new Random(1);
  assertEquals(sample(LOGITS, { temperature: 0 }, random), 1);
  assertEquals(random.next(), new Random(1).next());
});

Deno.test("sampling: large logits do not overflow", () => {
  assertEquals(sample([1e4, -1e4], { temperature: 1e-3 }, new Random(1)), 0);
});

Deno.test("sampling: shares are those of transformers' processors, in their order", () => {
  for (const { logits: name, shares: expected, repetitionPenalty, ...options } of stored.cases) {
    const logits = Float32Array.from(stored.logits[name as keyof typeof stored.logits]);
    const penalised = new SeenTokens(logits.length, stored.seen).penalised(logits, repetitionPenalty);
    const { ids, shares, whole } = candidates(penalised, options);
    const found = new Array<number>(logits.length).fill(0);
    ids.forEach((id, i) => found[id] = shares[i]! / whole);
    const what = JSON.stringify({ name, repetitionPenalty, ...options });
    assertEquals(found.map((x) => x > 0), expected.map((x) => x > 0), what);
    found.forEach((x, id) => assert(Math.abs(x - expected[id]!) < 1e-6, `${what}, token ${id}: ${x}`));
  }
});

Deno.test("sampling: the likeliest first, of equals the lower id, whatever the sign", () => {
  const logits = [0, -0, -1, 2, -Infinity, 2, 1e-40, -1e-40, -3e38, 3e38];
  assertEquals(candidates(logits, { temperature: 1e38 }).ids, [9, 3, 5, 6, 0, 1, 7, 2, 8]);
  const random = new Random("order");
  const many = Float32Array.from({ length: 5000 }, () => Math.round(20 * random.normal()) / 8);
  const expected = Array.from(many, (_, id) => id).sort((a, b) => many[b]! - many[a]! || a - b);
  assertEquals(candidates(many, { temperature: 1 }).ids, expected);
});

Deno.test("sampling: logits that are no numbers are said, not drawn from", () => {
  for (const broken of [NaN, Infinity]) {
    assertThrows(
      () => sample([0, broken, 1], { temperature: 1 }, new Random(1)),
      RunError,
      `expected finite logits, found ${broken} for token 1`,
    );
  }
});

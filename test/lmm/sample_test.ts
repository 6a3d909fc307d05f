import { assert, assertEquals } from "@std/assert";
import { sample, type SamplingOptions } from "../../src/lmm/sample.ts";
import { Random } from "../../src/random.ts";

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

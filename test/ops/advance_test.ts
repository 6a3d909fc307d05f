import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { advance, type GenerationState, seenWords } from "../../src/ops/advance.ts";
import { Lab } from "./_lab.ts";

Deno.test("taking the next token", async (t) => {
  const lab = await Lab.open();
  const { gpu } = lab;
  const own = gpu.facts.isFallbackAdapter;

  interface Taking {
    most: number;
    stops: number[];
    /** Logits of a step and row. */
    steps?: number[][][];
    /** Or what the host chose. */
    chosen?: number[][];
    /** Tokens that rows have seen, and the penalty. */
    repetition?: { seen: number[][]; penalty: number };
  }

  /** Takes tokens, one call a step, and reads the state after each; the two kinds of adapters must agree. */
  async function take(taking: Taking) {
    const found = [];
    for (const fallback of [true, false]) {
      gpu.facts.isFallbackAdapter = fallback;
      found.push(await takeOnce(taking));
      gpu.facts.isFallbackAdapter = own;
    }
    assertEquals(found[0], found[1]);
    return found[0]!;
  }

  async function takeOnce({ most, stops, steps = [], chosen, repetition }: Taking) {
    const rows = (chosen ?? steps)[0]!.length;
    const ints = (shape: number[], values?: ArrayLike<number>) => Tensor.of(gpu, shape, values, "i32");
    const s: GenerationState = {
      token: ints([rows]),
      position: ints([rows], Array.from({ length: rows }, (_, i) => 10 * i)),
      place: ints([rows], Array.from({ length: rows }, (_, i) => 100 * i)),
      state: ints([rows, 2]),
      output: ints([rows, most], new Array(rows * most).fill(-7)),
      stops: ints([stops.length], stops),
    };
    const tokens: number[][] = [];
    const vocab = steps[0]?.[0]?.length ?? 0;
    const words = seenWords(vocab);
    const seen = ints([rows, words]);
    if (repetition) {
      const bits = new Int32Array(rows * words);
      repetition.seen.forEach((ids, row) =>
        ids.forEach((id) => bits[row * words + (id >> 5)]! |= 1 << (id & 31))
      );
      seen.write(gpu, bits);
    }
    const tape = new Tape(gpu);
    const z = chosen ? undefined : tape.input("z", [rows, vocab]);
    advance(tape, s, z, repetition && { seen, penalty: repetition.penalty });
    const program = tape.compile();
    for (let step = 0; step < (chosen ?? steps).length; step++) {
      if (chosen) s.token.write(gpu, Int32Array.from(chosen[step]!));
      else program.upload({ z: Float32Array.from(steps[step]!.flat()) });
      program.poison();
      program.run();
      tokens.push([...await s.token.read(gpu)]);
    }
    const read = async (tensor: Tensor) => [...await tensor.read(gpu)];
    const found = {
      tokens,
      position: await read(s.position),
      place: await read(s.place),
      state: await read(s.state),
      output: await read(s.output),
    };
    program.destroy();
    for (const tensor of [...Object.values(s) as Tensor[], seen]) tensor.destroy(gpu);
    return found;
  }

  await t.step("greedy: the first of the largest; a row that has stopped changes no more", async () => {
    const found = await take({
      most: 4,
      stops: [2],
      steps: [
        [[0, 9, 1, 9, 3], [-5, -4, -3, -9, -3.5]], // row 1 takes the stop token
        [[1, 2, 3, 4, 5], [9, 0, 0, 0, 0]],
        [[7, 2, 3, 4, 5], [9, 0, 0, 0, 0]],
      ],
    });
    assertEquals(found.tokens, [[1, 2], [4, 2], [0, 2]]);
    assertEquals(found.output, [1, 4, 0, -7, 2, -7, -7, -7]);
    assertEquals(found.state, [3, 0, 1, 1]);
    assertEquals(found.position, [3, 11]);
    assertEquals(found.place, [3, 101]);
  });
  await t.step("any of several stops ends a row, and none is needed", async () => {
    const rows = [[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9]];
    const some = await take({ most: 4, stops: [3, 0, 77], steps: [rows, rows] });
    assertEquals(some.state, [1, 1, 2, 0, 2, 0, 1, 1]);
    assertEquals((await take({ most: 4, stops: [], steps: [rows, rows] })).state, [2, 0, 2, 0, 2, 0, 2, 0]);
  });
  await t.step("the most tokens end a row, which keeps its last", async () => {
    const found = await take({ most: 2, stops: [0], steps: [[[0, 1]], [[0, 1]], [[1, 0]], [[0, 1]]] });
    assertEquals(found.output, [1, 1]);
    assertEquals(found.state, [2, 1]);
    assertEquals(found.position, [2]);
    assertEquals(found.tokens.at(-1), [1]);
  });
  await t.step("vocabularies of any size", async () => {
    for (const vocab of [1, 2, 3, 4, 5, 7, 8, 9, 63, 65, 1021, 70_001, 262_141]) {
      for (const best of [0, Math.floor(vocab / 2), vocab - 1]) {
        const z = Array.from({ length: vocab }, (_, i) => i === best ? 2 : -i);
        assertEquals(
          (await take({ most: 1, stops: [], steps: [[z]] })).output,
          [best],
          `${best} of ${vocab}`,
        );
      }
    }
  });
  await t.step("of equal logits the first, wherever they are", async () => {
    for (const [first, second] of [[3, 4], [4, 1020], [17, 18], [500, 64 + 500], [1, 1020]] as const) {
      const z = Array.from({ length: 1021 }, (_, i) => i === first || i === second ? 5 : 0);
      assertEquals((await take({ most: 1, stops: [], steps: [[z]] })).output, [first]);
    }
  });
  await t.step("more rows than a workgroup", async () => {
    const rows = Array.from(
      { length: 71 },
      (_, row) => Array.from({ length: 80 }, (_, i) => Number(i === row)),
    );
    assertEquals((await take({ most: 1, stops: [], steps: [rows] })).output, rows.map((_, row) => row));
  });
  await t.step("repetition: what was seen, and what is taken, is less likely", async () => {
    const z = [[4, 3.5, 3, -1], [-2, -1, -4, -3]];
    const found = await take({
      most: 4,
      stops: [],
      steps: [z, z, z, z],
      repetition: { seen: [[0], [1]], penalty: 2 },
    });
    // Row 0: 2, 3.5, 3, −1, then 2, 1.75, 3, −1, then 2, 1.75, 1.5, −1. Row 1: −2, −2, …, then −4, −2, …, −4, −2, −4, −3.
    assertEquals(found.output, [1, 2, 0, 0, 0, 1, 1, 1]);
  });
  await t.step("repetition over a large vocabulary, and a penalty of 1", async () => {
    const z = Array.from({ length: 5000 }, (_, i) => i % 1000 === 31 ? 10 + i / 1e4 : 1);
    const repetition = { seen: [[4031, 3031]], penalty: 1.5 };
    assertEquals((await take({ most: 2, stops: [], steps: [[z], [z]], repetition })).output, [2031, 1031]);
    const none = { ...repetition, penalty: 1 };
    assertEquals((await take({ most: 2, stops: [], steps: [[z], [z]], repetition: none })).output, [
      4031,
      4031,
    ]);
  });
  await t.step("tokens that the host chose", async () => {
    const found = await take({ most: 3, stops: [5], chosen: [[3, 5], [4, 9], [5, 9]] });
    assertEquals(found.output, [3, 4, 5, 5, -7, -7]);
    assertEquals(found.state, [3, 1, 1, 1]);
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    const s = {
      token: tensor(1),
      position: tensor(1),
      place: tensor(1),
      state: tensor(1, 2),
      output: tensor(1, 4),
      stops: tensor(1),
    };
    assertThrows(
      () => advance(tape, s, tensor(2, 7)),
      Error,
      "advance: logits must have shape [1,*], found [2,7]",
    );
    assertThrows(
      () => advance(tape, s, tensor(1, 33), { seen: tensor(1, 1), penalty: 2 }),
      Error,
      "advance: seen must have shape [1,2], found [1,1]",
    );
  });
  lab.close();
});

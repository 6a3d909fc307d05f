import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { Tensor } from "../../../src/autograd/tensor.ts";
import type { Heads } from "../../../src/ops/attention/attention.ts";
import { advance, cachedAttention, type GenerationState, keep } from "../../../src/ops/attention/cache.ts";
import { Random } from "../../../src/random.ts";
import { attention, spans } from "../../reference/attention.ts";
import { close, constant, draw, index, Lab } from "../_lab.ts";

Deno.test("key-value cache", async (t) => {
  const lab = await Lab.open();

  await t.step("keys and values go to their places, and nowhere else", async () => {
    const random = new Random("keep");
    for (
      const { heads, groups, headSize } of [{ heads: 3, groups: 1, headSize: 4 }, {
        heads: 2,
        groups: 2,
        headSize: 20,
      }]
    ) {
      const width = 2 * groups * headSize, skip = heads * headSize;
      const qkv = constant(draw(random, [5, skip + width])), held = constant(draw(random, [9, width]));
      const place = [8, -1, 0, 3, -1];
      const expected = Float64Array.from(held.values);
      place.forEach((to, row) => {
        const from = row * (skip + width) + skip;
        if (to >= 0) expected.set(qkv.values.subarray(from, from + width), to * width);
      });
      const found = await lab.run({ qkv, held, place: index(place) }, (tape, t) => {
        const kept = tape.apart(t.held, t.held);
        keep(tape, t.qkv, t.place, kept, { heads, groups, headSize });
        return kept;
      });
      close(found.y, expected, "cache", 0);
    }
  });
  await t.step("one new row over the cache sees what it would see in the whole sequence", async () => {
    const cases: [Heads, number[]][] = [
      [{ heads: 1, groups: 1, headSize: 4 }, [1]],
      [{ heads: 4, groups: 2, headSize: 16 }, [7, 1, 13, 2, 3]],
      [{ heads: 3, groups: 3, headSize: 20 }, [5, 31]],
      [{ heads: 6, groups: 1, headSize: 64 }, [65, 64, 63]],
    ];
    for (const [layout, lengths] of cases) {
      const { heads, groups, headSize } = layout;
      const length = Math.max(...lengths) + 2; // room that is not in use holds NaN
      const queries = heads * headSize, width = 2 * groups * headSize;
      const total = lengths.reduce((a, b) => a + b);
      const whole = draw(new Random(`${lengths}`), [total, queries + width]);
      const expected = attention(whole.values, spans(lengths), layout, true).y;
      const cache = new Float32Array(lengths.length * length * width).fill(NaN);
      const last: number[] = [], wanted: number[] = [];
      let at = 0;
      lengths.forEach((rows, sequence) => {
        for (let row = 0; row < rows; row++, at++) {
          const from = at * (queries + width);
          cache.set(
            whole.values.subarray(from + queries, from + queries + width),
            (sequence * length + row) * width,
          );
        }
        last.push(...whole.values.subarray((at - 1) * (queries + width), at * (queries + width)));
        wanted.push(...expected.subarray((at - 1) * queries, at * queries));
      });
      const given = {
        qkv: constant({ shape: [lengths.length, queries + width], values: last }),
        kept: constant({ shape: [lengths.length * length, width], values: cache }),
        position: index(lengths.map((rows) => rows - 1)),
      };
      const found = await lab.run(
        given,
        (tape, t) => cachedAttention(tape, t.qkv, t.kept, t.position, layout),
      );
      close(found.y, wanted, `${JSON.stringify(layout)} over ${lengths}`);
    }
  });

  /** Takes tokens, one call a step, and reads the state after each. */
  async function take(most: number, stop: number, steps: number[][][], chosen?: number[][]) {
    const { gpu } = lab;
    const rows = (chosen ?? steps)[0]!.length;
    const ints = (shape: number[], values?: number[]) => Tensor.of(gpu, shape, values, "i32");
    const s: GenerationState = {
      token: ints([rows]),
      position: ints([rows], Array.from({ length: rows }, (_, i) => 10 * i)),
      place: ints([rows], Array.from({ length: rows }, (_, i) => 100 * i)),
      state: ints([rows, 2]),
      output: ints([rows, most], new Array(rows * most).fill(-7)),
    };
    const tokens: number[][] = [];
    const vocab = steps[0]?.[0]?.length ?? 0;
    const tape = new Tape(gpu);
    const z = chosen ? undefined : tape.input("z", [rows, vocab]);
    advance(tape, s, stop, z);
    const program = tape.compile();
    for (let step = 0; step < (chosen ?? steps).length; step++) {
      if (chosen) s.token.write(gpu, Int32Array.from(chosen[step]!));
      else program.upload({ z: Float32Array.from(steps[step]!.flat()) });
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
    for (const tensor of Object.values(s) as Tensor[]) tensor.destroy(gpu);
    return found;
  }

  await t.step("greedy: the first of the largest, a row that has stopped stays", async () => {
    const found = await take(4, 2, [
      [[0, 9, 1, 9, 3], [-5, -4, -3, -9, -3.5]], // row 1 takes the stop token
      [[1, 2, 3, 4, 5], [9, 0, 0, 0, 0]],
      [[7, 2, 3, 4, 5], [9, 0, 0, 0, 0]],
    ]);
    assertEquals(found.tokens, [[1, 2], [4, 2], [0, 2]]);
    assertEquals(found.output, [1, 4, 0, -7, 2, -7, -7, -7]);
    assertEquals(found.state, [3, 0, 1, 1]);
    assertEquals(found.position, [3, 11]);
    assertEquals(found.place, [3, 101]);
  });
  await t.step("the most tokens end a row", async () => {
    const found = await take(2, 0, [[[0, 1]], [[0, 1]], [[0, 1]], [[0, 1]]]);
    assertEquals(found.output, [1, 1]);
    assertEquals(found.state, [2, 1]);
    assertEquals(found.position, [2]);
    assertEquals(found.tokens.at(-1), [0]);
  });
  await t.step("vocabularies of any size", async () => {
    for (const vocab of [1, 2, 3, 4, 5, 7, 8, 9, 70_001]) {
      for (const best of [0, Math.floor(vocab / 2), vocab - 1]) {
        const z = Array.from({ length: vocab }, (_, i) => i === best ? 2 : -i);
        assertEquals((await take(1, -1, [[z]])).output, [best], `${best} of ${vocab}`);
      }
    }
  });
  await t.step("more rows than a workgroup", async () => {
    const rows = Array.from(
      { length: 19 },
      (_, row) => Array.from({ length: 20 }, (_, i) => Number(i === row)),
    );
    assertEquals((await take(1, -1, [rows])).output, rows.map((_, row) => row));
  });
  await t.step("tokens that the host chose", async () => {
    const found = await take(3, 5, [], [[3, 5], [4, 9], [5, 9]]);
    assertEquals(found.tokens, [[3, 5], [4, 5], [5, 5]]);
    assertEquals(found.output, [3, 4, 5, 5, -7, -7]);
    assertEquals(found.state, [3, 1, 1, 1]);
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu), heads = { heads: 2, groups: 1, headSize: 4 };
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => keep(tape, tensor(3, 12), tensor(3), tensor(9, 8), heads),
      Error,
      "cache: qkv must have shape [3,16], found [3,12]",
    );
    assertThrows(
      () => cachedAttention(tape, tensor(3, 16), tensor(10, 8), tensor(3), heads),
      Error,
      "cached attention: 10 places are not shared by 3 rows",
    );
    const s = {
      token: tensor(1),
      position: tensor(1),
      place: tensor(1),
      state: tensor(1, 2),
      output: tensor(1, 4),
    };
    assertThrows(
      () => advance(tape, s, 0, tensor(2, 7)),
      Error,
      "advance: logits must have shape [1,*], found [2,7]",
    );
    assertThrows(
      () => advance(tape, s, 0, tensor(1, 262_141)),
      Error,
      "a vocabulary of 262141 is over 262140",
    );
  });
  lab.close();
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import type { Heads } from "../../../src/ops/attention/attention.ts";
import { cacheWidth } from "../../../src/ops/attention/cache.ts";
import { cachedAttention, dealCachedAttention } from "../../../src/ops/attention/cached_attention.ts";
import { Random } from "../../../src/random.ts";
import { attention } from "../../reference/attention.ts";
import { close, constant, draw, index, Lab } from "../_lab.ts";

/**
 * Sequences of which the last `fresh` rows are new, and what these must give: rows of the reference over the whole.
 *
 * @param padding Rows without a place behind them.
 */
function sequences(layout: Heads, lengths: number[], fresh: number, padding = 0) {
  const { heads, groups, headSize } = layout;
  const length = Math.max(...lengths) + 2; // room that is not in use holds NaN
  const queries = heads * headSize, width = 2 * groups * headSize;
  const total = lengths.reduce((a, b) => a + b);
  const whole = draw(new Random(`${lengths}`), [total, queries + width]).values;
  // Rows that are not new count as padding: the reference leaves them out.
  let first = 0;
  const span = lengths.flatMap((rows) => {
    const own = Array.from({ length: rows }, (_, row) => [first, row < rows - fresh ? first : first + rows]);
    first += rows;
    return own.flat();
  });
  const expected = attention(whole, span, layout, true).y;
  const stored = cacheWidth(layout); // each head with zeros behind it, where 4 does not divide its size
  const cache = new Float32Array(lengths.length * length * stored).fill(NaN);
  const qkv: number[] = [], wanted: number[] = [], position: number[] = [], place: number[] = [];
  let at = 0;
  lengths.forEach((rows, sequence) => {
    for (let row = 0; row < rows; row++, at++) {
      const from = at * (queries + width), to = sequence * length + row;
      cache.fill(0, to * stored, (to + 1) * stored);
      for (let head = 0; head < 2 * groups; head++) {
        const start = from + queries + head * headSize;
        cache.set(whole.subarray(start, start + headSize), to * stored + head * stored / (2 * groups));
      }
      if (row < rows - fresh) continue;
      qkv.push(...whole.subarray(from, from + queries + width));
      wanted.push(...expected.subarray(at * queries, (at + 1) * queries));
      position.push(row);
      place.push(to);
    }
  });
  for (let i = 0; i < padding; i++) {
    qkv.push(...new Array<number>(queries + width).fill(1));
    wanted.push(...new Array<number>(queries).fill(0));
    position.push(0);
    place.push(-1);
  }
  const given = {
    qkv: constant({ shape: [position.length, queries + width], values: qkv }),
    kept: constant({ shape: [lengths.length * length, stored], values: cache }),
    position: index(position),
    place: index(place),
  };
  return { given, wanted, length };
}

Deno.test("attention over the cache", async (t) => {
  const lab = await Lab.open();
  const own = lab.gpu.facts.isFallbackAdapter;

  async function check(layout: Heads, lengths: number[], fresh = 1, padding = 0) {
    const { given, wanted, length } = sequences(layout, lengths, fresh, padding);
    for (const fallback of [true, false]) {
      lab.gpu.facts.isFallbackAdapter = fallback;
      const found = await lab.run(
        given,
        (tape, { qkv, kept, ...at }) => cachedAttention(tape, qkv, kept, at, layout, length),
      );
      lab.gpu.facts.isFallbackAdapter = own;
      close(found.y, wanted, `${JSON.stringify(layout)} over ${lengths}, ${fallback ? "CPU" : "GPU"}`);
    }
  }

  await t.step("a new row sees what it would see in the whole sequence", async () => {
    await check({ heads: 1, groups: 1, headSize: 4 }, [1]);
    await check({ heads: 4, groups: 2, headSize: 16 }, [7, 1, 13, 2, 3]);
    await check({ heads: 3, groups: 3, headSize: 20 }, [5, 31]);
    await check({ heads: 6, groups: 1, headSize: 64 }, [65, 64, 63]);
  });
  await t.step("heads of 64, 72 and 128, of which 1, 3, 7 and 16 share keys", async () => {
    for (const headSize of [64, 72, 128]) {
      for (const shared of [1, 3, 7, 16]) {
        await check({ heads: 2 * shared, groups: 2, headSize }, [19, 40]);
      }
    }
  });
  await t.step("head sizes that 4 does not divide", async () => {
    await check({ heads: 4, groups: 2, headSize: 6 }, [7, 1, 13]);
    await check({ heads: 3, groups: 1, headSize: 67 }, [31, 5], 3, 2);
  });
  await t.step("long caches", async () => {
    await check({ heads: 9, groups: 3, headSize: 64 }, [2111]);
    await check({ heads: 16, groups: 1, headSize: 72 }, [2049, 17]);
    await check({ heads: 1, groups: 1, headSize: 4 }, [8191]);
    await check({ heads: 2, groups: 1, headSize: 4 }, [50_000]);
    await check({ heads: 2, groups: 1, headSize: 4 }, [50_000], 64); // so many that none is dealt
  });
  await t.step("several new rows of one sequence, and padding", async () => {
    await check({ heads: 9, groups: 3, headSize: 64 }, [300], 100, 28); // so many that none is dealt
    await check({ heads: 2, groups: 1, headSize: 8 }, [40], 5, 3);
    await check({ heads: 2, groups: 1, headSize: 8 }, [3000], 1030, 2);
  });
  await t.step("a sequence is dealt where rows and heads are few, by the shape alone", () => {
    const layout = { heads: 9, groups: 3, headSize: 64, length: 99 };
    assertEquals(dealCachedAttention({ ...layout, rows: 1 }, "cpu"), {
      ...layout,
      rows: 1,
      tile: 3,
      splits: 16,
    });
    assertEquals(dealCachedAttention({ ...layout, rows: 64 }, "cpu").splits, 1);
    assertEquals(dealCachedAttention({ ...layout, heads: 14, groups: 2, rows: 1 }, "cpu").tile, 4);
    assertEquals(
      dealCachedAttention({ ...layout, heads: 16, groups: 1, headSize: 72, rows: 1 }, "cpu").tile,
      3,
    );
    assertEquals(dealCachedAttention({ ...layout, rows: 1 }, "gpu").tile, 1);
    assert(dealCachedAttention({ ...layout, rows: 1 }, "gpu").splits > 16);
  });
  await t.step("what does not fit is said", () => {
    const tape = new Tape(lab.gpu), heads = { heads: 2, groups: 1, headSize: 4 };
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    const at = { position: tensor(3), place: tensor(2) };
    assertThrows(
      () => cachedAttention(tape, tensor(3, 16), tensor(9, 8), at, heads, 3),
      Error,
      "cached attention: place must have shape [3], found [2]",
    );
    lab.gpu.facts.isFallbackAdapter = true;
    try {
      assertThrows(
        () =>
          cachedAttention(
            tape,
            tensor(99, 16),
            tensor(9, 8),
            { position: tensor(99), place: tensor(99) },
            heads,
            65_536,
          ),
        Error,
        "cached attention: 65536 rows are over 65000; shorten the sequence",
      );
    } finally {
      lab.gpu.facts.isFallbackAdapter = own;
    }
  });
  lab.close();
});

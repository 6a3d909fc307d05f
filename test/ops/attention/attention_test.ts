import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { attention, type Heads } from "../../../src/ops/attention/attention.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/attention.ts";
import { draw, index, Lab } from "../_lab.ts";

for (const form of ["registers", "tiled"]) {
  Deno.test(`attention, ${form}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = form === "registers";

    async function verify(
      lengths: number[],
      padding: number,
      heads: Heads,
      causal: boolean,
      options: { scale?: number; differences?: false } = {},
    ) {
      const what = JSON.stringify({ lengths, padding, ...heads, causal });
      const span = reference.spans(lengths, padding);
      const width = (heads.heads + 2 * heads.groups) * heads.headSize;
      const qkv = draw(new Random(what), [span.length / 2, width], options.scale);
      await lab.verify(
        what,
        { qkv, span: index(span, [span.length / 2, 2]) },
        (tape, t) => attention(tape, t.qkv, t.span, heads, causal),
        reference.attention(qkv.values, span, heads, causal),
        { tolerance: 3e-6, ...(options.differences === false && { differences: false }) },
      );
    }

    await t.step("one row sees itself", async () => {
      await verify([1], 0, { heads: 1, groups: 1, headSize: 4 }, true, { differences: false });
      await verify([1], 0, { heads: 1, groups: 1, headSize: 4 }, false, { differences: false });
    });
    for (const causal of [true, false]) {
      await t.step(causal ? "causal" : "bidirectional", async () => {
        await verify([2, 3], 0, { heads: 1, groups: 1, headSize: 4 }, causal);
        await verify([7, 1, 13], 5, { heads: 3, groups: 3, headSize: 20 }, causal);
        await verify([5, 11], 3, { heads: 6, groups: 2, headSize: 16 }, causal);
        await verify([3, 2], 1, { heads: 4, groups: 1, headSize: 4 }, causal);
        // Rows are held in tiles of four, two or one: sequences that begin and end within a tile, padding between.
        await verify([1, 1, 2, 1, 3, 6, 1], 2, { heads: 2, groups: 1, headSize: 16 }, causal, {
          differences: false,
        });
        await verify([2, 1, 5, 4], 1, { heads: 2, groups: 2, headSize: 32 }, causal, { differences: false });
        await verify([3, 1, 6], 1, { heads: 2, groups: 1, headSize: 128 }, causal, { differences: false });
        await verify([3, 1, 6], 1, { heads: 2, groups: 1, headSize: 132 }, causal, { differences: false });
        await verify([65, 31, 64], 2, { heads: 4, groups: 2, headSize: 64 }, causal, { differences: false });
        // Head sizes that steps of eight vec4s do not divide.
        await verify([33, 40], 1, { heads: 2, groups: 1, headSize: 44 }, causal, { differences: false });
        await verify([3, 37], 0, { heads: 3, groups: 1, headSize: 72 }, causal, { differences: false });
      });
    }
    await t.step("head sizes that 4 does not divide", async () => {
      await verify([5, 11], 3, { heads: 4, groups: 2, headSize: 6 }, true);
      await verify([3, 2], 1, { heads: 3, groups: 1, headSize: 1 }, false);
      await verify([33, 7], 2, { heads: 2, groups: 2, headSize: 18 }, false, { differences: false });
      await verify([9, 17], 0, { heads: 2, groups: 1, headSize: 67 }, true, { differences: false });
    });
    await t.step("scores far apart", async () => {
      await verify([9, 17], 2, { heads: 2, groups: 1, headSize: 4 }, true, { scale: 6, differences: false });
    });
    await t.step("a sequence has the same results, to the bit, alone and among others", async () => {
      await alone({ heads: 4, groups: 2, headSize: 20 }, 39, 45, 5);
      // In blocks of 2,048 rows, which begin where the sequence does.
      await alone({ heads: 2, groups: 1, headSize: 4 }, 7, 2000, 60);
      await alone({ heads: 2, groups: 1, headSize: 4 }, 2051, 2100, 9);
    });

    /** A sequence of `rows` rows alone, and with others before and after it. */
    async function alone(heads: Heads, before: number, rows: number, after: number) {
      const queries = heads.heads * heads.headSize, width = queries + 2 * heads.groups * heads.headSize;
      const random = new Random("alone");
      const own = draw(random, [rows, width], 3).values, dy = draw(random, [rows, queries]).values;
      const fill = (rows: number, values: Float64Array) =>
        [before, after].map((count) => draw(random, [count, values.length / rows]).values);
      const [[qkv0, qkv1], [dy0, dy1]] = [fill(rows, own), fill(rows, dy)];
      const run = (lengths: number[], qkv: number[], dy: number[], causal: boolean) => {
        const span = reference.spans(lengths), all = span.length / 2;
        return lab.run(
          { qkv: { shape: [all, width], values: qkv }, span: index(span, [all, 2]) },
          (tape, t) => attention(tape, t.qkv, t.span, heads, causal),
          dy,
        );
      };
      for (const causal of [true, false]) {
        const alone = await run([rows], [...own], [...dy], causal);
        const lengths = [before, rows, after];
        const among = await run(lengths, [...qkv0!, ...own, ...qkv1!], [...dy0!, ...dy, ...dy1!], causal);
        const part = <T>(all: { slice(first: number, end: number): T; length: number }) => {
          const each = all.length / (before + rows + after);
          return all.slice(before * each, (before + rows) * each);
        };
        assertEquals(part(among.y), alone.y);
        assertEquals(part(among.gradients.qkv!), alone.gradients.qkv!);
      }
    }
    await t.step(
      "a sequence that does not start at row 0 sees nothing before it, whatever stands there",
      async () => {
        // Sequences of one row give back their values exactly: no other row has a part in them.
        await verify([1, 1, 1], 1, { heads: 2, groups: 2, headSize: 4 }, false, { differences: false });
      },
    );
    lab.close();
  });
}

Deno.test("attention", async (t) => {
  const lab = await Lab.open();
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const qkv = tape.empty([3, 24], "qkv"), span = tape.empty([3, 2], "span", "i32");
    const heads = { heads: 2, groups: 2, headSize: 4 };
    assertThrows(
      () => attention(tape, qkv, span, { ...heads, heads: 3 }, true),
      Error,
      "2 key-value heads do not divide 3 heads",
    );
    assertThrows(
      () => attention(tape, qkv, span, { ...heads, headSize: 8 }, true),
      Error,
      "attention: qkv must have shape [3,48], found [3,24]",
    );
    assertThrows(
      () => attention(tape, qkv, tape.empty([4, 2], "span"), heads, true),
      Error,
      "attention: span must have shape [3,2], found [4,2]",
    );
  });
  lab.close();
});

// Sums over some 50,000 terms of unequal size, in every operation that has one: float32 loses an order of magnitude
// there unless it adds up in blocks.

import type { Tape } from "../../src/autograd/tape.ts";
import type { Tensor } from "../../src/autograd/tensor.ts";
import { attention } from "../../src/ops/attention/attention.ts";
import { accumulateColumns } from "../../src/ops/column_sum.ts";
import { weightedCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { embedding, indexTokens } from "../../src/ops/embedding/embedding.ts";
import { gemm } from "../../src/ops/gemm/gemm.ts";
import { layerNorm, rmsNorm } from "../../src/ops/norm/norm.ts";
import { sumAll } from "../../src/ops/sum.ts";
import { Random } from "../../src/random.ts";
import * as reference from "../reference/attention.ts";
import * as entropy from "../reference/cross_entropy.ts";
import * as tables from "../reference/embedding.ts";
import { columnSums, product } from "../reference/matrix.ts";
import { norm } from "../reference/norm.ts";
import { close, constant, draw, index, Lab, parameter } from "./_lab.ts";

const LONG = 50_000;
const TOLERANCE = 2e-6;

/** Values of both signs whose sizes spread over four powers of ten. */
function wild(random: Random, shape: readonly number[]) {
  const drawn = draw(random, shape);
  drawn.values.forEach((x, i) => drawn.values[i] = Math.fround(x * 10 ** (4 * random.next() - 3)));
  return drawn;
}

for (const form of ["registers", "tiled"]) {
  Deno.test(`long sums, ${form}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = form === "registers";
    const once = { tolerance: TOLERANCE, differences: false, twice: false } as const;

    await t.step("products", async () => {
      for (const layout of ["NT", "NN", "TN"] as const) {
        for (const [m, n, k] of [[8, 12, LONG], [7, 5, LONG + 1]] as const) {
          const random = new Random(`${layout} ${m}`);
          const a = constant(wild(random, layout === "TN" ? [k, m] : [m, k]));
          const b = constant(wild(random, layout === "NT" ? [n, k] : [k, n]));
          const expected = product(layout, a.values, b.values, m, n, k);
          // The tiled form's own choice divides so long a K among workgroups, which it could not of a larger product.
          const choices = form === "registers"
            ? [undefined]
            : [undefined, { form: "tiled", side: 32, splits: 1 } as const];
          for (const choice of choices) {
            const found = await lab.run({ a, b }, (tape, t) => {
              const y = tape.empty([m, n], "y");
              gemm(tape, layout, t.a, t.b, y, {}, choice);
              return y;
            });
            close(found.y, expected, `${layout} ${m}×${n}×${k}`, TOLERANCE);
          }
        }
      }
    });
    await t.step("attention", async () => {
      // Eight rows see all and are seen by all; what the others see are these eight. A driver that cuts loops would cut
      // those of the tiled form at some 40,000 rows.
      const few = 8, layout = { heads: 2, groups: 2, headSize: 4 };
      const rows = form === "registers" ? LONG : 20_000;
      const span = Array.from({ length: rows }, (_, row) => [0, row < few ? rows : few]).flat();
      const qkv = wild(new Random("attention"), [rows, 24]);
      await lab.verify(
        "attention",
        { qkv, span: index(span, [rows, 2]) },
        (tape, t) => attention(tape, t.qkv, t.span, layout, false),
        reference.attention(qkv.values, span, layout, false),
        once,
      );
    });
    await t.step("norms' weights", async () => {
      for (const width of [8, 3]) {
        const random = new Random(width);
        const x = wild(random, [LONG, width]);
        const weight = draw(random, [width]), bias = draw(random, [width]);
        await lab.verify(
          `layer norm ${width}`,
          { x, weight, bias },
          (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, 1e-5),
          norm(x.values, weight.values, bias.values, 1e-5),
          once,
        );
        await lab.verify(
          `rms norm ${width}`,
          { x, weight },
          (tape, t) => rmsNorm(tape, t.x, t.weight, 1e-5),
          norm(x.values, weight.values, undefined, 1e-5),
          once,
        );
      }
    });
    await t.step("column sums", async () => {
      for (const width of [8, 3]) {
        const x = constant(wild(new Random(width), [LONG, width]));
        const found = await lab.run({ x }, (tape, t) => {
          const y = tape.empty([width], "sums");
          accumulateColumns(tape, t.x, { tensor: y, add: false });
          return y;
        });
        close(found.y, columnSums(x.values, width), `width ${width}`, TOLERANCE);
      }
    });
    await t.step("sums of all elements, and of their squares", async () => {
      const x = constant(wild(new Random("sum"), [LONG]));
      for (const square of [false, true]) {
        const found = await lab.run({ x }, (tape, t) => sumAll(tape, t.x, square));
        close(found.y, [x.values.reduce((sum, v) => sum + (square ? v * v : v), 0)], "sum", TOLERANCE);
      }
    });
    await t.step("cross-entropy", async () => {
      for (const vocab of [LONG, 8192]) { // shared by a workgroup, and not
        const random = new Random(vocab), rows = 3, width = 4;
        const h = draw(random, [rows, width]), weight = wild(random, [vocab, width]);
        const target = Int32Array.from({ length: rows }, () => random.int(vocab));
        const expected = entropy.weightedCrossEntropy(h.values, weight.values, target, [1, 2, 3], 0.5);
        const given = {
          h,
          weight,
          target: index(target),
          rowWeight: constant({ shape: [rows], values: [1, 2, 3] }),
          scalars: constant({ shape: [1], values: [0.5] }),
        };
        type Key = keyof typeof given;
        const build = (tape: Tape, t: Record<Key, Tensor>) =>
          weightedCrossEntropy(tape, t.h, t.weight, { ...t, weight: t.rowWeight, scaleAt: 0 });
        const found = await lab.run(given, build, new Float32Array(rows));
        const gradients = expected.backward();
        close(found.y, expected.nll, `nll, vocabulary ${vocab}`, TOLERANCE);
        close(found.gradients.h!, gradients.h, `d h, vocabulary ${vocab}`, TOLERANCE);
        close(found.gradients.weight!, gradients.weight, `d weight, vocabulary ${vocab}`, TOLERANCE);
      }
    });
    await t.step("one token in all rows", async () => {
      const tokens = new Int32Array(LONG).fill(1);
      const at = indexTokens(tokens, { imageId: 3, rows: LONG, features: 1, used: 0 });
      const table = { ...parameter({ shape: [2, 3], values: new Float64Array(6) }) };
      const given = {
        table,
        features: draw(new Random("features"), [1, 3]),
        ids: index(at.ids),
        image: index(at.image),
        place: index(at.place),
        held: index(at.held, [LONG, 3]),
        rows: index(at.rows),
      };
      const dy = wild(new Random("dy"), [LONG, 3]).values;
      const found = await lab.run(given, (tape, t) => embedding(tape, t.table, t.features, t), dy);
      const expected = tables.embedding(table.values, given.features.values, tokens, 3, 3).backward(dy);
      close(found.gradients.table!, expected.table, "d table", TOLERANCE);
    });
    lab.close();
  });
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import type { Tensor } from "../../src/autograd/tensor.ts";
import type { Dropout } from "../../src/ops/dropout.ts";
import { drop } from "../../src/ops/dropout.ts";
import type { Activation } from "../../src/ops/gemm/gemm.ts";
import { linear } from "../../src/ops/linear.ts";
import type { LowRank } from "../../src/ops/low_rank.ts";
import { Random } from "../../src/random.ts";
import { linear as linearReference } from "../reference/linear.ts";
import { lowRankGradients, type Part, withLowRank } from "../reference/low_rank.ts";
import { close, constant, draw, half, Lab } from "./_lab.ts";

interface Sizes {
  rows: number;
  inputs: number;
  outputs: number;
  /** Of each of two parts: first row, rows, rank. */
  parts: readonly (readonly [first: number, rows: number, rank: number])[];
}

const SCALES = [0.5, 2, -1.25];

/** Draws the parts; B is no zero matrix. */
function drawParts(random: Random, { inputs, parts }: Sizes) {
  const drawn = parts.map(([first, rows, rank], i) => ({
    a: draw(random, [rank, inputs], 1 / Math.sqrt(inputs)),
    b: draw(random, [rows, rank]),
    scale: SCALES[i % SCALES.length]!,
    rank,
    first,
    rows,
  }));
  const all = Float64Array.from(drawn.flatMap(({ a }) => [...a.values]));
  const ranks = parts.reduce((sum, [, , rank]) => sum + rank, 0);
  const given = { a: { shape: [ranks, inputs], values: all }, b0: drawn[0]!.b, b1: drawn[1]!.b };
  const reference = drawn.map((part): Part => ({ ...part, a: part.a.values, b: part.b.values }));
  const of = (t: Record<"a" | "b0" | "b1", Tensor>, dropout?: Dropout): LowRank => ({
    a: t.a,
    parts: drawn.map(({ first, scale }, i) => ({ b: i === 0 ? t.b0 : t.b1, first, scale })),
    dropout,
  });
  return { given, reference, of };
}

Deno.test("a low-rank addition to a linear layer", async (t) => {
  const lab = await Lab.open();

  async function verify(
    sizes: Sizes,
    ending: { bias?: boolean; activation?: Activation; residual?: boolean } = {},
    differences?: false,
  ) {
    const what = `low rank ${JSON.stringify({ ...sizes, ...ending })}`;
    const random = new Random(what);
    const { rows, inputs, outputs } = sizes;
    const x = draw(random, [rows, inputs]);
    const weight = constant(draw(random, [outputs, inputs], 1 / Math.sqrt(inputs)));
    const bias = constant(draw(random, [outputs])), residual = draw(random, [rows, outputs]);
    const { given, reference, of } = drawParts(random, sizes);
    const { activation } = ending;
    const { y, backward } = linearReference(x.values, withLowRank(weight.values, inputs, reference), sizes, {
      ...(ending.bias && { bias: bias.values }),
      ...(activation && { activation }),
      ...(ending.residual && { residual: residual.values }),
    });
    await lab.verify(
      what,
      { x, weight, bias, residual: ending.residual ? residual : constant(residual), ...given },
      (tape, t) =>
        linear(tape, t.x, t.weight, {
          bias: ending.bias ? t.bias : undefined,
          activation,
          residual: ending.residual ? t.residual : undefined,
          lowRank: of(t),
        }),
      {
        y,
        backward(dy) {
          const whole = backward(dy);
          const parts = reference.map((part) => lowRankGradients(whole.weight, inputs, part));
          return {
            ...whole,
            a: Float64Array.from(parts.flatMap(({ a }) => [...a])),
            b0: parts[0]!.b,
            b1: parts[1]!.b,
          };
        },
      },
      differences === undefined ? {} : { differences },
    );
  }

  await t.step("result and gradients, in both forms", async () => {
    for (const isFallbackAdapter of [true, false]) {
      const { facts } = lab.gpu, own = facts.isFallbackAdapter;
      facts.isFallbackAdapter = isFallbackAdapter;
      try {
        await verify({ rows: 1, inputs: 1, outputs: 1, parts: [[0, 1, 1], [0, 1, 1]] });
        await verify({ rows: 5, inputs: 3, outputs: 7, parts: [[0, 3, 2], [4, 2, 1]] }, { residual: true });
        await verify(
          { rows: 12, inputs: 8, outputs: 24, parts: [[0, 8, 4], [16, 8, 8]] },
          { bias: true },
          false,
        );
        await verify(
          { rows: 9, inputs: 12, outputs: 20, parts: [[0, 8, 4], [8, 12, 4]] },
          { bias: true, activation: "gelu", residual: true },
          false,
        );
        await verify({ rows: 40, inputs: 64, outputs: 128, parts: [[0, 64, 16], [64, 64, 16]] }, {}, false);
      } finally {
        facts.isFallbackAdapter = own;
      }
    }
  });

  await t.step("matrices of 16 bits, activations too", async () => {
    const sizes: Sizes = { rows: 12, inputs: 16, outputs: 24, parts: [[0, 8, 4], [16, 8, 4]] };
    const random = new Random("half");
    const x = half(draw(random, [12, 16])), weight = half(draw(random, [24, 16], 0.25));
    const { given, reference, of } = drawParts(random, sizes);
    const { y } = linearReference(x.values, withLowRank(weight.values, 16, reference), sizes);
    const found = await lab.run(
      { x: constant(x), weight: constant(weight), ...given },
      (tape, t) => linear(tape, t.x, t.weight, { lowRank: of(t) }),
      undefined,
      { storage: "f16" },
    );
    close(found.y, y, "f16", 5e-4);
  });

  await t.step("B = 0 gives the bits of the matrix alone", async () => {
    const random = new Random("zero");
    const x = constant(draw(random, [12, 16])), weight = constant(draw(random, [24, 16]));
    const a = draw(random, [4, 16]), b = { shape: [24, 4], values: new Float64Array(96) };
    for (const activation of [undefined, "gelu"] as const) {
      const alone = await lab.run({ x, weight }, (tape, t) => linear(tape, t.x, t.weight, { activation }));
      const { y } = await lab.run({ x, weight, a, b }, (tape, t) =>
        linear(tape, t.x, t.weight, {
          activation,
          lowRank: { a: t.a, parts: [{ b: t.b, first: 0, scale: 2 }] },
        }));
      assertEquals(y, alone.y);
    }
  });

  await t.step(
    "dropout: the same elements forward and backward, a share of them, others each step and pass",
    async () => {
      const sizes: Sizes = { rows: 32, inputs: 48, outputs: 12, parts: [[0, 8, 4], [8, 4, 4]] };
      const random = new Random("drop");
      const x = draw(random, [32, 48]), weight = constant(draw(random, [12, 48], 0.1));
      const { given, reference, of } = drawParts(random, sizes);
      const place = { share: 0.25, site: 77, stepAt: 0, passAt: 1 };
      const scalars = (step: number, pass: number) => constant({ shape: [2], values: [step, pass] });
      const kept = async (step: number, pass: number) => {
        const ones = constant({ shape: [32, 48], values: new Float64Array(32 * 48).fill(1) });
        const { y } = await lab.run({ ones, scalars: scalars(step, pass) }, (tape, t) => {
          const y = tape.empty([32, 48], "kept");
          drop(tape, { ...place, scalars: t.scalars }, t.ones, y);
          return y;
        });
        return Float64Array.from(y);
      };
      const mask = await kept(3, 0);
      const share = mask.filter((value) => value === 0).length / mask.length;
      assert(Math.abs(share - 0.25) < 0.05, `${share} dropped`);
      assert(mask.every((value) => value === 0 || value === Math.fround(1 / 0.75)));
      assertEquals(await kept(3, 0), mask);
      assert((await kept(4, 0)).some((value, i) => value !== mask[i]));
      assert((await kept(3, 1)).some((value, i) => value !== mask[i]));

      const dropped = mask.map((value, i) => value * x.values[i]!);
      const base = linearReference(x.values, weight.values, sizes);
      const zero = new Float64Array(12 * 48);
      const low = linearReference(dropped, withLowRank(zero, 48, reference), sizes);
      await lab.verify(
        "with dropout",
        { x, weight, scalars: scalars(3, 0), ...given },
        (tape, t) => linear(tape, t.x, t.weight, { lowRank: of(t, { ...place, scalars: t.scalars }) }),
        {
          y: base.y.map((value, i) => value + low.y[i]!),
          backward(dy) {
            const through = low.backward(dy);
            const parts = reference.map((part) => lowRankGradients(through.weight, 48, part));
            const x = base.backward(dy).x.map((value, i) => value + mask[i]! * through.x[i]!);
            const a = Float64Array.from(parts.flatMap(({ a }) => [...a]));
            return { x, a, b0: parts[0]!.b, b1: parts[1]!.b };
          },
        },
        { differences: false },
      );
    },
  );

  await t.step("an addition that does not fit is refused", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () =>
        linear(tape, tensor(2, 3), tensor(4, 3), {
          lowRank: { a: tensor(2, 5), parts: [{ b: tensor(4, 2), first: 0, scale: 1 }] },
        }),
      Error,
      "A must have shape [2,3]",
    );
    assertThrows(
      () =>
        linear(tape, tensor(2, 3), tensor(4, 3), {
          lowRank: { a: tensor(2, 3), parts: [{ b: tensor(4, 2), first: 1, scale: 1 }] },
        }),
      Error,
      "columns 1 to 5",
    );
  });
  lab.close();
});

// Operations whose results and inputs are stored in 16 bits, against references evaluated on the rounded inputs: what
// is left is one rounding of each stored result. Gradients are f32 and rest on f32 arithmetic over the same inputs.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import type { Tensor } from "../../src/autograd/tensor.ts";
import { activate } from "../../src/ops/activation.ts";
import { add } from "../../src/ops/add.ts";
import { attention } from "../../src/ops/attention/attention.ts";
import { advance } from "../../src/ops/advance.ts";
import { embedding, indexTokens } from "../../src/ops/embedding/embedding.ts";
import { logits, weightedCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { gatherRows } from "../../src/ops/embedding/gather_rows.ts";
import { linear } from "../../src/ops/linear.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { layerNorm, rmsNorm } from "../../src/ops/norm/norm.ts";
import { patchEmbedding, visionEmbedding } from "../../src/ops/embedding/patch_embedding.ts";
import { rope, ropeTable } from "../../src/ops/embedding/rope.ts";
import { sum } from "../../src/ops/sum.ts";
import { swiglu } from "../../src/ops/swiglu.ts";
import { Random } from "../../src/random.ts";
import * as activations from "../reference/activation.ts";
import * as attentions from "../reference/attention.ts";
import * as entropy from "../reference/cross_entropy.ts";
import * as embeddings from "../reference/embedding.ts";
import * as gather from "../reference/gather.ts";
import * as layers from "../reference/linear.ts";
import { norm } from "../reference/norm.ts";
import * as patches from "../reference/patch_embedding.ts";
import * as rotary from "../reference/rope.ts";
import * as gated from "../reference/swiglu.ts";
import { type Build, close, constant, draw, type Given, half, index, Lab, parameter } from "../ops/_lab.ts";

/** Rounding to 11 binary digits, relative to the value; and half of the smallest number that 16 bits hold. */
const ROUNDING = 2 ** -11, SMALLEST = 2 ** -25;

/** Fails unless every value is the expected one rounded to 16 bits, but for `tolerance` of the root mean square. */
function closeHalves(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: number,
) {
  assertEquals(found.length, expected.length, `${what}: number of values`);
  const square = Array.from(expected).reduce((sum, x) => sum + x * x, 0) / expected.length;
  for (let i = 0; i < expected.length; i++) {
    const allowed = ROUNDING * Math.abs(expected[i]!) + SMALLEST + tolerance * Math.sqrt(square);
    const off = Math.abs(found[i]! - expected[i]!);
    assert(
      off <= allowed,
      `${what}: element ${i}: expected ${expected[i]} within ${allowed.toExponential(2)}, found ${found[i]}`,
    );
  }
}

for (const software of [true, false]) {
  Deno.test(`16-bit storage, with the kernels for ${software ? "CPU drivers" : "GPUs"}`, async (t) => {
    const lab = await Lab.open();
    lab.gpu.facts.isFallbackAdapter = software;

    /** Result and gradients, alone and added to others. `tolerance`: of the f32 arithmetic before the rounding. */
    async function verify<K extends string>(
      what: string,
      given: Record<K, Given>,
      build: Build<K>,
      expected: { y: ArrayLike<number>; backward: (dy: Float64Array) => Record<string, ArrayLike<number>> },
      { tolerance = 2e-6, gradients = 2e-6 } = {},
    ) {
      const dy = draw(new Random(`dy of ${what}`), [expected.y.length]).values;
      const wanted = expected.backward(dy);
      for (const twice of [false, true]) {
        const stored = (tape: Tape, tensors: Record<K, Tensor>) => {
          const y = build(tape, tensors);
          assertEquals(y.dtype, "f16", `${what}: how the result is stored`);
          return y;
        };
        const found = await lab.run(given, stored, dy, { twice, storage: "f16" });
        const name = twice ? `${what}, twice` : what;
        closeHalves(found.y, expected.y, `${name}: y`, tolerance);
        for (const key of Object.keys(found.gradients) as K[]) {
          close(found.gradients[key]!, wanted[key]!, `${name}: d ${key}`, gradients);
        }
      }
    }

    await t.step("activations", async () => {
      for (const activation of ["gelu", "gelu_tanh", "quick_gelu", "silu"] as const) {
        for (const shape of [[3], [3, 5], [7, 2, 11]]) {
          const x = half(draw(new Random(`${activation} ${shape}`), shape, 2));
          await verify(`${activation} [${shape}]`, { x }, (tape, t) => activate(tape, activation, t.x), {
            y: x.values.map((value) => activations.activate(activation, value)),
            backward: (dy) => ({ x: dy.map((g, i) => g * activations.derivative(activation, x.values[i]!)) }),
          });
        }
      }
    });
    await t.step("sums and products, also of mixed types", async () => {
      const random = new Random("elementwise");
      for (const shape of [[1], [2, 3, 5], [64]]) {
        const a = half(draw(random, shape)), b = half(draw(random, shape));
        for (
          const [kind, other] of [["f16", b], ["f32", parameter({ ...b, storage: "f32" as const })]] as const
        ) {
          await verify(
            `product with ${kind} [${shape}]`,
            { a, b: other },
            (tape, t) => multiply(tape, t.a, t.b),
            {
              y: a.values.map((x, i) => x * b.values[i]!),
              backward: (dy) => ({
                a: dy.map((g, i) => g * b.values[i]!),
                b: dy.map((g, i) => g * a.values[i]!),
              }),
            },
          );
          await verify(`sum with ${kind} [${shape}]`, { a, b: other }, (tape, t) => add(tape, t.a, t.b), {
            y: a.values.map((x, i) => x + b.values[i]!),
            backward: (dy) => ({ a: dy, b: dy }),
          });
        }
      }
    });
    await t.step("the sum of all elements is f32", async () => {
      for (const count of [1, 1025, 70_001]) {
        const x = half(draw(new Random(count), [count]));
        const found = await lab.run({ x }, (tape, t) => sum(tape, t.x), [2], { storage: "f16" });
        close(found.y, [x.values.reduce((total, value) => total + value, 0)], `Σ of ${count}`, 1e-4);
        close(found.gradients.x!, new Float64Array(count).fill(2), "dx");
      }
    });
    await t.step("swiglu", async () => {
      for (const [rows, width] of [[1, 1], [3, 5], [7, 13], [2, 64]] as const) {
        const x = half(draw(new Random(`swiglu ${rows}`), [rows, 2 * width]));
        await verify(
          `swiglu [${x.shape}]`,
          { x },
          (tape, t) => swiglu(tape, t.x),
          gated.swiglu(x.values, width),
        );
      }
    });
    await t.step("rope", async () => {
      for (
        const { positions, heads, rotated, size } of [
          { positions: [5, 3, 0, 99, 1, 1, 6], heads: 5, rotated: 4, size: 6 },
          { positions: [7, 0, 8, 98, 2], heads: 3, rotated: 2, size: 8 },
        ]
      ) {
        const x = half(draw(new Random(`${positions}`), [positions.length, heads * size]));
        const table = constant({ shape: [100, 2, size / 2], values: ropeTable(100, size, 10_000) });
        await verify(
          `rope of heads of ${size}`,
          { x, positions: index(positions), table },
          (tape, t) => rope(tape, t.x, t.positions, t.table, heads, rotated),
          rotary.rope(x.values, positions, heads, rotated, 10_000),
        );
      }
    });
    await t.step("embedding: a trained table, and a frozen one in 16 bits", async () => {
      const tokens = [1, 3, 4, 4, 3, 4, 6], rows = 13, features = 4, vocab = 7;
      for (const width of [1, 5, 12]) {
        const random = new Random(width);
        const shown = half(draw(random, [features, width]));
        const at = indexTokens(Int32Array.from(tokens), { imageId: 3, rows, features, used: 2 });
        const padded = Int32Array.from({ length: rows }, (_, i) => tokens[i] ?? -1);
        const values = draw(random, [vocab, width]);
        for (const table of [parameter(values), constant(half(values))]) {
          await verify(
            `embedding, width ${width}`,
            {
              table,
              features: shown,
              ids: index(at.ids),
              image: index(at.image),
              place: index(at.place),
              held: index(at.held, [rows, 3]),
              rows: index(at.rows),
            },
            (tape, t) => embedding(tape, t.table, t.features, t),
            embeddings.embedding(table.values, shown.values, padded, 3, width),
          );
        }
      }
    });
    await t.step("vision embedding", async () => {
      for (const [images, n, width] of [[1, 1, 1], [3, 4, 5], [2, 9, 12]] as const) {
        const random = new Random(`${images} ${n} ${width}`);
        const x = half(draw(random, [images * n, width]));
        const cls = draw(random, [width]), position = draw(random, [n + 1, width]);
        const frozen = { cls: constant(cls), position: constant(half(position)) };
        for (const tables of [{ cls: parameter(cls), position: parameter(position) }, frozen]) {
          await verify(
            `vision embedding of ${images} images of ${n} patches`,
            { patches: x, ...tables },
            (tape, t) => visionEmbedding(tape, t.patches, t.cls, t.position),
            patches.visionEmbedding(x.values, cls.values, tables.position.values),
          );
        }
      }
    });
    await t.step("linear layers, with a trained matrix and a frozen one in 16 bits", async () => {
      for (const [rows, inputs, outputs] of [[5, 3, 7], [37, 20, 36], [130, 64, 96]] as const) {
        const what = `linear ${rows}×${inputs}→${outputs}`;
        const random = new Random(what);
        const x = half(draw(random, [rows, inputs])), residual = half(draw(random, [rows, outputs]));
        const values = draw(random, [outputs, inputs], 1 / Math.sqrt(inputs));
        const weight = parameter(values), bias = parameter(draw(random, [outputs]));
        const shape = { rows, inputs, outputs };
        for (const matrix of [weight, constant(half(values))]) {
          await verify(
            what,
            { x, weight: matrix },
            (tape, t) => linear(tape, t.x, t.weight),
            layers.linear(x.values, matrix.values, shape),
            { gradients: 4e-6 },
          );
        }
        await verify(
          `${what} with bias, and a residual in 32 bits`,
          { x, weight, bias, residual: { ...residual, storage: "f32" as const } },
          (tape, t) => linear(tape, t.x, t.weight, { bias: t.bias, residual: t.residual }),
          layers.linear(x.values, values.values, shape, { bias: bias.values, residual: residual.values }),
          { gradients: 4e-6 },
        );
        const ending = { bias: bias.values, activation: "gelu", residual: residual.values } as const;
        await verify(
          `${what} with bias, GELU and residual`,
          { x, weight, bias, residual },
          (tape, t) =>
            linear(tape, t.x, t.weight, { bias: t.bias, activation: "gelu", residual: t.residual }),
          layers.linear(x.values, values.values, shape, ending),
          { gradients: 2 * ROUNDING }, // backward reads the value before the activation, rounded
        );
      }
    });
    await t.step("patch embedding", async () => {
      for (
        const sizes of [
          { images: 2, channels: 3, size: 9, patch: 3, width: 5 },
          { images: 3, channels: 3, size: 8, patch: 4, width: 12 },
        ]
      ) {
        const { images, channels, size, patch, width } = sizes;
        const random = new Random(JSON.stringify(sizes));
        // Pixels come in as f32; their patches are stored.
        const pixels = { ...half(draw(random, [images, channels, size, size])), storage: "f32" as const };
        const values = draw(random, [width, channels, patch, patch]);
        for (const weight of [parameter(values), constant(half(values))]) {
          await verify(
            JSON.stringify(sizes),
            { pixels, weight },
            (tape, t) => patchEmbedding(tape, t.pixels, t.weight),
            patches.patchEmbedding(pixels.values, weight.values, sizes),
          );
        }
      }
    });
    await t.step("attention", async () => {
      const cases = [
        { lengths: [7, 1, 13], padding: 5, heads: 3, groups: 3, headSize: 20 },
        { lengths: [5, 11], padding: 3, heads: 6, groups: 2, headSize: 16 },
        { lengths: [65, 31, 64], padding: 2, heads: 4, groups: 2, headSize: 64 },
      ];
      for (const { lengths, padding, ...heads } of cases) {
        for (const causal of [true, false]) {
          const what = JSON.stringify({ lengths, ...heads, causal });
          const span = attentions.spans(lengths, padding);
          const rows = span.length / 2;
          const qkv = half(draw(new Random(what), [rows, (heads.heads + 2 * heads.groups) * heads.headSize]));
          await verify(
            what,
            { qkv, span: index(span, [rows, 2]) },
            (tape, t) => attention(tape, t.qkv, t.span, heads, causal),
            attentions.attention(qkv.values, span, heads, causal),
            { tolerance: 4e-6, gradients: ROUNDING }, // backward reads the rounded result
          );
        }
      }
    });
    await t.step("cross-entropy: logits, losses and gradients are f32", async () => {
      const SCALE = 0.125;
      // The last is done in chunks of rows of an odd width, which in 16 bits must begin at multiples of 128 rows.
      for (const [rows, width, vocab] of [[11, 5, 7], [37, 8, 600], [200, 3, 80_000]] as const) {
        const what = `cross-entropy ${rows}×${width}×${vocab}`;
        const random = new Random(what);
        const target = Int32Array.from({ length: rows }, (_, row) => row % 5 === 3 ? -1 : random.int(vocab));
        const h = half(draw(random, [rows, width])), values = draw(random, [vocab, width]);
        const given = {
          h,
          target: index(target),
          rowWeight: constant({ shape: [rows], values: target.map((_, i) => 1 + i % 3) }),
          scalars: constant({ shape: [4], values: [7, 9, SCALE, 11] }),
        };
        for (const weight of vocab > 1000 ? [values] : [parameter(values), constant(half(values))]) {
          const expected = entropy.weightedCrossEntropy(
            h.values,
            weight.values,
            target,
            given.rowWeight.values,
            SCALE,
          );
          const gradients: Record<string, Float64Array> = expected.backward();
          const found = await lab.run(
            { ...given, weight },
            (tape, t) => {
              assertEquals(logits(tape, t.h, t.weight).dtype, "f32");
              return weightedCrossEntropy(tape, t.h, t.weight, {
                target: t.target,
                weight: t.rowWeight,
                scalars: t.scalars,
                scaleAt: 2,
              });
            },
            new Float32Array(rows),
            { storage: "f16" },
          );
          close(found.y, expected.nll, `${what}: nll`, 4e-6);
          for (const [key, gradient] of Object.entries(found.gradients)) {
            // d h is one running sum over the vocabulary in f32.
            close(gradient!, gradients[key]!, `${what}: d ${key}`, vocab > 1000 ? 5e-5 : 4e-6);
          }
        }
      }
    });
    await t.step("norms", async () => {
      for (const [rows, width] of [[7, 3], [13, 64], [37, 96], [70, 20], [5, 1028], [3, 2052]] as const) {
        const random = new Random(`norm ${rows} ${width}`);
        const x = half(draw(random, [rows, width], 3));
        const weight = parameter(draw(random, [width])), bias = parameter(draw(random, [width]));
        const tolerances = { tolerance: 4e-6, gradients: 4e-6 };
        await verify(
          `rms norm [${x.shape}]`,
          { x, weight },
          (tape, t) => rmsNorm(tape, t.x, t.weight, 1e-5),
          norm(x.values, weight.values, undefined, 1e-5),
          tolerances,
        );
        await verify(
          `layer norm [${x.shape}]`,
          { x, weight, bias },
          (tape, t) => layerNorm(tape, t.x, t.weight, t.bias, 1e-5),
          norm(x.values, weight.values, bias.values, 1e-5),
          tolerances,
        );
      }
    });
    await t.step("gather rows", async () => {
      const picked = [6, -1, 0, 3];
      const x = half(draw(new Random("gather"), [7, 5]));
      const inverse = Array.from({ length: 7 }, (_, row) => picked.indexOf(row));
      await verify(
        "rows 6, 0, 3 of 7",
        { x, index: index(picked), inverse: index(inverse) },
        (tape, t) => gatherRows(tape, t.x, t.index, t.inverse),
        gather.gatherRows(x.values, picked, 5),
      );
    });
    await t.step("beyond 65,519 a result is infinite, not cut off", async () => {
      const x = { shape: [4], values: [256, 255.875, -256, 1], storage: "f16" as const };
      const found = await lab.run({ x }, (tape, t) => multiply(tape, t.x, t.x), undefined, {
        storage: "f16",
      });
      assertEquals([...found.y], [Infinity, Math.f16round(255.875 ** 2), Infinity, 1]);
    });
    await t.step("a kernel that reads f32 alone says so", () => {
      const tape = new Tape(lab.gpu, { storage: "f16" });
      const state = (...shape: number[]) => tape.empty(shape, "state", "i32");
      const s = {
        token: state(2),
        position: state(2),
        place: state(2),
        state: state(2, 2),
        output: state(2, 3),
        stops: state(1),
      };
      assertThrows(
        () => advance(tape, s, tape.result([2, 5], "logits")),
        Error,
        'kernel best_tokens: z ("logits") is f16, but the kernel takes it as f32 only',
      );
    });
    lab.close();
  });
}

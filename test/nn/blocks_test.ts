// The transformer's layers by finite differences; case_test.ts compares them with PyTorch.

import { assert } from "@std/assert";
import { gradcheck } from "../../src/autograd/gradcheck.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { languageBlock } from "../../src/nn/language_block.ts";
import { visionBlock } from "../../src/nn/vision_block.ts";
import { attention } from "../../src/ops/attention/attention.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { ropeTable } from "../../src/ops/embedding/rope.ts";
import { sum } from "../../src/ops/sum.ts";
import { Random } from "../../src/random.ts";

// Two sequences and a row of padding.
const ROWS = 8;
const SPAN = [0, 3, 0, 3, 0, 3, 3, 7, 3, 7, 3, 7, 3, 7, 0, 0];
const POSITIONS = [0, 1, 2, 0, 1, 2, 3, 0];

for (
  const [name, shapes] of [
    ["vision", [
      [ROWS, 24],
      [24],
      [24],
      [72, 24],
      [72],
      [24, 24],
      [24],
      [24],
      [24],
      [30, 24],
      [30],
      [24, 30],
      [24],
    ]],
    ["language", [[ROWS, 18], [18], [32, 18], [18, 16], [18], [44, 18], [18, 22]]],
    ["language, biased", [[ROWS, 18], [18], [32, 18], [18, 16], [18], [44, 18], [18, 22], [32], [18], [44], [
      18,
    ]]],
  ] as const
) {
  Deno.test(`gradients of a layer of the ${name} model`, async () => {
    const gpu = await createGpu();
    const random = new Random(name);
    const draw = (shape: readonly number[], constant = 0) => {
      const scale = shape.length > 1 ? 1 / Math.sqrt(shape[1]!) : 0.1;
      const values = Array.from(
        { length: shape.reduce((a, b) => a * b) },
        () => constant + scale * random.normal(),
      );
      return Tensor.of(gpu, shape, values);
    };
    const inputs = shapes.map((shape) => draw(shape, shape.length === 1 ? 0.5 : 0));
    const span = Tensor.of(gpu, [ROWS, 2], SPAN, "i32"), positions = Tensor.of(gpu, [ROWS], POSITIONS, "i32");
    const table = Tensor.of(gpu, [4, 2, 2], ropeTable(4, 4, 100));
    const direction = draw(shapes[0]);
    const { worst, checked } = await gradcheck(gpu, (tape, inputs) => {
      const at = (i: number) => inputs[i]!;
      const pair = (i: number) => ({ weight: at(i), bias: at(i + 1) });
      const y = name === "vision"
        ? visionBlock(
          tape,
          at(0),
          span,
          { norm1: pair(1), qkv: pair(3), out: pair(5), norm2: pair(7), fc1: pair(9), fc2: pair(11) },
          { heads: 3, eps: 1e-5, activation: "quick_gelu" },
        )
        : languageBlock(
          tape,
          at(0),
          positions,
          table,
          {
            inputNorm: at(1),
            qkv: { weight: at(2), bias: inputs[7] },
            out: { weight: at(3), bias: inputs[8] },
            mlpNorm: at(4),
            gateUp: { weight: at(5), bias: inputs[9] },
            down: { weight: at(6), bias: inputs[10] },
          },
          { heads: 4, groups: 2, headSize: 4, eps: 1e-6 },
          (qkv) => attention(tape, qkv, span, { heads: 4, groups: 2, headSize: 4 }, true),
        );
      return sum(tape, multiply(tape, y, direction));
    }, inputs);
    assert(checked > 100 && worst < 2e-3, `${checked} elements, worst ${worst}`);
    for (const tensor of [...inputs, span, positions, table, direction]) tensor.destroy(gpu);
    gpu.destroy();
  });
}

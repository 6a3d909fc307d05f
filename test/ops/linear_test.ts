import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import type { Tensor } from "../../src/autograd/tensor.ts";
import type { Activation } from "../../src/ops/gemm/gemm.ts";
import { linear } from "../../src/ops/linear.ts";
import { Random } from "../../src/random.ts";
import { linear as linearReference } from "../reference/linear.ts";
import { constant, draw, Lab, parameter } from "./_lab.ts";

Deno.test("linear", async (t) => {
  const lab = await Lab.open();

  async function verify(
    sizes: { rows: number; inputs: number; outputs: number },
    ending: { bias?: boolean; activation?: Activation; residual?: boolean },
    differences?: false,
  ) {
    const what = `linear ${JSON.stringify({ ...sizes, ...ending })}`;
    const random = new Random(what);
    const { rows, inputs, outputs } = sizes;
    const x = draw(random, [rows, inputs]);
    const weight = parameter(draw(random, [outputs, inputs], 1 / Math.sqrt(inputs)));
    const bias = draw(random, [outputs]), residual = draw(random, [rows, outputs]);
    const { activation } = ending;
    const given = {
      x,
      weight,
      bias: ending.bias ? parameter(bias) : constant(bias),
      residual: ending.residual ? residual : constant(residual),
    };
    await lab.verify(
      what,
      given,
      (tape, t) =>
        linear(tape, t.x, t.weight, {
          bias: ending.bias ? t.bias : undefined,
          activation,
          residual: ending.residual ? t.residual : undefined,
        }),
      linearReference(x.values, weight.values, sizes, {
        ...(ending.bias && { bias: bias.values }),
        ...(activation && { activation }),
        ...(ending.residual && { residual: residual.values }),
      }),
      differences === undefined ? {} : { differences },
    );
  }

  await t.step("result and gradients", async () => {
    await verify({ rows: 1, inputs: 1, outputs: 1 }, {});
    await verify({ rows: 5, inputs: 3, outputs: 7 }, { bias: true, activation: "gelu", residual: true });
    await verify({ rows: 5, inputs: 3, outputs: 7 }, { residual: true });
    await verify({ rows: 12, inputs: 8, outputs: 20 }, { bias: true, activation: "quick_gelu" }, false);
    await verify({ rows: 12, inputs: 8, outputs: 20 }, { activation: "silu", residual: true }, false);
  });
  await t.step("leading sizes are rows", async () => {
    const random = new Random("leading");
    const x = draw(random, [2, 3, 5]), weight = draw(random, [7, 5]);
    const expected = linearReference(x.values, weight.values, { rows: 6, inputs: 5, outputs: 7 });
    await lab.verify(
      "linear [2,3,5]",
      { x, weight },
      (tape, t) => {
        const y = linear(tape, t.x, t.weight);
        assertEquals(y.shape, [2, 3, 7]);
        return y;
      },
      expected,
      { differences: false },
    );
  });
  await t.step("the residual is the input itself", async () => {
    const random = new Random("self");
    const x = draw(random, [5, 7]), weight = draw(random, [7, 7], 0.5);
    const { y, backward } = linearReference(x.values, weight.values, { rows: 5, inputs: 7, outputs: 7 }, {
      residual: x.values,
    });
    await lab.verify("x + x·Wᵀ", { x, weight }, (tape, t) => linear(tape, t.x, t.weight, { residual: t.x }), {
      y,
      backward(dy) {
        const gradients = backward(dy);
        return { ...gradients, x: gradients.x.map((g, i) => g + dy[i]!) };
      },
    });
  });
  await t.step("only what is asked for gets a gradient", async () => {
    const random = new Random("some");
    const x = constant(draw(random, [5, 3])), weight = constant(draw(random, [7, 3]));
    const bias = draw(random, [7]);
    const expected = linearReference(x.values, weight.values, { rows: 5, inputs: 3, outputs: 7 }, {
      bias: bias.values,
    });
    const build = (tape: Tape, t: Record<"x" | "weight" | "bias", Tensor>) =>
      linear(tape, t.x, t.weight, { bias: t.bias });
    await lab.verify("bias only", { x, weight, bias }, build, expected);
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => linear(tape, tensor(2, 3), tensor(4, 5)),
      Error,
      "linear: weight must have shape [*,3], found [4,5]",
    );
    assertThrows(
      () => linear(tape, tensor(2, 3), tensor(4, 3), { bias: tensor(3) }),
      Error,
      "linear: bias must have shape [4], found [3]",
    );
    assertThrows(
      () => linear(tape, tensor(2, 3), tensor(4, 3), { residual: tensor(2, 3) }),
      Error,
      "linear: residual must have shape [2,4], found [2,3]",
    );
  });
  lab.close();
});

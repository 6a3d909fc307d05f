import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { gradcheck } from "../../src/autograd/gradcheck.ts";
import type { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { activate } from "../../src/ops/activation.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { sum } from "../../src/ops/sum.ts";

Deno.test("gradcheck", async (t) => {
  const gpu = await createGpu();
  const x = Tensor.of(gpu, [2, 3], [1, -2, 3, 0.5, 0, 7]), w = Tensor.of(gpu, [2, 3], [2, 3, 5, 7, 11, 13]);
  const cube = (tape: Tape, a: Tensor) => multiply(tape, multiply(tape, a, a), a);

  await t.step("a right gradient passes, and the inputs hold their values again", async () => {
    const kept = gpu.sharedBytes, live = gpu.liveBytes - kept;
    const { checked, worst } = await gradcheck(
      gpu,
      (tape, [x, w]) => sum(tape, multiply(tape, cube(tape, x!), w!)),
      [x, w],
    );
    assertEquals(checked, 12);
    assert(worst < 1e-3, `${worst}`);
    assertEquals([...await x.read(gpu)], [1, -2, 3, 0.5, 0, 7]);
    assertEquals(x.requiresGrad, false);
    const shared = gpu.sharedBytes;
    assertEquals(gpu.liveBytes - shared, live);
  });
  await t.step("a parameter's gradient adds to zeros", async () => {
    x.gradient = Tensor.of(gpu, [2, 3], [9, 9, 9, 9, 9, 9]);
    const { worst } = await gradcheck(gpu, (tape, [x]) => sum(tape, cube(tape, x!)), [x]);
    assert(worst < 1e-3, `${worst}`);
    x.gradient.destroy(gpu);
    x.gradient = undefined;
  });
  await t.step("elements are sampled, the same ones for the same seed", async () => {
    const many = Tensor.of(gpu, [1000], Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)));
    const build = (tape: Tape, [x]: readonly Tensor[]) => sum(tape, activate(tape, "silu", x!));
    const first = await gradcheck(gpu, build, [many], { samples: 5 });
    assertEquals(first.checked, 5);
    assertEquals(await gradcheck(gpu, build, [many], { samples: 5 }), first);
    many.destroy(gpu);
  });
  await t.step("a wrong gradient throws and says where", async () => {
    // The product of x with itself, differentiated as if one factor were a constant.
    const wrong = (tape: Tape, [x]: readonly Tensor[]) => {
      const fixed = tape.noGrad(() => tape.apart(x!, x!));
      return sum(tape, multiply(tape, x!, fixed));
    };
    const error = await assertRejects(
      () => gradcheck(gpu, wrong, [x]),
      Error,
      "gradcheck: input 0 [2,3], element 0",
    );
    const [, expected, found] = /expected (\S+) by finite differences, found (\S+)/.exec(error.message)!;
    assertAlmostEquals(Number(expected), 2, 1e-3);
    assertEquals(Number(found), 1);
  });
  await t.step("one element in many that is off is found", async () => {
    const factors = Tensor.of(gpu, [2, 3], [1, 1, 1, 1.5, 1, 1]);
    const build = (tape: Tape, [x]: readonly Tensor[]) => {
      const y = cube(tape, x!);
      const bent = tape.apart(y, y);
      tape.differentiable(bent, (dy) => tape.pass(y, multiply(tape, dy, factors)));
      return sum(tape, bent);
    };
    await assertRejects(() => gradcheck(gpu, build, [x]), Error, "input 0 [2,3], element 3");
    factors.destroy(gpu);
  });
  await t.step("what cannot be checked", async () => {
    const ids = Tensor.of(gpu, [2], [1, 2], "i32");
    await assertRejects(() => gradcheck(gpu, (tape, [x]) => sum(tape, x!), [ids]), Error, "input 0 is i32");
    await assertRejects(
      () => gradcheck(gpu, (tape, [x]) => cube(tape, x!), [x]),
      Error,
      "the result must be a scalar, found shape [2,3]",
    );
    await assertRejects(
      () => gradcheck(gpu, (tape, [x]) => sum(tape, x!), [x, w]),
      Error,
      "the result does not depend on input 1",
    );
    ids.destroy(gpu);
  });
  gpu.destroy();
});

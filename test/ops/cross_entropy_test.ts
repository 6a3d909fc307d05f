import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { gradcheck } from "../../src/autograd/gradcheck.ts";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { logits, recordTaskSums, weightedCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { Random } from "../../src/random.ts";
import * as reference from "../reference/cross_entropy.ts";
import { product } from "../reference/matrix.ts";
import { close, constant, draw, index, Lab, parameter } from "./_lab.ts";

const SCALE = 0.125;

function example(rows: number, width: number, vocab: number) {
  const random = new Random(`${rows} ${width} ${vocab}`);
  const target = Array.from({ length: rows }, (_, row) => row % 5 === 3 ? -1 : random.int(vocab));
  target[0] = vocab - 1;
  const rowWeight = draw(random, [rows]);
  rowWeight.values.forEach((value, i) => rowWeight.values[i] = Math.fround(Math.abs(value)));
  return {
    h: draw(random, [rows, width], 1 / Math.sqrt(width)),
    // Tiny gradients would drown in what a parameter's gradient holds.
    weight: vocab > 600 ? draw(random, [vocab, width]) : parameter(draw(random, [vocab, width])),
    target: index(target),
    rowWeight: constant(rowWeight),
    scalars: constant({ shape: [4], values: [7, 9, SCALE, 11] }),
  };
}

Deno.test("weighted cross-entropy", async (t) => {
  const lab = await Lab.open();
  type Key = keyof ReturnType<typeof example>;
  const build = (tape: Tape, t: Record<Key, Tensor>) =>
    weightedCrossEntropy(tape, t.h, t.weight, {
      target: t.target,
      weight: t.rowWeight,
      scalars: t.scalars,
      scaleAt: 2,
    });

  async function verify(rows: number, width: number, vocab: number, twice: boolean, tolerance = 3e-6) {
    const given = example(rows, width, vocab);
    const what = `${rows} rows, width ${width}, vocabulary ${vocab}`;
    const expected = reference.weightedCrossEntropy(
      given.h.values,
      given.weight.values,
      given.target.values,
      given.rowWeight.values,
      SCALE,
    );
    const gradients: Partial<Record<Key, Float64Array>> = expected.backward();
    for (const times of twice ? [false, true] : [false]) {
      // Backward takes the gradient of the loss to be 1 whatever seed it gets.
      const found = await lab.run(given, build, new Float32Array(rows).fill(3), { twice: times });
      close(found.y, expected.nll, `${what}: nll`, tolerance);
      close(found.gradients.h!, gradients.h!, `${what}: d h`, tolerance);
      close(found.gradients.weight!, gradients.weight!, `${what}: d weight`, tolerance);
    }
  }

  await t.step("a vocabulary of one", async () => {
    const given = example(3, 4, 1);
    const found = await lab.run(given, build, [1, 1, 1]);
    assertEquals([...found.y], [0, 0, 0]);
    assert(found.gradients.h!.every((g) => g === 0));
  });
  await t.step("small vocabularies", async () => {
    await verify(1, 1, 2, true);
    await verify(11, 5, 7, true);
    await verify(37, 8, 600, true);
  });
  await t.step("a row shared by a workgroup", async () => {
    await verify(3, 4, 9000, true);
    await verify(2, 3, 8193, false);
    await verify(2, 1, 8192, false); // the last that is not shared
  });
  await t.step("several chunks of logits", async () => {
    await verify(1860, 4, 9000, false); // 1,856 rows are a chunk
  });
  await t.step("a vocabulary past 65,535", async () => {
    await verify(2, 1, 70_001, false);
  });
  await t.step("logits and weights larger than a binding", async () => {
    const whole = lab.gpu.largestBinding;
    lab.gpu.largestBinding = 1 << 18;
    try {
      await verify(100, 9, 9024, false); // chunks of 64 rows, where h may begin, in pieces of seven, where logits may
      await verify(19, 32, 9001, false); // chunks of six rows
      await verify(300, 300, 601, false); // the hidden rows and their gradient, too
    } finally {
      lab.gpu.largestBinding = whole;
    }
  });
  await t.step("only the hidden rows, only the weight, nothing", async () => {
    const given = example(11, 5, 7);
    const { h, weight, target, rowWeight } = given;
    const { nll, backward } = reference.weightedCrossEntropy(
      h.values,
      weight.values,
      target.values,
      rowWeight.values,
      SCALE,
    );
    const seed = new Float32Array(11);
    const one = await lab.run({ ...given, weight: constant(weight) }, build, seed);
    close(one.gradients.h!, backward().h, "d h");
    const other = await lab.run({ ...given, h: constant(h) }, build, seed);
    close(other.gradients.weight!, backward().weight, "d weight");
    const none = await lab.run({ ...given, h: constant(h), weight: constant(weight) }, build);
    close(none.y, nll, "nll");
  });
  await t.step("logits far apart", async () => {
    const given = { ...example(5, 1, 3), h: { shape: [5, 1], values: [100, -100, 1e4, 0, 300] } };
    const { nll, backward } = reference.weightedCrossEntropy(
      given.h.values,
      given.weight.values,
      given.target.values,
      given.rowWeight.values,
      SCALE,
    );
    const found = await lab.run(given, build, new Float32Array(5));
    close(found.y, nll, "nll");
    close(found.gradients.weight!, backward().weight, "d weight");
  });
  await t.step("finite differences of the loss that is recorded", async () => {
    const given = example(11, 5, 7);
    const made = Object.fromEntries(
      Object.entries(given).map(([name, { shape, values, ...rest }]) => {
        const dtype = "role" in rest && rest.role === "index" ? "i32" : "f32";
        return [name, Tensor.of(lab.gpu, shape, values, dtype)];
      }),
    ) as Record<Key, Tensor>;
    const task = Tensor.of(lab.gpu, [11], new Int32Array(11), "i32");
    const ring = Tensor.of(lab.gpu, [1, 4]);
    const zero = Tensor.of(lab.gpu, [4], [0, 0, SCALE, 0]);
    const { worst } = await gradcheck(
      lab.gpu,
      (tape) => {
        const targets = { target: made.target, weight: made.rowWeight, scalars: zero, scaleAt: 2 };
        const nll = weightedCrossEntropy(tape, made.h, made.weight, targets);
        recordTaskSums(tape, nll, targets, task, ring, { tasks: 1, slotAt: 0, add: false });
        const loss = tape.apart(ring, ring).rows(0, 1);
        const scalar = new Tensor([1], "f32", loss.slot); // the line's first number is the loss
        tape.differentiable(scalar, () => tape.pass(nll, tape.apart(nll, nll)));
        return scalar;
      },
      [made.h, made.weight],
      { samples: 55 },
    );
    assert(worst < 0.002);
    for (const tensor of [...Object.values(made), task, ring, zero]) tensor.destroy(lab.gpu);
  });
  await t.step("logits without a loss", async () => {
    const { h, weight } = example(3, 5, 7);
    const found = await lab.run(
      { h: constant(h), weight: constant(weight) },
      (tape, t) => logits(tape, t.h, t.weight),
    );
    close(found.y, product("NT", h.values, weight.values, 3, 7, 5), "logits");
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    const targets = { target: tensor(3), weight: tensor(3), scalars: tensor(4), scaleAt: 0 };
    assertThrows(
      () => weightedCrossEntropy(tape, tensor(3, 5), tensor(7, 4), targets),
      Error,
      "cross-entropy: weight must have shape [*,5], found [7,4]",
    );
    assertThrows(
      () => weightedCrossEntropy(tape, tensor(2, 5), tensor(7, 5), targets),
      Error,
      "cross-entropy: target must have shape [2], found [3]",
    );
  });
  lab.close();
});

Deno.test("task sums", async (t) => {
  const lab = await Lab.open();
  const tasks = 3;

  async function record(rows: number, add: boolean) {
    const random = new Random(rows);
    const nll = draw(random, [rows]), weight = draw(random, [rows]);
    const task = Int32Array.from({ length: rows }, () => random.int(tasks) - 1); // -1: padding; no row of task 2
    const made = [
      Tensor.of(lab.gpu, [rows], nll.values),
      Tensor.of(lab.gpu, [rows], weight.values),
      Tensor.of(lab.gpu, [rows], task, "i32"),
      Tensor.of(lab.gpu, [4], [0, SCALE, 0, 2]),
      Tensor.of(lab.gpu, [4, 2 + 2 * tasks], new Float32Array(4 * 8).fill(10)),
    ] as const;
    const [n, w, ofTask, scalars, ring] = made;
    const tape = new Tape(lab.gpu);
    const targets = { target: ofTask, weight: w, scalars, scaleAt: 1 };
    recordTaskSums(tape, n, targets, ofTask, ring, { tasks, slotAt: 3, add });
    const program = tape.compile();
    program.run();
    const found = await ring.read(lab.gpu);
    program.destroy();
    for (const tensor of made) tensor.destroy(lab.gpu);
    return { found, expected: reference.taskSums(nll.values, weight.values, task, SCALE, tasks) };
  }

  await t.step("a line of the ring", async () => {
    for (const add of [false, true]) {
      for (const rows of [1, 37, 1000]) {
        const { found, expected } = await record(rows, add);
        const held = add ? 10 : 0;
        const line = found.subarray(2 * 8, 3 * 8);
        assertAlmostEquals(line[0]!, held + expected.loss, 1e-4);
        assertEquals(line[1], 10, "the norm's place is not touched");
        expected.tasks.forEach((of, i) => {
          assertAlmostEquals(line[2 + 2 * i]!, held + of.nll, 1e-4);
          assertEquals(line[3 + 2 * i], held + of.tokens);
        });
        assert([...found.subarray(0, 16), ...found.subarray(24)].every((x) => x === 10), "other lines");
      }
    }
  });
  await t.step("rows past 65,535", async () => {
    const { found, expected } = await record(70_001, false);
    expected.tasks.forEach((of, i) => {
      assertEquals(found[16 + 3 + 2 * i], of.tokens);
      assertAlmostEquals(found[16 + 2 + 2 * i]!, of.nll, 1e-2);
    });
    assertAlmostEquals(found[16]!, expected.loss, 1e-2);
  });
  lab.close();
});

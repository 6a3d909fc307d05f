// integrations/weighted_loss.py and our own operations compute one loss. Both are checked against one fixture, which
// test/fixtures/make_weighted_loss.py makes from the formula; integrations/check.py is the other side.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import step from "../fixtures/weighted_loss.json" with { type: "json" };
import source from "../../integrations/weighted_loss.py" with { type: "text" };
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { weightsFromScores } from "../../src/balance/cotbal/weights_from_scores.ts";
import { recordTaskSums, weightedCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { add } from "../../src/ops/add.ts";
import { sum } from "../../src/ops/sum.ts";
import { close, constant, index, Lab, parameter } from "../ops/_lab.ts";

const TOLERANCE = 1e-6;
const width = step.head[0]!.length;
const head = { shape: [step.head.length, width], values: step.head.flat() };
// As 1/Σλ of the whole step is handed to the kernels.
const scalars = { shape: [4], values: [0, 1 / step.total, 0, 0] };

/** The positions that predict an answer token, of one micro-batch: what our trainer packs. */
function packed(batch: typeof step.microBatches[number]) {
  const rows = batch.labels.flatMap((labels, r) =>
    labels.flatMap((target, t) => target === -100 ? [] : [{ r, t: t - 1, target, task: batch.task[r]! }])
  );
  return {
    rows,
    h: { shape: [rows.length, width], values: rows.flatMap(({ r, t }) => batch.hidden[r]![t]!) },
    target: index(rows.map(({ target }) => target)),
    weight: constant({ shape: [rows.length], values: rows.map(({ task }) => step.weights[task]!) }),
  };
}

Deno.test("the fixture of the weighted loss is one of a step, not of its micro-batches", () => {
  const { microBatches, total, loss, lossNormalisedAMicroBatch } = step;
  close([microBatches.reduce((s, b) => s + b.loss, 0)], [loss], "shares of the loss", 1e-14);
  assertEquals(microBatches.reduce((s, b) => s + b.total, 0), total);
  assert(Math.abs(loss - lossNormalisedAMicroBatch) > 0.1, "the fixture could not tell the two apart");
  const weight = microBatches.flatMap((b) => packed(b).rows.map(({ task }) => step.weights[task]!));
  assertEquals(weight.reduce((a, b) => a + b, 0), total);
  assert(
    microBatches.some((b) => b.labels.some((row) => row.every((id) => id === -100))),
    "a row without answer",
  );
});

Deno.test("our operations give the losses and gradients of equation (2) that PyTorch gives", async (t) => {
  const lab = await Lab.open();

  await t.step("micro-batch by micro-batch, over one denominator", async () => {
    let loss = 0;
    const gradient = new Float64Array(head.values.length);
    for (const [k, batch] of step.microBatches.entries()) {
      const { rows, h, target, weight } = packed(batch);
      const given = { h, head: parameter(head), target, weight, scalars: constant(scalars) };
      const build = (tape: Tape, t: Record<keyof typeof given, Tensor>) =>
        weightedCrossEntropy(tape, t.h, t.head, { ...t, scaleAt: 1 });
      const found = await lab.run(given, build, new Float32Array(rows.length).fill(1));
      const share = found.y.reduce((s, nll, i) => s + step.weights[rows[i]!.task]! * nll / step.total, 0);
      close([share], [batch.loss], `micro-batch ${k}: loss`, TOLERANCE);
      const expected = rows.flatMap(({ r, t }) => batch.hiddenGradient[r]![t]!);
      close(found.gradients.h!, expected, `micro-batch ${k}: d hidden`, TOLERANCE);
      loss += share;
      found.gradients.head!.forEach((value, i) => gradient[i]! += value);
    }
    close([loss], [step.loss], "loss of the step", TOLERANCE);
    close(gradient, step.headGradient.flat(), "d head, summed over micro-batches", TOLERANCE);
  });

  await t.step("in one program, whose kernels add the gradients up", async () => {
    const parts = step.microBatches.map(packed);
    const given = {
      head: parameter(head),
      scalars: constant(scalars),
      ...Object.fromEntries(parts.flatMap(({ h, target, weight }, k) => [
        [`h${k}`, h],
        [`target${k}`, target],
        [`weight${k}`, weight],
      ])),
    };
    const found = await lab.run(given, (tape, t: Record<string, Tensor>) => {
      const losses = parts.map((_, k) =>
        sum(
          tape,
          weightedCrossEntropy(tape, t[`h${k}`]!, t["head"]!, {
            target: t[`target${k}`]!,
            weight: t[`weight${k}`]!,
            scalars: t["scalars"]!,
            scaleAt: 1,
          }),
        )
      );
      return losses.reduce((a, b) => add(tape, a, b));
    }, [1]);
    close(found.gradients.head!, step.headGradient.flat(), "d head", TOLERANCE);
  });

  await t.step("the loss that a training step records", async () => {
    const batch = step.microBatches.map(packed);
    const rows = batch.flatMap((b) => b.rows);
    const made = {
      h: Tensor.of(lab.gpu, [rows.length, width], batch.flatMap((b) => b.h.values)),
      head: Tensor.of(lab.gpu, head.shape, head.values),
      target: Tensor.of(lab.gpu, [rows.length], Int32Array.from(rows, (r) => r.target), "i32"),
      weight: Tensor.of(lab.gpu, [rows.length], rows.map((r) => step.weights[r.task]!)),
      task: Tensor.of(lab.gpu, [rows.length], Int32Array.from(rows, (r) => r.task), "i32"),
      scalars: Tensor.of(lab.gpu, [4], scalars.values),
      ring: Tensor.of(lab.gpu, [1, 2 + 2 * step.tasks.length]),
    };
    const tape = new Tape(lab.gpu);
    const targets = { ...made, scaleAt: 1 };
    const nll = weightedCrossEntropy(tape, made.h, made.head, targets);
    const options = { tasks: step.tasks.length, slotAt: 0, add: false };
    recordTaskSums(tape, nll, targets, made.task, made.ring, options);
    const program = tape.compile();
    program.run();
    const [loss] = await made.ring.read(lab.gpu);
    close([loss!], [step.loss], "recorded loss", TOLERANCE);
    program.destroy();
    for (const tensor of Object.values(made)) tensor.destroy(lab.gpu);
  });

  lab.close();
});

Deno.test("the Python side reads what `deno task weights --json` writes", () => {
  const report = weightsFromScores({ tasks: ["a", "b"], mini: [1, 2], plus: [[2, 2], [1, 3]] });
  for (const key of ["tasks", "lambda"]) {
    assert(key in report);
    assertStringIncludes(source, `report["${key}"]`);
  }
});

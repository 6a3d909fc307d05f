// A live training is every other training without its files.

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { constantWeights } from "../../../src/balance/constant.ts";
import { InputError, Interrupted } from "../../../src/errors.ts";
import { TRAINING_SETTINGS } from "../../../src/lmm/trainer/settings.ts";
import type { StepLog } from "../../../src/lmm/trainer/trainer.ts";
import { answersBefore, liveOrder, liveTraining } from "../../../src/play/train/live_training.ts";
import { TUNING } from "../../../src/play/train/lesson.ts";
import type { LossPoint } from "../../../src/report/kit/loss_panel.ts";
import type { MetricsLine } from "../../../src/run/records/metrics_line.ts";
import { readMetrics } from "../../../src/run/metrics_file.ts";
import { pick } from "../../../src/settings.ts";
import { METRICS_FILE } from "../../../src/train/saves.ts";
import { trainLoop } from "../../../src/train/train_loop.ts";
import { needs } from "../../house/permissions.ts";
import { smallLesson } from "../_lesson.ts";

const test = needs("read");

const SETTINGS = { weights: [1.5, 0.5], steps: 45, seed: 3 };

type Small = Awaited<ReturnType<typeof smallLesson>>;

async function trained({ engine, checkpoint, lesson }: Small, settings = SETTINGS) {
  const logs: StepLog[] = [], looks: LossPoint[] = [];
  const answers = await liveTraining(engine, checkpoint, lesson, settings, {
    step: (log) => logs.push(log),
    look: (point) => looks.push(point),
  });
  return { logs, looks, answers };
}

needs("read", "write")("its steps are those of trainLoop, bit by bit", async () => {
  const small = await smallLesson();
  const { logs, looks } = await trained(small);
  const folder = await Deno.makeTempDir();
  try {
    const model = await small.engine.load(small.checkpoint);
    const order = liveOrder(small.lesson, SETTINGS);
    const trainer = model.trainer({ ...pick(TRAINING_SETTINGS, TUNING), tasks: 2, steps: order.steps });
    const balancer = constantWeights("live", SETTINGS.weights);
    await trainLoop({ folder, owner: "test", trainer, order, balancer, stateEverySeconds: Infinity });
    const lines = await readMetrics<MetricsLine>(join(folder, METRICS_FILE));
    assertEquals(logs.map(({ loss, taskLoss }) => [loss, taskLoss]), lines.map((l) => [l.loss, l.taskLoss]));
    // The fake model's losses feel what was learnt, and with which weights, when they are measured.
    const { nll, tokens } = await trainer.losses(small.lesson.held);
    assertEquals(looks.at(-1)!.loss, nll.map((sum, i) => sum / tokens[i]!));
    trainer.destroy();
    model.destroy();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assertEquals(small.engine.alive, 0);
});

test("the same seed and weights give the same losses and answers, others give others", async () => {
  const small = await smallLesson();
  const first = await trained(small);
  assertEquals(await trained(small), first);
  assertNotEquals((await trained(small, { ...SETTINGS, seed: 4 })).looks, first.looks);
  assertNotEquals((await trained(small, { ...SETTINGS, weights: [1, 1] })).looks, first.looks);
});

test("it looks before the first step, now and then, and after the last", async () => {
  const { looks, answers } = await trained(await smallLesson());
  assertEquals(looks.map(({ step }) => step).slice(0, 3), [0, 2, 4]);
  assertEquals(looks.at(-1)!.step, 45);
  assertEquals(looks.every(({ loss }) => loss.length === 2 && loss.every((x) => x !== null)), true);
  assertEquals(answers.map(({ task }) => task), ["vqa", "vqa", "reading", "reading"]);
});

test("a task of weight 0 is not read, and there are as many steps", async () => {
  const { lesson } = await smallLesson();
  const order = liveOrder(lesson, { weights: [0, 1], steps: 30, seed: 1 });
  assertEquals(order.steps, 30);
  for (let step = 1; step <= 30; step++) {
    const { taskTokens, conversations } = order.step(step);
    assertEquals(taskTokens[0], 0);
    assert(conversations > 0);
  }
});

test("it stops after the step in which it is told to, and gives all back", async () => {
  const small = await smallLesson();
  const stop = new AbortController();
  const steps: number[] = [];
  await assertRejects(
    () =>
      liveTraining(small.engine, small.checkpoint, small.lesson, SETTINGS, {
        step: ({ step }) => {
          steps.push(step);
          if (step === 4) stop.abort();
        },
        signal: stop.signal,
      }),
    Interrupted,
    "stopped after step 4 of 45",
  );
  assertEquals(steps, [1, 2, 3, 4]);
  assertEquals(small.engine.alive, 0);
});

test("weights must be one a task, none below 0, not all 0", async () => {
  const small = await smallLesson();
  for (const weights of [[1], [1, -1], [0, 0]]) {
    await assertRejects(() => trained(small, { ...SETTINGS, weights }), InputError, "weight");
  }
  assertEquals(small.engine.alive, 0);
});

test("the model is asked as it is before", async () => {
  const { engine, checkpoint, lesson } = await smallLesson();
  const answers = await answersBefore(engine, checkpoint, lesson);
  assertEquals(answers.length, 4);
  assertEquals(engine.steps, 0);
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Balancer } from "../../src/balance/balancer.ts";
import { constantWeights } from "../../src/balance/constant.ts";
import { equalWeights } from "../../src/balance/methods/ew.ts";
import { taskLevelMean } from "../../src/balance/methods/tla.ts";
import { Interrupted } from "../../src/errors.ts";
import type { TrainerSettings } from "../../src/lmm/trainer/trainer.ts";
import { dealStep, type TrainSequence } from "../../src/lmm/trainer/train_step.ts";
import { readMetrics } from "../../src/run/metrics_file.ts";
import { orderSequences } from "../../src/train/order.ts";
import { trainLoop, type Validation } from "../../src/train/train_loop.ts";
import type { MetricsLine } from "../../src/run/records/metrics_line.ts";
import { MemoryFolder } from "../../src/lmm/folder_sink.ts";
import { fakeEngine } from "./fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const settings: TrainerSettings = {
  tasks: 2,
  steps: 50,
  learningRate: 1e-3,
  warmup: 0.05,
  schedule: "cosine",
  weightDecay: 0,
  clip: 1,
  frozen: ["vision"],
};

const sequences = Array.from({ length: 200 }, (_, i): TrainSequence => ({
  id: `${i}`,
  task: i % 5 === 0 ? 1 : 0,
  ids: Int32Array.from([1, 4, 6 + i % 17, 5, 30 + i % 11, 2]),
  mask: Uint8Array.from([0, 0, 0, 0, 1, 1]),
  images: [Float32Array.of(i)],
}));

const order = orderSequences(sequences, { seed: 1, epochs: 1, batch: 4, microBatch: 2, tasks: 2 });

/** Remembers what a method was told, and when. */
function spy(balancer: Balancer): { balancer: Balancer; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    balancer: {
      name: balancer.name,
      weights: (step, tokens) => {
        seen.push(`weights ${step}`);
        return balancer.weights(step, tokens);
      },
      observe: (observation) => {
        seen.push(`observe ${observation.step}`);
        balancer.observe(observation);
      },
    },
  };
}

/** In place of what no two trainings share. */
const UNTIMED = { seconds: 0, tokensPerSecond: 0, residentBytes: 0 };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const validation = { every: 7, work: dealStep([sequences.slice(0, 3), sequences.slice(3, 5)], 2) };

/** Weights that follow every validation loss that was seen, and says when. */
function follower(): { balancer: Balancer; seen: string[] } {
  const seen: string[] = [];
  let total = 0;
  return {
    seen,
    balancer: {
      name: "follower",
      weights: () => [1 + total, 1],
      observe: ({ step, validationLoss }) => {
        if (validationLoss === undefined) return;
        seen.push(`${step}: ${validationLoss}`);
        total = 0.9 * total + validationLoss[1]!;
      },
    },
  };
}

/** Trains whole, or killed (an error, no state saved) or interrupted (state saved) before some steps. */
async function train(
  folder: string,
  stops: { step: number; how: "kill" | "interrupt" }[],
  balancer: Balancer | (() => Balancer),
  validation?: Validation,
) {
  const engine = fakeEngine();
  const model = engine.create({}, 0);
  for (const stop of [...stops, undefined]) {
    const trainer = (stop === undefined ? model : engine.create({}, 0)).trainer(settings);
    const controller = new AbortController();
    engine.beforeStep = () => {
      if (stop === undefined || trainer.step + 1 !== stop.step) return;
      if (stop.how === "kill") throw new Error("killed");
      controller.abort();
    };
    // A state after every look at the losses.
    const method = typeof balancer === "function" ? balancer() : balancer;
    const run = trainLoop(
      { folder, trainer, order, balancer: method, validation, stateEverySeconds: 0 },
      { signal: controller.signal },
    );
    if (stop === undefined) {
      const cost = await run, saved = new MemoryFolder();
      await model.save(saved);
      return { cost, saved: saved.files, engine };
    }
    await assertRejects(() => run, stop.how === "kill" ? Error : Interrupted);
  }
  throw new Error("unreachable");
}

test("trainLoop ends with the same bits however often it was stopped", () =>
  inFolder(async (folder) => {
    const whole = await train(join(folder, "whole"), [], constantWeights("cotbal", [0.5, 1.5]));
    const stopped = await train(
      join(folder, "stopped"),
      [{ step: 3, how: "kill" }, { step: 27, how: "kill" }, { step: 33, how: "interrupt" }, {
        step: 50,
        how: "kill",
      }],
      constantWeights("cotbal", [0.5, 1.5]),
    );
    assertEquals(stopped.saved, whole.saved);
    assertEquals({ ...stopped.cost, seconds: 0 }, { ...whole.cost, seconds: 0 });
    const lines = async (name: string) =>
      (await readMetrics<MetricsLine>(join(folder, name, "metrics.jsonl"))).map((line) => ({
        ...line,
        ...UNTIMED,
      }));
    assertEquals(await lines("stopped"), await lines("whole"));
    assertEquals((await lines("whole")).map(({ step }) => step), Array.from({ length: 50 }, (_, i) => i + 1));
    assertEquals((await lines("whole"))[0]!.weights, [0.5, 1.5]);
    assertEquals(whole.cost.tokens, 200 * 6);
    assertEquals(whole.cost.answerTokens, 200 * 2);
  }));

test("trainLoop tells a method of the steps at the same places, stopped or not", () =>
  inFolder(async (folder) => {
    const whole = spy(equalWeights(2));
    await train(join(folder, "whole"), [], whole.balancer);
    assertEquals(whole.seen.slice(19, 22), ["weights 20", "observe 1", "observe 2"]);

    const first = spy(equalWeights(2));
    await assertRejects(() =>
      train(join(folder, "stopped"), [{ step: 33, how: "interrupt" }], first.balancer).then(() => {
        throw new Interrupted("");
      })
    );
    // The method of the second sitting has seen steps 1 to 20 before it is asked for step 34, as in the first.
    const again = first.seen.slice(first.seen.lastIndexOf("observe 1"));
    assertEquals(again.slice(0, 21), [
      ...Array.from({ length: 20 }, (_, i) => `observe ${i + 1}`),
      "weights 34",
    ]);
    assertEquals(again.slice(again.indexOf("weights 40") + 1)[0], "observe 21");
  }));

test("trainLoop gives TLA the answer tokens of the step", () =>
  inFolder(async (folder) => {
    await train(folder, [], taskLevelMean(2));
    const lines = await readMetrics<MetricsLine>(join(folder, "metrics.jsonl"));
    for (const { weights = [1, 1], taskTokens } of lines) {
      const [a, b] = taskTokens;
      if (a! > 0 && b! > 0) assert(Math.abs(weights[0]! * a! - weights[1]! * b!) < 1e-12);
    }
  }));

test("trainLoop validates before step 1 and every so many after, tells the method late, and counts what it cost", () =>
  inFolder(async (folder) => {
    const { balancer, seen } = follower();
    const { cost, engine } = await train(folder, [], balancer, validation);
    const lines = await readMetrics<MetricsLine>(join(folder, "metrics.jsonl"));
    const looked = lines.filter(({ validation }) => validation !== undefined);
    assertEquals(looked.map(({ step }) => step), [1, 8, 15, 22, 29, 36, 43, 50]);
    assertEquals(engine.validations, 8);
    assertEquals(looked.map(({ validation }) => validation!.tokens), looked.map(() => 5 * 6));
    assertEquals(cost.validation!.tokens, 8 * 5 * 6);
    assertEquals(cost.tokens, 200 * 6); // the training's own
    assert(cost.validation!.seconds > 0 && cost.validation!.seconds < cost.seconds);
    // Those up to step 40 were told; the last ones come after the last place.
    assertEquals(seen.length, 6);
    assertEquals(seen, looked.slice(0, 6).map(({ step, validation }) => `${step}: ${validation!.loss}`));
    assertEquals(lines[19]!.weights, [1, 1]);
    assert(lines[20]!.weights![0]! > 1);
  }));

test("trainLoop without validation asks for no losses and says nothing of them", () =>
  inFolder(async (folder) => {
    const { cost, engine } = await train(folder, [], equalWeights(2));
    assertEquals(engine.validations, 0);
    assert(!("validation" in cost));
    assert(!(await Deno.readTextFile(join(folder, "metrics.jsonl"))).includes("validation"));
  }));

test("trainLoop with a method that follows validation losses ends with the same bits however often it was stopped", () =>
  inFolder(async (folder) => {
    const fresh = () => follower().balancer;
    const whole = await train(join(folder, "whole"), [], fresh, validation);
    const stops = [
      { step: 3, how: "kill" },
      { step: 22, how: "interrupt" },
      { step: 28, how: "kill" },
      { step: 29, how: "interrupt" },
      { step: 50, how: "kill" },
    ] as const;
    const stopped = await train(join(folder, "stopped"), [...stops], fresh, validation);
    assertEquals(stopped.saved, whole.saved);
    assertEquals(stopped.cost.validation!.tokens, whole.cost.validation!.tokens);
    const lines = async (name: string) =>
      (await readMetrics<MetricsLine>(join(folder, name, "metrics.jsonl"))).map((line) => ({
        ...line,
        ...UNTIMED,
        ...(line.validation && { validation: { ...line.validation, seconds: 0 } }),
      }));
    assertEquals(await lines("stopped"), await lines("whole"));
  }));

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
import type { EvaluationPlan } from "../../src/train/evaluations.ts";
import { type Training, trainLoop, type Validation } from "../../src/train/train_loop.ts";
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
  stops: { step: number; how: "kill" | "interrupt"; at?: "look" }[],
  balancer: Balancer | (() => Balancer),
  validation?: Validation,
  extra: Pick<Training, "evaluation" | "log" | "peakDeviceBytes"> = {},
) {
  const engine = fakeEngine();
  const model = engine.create({}, 0);
  for (const stop of [...stops, undefined]) {
    const trainer = (stop === undefined ? model : engine.create({}, 0)).trainer(settings);
    // A look at validation questions may be the last thing a sitting does.
    const { evaluation = undefined } = extra;
    const measure: EvaluationPlan["measure"] = (trainer, signal) => {
      if (stop !== undefined && trainer.step === stop.step && stop.at === "look") {
        if (stop.how === "kill") throw new Error("killed");
        controller.abort();
        throw new Interrupted("");
      }
      return evaluation!.measure(trainer, signal);
    };
    const controller = new AbortController();
    engine.beforeStep = () => {
      if (stop === undefined || trainer.step + 1 !== stop.step || stop.at === "look") return;
      if (stop.how === "kill") throw new Error("killed");
      controller.abort();
    };
    // A state after every look at the losses.
    const method = typeof balancer === "function" ? balancer() : balancer;
    const run = trainLoop(
      {
        folder,
        trainer,
        order,
        balancer: method,
        validation,
        stateEverySeconds: 0,
        ...extra,
        ...(evaluation && { evaluation: { ...evaluation, measure } }),
      },
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

/** Looks every six steps; scores rise up to step 24 and fall after it, losses fall to the end. */
const evaluation: EvaluationPlan = {
  every: 6,
  by: "score",
  measure: async (trainer) => {
    const { nll, tokens } = await trainer.losses(validation.work);
    return {
      loss: nll.map((sum, i) => sum / tokens[i]!),
      score: [80 - Math.abs(25 - trainer.step), null],
      questions: 5,
      tokens: 30,
      seconds: 0.001,
    };
  },
};

const best = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.startsWith("best"));

async function linesOf(folder: string) {
  const lines = await readMetrics<MetricsLine>(join(folder, "metrics.jsonl"));
  return lines.map((line) => ({ ...line, ...UNTIMED }));
}

test("trainLoop ends with the parameters of the step that validation chose", () =>
  inFolder(async (folder) => {
    const whole = await train(join(folder, "whole"), [], equalWeights(2), undefined, { evaluation });
    const { chosen, validation: cost } = whole.cost;
    assertEquals(chosen, {
      step: 24,
      value: 79,
      looks: 9,
      since: 5,
      by: "score",
      trained: 50,
      planned: 50,
    });
    assertEquals(cost!.tokens, 9 * 30);
    const lines = await linesOf(join(folder, "whole"));
    const looked = lines.filter(({ evaluation }) => evaluation !== undefined).map(({ step }) => step);
    assertEquals(looked, [6, 12, 18, 24, 30, 36, 42, 48, 50]);
    assertEquals(best(join(folder, "whole")), ["best-24.bin"]);
    // A training that is stopped there has these parameters.
    const engine = fakeEngine(), controller = new AbortController();
    const model = engine.create({}, 0), trainer = model.trainer(settings);
    engine.beforeStep = () => trainer.step + 1 === 24 && controller.abort();
    const training = { folder: join(folder, "part"), trainer, order, balancer: equalWeights(2) };
    await assertRejects(
      () => trainLoop({ ...training, stateEverySeconds: 60 }, { signal: controller.signal }),
      Interrupted,
    );
    const stopped = new MemoryFolder();
    await model.save(stopped);
    assertEquals(whole.saved, stopped.files);

    const losses = await train(join(folder, "loss"), [], equalWeights(2), undefined, {
      evaluation: { ...evaluation, by: "loss" },
    });
    assertEquals([losses.cost.chosen!.step, losses.cost.chosen!.since], [50, 0]);
    const plain = await train(join(folder, "plain"), [], equalWeights(2));
    assertEquals(losses.saved, plain.saved);
    assertEquals(plain.cost.chosen, undefined);
  }));

test("trainLoop ends early where validation says so, and there again when it goes on", () =>
  inFolder(async (folder) => {
    const plan = { ...evaluation, patience: 2 };
    const { cost, engine } = await train(folder, [], equalWeights(2), undefined, { evaluation: plan });
    assertEquals([cost.chosen!.step, cost.chosen!.trained, cost.chosen!.planned], [24, 36, 50]);
    assertEquals([cost.steps, cost.tokens, engine.steps], [36, 36 * 24, 36]);
    const again = await train(folder, [], equalWeights(2), undefined, { evaluation: plan });
    assertEquals(again.engine.steps, 0);
    assertEquals({ ...again.cost, seconds: 0, validation: 0 }, { ...cost, seconds: 0, validation: 0 });
  }));

test("trainLoop chooses the same step and ends with the same bits however often it was stopped", () =>
  inFolder(async (folder) => {
    for (const patience of [undefined, 2]) {
      const plan = { evaluation: { ...evaluation, patience } };
      const place = (name: string) => join(folder, `${name} ${patience}`);
      const fresh = () => follower().balancer;
      const whole = await train(place("whole"), [], fresh, validation, plan);
      const stops = [
        { step: 6, how: "kill", at: "look" },
        { step: 7, how: "interrupt" },
        { step: 12, how: "interrupt", at: "look" },
        { step: 24, how: "interrupt" },
        { step: 24, how: "interrupt", at: "look" },
        { step: 24, how: "kill", at: "look" },
        { step: 30, how: "kill" },
        { step: 31, how: "interrupt" },
        { step: 36, how: "interrupt", at: "look" },
        { step: 36, how: "kill", at: "look" },
        ...patience === undefined ? [{ step: 50, how: "interrupt", at: "look" } as const] : [],
      ] as const;
      const stopped = await train(place("stopped"), [...stops], fresh, validation, plan);
      assertEquals(stopped.saved, whole.saved);
      assertEquals(stopped.cost.chosen, whole.cost.chosen);
      assertEquals(best(place("stopped")), ["best-24.bin"]);
      const untimed = async (name: string) =>
        (await linesOf(place(name))).map(({ validation, ...line }) => ({
          ...line,
          validation: validation && { ...validation, seconds: 0 },
        }));
      assertEquals(await untimed("stopped"), await untimed("whole"));
    }
  }));

test("a best state that was lost is mended where it can be, and missed by name where not", () =>
  inFolder(async (folder) => {
    const stop = (step: number) => assertRejects(() => trainTo(folder, step), Error, "killed");
    await stop(25);
    assertEquals(best(folder), ["best-24.bin"]);
    const state = await Deno.readFile(join(folder, "best-24.bin"));
    // Killed between the state and the best one; or another step's was kept by a sitting that is forgotten.
    await Deno.rename(join(folder, "best-24.bin"), join(folder, "best-30.bin"));
    await stop(27);
    assertEquals(best(folder), ["best-24.bin"]);
    assertEquals(await Deno.readFile(join(folder, "best-24.bin")), state);
    await stop(32);
    await Deno.remove(join(folder, "best-24.bin"));
    await assertRejects(() => trainTo(folder, 40), Error, "the best so far, in best-24.bin");
  }));

/** Trains up to before a step, and is killed. */
async function trainTo(folder: string, step: number): Promise<void> {
  const engine = fakeEngine();
  const trainer = engine.create({}, 0).trainer(settings);
  engine.beforeStep = () => {
    if (trainer.step + 1 === step) throw new Error("killed");
  };
  await trainLoop({ folder, trainer, order, balancer: equalWeights(2), evaluation, stateEverySeconds: 0 });
}

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError, RunError } from "../../../src/errors.ts";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import type { ModuleName } from "../../../src/lmm/layout.ts";
import type { Lmm } from "../../../src/lmm/lmm.ts";
import { Random } from "../../../src/random.ts";
import { type StepLog, Trainer, type TrainerSettings } from "../../../src/lmm/trainer/trainer.ts";
import type { TrainSequence } from "../../../src/lmm/trainer/train_step.ts";
import { distance, loadCase, readCase } from "../_case.ts";
import { drawSequence } from "../_draw.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

const TASKS = 3;
const LAMBDA = [1.7, 0.3, 1];
const MODULES = ["vision", "projector", "language"] as const;

test("the trainer", async (t) => {
  const gpu = await createGpu();
  const of = await readCase("llava");
  const open = () => loadCase(gpu, of);
  const shape = await open();
  const random = new Random("trainer");

  /** A sample with images as pixels; its last tokens are the answer. */
  function draw(id: string, task: number, images: number): TrainSequence {
    const sequence = drawSequence(shape, random, 3 + random.int(12), images);
    const { length } = sequence.ids;
    const answer = 1 + random.int(5);
    return {
      id,
      task,
      ...sequence,
      mask: Uint8Array.from({ length }, (_, i) => Number(i >= length - answer)),
    };
  }
  /** Batches of different sizes: step s has the samples s.0, s.1, … */
  const batches = Array.from(
    { length: 12 },
    (_, step) =>
      Array.from(
        { length: 2 + step % 4 },
        (_, i) => draw(`${step}.${i}`, (step + i) % TASKS, [1, 0, 2][i % 3]!),
      ),
  );
  const [batch] = batches as [TrainSequence[]];
  const mixed = [draw("a", 0, 1), draw("b", 1, 0), draw("c", 2, 2), draw("d", 0, 0)];

  const settings: TrainerSettings = { tasks: TASKS, steps: 12, learningRate: 1e-3, weightDecay: 0.1 };
  /** Trains a model of its own, hands it over, and frees it. */
  async function train<T>(
    options: Partial<TrainerSettings>,
    body: (trainer: Trainer, model: Lmm) => Promise<T>,
  ): Promise<T> {
    const model = await open();
    const trainer = new Trainer(model, { ...settings, ...options });
    try {
      return await body(trainer, model);
    } finally {
      trainer.destroy();
      model.destroy();
    }
  }
  /** Losses, gradients and parameters after one step. */
  function once(options: Partial<TrainerSettings>, microBatches: TrainSequence[][], weights = LAMBDA) {
    return train(options, async (trainer, model) => {
      trainer.train(microBatches, weights);
      const [log] = await trainer.log();
      const { gradients, values } = model.parameters;
      return { log: log!, gradients: await gradients.read(gpu), values: await values.read(gpu) };
    });
  }
  const part = (values: Float32Array, name: ModuleName) => {
    const { start, end } = shape.parameters.modules.get(name)!;
    return values.subarray(start, end);
  };
  const initial = await shape.parameters.values.read(gpu);
  const features = async (sequences: readonly TrainSequence[]) => {
    const made: TrainSequence[] = [];
    for (const s of sequences) made.push({ ...s, images: await encodeImages(shape, s.images) });
    return made;
  };

  const whole = await train({}, async (trainer, model) => {
    for (const sequences of batches) trainer.train([sequences], LAMBDA);
    return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
  });
  await t.step("two runs agree bit for bit, and stopping to look changes nothing", async () => {
    const again = await train({}, async (trainer, model) => {
      const logs: StepLog[] = [];
      for (const sequences of batches) {
        trainer.train([sequences], LAMBDA);
        logs.push(...await trainer.log());
      }
      assertEquals(await trainer.log(), []);
      assertEquals(trainer.step, batches.length);
      return { logs, values: await model.parameters.values.read(gpu) };
    });
    assertEquals(again, whole);
    assertEquals(again.logs.map(({ step }) => step), batches.map((_, i) => i + 1));
  });
  await t.step("a restored run ends with the same bits", async () => {
    const { state, more } = await train({}, async (trainer, model) => {
      for (const sequences of batches.slice(0, 5)) trainer.train([sequences], LAMBDA);
      const state = await trainer.state();
      for (const sequences of batches.slice(5, 8)) trainer.train([sequences], LAMBDA);
      trainer.restore(state); // of its own past
      assertEquals(trainer.step, 5);
      for (const sequences of batches.slice(5)) trainer.train([sequences], LAMBDA);
      return { state, more: { logs: await trainer.log(), values: await model.parameters.values.read(gpu) } };
    });
    assertEquals(more, { logs: whole.logs.slice(5), values: whole.values });
    const other = await train({}, async (trainer, model) => {
      trainer.train([mixed], LAMBDA); // anything: the state replaces it
      trainer.restore(state);
      for (const sequences of batches.slice(5)) trainer.train([sequences], LAMBDA);
      return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
    });
    assertEquals(other, { logs: whole.logs.slice(5), values: whole.values });
    await train({ frozen: ["vision"] }, (trainer) => {
      assertThrows(() => trainer.restore(state), RunError, "It belongs to another model or setting");
      return Promise.resolve();
    });
    await train({}, (trainer) => {
      for (const cut of [0, 3, 15, 16, state.length - 4, state.length - 1]) {
        assertThrows(() => trainer.restore(state.subarray(0, cut)), RunError, `in ${cut} bytes`);
      }
      assertEquals(trainer.step, 0);
      return Promise.resolve();
    });
  });
  await t.step("micro-batches add up to their batch: one normaliser over the step", async () => {
    const one = await once({}, [mixed]);
    for (
      const split of [[mixed.slice(0, 1), mixed.slice(1)], mixed.map((s) => [s]), [[], mixed], [mixed, []]]
    ) {
      const many = await once({}, split);
      assertAlmostEquals(many.log.loss, one.log.loss, 1e-6 * one.log.loss);
      assertAlmostEquals(many.log.gradNorm, one.log.gradNorm, 1e-6 * one.log.gradNorm);
      assertEquals(many.log.taskTokens, one.log.taskTokens);
      many.log.taskLoss.forEach((loss, i) => assertAlmostEquals(loss!, one.log.taskLoss[i]!, 1e-5));
      const error = distance(many.gradients, one.gradients);
      assert(error < 2e-6, `gradients of ${split.length} micro-batches are off by ${error}`);
    }
  });
  await t.step("the loss is the weighted mean of the tasks' tokens, whatever the weights' size", async () => {
    const one = await once({}, [mixed]);
    const { taskLoss, taskTokens, loss } = one.log;
    const sum = (f: (task: number) => number) => LAMBDA.reduce((total, _, task) => total + f(task), 0);
    const expected = sum((i) => LAMBDA[i]! * taskTokens[i]! * taskLoss[i]!) /
      sum((i) => LAMBDA[i]! * taskTokens[i]!);
    assertAlmostEquals(loss, expected, 2e-6 * expected);
    const seven = await once({}, [mixed], LAMBDA.map((x) => 7 * x));
    assertAlmostEquals(seven.log.loss, loss, 1e-6 * loss);
    assert(distance(seven.gradients, one.gradients) < 1e-6);
  });
  await t.step("a task that is absent has no loss; one of weight 0 has, and does not pull", async () => {
    const some = mixed.filter(({ task }) => task !== 1);
    const without = await once({}, [some]);
    assertEquals([without.log.taskLoss[1], without.log.taskTokens[1]], [null, 0]);
    assert(without.log.taskLoss[0]! > 0 && without.log.taskLoss[2]! > 0);
    const zero = await once({}, [mixed], [LAMBDA[0]!, 0, LAMBDA[2]!]);
    assert(zero.log.taskLoss[1]! > 0 && zero.log.taskTokens[1]! > 0);
    assertAlmostEquals(zero.log.loss, without.log.loss, 1e-6);
    const error = distance(zero.gradients, without.gradients);
    assert(error < 1e-6, `off by ${error}`);
  });
  await t.step("a frozen tower's features train the rest as its pixels do", async () => {
    // Without clipping, and with a rate of 0 in place of freezing, only the tower's own parameters differ.
    const options = { clip: 0, weightDecay: 0 };
    const frozen = await train({ ...options, frozen: ["vision"] }, async (trainer, model) => {
      for (const sequences of batches.slice(0, 4)) trainer.train([await features(sequences)], LAMBDA);
      return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
    });
    const pixels = await train({ ...options, rates: { vision: 0 } }, async (trainer, model) => {
      for (const sequences of batches.slice(0, 4)) trainer.train([sequences], LAMBDA);
      return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
    });
    assertEquals(frozen.logs.map(({ loss }) => loss), pixels.logs.map(({ loss }) => loss));
    assertEquals(frozen.values, pixels.values);
    assertEquals(part(frozen.values, "vision"), part(initial, "vision"));
  });
  for (
    const frozen of [["projector"], ["language"], ["vision", "language"], [
      "vision",
      "projector",
    ]] as ModuleName[][]
  ) {
    await t.step(`frozen: ${frozen.join(", ")}`, async () => {
      const given = frozen.includes("vision") ? await features(batch) : batch;
      const all = await once({ clip: 0 }, [batch]);
      const some = await once({ clip: 0, frozen }, [given]);
      assertEquals(some.log.loss, all.log.loss);
      let square = 0;
      for (const name of MODULES) {
        if (frozen.includes(name)) {
          assertEquals(part(some.values, name), part(initial, name), `${name} has moved`);
        } else {
          assertEquals(part(some.values, name), part(all.values, name), name);
          square += part(some.gradients, name).reduce((sum, g) => sum + g * g, 0);
        }
      }
      assertAlmostEquals(some.log.gradNorm, Math.sqrt(square), 1e-5 * Math.sqrt(square));
    });
  }
  await t.step("nothing to train", () => {
    assertThrows(
      () => new Trainer(shape, { ...settings, frozen: [...MODULES] }),
      Error,
      "every module is frozen",
    );
  });
  await t.step("learning rates of modules", async () => {
    const factors = { vision: 0.25, projector: 2 };
    const plain = await once({ weightDecay: 0 }, [batch]);
    const scaled = await once({ weightDecay: 0, rates: factors }, [batch]);
    for (const name of MODULES) {
      const factor = { language: 1, ...factors }[name];
      const moved = (values: Float32Array) =>
        Float64Array.from(part(values, name), (x, i) => x - part(initial, name)[i]!);
      const expected = moved(plain.values).map((x) => factor * x);
      // The values' own rounding: they are of size 0.1, the update 1e-3.
      assert(distance(moved(scaled.values), expected) < 1e-3, name);
    }
  });
  await t.step(
    "decay takes matrices that are trained, and no parameter that the loss never reads",
    async () => {
      const plain = await once({ weightDecay: 0, learningRate: 0.01, warmup: 0 }, [batch]);
      const decayed = await once({ weightDecay: 0.5, learningRate: 0.01, warmup: 0 }, [batch]);
      for (const { name, shape: size, idle } of shape.parameters.places.values()) {
        const [with_, without, start] = [decayed.values, plain.values, initial].map((v) =>
          shape.parameters.of(v, name)
        );
        if (idle) assertEquals([with_, without], [start, start], `${name} has moved`);
        else if (size.length === 1) assertEquals(with_, without, name);
        else {
          const expected = Float64Array.from(without!, (x, i) => x - 0.005 * start![i]!);
          assert(distance(with_!, expected) < 1e-6, name);
        }
      }
      assert([...shape.parameters.places.values()].some(({ idle }) => idle));
    },
  );
  await t.step("schedules", async () => {
    const rates = (options: Partial<TrainerSettings>) =>
      train({ steps: 5, learningRate: 1, ...options }, async (trainer) => {
        for (let step = 0; step < 5; step++) trainer.train([batch], LAMBDA);
        return (await trainer.log()).map(({ learningRate }) => Math.round(1e6 * learningRate) / 1e6);
      });
    assertEquals(await rates({ warmup: 0.4, schedule: "linear" }), [0.5, 1, 1, 0.666667, 0.333333]);
    assertEquals(await rates({ warmup: 0.2, schedule: "cosine" }), [1, 1, 0.853553, 0.5, 0.146447]);
    assertEquals(await rates({ warmup: 0, schedule: "constant" }), [1, 1, 1, 1, 1]);
  });
  await t.step("a loss that is not finite stops the run, naming step, tasks and samples", async () => {
    const taskNames = ["caption", "vqa", "reading"];
    const bad = { ...mixed[2]!, images: mixed[2]!.images.map((x) => x.map(() => Infinity)) };
    await train({ taskNames }, async (trainer) => {
      trainer.train([batch], LAMBDA);
      trainer.train([[mixed[0]!, mixed[1]!], [bad]], LAMBDA);
      trainer.train([batch], LAMBDA);
      const error = await assertRejects(() => trainer.log(), RunError);
      assert(error.message.startsWith("step 2: the loss is NaN"), error.message);
      assert(
        error.message.includes("not finite on tasks: reading; samples in the step: a, b, c."),
        error.message,
      );
    });
    await train({ learningRate: 1e30, warmup: 0 }, async (trainer) => {
      trainer.train([batch], LAMBDA);
      trainer.train([mixed], LAMBDA);
      const error = await assertRejects(() => trainer.log(), RunError, "Lower the learning rate");
      assert(
        /^step 2: .* tasks: [0-2, ]+; samples in the step: a, b, c, d\./.test(error.message),
        error.message,
      );
    });
  });
  await t.step("losses are those that a step would show, and looking at them changes no bit", async () => {
    for (const frozen of [[], ["vision"]] as ModuleName[][]) {
      const sequences = frozen.length === 0 ? mixed : await features(mixed);
      await train({ frozen }, async (trainer) => {
        const { nll, tokens } = await trainer.losses([sequences.slice(0, 1), [], sequences.slice(1)]);
        trainer.train([sequences], LAMBDA);
        const [log] = await trainer.log();
        assertEquals(tokens, log!.taskTokens);
        nll.forEach((sum, i) => assertAlmostEquals(sum / tokens[i]!, log!.taskLoss[i]!, 1e-5));
        // A task that is not asked is not there; nothing of the look before is left.
        const alone = await trainer.losses([[sequences[1]!]]);
        assertEquals([alone.tokens[0], alone.tokens[2], alone.nll[0], alone.nll[2]], [0, 0, 0, 0]);
        assert(alone.tokens[1]! > 0 && alone.nll[1]! > 0);
        assertEquals(await trainer.losses([]), { nll: [0, 0, 0], tokens: [0, 0, 0] });
      });
    }
    const looking = await train({}, async (trainer, model) => {
      const looks: number[] = [];
      for (const sequences of batches) {
        looks.push((await trainer.losses([mixed])).nll[0]!);
        trainer.train([sequences], LAMBDA);
      }
      const again = await trainer.losses([mixed]);
      assertEquals(await trainer.losses([mixed]), again);
      assert(again.nll[0] !== looks[0]);
      return { logs: await trainer.log(), values: await model.parameters.values.read(gpu) };
    });
    assertEquals(looking, whole);
  });
  await t.step("losses name what they cannot use", async () => {
    await train({ taskNames: ["caption", "vqa", "reading"] }, async (trainer) => {
      const bad = { ...mixed[2]!, images: mixed[2]!.images.map((x) => x.map(() => Infinity)) };
      await assertRejects(
        () => trainer.losses([[mixed[0]!], [bad]]),
        RunError,
        "validation after step 0: the loss is not finite on tasks: reading",
      );
      await assertRejects(
        () => trainer.losses([[{ ...mixed[0]!, task: 7 }]]),
        InputError,
        "sample a: expected a task",
      );
    });
  });
  await t.step("memory stays the same over 100 steps, and is given back", async () => {
    const before = gpu.liveBytes - gpu.sharedBytes;
    await train({ steps: 100 }, async (trainer) => {
      const lap = async () => {
        for (const sequences of batches.slice(0, 10)) trainer.train([sequences], LAMBDA);
        await trainer.losses([batch]);
        await trainer.log();
      };
      await lap();
      const live = gpu.liveBytes;
      for (let i = 1; i < 10; i++) await lap();
      assertEquals(gpu.liveBytes, live);
    });
    assertEquals(gpu.liveBytes - gpu.sharedBytes, before);
  });
  await t.step("more sizes than programs are kept for", async () => {
    const before = gpu.liveBytes - gpu.sharedBytes;
    await train({ learningRate: 0, frozen: ["vision"] }, async (trainer) => {
      // Rows and answers in steps of 32, alone and as first and last of two: 63 programs of which 48 are kept.
      const rows = (count: number, answers: number): TrainSequence[] =>
        Array.from({ length: count }, (_, i) => ({
          id: `${i}`,
          task: 0,
          ids: new Int32Array(32).fill(9),
          mask: new Uint8Array(32).fill(1, i < answers ? 1 : 31),
          images: [],
        }));
      const loss = new Map<string, number>();
      const sizes = [1, 2, 3, 4, 5, 6].flatMap((count) =>
        Array.from({ length: count }, (_, i) => [count, i + 1] as const)
      );
      for (const [count, answers] of [...sizes, ...sizes.slice(0, 3)]) {
        trainer.train([rows(count, answers)], LAMBDA);
        trainer.train([rows(count, answers), rows(count, answers)], LAMBDA);
        const [one, two] = await trainer.log();
        // A rate of 0: the same batch has the same loss, whichever program computes it.
        const key = `${count} ${answers}`;
        assertAlmostEquals(two!.loss, one!.loss, 1e-5);
        assertEquals(loss.get(key) ?? one!.loss, one!.loss);
        loss.set(key, one!.loss);
      }
    });
    assertEquals(gpu.liveBytes - gpu.sharedBytes, before);
  });
  await t.step("it learns its samples by heart", async () => {
    const logs = await train({ steps: 60, learningRate: 1e-2, weightDecay: 0 }, async (trainer) => {
      for (let step = 0; step < 60; step++) trainer.train([mixed], [1, 1, 1]);
      return await trainer.log();
    });
    assert(logs.at(-1)!.loss < 0.02 * logs[0]!.loss, `loss ${logs[0]!.loss} -> ${logs.at(-1)!.loss}`);
  });
  await t.step("mistakes are named", async () => {
    const long = new Int32Array(65).fill(9);
    const [a] = mixed as [TrainSequence];
    const text = { id: "x", task: 0, ids: Int32Array.of(5, 6), mask: Uint8Array.of(0, 1), images: [] };
    const broken: [TrainSequence, string][] = [
      [
        { ...text, ids: long, mask: new Uint8Array(65) },
        "sample x: 65 tokens are over the model's 64 positions",
      ],
      [{ ...text, ids: new Int32Array(0), mask: new Uint8Array(0) }, "sample x: expected at least one token"],
      [{ ...text, ids: Int32Array.of(5, 67) }, "sample x: token 67 is not in the vocabulary of 67"],
      [{ ...text, mask: Uint8Array.of(1) }, "sample x: 2 tokens and 1 values of the answer mask"],
      [{ ...text, task: 3 }, "sample x: expected a task from 0 to 2, found 3"],
      [{ ...a, images: [] }, "sample a: expected 9 image placeholders for each of 0 images, found 9"],
      [{ ...a, images: [new Float32Array(324)] }, "sample a: expected 1728 values an image, found 324"],
    ];
    await train({}, async (trainer) => {
      for (const [sequence, message] of broken) {
        assertThrows(() => trainer.train([[text, sequence]], LAMBDA), InputError, message);
      }
      assertThrows(() => trainer.train([mixed], [1, 1]), Error, "expected 3 task weights, found 2");
      assertThrows(
        () => trainer.train([mixed], [0, 0, 0]),
        Error,
        "no answer token of the step has a weight above 0",
      );
      assertThrows(() => trainer.train([], LAMBDA), Error, "no answer token");
      assertThrows(() => trainer.train([mixed], [NaN, 1, 1]), Error, "no answer token");
      assertEquals(trainer.step, 0, "a refused step does not count");
      for (let step = 0; step < 64; step++) trainer.train([[text]], LAMBDA);
      assertThrows(() => trainer.train([[text]], LAMBDA), Error, "read the log at least every 64 steps");
      assertEquals(
        (await trainer.log()).map(({ step }) => step),
        Array.from({ length: 64 }, (_, i) => i + 1),
      );
    });
  });

  shape.destroy();
  assertEquals(gpu.liveBytes, gpu.sharedBytes);
  gpu.destroy();
});

/**
 * An engine without a GPU: its model learns the last answer heard to each question and that it
 * heard one, and a few numbers that depend on
 * every step, so that a lost, doubled or reordered step shows in the bits.
 */

import { writeSafetensors } from "../../src/lmm/safetensors.ts";
import { once } from "../../src/lmm/folder_sink.ts";
import { openWeights, readTensor } from "../../src/lmm/weights.ts";
import type { Sequence } from "../../src/lmm/batch.ts";
import type { PromptSize } from "../../src/lmm/generation/prompts_that_fit.ts";
import type { LmmOptions } from "../../src/lmm/lmm.ts";
import type { StepLog, TrainerSettings } from "../../src/lmm/trainer/trainer.ts";
import type { TrainStep } from "../../src/lmm/trainer/train_step.ts";
import type { Engine, EngineModel, EngineTrainer } from "../../src/train/engine.ts";

const SLOTS = 256;

/** What tests may look at and reach into. */
export interface FakeEngine extends Engine {
  /** Steps trained by all trainers so far. */
  steps: number;
  /** Validations of all trainers so far. */
  validations: number;
  /** Images encoded so far. */
  encoded: number;
  /** Called before every step; may throw, as a kill would. */
  beforeStep: () => void;
  /** What a step takes; nobody knows, until a test says. */
  stepNeed: EngineModel["stepNeed"];
  /** What answering prompts at a time takes. */
  answerNeed: (prompts: readonly PromptSize[]) => number | undefined;
  /** Models that were not destroyed. */
  alive: number;
  /** Profilers that were not destroyed. */
  profilers: number;
  /** How trainers were told to store activations. */
  storages: Set<string>;
  /** What models were loaded for. */
  loads: LmmOptions[];
  /** In which types models were saved. */
  saves: (string | undefined)[];
}

export function fakeEngine(): FakeEngine {
  const engine: FakeEngine = {
    adapter: { vendor: "test", architecture: "", device: "", description: "fake", isFallbackAdapter: true },
    checkStorage: () => {},
    checkProfiling: () => {},
    profiler: () => {
      engine.profilers++;
      let timed = 0;
      return Promise.resolve({
        roofline: { flops: 1e12, bandwidth: 1e11, kernelBandwidth: 1e11 },
        time: (queue: () => void) => {
          queue();
          timed++;
        },
        read: () => {
          const row = { kernel: "fake", variant: "", dispatches: timed, ms: timed, bytes: 1e6 * timed };
          const runs = timed;
          timed = 0;
          return Promise.resolve({
            rows: [{ ...row, operations: null }],
            runs,
            arenaBytes: 256,
            textureBytes: 0,
            liveBytes: 512,
          });
        },
        destroy: () => {
          engine.profilers--;
        },
      });
    },
    profilers: 0,
    steps: 0,
    validations: 0,
    encoded: 0,
    alive: 0,
    storages: new Set(),
    loads: [],
    saves: [],
    beforeStep: () => {},
    stepNeed: () => undefined,
    answerNeed: () => undefined,
    need: () => undefined,
    load: async ({ weights }, options = {}) => {
      engine.loads.push(options);
      const tensors = await openWeights(weights);
      return fakeModel(engine, Float64Array.from(await readTensor(tensors.get("all")!)));
    },
    create: (config, seed) => {
      const values = new Float64Array(3 * SLOTS).fill(seed, 0, 2 * SLOTS).fill(1, 2 * SLOTS);
      return fakeModel(engine, values, JSON.stringify(config));
    },
  };
  return engine;
}

/** The fake model's config.json: an image takes one token. */
export const FAKE_CONFIG = JSON.stringify({ vision_config: { image_size: 4, patch_size: 4 } });

/** The files of a fake base checkpoint. */
export function fakeWeights(): Uint8Array<ArrayBuffer> {
  return toFile(new Float64Array(3 * SLOTS));
}

function toFile(parameters: Float64Array): Uint8Array<ArrayBuffer> {
  return writeSafetensors(
    new Map([["all", { shape: [parameters.length], values: Float32Array.from(parameters) }]]),
  );
}

/** A question's place in the model's memory. */
function slotOf(ids: Int32Array, end: number): number {
  let hash = 7;
  // The turn alone, without images and earlier turns: as if the model saw the last question only.
  for (let i = Math.max(0, end - 4); i < end; i++) hash = (hash * 31 + ids[i]!) % 1_000_003;
  return hash % SLOTS;
}

function fakeModel(engine: FakeEngine, values: Float64Array, config = FAKE_CONFIG): EngineModel {
  const parameters = values.slice();
  engine.alive++;
  const answer = ({ ids, images }: Sequence, stops: readonly number[]): Int32Array => {
    const slot = slotOf(ids, ids.length);
    // Merged models know an answer as surely as their shares say; some images want more of it than others.
    const sure = parameters[2 * SLOTS + slot]!;
    const token = sure <= 0.9 * Math.abs(7 * (images[0]?.[0] ?? 0) % 1)
      ? 0
      : Math.round(parameters[slot]! / sure);
    return Int32Array.from(token === 0 || stops.includes(token) ? [] : [token]);
  };
  return {
    imageTokens: 1,
    imageSize: 4,
    maxPositions: 512,
    parameters: { vision: 10, projector: 4, language: 2 * SLOTS },
    stepNeed: (settings, size) => engine.stepNeed(settings, size),
    encodeNeed: () => undefined,
    answerNeed: (prompts, { together }) => engine.answerNeed(prompts.slice(0, together)),
    encodeImages: (pixels) => {
      engine.encoded += pixels.length;
      return Promise.resolve(pixels.map((image) => image.slice(0, 6)));
    },
    trainer: (settings) => fakeTrainer(engine, parameters, settings),
    generate: (prompts: readonly Sequence[], { stops }) =>
      Promise.resolve(prompts.map((prompt) => answer(prompt, stops))),
    session: () => ({
      answer: (prompt: Sequence, { stops }) =>
        Promise.resolve({ ids: answer(prompt, stops), stop: stops[0], reused: 0 }),
      destroy: () => {},
    }),
    save: async (sink, options) => {
      engine.saves.push(options?.dtype);
      await sink.write("config.json", once(new TextEncoder().encode(config)));
      await sink.write("model.safetensors", once(toFile(parameters)));
    },
    destroy: () => {
      engine.alive--;
    },
  };
}

function fakeTrainer(engine: FakeEngine, parameters: Float64Array, settings: TrainerSettings): EngineTrainer {
  engine.storages.add(settings.storage ?? "f32");
  let step = 0;
  let logs: StepLog[] = [];
  return {
    get step() {
      return step;
    },
    train({ microBatches }: TrainStep, weights: readonly number[]) {
      engine.beforeStep();
      engine.steps++;
      step++;
      const taskTokens = new Array<number>(settings.tasks).fill(0);
      for (const { ids, mask, task, images } of microBatches.flatMap(({ sequences }) => sequences)) {
        for (let i = 1; i < ids.length; i++) {
          if (mask[i] !== 1) continue;
          taskTokens[task]!++;
          if (mask[i - 1] === 0) {
            parameters[slotOf(ids, i)] = ids[i]!;
            parameters[2 * SLOTS + slotOf(ids, i)] = 1;
          }
          const k = SLOTS + ids[i]! % SLOTS;
          parameters[k] = 0.9 * parameters[k]! +
            weights[task]! * (step + (images[0]?.[0] ?? 0)) / settings.steps;
        }
      }
      const loss = 1 + 1 / step;
      logs.push({
        step,
        loss,
        gradNorm: 1,
        learningRate: settings.learningRate,
        taskLoss: taskTokens.map((n) => n === 0 ? null : loss),
        taskTokens,
      });
    },
    losses: ({ microBatches }: TrainStep) => {
      engine.validations++;
      const nll = new Array<number>(settings.tasks).fill(0), tokens = nll.slice();
      for (const { answerRows, sequences } of microBatches) {
        for (const { task, target } of answerRows) {
          tokens[task]!++;
          // Falls with every step, at another rate for every task, and feels what was learnt.
          const learnt = Math.abs(parameters[SLOTS + target % SLOTS]!);
          nll[task]! += 1 + task + (1 + task) / (1 + step) + 0.01 / (1 + learnt);
        }
        for (const { images } of sequences) void images; // as a device would read them
      }
      return Promise.resolve({ nll, tokens });
    },
    log: () => {
      const read = logs;
      logs = [];
      return Promise.resolve(read);
    },
    state: () => Promise.resolve(new Uint8Array(Float64Array.of(step, ...parameters).buffer)),
    restore: (state) => {
      const all = new Float64Array(state.slice().buffer);
      step = all[0]!;
      parameters.set(all.subarray(1));
    },
    destroy: () => {},
  };
}

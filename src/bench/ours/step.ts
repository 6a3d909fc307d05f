/** Our whole training step, through the classes that `deno task tune` trains with. @module */
import type { StorageType } from "../../autograd/tensor.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { parseConfig } from "../../lmm/families/parse_config.ts";
import { Lmm } from "../../lmm/lmm.ts";
import type { TrainSequence } from "../../lmm/trainer/train_step.ts";
import { Trainer } from "../../lmm/trainer/trainer.ts";
import type { Contestant } from "../contestant.ts";
import { IMAGE_TOKENS, llavaBatch } from "../workloads/llava_batch.ts";
import { llavaParameters, startValues, transpose } from "../workloads/llava_parameters.ts";
import { summary } from "../measure.ts";
import { LLAVA, NORM_EPS, OPTIMIZER, TRACE } from "../workloads/workload.ts";
import { OURS } from "./recorded.ts";

/** Steps between two looks at the log, which holds 64. */
export const MOST_QUEUED = 60;

/** The workload's model with its trainer. */
export interface OpenStep {
  model: Lmm;
  trainer: Trainer;
  /** Queues one step; read the trainer's log at least every 60. */
  step(): void;
  /** Milliseconds from the start of a step to its submit, in the middle of all steps. */
  hostMs(): number;
  destroy(): void;
}

/**
 * Opens the workload's model for training. Ours decays matrices only, the peers every parameter: after five steps that
 * makes 6e-6 of the loss, 9e-5 of the gradient's norm and 5e-5 of the class token.
 *
 * @param storage How activations are stored.
 * @throws {InputError} If the adapter cannot store them so.
 */
export function openStep(gpu: Gpu, storage: StorageType = "f32"): OpenStep {
  const model = startModel(gpu);
  const { learningRate, beta1, beta2, weightDecay, clip } = OPTIMIZER;
  const trainer = new Trainer(model, {
    tasks: 1,
    steps: 1e6,
    learningRate,
    warmup: 0,
    schedule: "constant",
    betas: [beta1, beta2],
    weightDecay,
    clip,
    storage,
  });
  const batch = sequences(model.imageId);
  const clock = submitClock(gpu);
  return {
    model,
    trainer,
    step: () => clock.time(() => trainer.train([batch], [1])),
    hostMs: () => clock.median(),
    destroy() {
      clock.stop();
      trainer.destroy();
      model.destroy();
    },
  };
}

/** Prepares the step. */
export function prepareStep(gpu: Gpu): Contestant {
  return stepContestant(openStep(gpu));
}

/** An opened step as a contestant, which takes charge of it. */
export function stepContestant({ model, trainer, step, hostMs, destroy }: OpenStep): Contestant {
  return {
    name: OURS,
    mostQueued: MOST_QUEUED,
    async results() {
      for (let i = 0; i < TRACE; i++) step();
      const trace = (await trainer.log()).flatMap(({ loss, gradNorm }) => [loss, gradNorm]);
      const values = await model.parameters.values.read(model.gpu);
      const of = (short: string) =>
        model.parameters.of(values, llavaParameters().find(({ name }) => name === short)!.full);
      return { trace: Float32Array.from(trace), embed: of("embed").slice(), cls: of("v.cls").slice() };
    },
    run: step,
    async wait() {
      await trainer.log();
    },
    hostMs,
    destroy,
  };
}

/** The model with the workload's starting values. */
function startModel(gpu: Gpu): Lmm {
  const { vision: v, language: l, image, patch } = LLAVA;
  const config = parseConfig({
    image_token_index: l.vocab, // past the vocabulary: every id is a word
    vision_feature_layer: -1,
    vision_config: {
      image_size: image,
      patch_size: patch,
      hidden_size: v.width,
      intermediate_size: v.inner,
      num_hidden_layers: v.layers,
      num_attention_heads: v.heads,
      hidden_act: "quick_gelu",
      layer_norm_eps: NORM_EPS,
    },
    text_config: {
      vocab_size: l.vocab,
      hidden_size: l.width,
      intermediate_size: l.inner,
      num_hidden_layers: l.layers,
      num_attention_heads: l.heads,
      num_key_value_heads: l.groups,
      max_position_embeddings: 64,
      rms_norm_eps: NORM_EPS,
      rope_theta: 10_000,
    },
  });
  const model = new Lmm(gpu, config);
  const values = new Float32Array(model.parameters.size);
  llavaParameters().forEach((parameter, index) => {
    const { shape: [inputs = 0, outputs = 0], full, transposed } = parameter;
    const start = startValues(parameter, index);
    model.parameters.of(values, full).set(transposed ? transpose(start, inputs, outputs) : start);
  });
  model.parameters.values.write(gpu, values);
  return model;
}

/** The batch as the trainer takes it. */
function sequences(imageId: number): TrainSequence[] {
  const { batch, text, answer, image } = LLAVA;
  const { pixels, ids } = llavaBatch();
  const values = 3 * image * image, length = IMAGE_TOKENS + text;
  return Array.from({ length: batch }, (_, i) => {
    const tokens = new Int32Array(length).fill(imageId);
    tokens.set(ids.subarray(i * text, (i + 1) * text), IMAGE_TOKENS);
    return {
      id: `sequence ${i}`,
      task: 0,
      ids: tokens,
      mask: Uint8Array.from(tokens, (_, at) => Number(at >= length - answer)),
      images: [pixels.subarray(i * values, (i + 1) * values)],
    };
  });
}

/** Notes how long it takes from the start of a run to its `queue.submit`. */
function submitClock(gpu: Gpu) {
  const { queue } = gpu.device;
  const times: number[] = [];
  let started = NaN;
  const submit = queue.submit.bind(queue);
  queue.submit = (buffers) => {
    if (!Number.isNaN(started)) times.push(performance.now() - started);
    started = NaN;
    submit(buffers);
  };
  return {
    time(run: () => void) {
      started = performance.now();
      run();
    },
    median: () => times.length > 0 ? summary(times).median : NaN,
    stop() {
      queue.submit = submit;
    },
  };
}

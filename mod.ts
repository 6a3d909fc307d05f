/**
 * cotbal: tunes a compact large multimodal model on several tasks at once and balances them by CoTBal
 * (arXiv 2403.04343), with every floating-point operation of the model in hand-written WGSL.
 *
 * From the bottom up: {@linkcode createGpu} opens the device; {@linkcode Tensor}, {@linkcode Tape} and the operations
 * (`linear`, `attention`, …) record and differentiate computations; {@linkcode Llava} is the model,
 * {@linkcode loadCheckpoint} and {@linkcode saveCheckpoint} its Hugging Face folder, {@linkcode generate} its answers;
 * {@linkcode Trainer} trains it. {@linkcode loadDataset} reads folders in LLaVA's form, {@linkcode writeScenes} makes
 * the built-in benchmark. {@linkcode weightsFromScores} turns validation scores into task weights, {@linkcode deltas}
 * and the metrics say what they brought. {@linkcode tune} is all of it in one call and {@linkcode renderReport} shows
 * it. Mistakes in what was given throw an {@linkcode InputError}, a run that fails a {@linkcode RunError}.
 *
 * Sizes are in pixels, tokens and bytes, times in seconds, losses in nats a token. Shapes are written outermost first,
 * [rows, columns], and stored row by row.
 *
 * @example Only task weights, from validation scores of models trained anywhere
 * ```ts
 * import { weightsFromScores } from "./mod.ts";
 *
 * const { lambda } = weightsFromScores({
 *   tasks: ["caption", "vqa"],
 *   mini: [60, 40], // of the model tuned on a little of every task
 *   plus: [[80, 46], [63, 50]], // row i: of the one tuned on more of task i
 * });
 * console.log(lambda); // a factor on the loss of each task's tokens; the mean is 1
 * ```
 *
 * @example Train the tiny model to describe eight pictures
 * ```ts
 * import * as cotbal from "./mod.ts";
 *
 * const gpu = await cotbal.createGpu();
 * const tokenizer = cotbal.loadTokenizer(cotbal.buildTokenizer(cotbal.vocabulary()));
 * const config = cotbal.parseConfig(cotbal.presetByName("tiny").config(tokenizer.vocabSize));
 * const model = cotbal.Llava.create(gpu, config, 0);
 * const look: cotbal.PreprocessOptions = { size: 32, mean: [0.5, 0.5, 0.5], std: [0.3, 0.3, 0.3], fit: "pad" };
 * const batch = Array.from({ length: 8 }, (_, i) => {
 *   const { rgb, question, answer } = cotbal.pretrainSample(new cotbal.Random(i), { size: 32 });
 *   const id = `picture ${i}`, turns = [{ question, answer }];
 *   const sample = { id, task: "caption", file: "none", images: [id], turns };
 *   const layout = { imageTokens: model.imageTokens, maxTokens: 160 };
 *   const { ids, mask } = cotbal.encodeConversation(tokenizer, sample, layout);
 *   return { id, task: 0, ids, mask, images: [cotbal.preprocess({ width: 32, height: 32, data: rgb }, look)] };
 * });
 * const trainer = new cotbal.Trainer(model, { tasks: 1, steps: 20, learningRate: 3e-3 });
 * for (let step = 0; step < 20; step++) trainer.train([batch], [1]); // λ: a weight a task
 * console.log((await trainer.log()).map(({ loss }) => loss)); // falls from 6.3 nats a token to 3.3
 * gpu.destroy();
 * ```
 *
 * @module
 */

export * from "./src/errors.ts";
export * from "./src/random.ts";

// The device, and recorded programs.
export * from "./src/gpu/gpu.ts";
export * from "./src/gpu/kernel.ts";
export * from "./src/gpu/kernel_profile.ts";
export * from "./src/gpu/profile.ts";
export * from "./src/gpu/program.ts";
export * from "./src/gpu/roofline.ts";
export type { Constants } from "./src/gpu/template.ts";
export type { TexelFormat, TextureNeed } from "./src/gpu/textures.ts";

// Tensors, gradients, operations.
export * from "./src/autograd/gradcheck.ts";
export * from "./src/autograd/tape.ts";
export * from "./src/autograd/tensor.ts";
export { activate } from "./src/ops/activation.ts";
export { add } from "./src/ops/add.ts";
export { attention, type Heads } from "./src/ops/attention.ts";
export { logits, type Targets, weightedCrossEntropy } from "./src/ops/cross_entropy.ts";
export { embedding, indexTokens, type TokenIndex, type TokenIndexArrays } from "./src/ops/embedding.ts";
export { gatherRows } from "./src/ops/gather_rows.ts";
export { type Activation, type Ending, gemm, type Layout } from "./src/ops/gemm/gemm.ts";
export type { Choice } from "./src/ops/gemm/select.ts";
export type { Side } from "./src/ops/gemm/tiled.ts";
export { linear, type LinearEnding } from "./src/ops/linear.ts";
export { multiply } from "./src/ops/multiply.ts";
export { layerNorm, rmsNorm } from "./src/ops/norm.ts";
export { patchEmbedding, visionEmbedding } from "./src/ops/patch_embedding.ts";
export { rope, ropeTable } from "./src/ops/rope.ts";
export { sum } from "./src/ops/sum.ts";
export { swiglu } from "./src/ops/swiglu.ts";

// The model, its optimiser, its answers.
export { languageBlock, type LanguageBlockParameters } from "./src/nn/language_block.ts";
export * from "./src/nn/parameters.ts";
export { visionBlock, type VisionBlockParameters } from "./src/nn/vision_block.ts";
export { AdamW, type AdamWOptions, SCALARS } from "./src/optim/adamw.ts";
export * from "./src/optim/schedule.ts";
export type { Sequence } from "./src/lmm/batch.ts";
export { loadCheckpoint, saveCheckpoint } from "./src/lmm/checkpoint.ts";
export * from "./src/lmm/config.ts";
export { encodeImages } from "./src/lmm/features.ts";
export { generate, type GenerateOptions } from "./src/lmm/generate.ts";
export { type ModuleName } from "./src/lmm/layout.ts";
export { Llava, packedAttention, type Trainable } from "./src/lmm/llava.ts";
export { type NamedTensor, readSafetensors, writeSafetensors } from "./src/lmm/safetensors.ts";
export { sample, type SamplingOptions } from "./src/lmm/sample.ts";

// Data, balancing, metrics.
export * from "./src/data/mod.ts";
export * from "./src/balance/mod.ts";
export * from "./src/metrics/mod.ts";
export { METRICS } from "./src/metrics/metric_name.ts";

// The built-in benchmark.
export { type ChanceScores, chanceScores } from "./src/scenes/chance.ts";
export { type Conversation, dealConversations, type DealOptions, type DealtTurn } from "./src/scenes/deal.ts";
export { generateScene, type SceneOptions } from "./src/scenes/picture/generate.ts";
export {
  denseCaption,
  type PretrainOptions as PretrainSampleOptions,
  type PretrainSample,
  pretrainSample,
} from "./src/scenes/pretrain.ts";
export { renderScene } from "./src/scenes/picture/render.ts";
export * from "./src/scenes/picture/scene.ts";
export { SCENE_TASKS } from "./src/scenes/tasks/mod.ts";
export { ZERO_SHOT_TASKS } from "./src/scenes/tasks/zero_shot.ts";
export type { Question, SceneTask, Template } from "./src/scenes/templates.ts";
export { vocabulary } from "./src/scenes/vocabulary.ts";
export {
  type ScenesFile,
  type ScenesSettings,
  type ScenesTask,
  type WriteOptions,
  writeScenes,
} from "./src/scenes/write.ts";

// Whole runs, and their report.
export * from "./src/answer/ask.ts";
export * from "./src/answer/evaluate.ts";
export * from "./src/answer/evaluate_checkpoint.ts";
export { Trainer, type TrainerSettings } from "./src/lmm/trainer/trainer.ts";
export * from "./src/pretrain/pretrain.ts";
export * from "./src/run/mod.ts";
export * from "./src/train/checkpoint_files.ts";
export type * from "./src/train/engine.ts";
export * from "./src/train/gpu_engine.ts";
export * from "./src/train/presets.ts";
export * from "./src/tune/options.ts";
export * from "./src/tune/settings.ts";
export * from "./src/lmm/trainer/train_step.ts";
export * from "./src/lmm/trainer/settings.ts";
export * from "./src/tune/tune.ts";
export * from "./src/report/mod.ts";

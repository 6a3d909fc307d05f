/**
 * cotbal: tunes a compact large multimodal model on several tasks at once and balances them by CoTBal
 * (arXiv 2403.04343), with every floating-point operation of the model in hand-written WGSL.
 *
 * Here is what programs need: {@linkcode weightsFromScores} turns validation scores into task weights; {@linkcode tune}
 * is all of CoTBal in one call, {@linkcode renderReport} shows it; {@linkcode loadDataset} reads folders in LLaVA's form,
 * {@linkcode writeScenes} makes the built-in benchmark; {@linkcode Lmm} is the model, {@linkcode loadCheckpoint} and
 * {@linkcode saveCheckpoint} its Hugging Face folder, {@linkcode generate} its answers, {@linkcode Trainer} trains it.
 * Mistakes in what was given throw an {@linkcode InputError}, a run that fails a {@linkcode RunError}.
 *
 * The rooms below have entries of their own, which hold more: `./balance` and `./metrics` (pure functions over numbers
 * and text), `./data`, `./scenes`, `./gpu` (the device, recorded programs, profiles), `./autograd` (tensors, the tape
 * and its operations), `./lmm` (the model, also in browsers), `./report` (the page, and the records of a run folder).
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
 * const model = cotbal.Lmm.create(gpu, config, 0);
 * const look = { image_processor_type: "SiglipImageProcessor", size: { height: 32, width: 32 }, image_std: 0.3 };
 * const settings = new TextEncoder().encode(JSON.stringify(look));
 * const processor = cotbal.readProcessor(new Map([["preprocessor_config.json", settings]]), {});
 * const format = cotbal.llavaFormat(tokenizer, model.imageTokens);
 * const batch = Array.from({ length: 8 }, (_, i) => {
 *   const { rgb, question, answer } = cotbal.pretrainSample(new cotbal.Random(i), { size: 32 });
 *   const id = `picture ${i}`, turns = [{ question, answer }];
 *   const sample = { id, task: "caption", file: "none", images: [id], turns };
 *   const { tiles, grid } = processor.picture({ width: 32, height: 32, data: rgb });
 *   const { ids, mask } = format.encode(sample, [grid], { maxTokens: 160 });
 *   return { id, task: 0, ids, mask, images: tiles };
 * });
 * const trainer = new cotbal.Trainer(model, { tasks: 1, steps: 20, learningRate: 3e-3 });
 * for (let step = 0; step < 20; step++) trainer.train([batch], [1]); // λ: a weight a task
 * console.log((await trainer.log()).map(({ loss }) => loss)); // falls from 6.3 nats a token to 3.3
 * gpu.destroy();
 * ```
 *
 * @module
 */

export { AdapterError, InputError, Interrupted, RunError } from "./src/errors.ts";
export { Random } from "./src/random.ts";

// Task weights, scores, and what they brought.
export {
  type BalanceOptions,
  weightsFromScores,
  type WeightsReport,
} from "./src/balance/cotbal/weights_from_scores.ts";
export type { BalanceTable } from "./src/balance/cotbal/table.ts";
export { parseScoresCsv, parseScoresJson } from "./src/balance/cotbal/parse_scores.ts";
export type { Balancer, StepObservation } from "./src/balance/balancer.ts";
export { compareScores, type Delta } from "./src/balance/compare/delta.ts";
export { type MetricName, METRICS } from "./src/metrics/metric_name.ts";
export { type Score, score, type ScoredItem } from "./src/metrics/score.ts";

// Datasets, text, images; the built-in benchmark.
export { loadDataset, type LoadOptions } from "./src/data/dataset/load_dataset.ts";
export type { Dataset, Sample, Split, TaskInfo, Turn } from "./src/data/types.ts";
export { buildTokenizer } from "./src/data/text/build_tokenizer.ts";
export { loadTokenizer, type Tokenizer } from "./src/data/text/tokenizer.ts";
export type { ChatFormat, FormatOptions } from "./src/data/text/chat_format.ts";
export type { EncodedConversation } from "./src/data/text/conversation.ts";
export { llavaFormat } from "./src/data/text/llava_format.ts";
export { decodeImage, type DecodeOptions, type Image } from "./src/data/images/image.ts";
export type { Grid, Picture } from "./src/data/images/picture.ts";
export { type Processor, type ProcessorOptions, readProcessor } from "./src/data/images/processor.ts";
export { SCENE_TASKS } from "./src/scenes/scene_tasks.ts";
export { vocabulary } from "./src/scenes/vocabulary.ts";
export { type PretrainSample, pretrainSample, type PretrainSampleOptions } from "./src/scenes/pretrain.ts";
export { type ScenesFile, type WriteOptions, writeScenes } from "./src/scenes/write/write.ts";

// The device and the model.
export { createGpu, Gpu } from "./src/gpu/gpu.ts";
export type { LmmConfig } from "./src/lmm/config/lmm_config.ts";
export { parseConfig } from "./src/lmm/families/parse_config.ts";
export { Lmm, type LmmOptions } from "./src/lmm/lmm.ts";
export {
  type CheckpointOptions,
  loadCheckpoint,
  saveCheckpoint,
  type SaveOptions,
} from "./src/lmm/checkpoint.ts";
export { type LoraOptions, loraOptions, type LoraSettings } from "./src/lmm/lora/lora_options.ts";
export { mergeLora } from "./src/lmm/lora/merge.ts";
export { saveAdapter } from "./src/lmm/lora/save_adapter.ts";
export { type FolderSink, MemoryFolder } from "./src/lmm/folder_sink.ts";
export { memoryCheckpoint } from "./src/lmm/weight_names.ts";
export { type MemoryNeed, memoryNeed, type MemoryPlan } from "./src/lmm/memory_need.ts";
export type { WeightFile } from "./src/lmm/weights.ts";
export { encodeImages } from "./src/lmm/features.ts";
export { generate } from "./src/lmm/generate.ts";
export { Trainer, type TrainerSettings } from "./src/lmm/trainer/trainer.ts";
export type { TrainingSettings } from "./src/lmm/trainer/settings.ts";
export type { TrainSequence, TrainStep } from "./src/lmm/trainer/train_step.ts";

// Whole programs, as the command lines call them.
export {
  type Preset,
  presetByName,
  presets,
  type PretrainPreset,
  type TunePreset,
} from "./src/train/presets.ts";
export { type CheckpointFiles, readCheckpoint } from "./src/train/checkpoint_files.ts";
export type {
  DeviceMemory,
  Engine,
  EngineCheckpoint,
  EngineModel,
  EngineProfiler,
  EngineSession,
  EngineTrainer,
  StepSettings,
} from "./src/train/engine.ts";
export type { GenerationConfig, GenerationDefaults } from "./src/train/generation_config.ts";
export { gpuEngine } from "./src/train/gpu_engine.ts";
export {
  pretrain,
  type PretrainCallbacks,
  type PretrainOptions,
  type PretrainProgress,
} from "./src/pretrain/pretrain.ts";
export type { TuneCallbacks, TuneEvent, TunePlace } from "./src/tune/callbacks.ts";
export type { TuneOptions } from "./src/tune/options/settings.ts";
export { dryRun } from "./src/tune/ahead.ts";
export { carryOutPart, type PartOutcome, prepareRun, tune } from "./src/tune/tune.ts";
export type { PartState } from "./src/run/part_states.ts";
export type { WorkHolder } from "./src/run/claims/claims.ts";
export type { Holder } from "./src/run/claims/holder.ts";
export type { DryDisk, DryPart, DryRun, DryTime } from "./src/tune/dry_run.ts";
export type { RunNeed } from "./src/tune/longest_check.ts";
export type { Measured } from "./src/tune/time_run.ts";
export type { LongPass } from "./src/tune/work.ts";
export type { Machine } from "./src/train/memory_check.ts";
export { ask, type AskOptions } from "./src/answer/ask.ts";
export { Dialogue, type Reply, type ReplyOptions } from "./src/answer/dialogue.ts";
export type { Evaluation } from "./src/answer/evaluate.ts";
export { evaluateCheckpoint, type EvaluateOptions } from "./src/answer/evaluate_checkpoint.ts";
export { loadRun } from "./src/run/load_run.ts";
export type { LoadedRun } from "./src/run/records/loaded_run.ts";
export { renderReport } from "./src/report/render_report.ts";
export { type Headline, headline } from "./src/report/sections/results/headline.ts";

/**
 * The model, of any family, with Hugging Face's names and files, its training and its answers. Nothing here touches Deno: it
 * runs in a browser as well.
 *
 * @module
 */

export type { Sequence } from "./batch.ts";
export {
  type AdapterFiles,
  type CheckpointOptions,
  loadCheckpoint,
  saveCheckpoint,
  type SaveOptions,
  type SaveType,
} from "./checkpoint.ts";
export { type LoraOptions, loraOptions, type LoraScaling, type LoraSettings } from "./lora/lora_options.ts";
export { mergeLora } from "./lora/merge.ts";
export { saveAdapter } from "./lora/save_adapter.ts";
export { type Connector, imageTokenCount, type LmmConfig } from "./config/lmm_config.ts";
export { parseConfig } from "./families/parse_config.ts";
export type { Json } from "./config/fields.ts";
export type { TextConfig } from "./config/text.ts";
export type { FamilyNames } from "./families/family.ts";
export type { VisionConfig } from "./config/vision.ts";
export { encodeImages } from "./features.ts";
export { type FolderSink, MemoryFolder } from "./folder_sink.ts";
export { generate } from "./generate.ts";
export type { Answered } from "./generation/answer_batch.ts";
export type { AnswerOptions, GenerateOptions } from "./generation/options.ts";
export type { PromptSize } from "./generation/prompts_that_fit.ts";
export { GenerationSession, type SessionAnswer } from "./generation/session.ts";
export { MODULE_NAMES, type ModuleName, type Trainable } from "./layout.ts";
export { Lmm, type LmmOptions } from "./lmm.ts";
export { memoryCheckpoint } from "./weight_names.ts";
export { memoryFile, openWeights, type Source, type StoredTensor, type WeightFile } from "./weights.ts";
export { type NamedTensor, readSafetensors, writeSafetensors } from "./safetensors.ts";
export type { SamplingOptions } from "./sample.ts";
export type { TaskLosses } from "./trainer/loss_programs.ts";
export { type LoraTraining, TRAINING_DEFAULTS, type TrainingSettings } from "./trainer/settings.ts";
export {
  type AnswerRow,
  dealStep,
  type MicroBatch,
  type TrainSequence,
  type TrainStep,
} from "./trainer/train_step.ts";
export { type StepLog, Trainer, type TrainerSettings } from "./trainer/trainer.ts";
export type { Joined } from "../nn/joined.ts";
export {
  LORA,
  type LoraMatrices,
  type LoraNoise,
  type LoraPlan,
  type LoraRank,
  type LoraSite,
} from "../nn/lora.ts";
export type { Bundle, Init, ModuleSpec, Spec as ParameterSpec } from "../nn/parameters.ts";
export type { HeaderEntry } from "./safetensors_header.ts";
export { type MemoryNeed, memoryNeed, type MemoryPlan } from "./memory_need.ts";
export {
  type HeldBundle,
  type ParameterOptions,
  Parameters,
  type Place as ParameterPlace,
  type Range as ParameterRange,
  type Stretch,
} from "../nn/parameters.ts";
export type { ScheduleKind } from "../optim/schedule.ts";
export type { RopeScaling } from "../ops/embedding/rope.ts";
export type { BatchSize } from "./batch.ts";
export type { ForwardSize } from "./trainer/forward.ts";

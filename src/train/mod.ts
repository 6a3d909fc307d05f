/**
 * Training: CoTBal from data to results, run folders that survive a kill, pretraining.
 *
 * @module
 */

export * from "../answer/ask.ts";
export * from "./checkpoint_files.ts";
export type * from "./engine.ts";
export * from "../answer/evaluate.ts";
export * from "../answer/evaluate_checkpoint.ts";
export * from "./gpu_engine.ts";
export * from "../run/load_run.ts";
export * from "../tune/options.ts";
export * from "../run/plan.ts";
export * from "./presets.ts";
export * from "../pretrain/pretrain.ts";
export { Trainer, type TrainerOptions } from "../lmm/trainer/trainer.ts";
export * from "../tune/tune.ts";
export type * from "../run/types.ts";

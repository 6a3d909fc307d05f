/**
 * Training: CoTBal from data to results, run folders that survive a kill, pretraining.
 *
 * @module
 */

export * from "./ask.ts";
export * from "./checkpoint_files.ts";
export type * from "./engine.ts";
export * from "./evaluate.ts";
export * from "./evaluate_checkpoint.ts";
export * from "./gpu_engine.ts";
export * from "./load_run.ts";
export * from "./options.ts";
export * from "./plan.ts";
export * from "./presets.ts";
export * from "./pretrain.ts";
export { Trainer, type TrainerOptions } from "./trainer.ts";
export * from "./tune.ts";
export type * from "./types.ts";

/**
 * What a run folder holds, file by file. `tune` writes these, `loadRun` reads them, the report shows them.
 *
 * ```
 * <run>/
 *   run.json                       RunInfo
 *   lock                           held by the process that writes here, while it does
 *   scenes/                        the built-in benchmark, where no other data was given
 *   cache/                         the vision tower's features, while the run goes on
 *   methods/base/test.json         PartResult: the untuned base on the test split (zero-shot)
 *   probes/base/eval.json          PartResult: the untuned base on the validation split
 *   [seed-<n>/]                    one such folder a seed; with a single seed its content lies in <run> itself
 *     probes/mini/                 metrics.jsonl (MetricsLine a line), eval.json (PartResult)
 *     probes/plus-<TASK>/          the same
 *     validation.json              ValidationTable
 *     weights.json                 WeightsFile
 *     methods/<method>/            metrics.jsonl, checkpoint/ (a Hugging Face folder), test.json (PartResult)
 *     methods/stl/<TASK>/          metrics.jsonl, test.json; methods/stl/test.json joins them
 *     methods/ew/blank.json        PartResult: the EW model, every image replaced by a blank one
 *   weights.json                   with several seeds: from the mean of their validation tables
 *   examples.json                  Example[] (questions, truths, small pictures)
 *   profile.json                   StepProfile, where the run was profiled
 *   results.json                   Results, written last
 *   report.html
 * ```
 *
 * Every score is in **points, 0 to 100, higher is better**: per cent of right answers for exact-match,
 * relaxed-match and iou, 100 x mean similarity for anls, 10 x CIDEr-D for cider (a perfect caption has CIDEr 10).
 * Arrays "per task" follow the order of `tasks`. Seconds are wall-clock seconds. "Tokens" are positions of the
 * training sequences (image tokens, question, answer, without padding); "answer tokens" are those with a loss.
 *
 * @module
 */

export * from "./folders.ts";
export * from "./load_run.ts";
export type * from "./part.ts";
export * from "./plan.ts";
export type * from "./records/example.ts";
export type * from "./records/loaded_run.ts";
export type * from "./records/part_result.ts";
export type * from "./records/profile.ts";
export type * from "./records/results.ts";
export type * from "./records/run_info.ts";
export type * from "./records/metrics_line.ts";
export type * from "./records/validation.ts";

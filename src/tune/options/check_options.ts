/**
 * The checks of a tuning's options that need no file: each by itself, then all together.
 *
 * @module
 */

import { checkAlpha } from "../../balance/cotbal/mix_weights.ts";
import { cotbal } from "../../balance/methods/cotbal.ts";
import { cotbalMix } from "../../balance/methods/cotbal_mix.ts";
import { ew } from "../../balance/methods/ew.ts";
import { ewNatural } from "../../balance/methods/ew_natural.ts";
import { fixed as fixedMethod } from "../../balance/methods/fixed.ts";
import { merge } from "../../balance/methods/merge.ts";
import { noiseAware } from "../../balance/methods/noise_aware.ts";
import { regret } from "../../balance/methods/regret.ts";
import { DEFAULT_METHODS, methodById } from "../../balance/methods/registry.ts";
import { search } from "../../balance/methods/search.ts";
import { sensitivity } from "../../balance/methods/sensitivity.ts";
import { InputError } from "../../errors.ts";
import { checkModules } from "../../lmm/trainer/settings.ts";
import { checkSettings } from "../../settings.ts";
import { seed } from "./kinds.ts";
import { TUNE_SETTINGS, type TuneOptions } from "./settings.ts";

/**
 * Checks what can be checked before any file is read.
 *
 * @param options What the user asks.
 * @throws {InputError} If a value cannot be used.
 */
export function checkOptions(options: TuneOptions): void {
  checkSettings(TUNE_SETTINGS, options);
  if (options.alpha !== undefined) checkAlpha(options.alpha);
  if (options.seeds?.length === 0) throw new InputError("--seeds: expected at least one seed, found none");
  for (const value of options.seeds ?? []) {
    if (!seed.good!(value)) throw new InputError(`--seeds: expected ${seed.expected}, found ${value}`);
  }
  if (new Set(options.seeds).size !== (options.seeds?.length ?? 0)) {
    throw new InputError(`--seeds: expected different seeds, found ${options.seeds!.join(", ")}`);
  }
  checkModules(options);
  if (options.loraRank !== undefined && options.methods?.includes(merge.id)) {
    throw new InputError(
      `--lora: expected without the method ${merge.id}, which adds up whole models, found with it; leave one of them out`,
    );
  }
  if (options.epochs !== undefined && options.steps !== undefined) {
    throw new InputError("expected --epochs or --steps, found both");
  }
  for (const name of ["evaluateQuestions", "bestBy", "patience"] as const) {
    if (options[name] === undefined || options.evaluateEvery !== undefined) continue;
    throw new InputError(
      `--${
        TUNE_SETTINGS[name].flag![0]
      }: expected with --evaluate-every, found without it; add --evaluate-every 10%`,
    );
  }
  for (const name of ["scale", "mixture", "train", "control"] as const) {
    if (options.data !== undefined && options[name] !== undefined) {
      throw new InputError(`--${name}: expected with the built-in scenes only, found beside --data`);
    }
  }
  if (options.zeroShot !== undefined && options.data !== undefined && options.zeroShotData === undefined) {
    throw new InputError(
      "--zero-shot: expected with the built-in scenes or with --zero-shot-data, found beside --data alone; " +
        "name a folder of tasks that are not tuned on",
    );
  }
  if (options.probeSeeds !== undefined && !options.methods?.includes(noiseAware.id)) {
    throw new InputError(
      `--probe-seeds: expected with the method ${noiseAware.id}, found --methods ` +
        `${(options.methods ?? DEFAULT_METHODS).join(",")}; add ${noiseAware.id} to --methods`,
    );
  }
  const byItself = [merge, regret, sensitivity, search].map(({ id }) => id).find((id) =>
    options.methods?.includes(id)
  );
  if (options.fixed !== undefined && byItself !== undefined) {
    throw new InputError(
      `--fixed: expected without the method ${byItself}, which weighs every task by itself, ` +
        "found with it; leave one of them out",
    );
  }
  if (options.mix !== undefined && options.mixTemperature !== undefined) {
    throw new InputError("expected --mix or --mix-temperature, found both");
  }
  if (options.methods?.includes(ewNatural.id) && (options.mix ?? options.mixTemperature) === undefined) {
    throw new InputError(
      `--methods ${ewNatural.id}: expected with --mix or --mix-temperature, whose reference it is, found neither; ` +
        `without them ${ew.id} is the same`,
    );
  }
  if (options.methods?.includes(cotbalMix.id) && !options.methods.includes(cotbal.id)) {
    throw new InputError(
      `--methods ${cotbalMix.id}: expected beside ${cotbal.id}, by whose weights it draws tasks, found ` +
        `${options.methods.join(",")}; add ${cotbal.id}`,
    );
  }
  for (const method of options.methods ?? []) methodById(method);
  const byHand = (["lambda", "weights"] as const).filter((name) => options[name] !== undefined);
  if (byHand.length === 2) throw new InputError("expected --lambda or --weights, found both");
  if (byHand.length === 1 && !options.methods?.includes(fixedMethod.id)) {
    throw new InputError(`--${byHand[0]}: expected with --methods ${fixedMethod.id} only, found without it`);
  }
  if (byHand.length === 0 && options.methods?.includes(fixedMethod.id)) {
    throw new InputError(
      `--methods ${fixedMethod.id}: expected task weights with it, found none; give --lambda task=x,… or --weights FILE`,
    );
  }
  const methods = options.methods ?? DEFAULT_METHODS;
  for (
    const [flag, method, value] of [
      ["search-budget", search.id, options.searchBudget],
      ["merge-budget", merge.id, options.mergeBudget],
    ] as const
  ) {
    if (value === undefined || methods.includes(method)) continue;
    throw new InputError(
      `--${flag}: expected with the method ${method}, found --methods ${
        methods.join(",")
      }. Add it, or leave the flag out`,
    );
  }
  if (options.methods?.length === 0) throw new InputError("--methods: expected at least one, found none");
}

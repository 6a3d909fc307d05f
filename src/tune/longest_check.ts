/**
 * Whether the longest step of a run, and the questions it answers at a time, fit the device: said before step 1.
 *
 * @module
 */

import type { ProgramNeed } from "../gpu/program/program.ts";
import { InputError, RunError } from "../errors.ts";
import { MODULE_NAMES, type ModuleName } from "../lmm/layout.ts";
import { holding, loraOf } from "../lmm/trainer/settings.ts";
import type { Part } from "../run/part.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import { tilesTogether } from "../train/encode_tiles.ts";
import type { Engine, EngineModel } from "../train/engine.ts";
import { type Machine, size, WORTH_SAYING } from "../train/memory_check.ts";
import type { Prepared } from "./data/prepare.ts";
import {
  answeredChunks,
  answeredTogether,
  answersOf,
  longestPasses,
  type LongPass,
  type PartWork,
  planWork,
} from "./work.ts";

/** What a run takes, in bytes. */
export interface RunNeed {
  /** Parameters, on the device. */
  parameters: number;
  /** Gradients and both moments of what is trained, on the device. */
  training: number;
  /** Results of the longest pass with its inputs and operands, on the device; planned exactly. */
  step: number;
  /** Answering, on the device: results and cache, an estimate within some per cent, or a look at images if that takes more. */
  answering: number;
  /** All of it on the device: a run trains and answers in turns. */
  device: number;
  /** Beside the device: the program itself, and the state of a training that is saved. */
  host: number;
}

/** A run's parts, its longest pass and what it takes. */
export interface Planned {
  /** The work of the parts. */
  work: PartWork[];
  /** The pass that takes the most; undefined where nothing is trained, or nobody knows. */
  longest: LongPass | undefined;
  /** What the run takes; undefined where nobody knows. */
  need: RunNeed | undefined;
}

/** What is planned. */
export interface PlanContext {
  /** Where the model runs. */
  engine: Engine;
  /** The model, loaded as the run's options say. */
  model: EngineModel;
  /** Its files. */
  checkpoint: CheckpointFiles;
  /** The dataset made ready; its images need not be. */
  prepared: Prepared;
  /** The run's options. */
  options: ResolvedOptions;
  /** What the machine had before the model was loaded. */
  machine: Machine;
}

/** A need, and what stands against it. */
interface Verdict {
  longest: LongPass | undefined;
  need: RunNeed;
  /** Why it does not fit, in words, for what it is trained and for what it is asked. */
  limits: { step: string | undefined; answering: string | undefined };
}

/**
 * Plans parts and refuses what cannot fit.
 *
 * @param parts The parts that are still to be carried out.
 * @param context The model, the data, the machine.
 * @returns What there is to do, and what it takes.
 * @throws {InputError} If the longest pass, or the questions that are answered at a time, do not fit: names sizes and
 * samples, and settings that do fit.
 */
export function checkLongest(parts: readonly Part[], context: PlanContext): Planned {
  const { prepared, options } = context;
  const work = planWork(parts, prepared, options);
  const found = judge(work, options, context);
  if (found === undefined) return { work, longest: undefined, need: undefined };
  const { step, answering } = found.limits;
  if (step !== undefined || answering !== undefined) {
    const ways = waysOut(parts, context, found);
    throw new InputError(
      `${step === undefined ? askedWords(work, options, found) : stepWords(found, options)}, but ${
        step ?? answering
      }. ${
        ways.length > 0
          ? `What would fit: ${ways.join(", or ")}`
          : `No setting makes it fit: leave out the longest conversations${
            found.longest ? ` (such as ${found.longest.samples[0]})` : ""
          }, choose a smaller model, or another machine`
      }`,
    );
  }
  return { work, longest: found.longest, need: found.need };
}

/** What work takes with some options, and whether it fits. */
function judge(
  work: readonly PartWork[],
  options: ResolvedOptions,
  { engine, model, checkpoint, machine }: PlanContext,
): Verdict | undefined {
  const base = engine.need(checkpoint.config, {
    ...holding(options),
    lora: loraOf(options, checkpoint.config, options.seeds[0]!),
    rows: 1,
    tiles: 1,
    cached: 0,
  });
  if (base === undefined) return undefined;
  let step = 0, longest: LongPass | undefined, tooLarge: string | undefined;
  for (const pass of longestPasses(work)) {
    try {
      const need = model.stepNeed(options, pass.size);
      if (need === undefined) return undefined;
      const bytes = bytesOf(need);
      if (need.arenaBytes > base.largestBuffer) {
        tooLarge = `its results take ${size(need.arenaBytes)} of one buffer, and the adapter's end at ` +
          size(base.largestBuffer);
      }
      if (bytes > step) [step, longest] = [bytes, pass];
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      tooLarge = error.message;
      longest = pass;
      break;
    }
  }
  // A look at validation questions keeps nothing for a backward pass.
  for (const { train } of work) {
    if (train?.validation === undefined) continue;
    const { rows, images: tiles } = train.validation.size;
    const looked = engine.need(checkpoint.config, {
      ...holding(options),
      trainable: [],
      rows,
      tiles,
      cached: 0,
    });
    step = Math.max(step, looked?.results ?? 0);
  }
  let answering = 0;
  for (const { prompts, maxNewTokens } of answeredChunks(work, answeredTogether(options))) {
    answering = Math.max(
      answering,
      model.answerNeed(prompts, { maxNewTokens, together: answeredTogether(options) }) ?? 0,
    );
  }
  let tower: string | undefined;
  try {
    answering = Math.max(answering, bytesOf(model.encodeNeed(tilesTogether(model.imageSize))));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    tower = error.message;
  }
  const { parameters, training, host } = base;
  const over = (results: number): string | undefined => {
    const bytes = host + (machine.shared ? parameters + training + results : 0);
    return machine.available === undefined || bytes <= machine.available
      ? undefined
      : `this machine has ${size(machine.available)} left`;
  };
  return {
    longest,
    need: {
      parameters,
      training,
      step,
      answering,
      device: parameters + training + Math.max(step, answering),
      host,
    },
    limits: { step: tooLarge ?? over(step), answering: tower ?? over(answering) },
  };
}

function bytesOf(need: ProgramNeed | undefined): number {
  return need === undefined ? 0 : need.arenaBytes + need.ownBytes + need.textureBytes;
}

function stepWords({ longest, need }: Verdict, options: ResolvedOptions): string {
  const pass = longest === undefined ? "the longest step" : `the longest step, ${passWords(longest)},`;
  return `${pass} needs ${size(need.parameters + need.training + need.step)} on the device (${
    size(need.parameters)
  } for parameters, ${size(need.training)} for gradients and moments, ${
    need.step > 0 ? size(need.step) : "more than fits"
  } for the results of ${options.microBatch} conversations at a time) and ${size(need.host)} here`;
}

/**
 * A pass in words.
 *
 * @param pass The pass.
 * @returns Its sizes, where it stands and its longest samples.
 */
export function passWords({ tokens, size: { images }, part, step, samples }: LongPass): string {
  const shown = samples.slice(0, 3).join(", ") + (samples.length > 3 ? ", …" : "");
  return `${tokens.toLocaleString("en")} tokens with ${images} ${images === 1 ? "tile" : "tiles"} (${
    decodeURIComponent(part)
  }, step ${step}: ${shown})`;
}

function askedWords(work: readonly PartWork[], options: ResolvedOptions, { need }: Verdict): string {
  const longest = Math.max(
    ...work.flatMap(answersOf).map(({ prompts, maxNewTokens }) =>
      (prompts.at(-1)?.tokens ?? 0) + maxNewTokens
    ),
  );
  return `answering up to ${answeredTogether(options)} questions at a time, of up to ${
    longest.toLocaleString("en")
  } tokens with their answers, needs ${
    size(need.parameters + need.training + need.answering)
  } on the device (${size(need.answering)} for results and cache) and ${size(need.host)} here`;
}

/** Settings that fit, from the one that changes least, in words. */
function waysOut(parts: readonly Part[], context: PlanContext, found: Verdict): string[] {
  const { prepared, options, engine } = context;
  const cache = new Map<number, PartWork[]>();
  const planned = (microBatch: number) => {
    const known = cache.get(microBatch) ?? planWork(parts, prepared, { ...options, microBatch });
    cache.set(microBatch, known);
    return known;
  };
  const fits = (change: Partial<ResolvedOptions>): Verdict | undefined => {
    const changed = { ...options, ...change };
    const verdict = judge(planned(changed.microBatch), changed, context);
    return verdict?.limits.step === undefined && verdict?.limits.answering === undefined
      ? verdict
      : undefined;
  };
  const batches = found.limits.step === undefined ? [options.microBatch] : [
    options.microBatch,
    ...halves(options.microBatch),
  ];
  const asked = found.limits.answering === undefined
    ? [undefined]
    : halves(answeredTogether(options)) as (number | undefined)[];
  const ways: string[] = [];
  for (const { flags, change } of changes(options, engine)) {
    const tried = asked.flatMap((evaluationBatch) =>
      batches.map((microBatch) => ({ microBatch, ...(evaluationBatch && { evaluationBatch }), ...change }))
    );
    for (const way of tried) {
      if (flags === "" && way.microBatch === options.microBatch && way.evaluationBatch === undefined) {
        continue;
      }
      const verdict = fits(way);
      if (verdict === undefined) continue;
      const words = [
        way.microBatch === options.microBatch ? "" : `--micro-batch ${way.microBatch}`,
        flags,
        way.evaluationBatch === undefined ? "" : `--evaluation-batch ${way.evaluationBatch}`,
      ].filter((word) => word !== "");
      ways.push(`${words.join(" ")} (${size(verdict.need.device)} on the device)`);
      break;
    }
  }
  return ways;
}

/** Half, a quarter and so on, down to 1. */
function halves(n: number): number[] {
  const found: number[] = [];
  for (let half = Math.ceil(n / 2); n > 1; half = Math.ceil(half / 2)) {
    found.push(half);
    if (half === 1) break;
  }
  return found;
}

/** Changes of settings beside the sizes of passes, from the one that changes least. */
function changes(
  { frozen, storage, checkpointActivations }: ResolvedOptions,
  engine: Engine,
): { flags: string; change: Partial<ResolvedOptions> }[] {
  const half = storage === "f32" && offersHalf(engine);
  const found: { flags: string; change: Partial<ResolvedOptions> }[] = [{ flags: "", change: {} }];
  if (checkpointActivations !== true) {
    found.push({ flags: "--checkpoint-activations", change: { checkpointActivations: true } });
  }
  if (half) found.push({ flags: "--storage f16", change: { storage: "f16" } });
  for (const kept of [["projector", "language"], ["projector"]] as ModuleName[][]) {
    const left = MODULE_NAMES.filter((name) => !kept.includes(name));
    const more = left.some((name) => !frozen.includes(name)) && kept.every((name) => !frozen.includes(name));
    if (!more) continue;
    found.push({ flags: `--freeze ${left.join(",")}`, change: { frozen: left } });
    if (half) {
      found.push({
        flags: `--freeze ${left.join(",")} --storage f16`,
        change: { frozen: left, storage: "f16" },
      });
    }
  }
  return found;
}

function offersHalf(engine: Engine): boolean {
  try {
    engine.checkStorage("f16");
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * What a run takes, in one sentence.
 *
 * @param planned The run.
 * @param machine What there is.
 * @returns The sentence; undefined where it is little, or not known.
 */
export function needNote({ longest, need }: Planned, { available, shared }: Machine): string | undefined {
  if (need === undefined || need.device + need.host < WORTH_SAYING) return undefined;
  return `This run needs ${size(need.device)} on the device (${size(need.parameters)} for parameters, ${
    size(need.training)
  } for gradients and moments, ${size(need.step)} for the longest pass${
    longest ? ` of ${passWords(longest)}` : ""
  }, ${size(need.answering)} for answering) and ${size(need.host)} here${
    available !== undefined && shared ? `; ${size(available)} are left` : ""
  }.`;
}

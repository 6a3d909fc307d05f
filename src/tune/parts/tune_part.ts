/**
 * A part that tunes a model.
 *
 * @module
 */

import { join } from "@std/path";
import type { Balancer } from "../../balance/balancer.ts";
import { probeCost } from "../../balance/compare/cost.ts";
import type { TaskWeights } from "../../balance/methods/method.ts";
import { methodById } from "../../balance/methods/registry.ts";
import { withFixedWeights } from "../../balance/fixed.ts";
import { drawSubsets } from "../../data/draw/draw_subsets.ts";
import type { Sample } from "../../data/types.ts";
import { removeIfThere } from "../../run/files.ts";
import { checkThere, readRecord } from "../../run/run_files.ts";
import { sha256OfFile } from "../../run/sha256.ts";
import { holding, loraOf, TRAINING_SETTINGS } from "../../lmm/trainer/settings.ts";
import { cutStep, dealStep, type TrainSequence } from "../../lmm/trainer/train_step.ts";
import { withoutSeed } from "../../run/folders.ts";
import type { TunePart } from "../../run/part.ts";
import { eventFile } from "../../run/tensorboard/event_file.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import { pick } from "../../settings.ts";
import { removeBest } from "../../train/best_state.ts";
import { loadModel, readTuned } from "../../train/checkpoint_files.ts";
import type { EngineModel } from "../../train/engine.ts";
import { type Order, type Ordered, type OrderOptions, orderSequences } from "../../train/order.ts";
import { type OrderAhead, readAhead } from "../../train/read_ahead.ts";
import { saveModel } from "../../train/save_model.ts";
import { METRICS_FILE, STATE_FILE } from "../../train/saves.ts";
import { type TrainCost, trainLoop, type Validation } from "../../train/train_loop.ts";
import { type DatasetSequence, type Prepared, validationSequences } from "../data/prepare.ts";
import type { PartContext } from "./context.ts";
import { scorePart, writeResult } from "./evaluate_part.ts";
import { countDrawn } from "./drawn.ts";
import { evaluationOf } from "./evaluation_of.ts";
import { quotasOf } from "./mix.ts";

/**
 * Tunes a copy of the base checkpoint, or of the model that the part starts from, and scores it.
 *
 * @param part The part.
 * @param context What parts share.
 * @throws {Interrupted} If the signal fired; the part goes on from there the next time.
 */
export async function runTunePart(part: TunePart, context: PartContext): Promise<void> {
  const { options, callbacks, profiler } = context;
  const folder = join(context.folder, part.id);
  const sequences = sequencesOf(part, context.prepared, options);
  const quotas = await drawnBy(part, sequences, context);
  const ordering = { ...orderOf(part, options), quotas };
  const drawn = quotas && countDrawn(sequences, ordering);
  const checkpoint = part.from === undefined
    ? context.checkpoint
    : await readTuned(join(context.folder, part.from, "checkpoint"), context.checkpoint);
  const lora = loraOf(options, checkpoint.config, part.seed);
  const model = await loadModel(context.engine, checkpoint, { ...holding(options), lora });
  const tasks = options.tasks.length;
  const order = imagesAhead(orderSequences(sequences, ordering), model, context);
  try {
    const trainer = model.trainer({
      ...pick(TRAINING_SETTINGS, options),
      tasks,
      taskNames: options.tasks,
      steps: order.steps,
    });
    let cost: TrainCost;
    try {
      const balancer = await balancerOf(part, sequences, context);
      const { stateEverySeconds } = context;
      const validation = withImages(validationOf(part, context), model, context);
      const evaluation = evaluationOf(part, order.steps, model, context);
      const owner = ownerOf(part, context);
      const saves = { folder, owner, stateEverySeconds, guard: context.guard };
      const log = context.tensorboard ? eventFile(folder, options.tasks) : undefined;
      const peakDeviceBytes = context.engine.watchMemory?.();
      cost = await trainLoop({
        ...saves,
        trainer,
        order,
        balancer,
        validation,
        evaluation,
        log,
        peakDeviceBytes,
      }, {
        note: callbacks.note,
        start: (done, steps) => {
          const tokens = tokensOfPass(sequences, quotas) * ordering.epochs;
          callbacks.start?.(part.id, done, steps, tokens);
          profiler?.start(part.id, done, steps);
        },
        ...(profiler && { queue: profiler.queue }),
        progress: (line, steps) => callbacks.trained?.(part.id, line, steps),
        signal: callbacks.signal,
      });
    } finally {
      order.close?.();
      trainer.destroy();
    }
    const evaluation = await scorePart(model, part, false, context);
    await checkThere(context, join(folder, METRICS_FILE));
    const files: Record<string, string> = {
      [METRICS_FILE]: (await sha256OfFile(join(folder, METRICS_FILE)))!,
    };
    if (part.keep) {
      const { companions } = context.checkpoint;
      const saved = await saveModel(join(folder, "checkpoint"), model, companions, {
        dtype: options.saveDtype ?? "f32",
        base: context.checkpoint.folder,
      });
      for (const [name, sha256] of saved) files[`checkpoint/${name}`] = sha256;
    }
    await writeResult(part, evaluation, cost, context, files, drawn);
    await removeIfThere(join(folder, STATE_FILE));
    await removeBest(folder);
  } finally {
    model.destroy();
  }
}

/** An order whose images are made ready ahead of its steps. */
function imagesAhead(
  order: Order,
  model: EngineModel,
  { prepared }: PartContext,
): Order & Partial<OrderAhead> {
  const { inputs, imagesOf } = prepared;
  const { ready } = inputs;
  return ready === undefined ? order : readAhead(
    order,
    (step) => ready(imagesOf(step), model),
    (step) =>
      imagesOf(step).reduce((sum, path) => sum + inputs.blank(path).length, 0) * inputs.blankTile.byteLength,
  );
}

/** A validation whose images are made ready each time. */
function withImages(
  validation: Validation | undefined,
  model: EngineModel,
  { prepared: { inputs: { ready }, imagesOf } }: PartContext,
): Validation | undefined {
  if (validation === undefined || ready === undefined) return validation;
  return { ...validation, ready: () => ready(imagesOf(validation.work), model) };
}

/**
 * What the order of a part depends on, mixing weights apart.
 *
 * @param part The part.
 * @param options The run's.
 */
export function orderOf(part: TunePart, options: ResolvedOptions): Omit<OrderOptions, "quotas"> {
  return {
    batch: options.batch,
    microBatch: options.microBatch,
    epochs: passesOf(part, options),
    tasks: options.tasks.length,
    seed: part.drawSeed ?? part.seed,
  };
}

/**
 * How many conversations of each task a pass of a part draws; see {@linkcode quotasOf}.
 *
 * @param part The part; the file that it draws by, if there is one, is there.
 * @param sequences What it is tuned on.
 * @param context Where the run is, and its mixing weights.
 */
export async function drawnBy(
  part: TunePart,
  sequences: readonly Ordered[],
  context: Pick<PartContext, "folder" | "runId" | "options">,
): Promise<number[] | undefined> {
  const { sampling } = part, { options } = context;
  const lambda = typeof sampling === "object" ? await weightsOf(part, sampling.lambda, context) : undefined;
  return quotasOf(part, sizesOf(sequences, options.tasks.length), options, lambda);
}

/**
 * Tokens of a pass.
 *
 * @param sequences What there is to read.
 * @param quotas How many of each task a pass draws: their mean length is counted; each once without it.
 */
export function tokensOfPass(
  sequences: readonly Ordered[],
  quotas: readonly number[] | undefined,
): number {
  if (quotas === undefined) return sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const sizes = sizesOf(sequences, quotas.length);
  return sequences.reduce((sum, { ids, task }) => sum + ids.length * quotas[task]! / sizes[task]!, 0);
}

/**
 * Conversations of each task.
 *
 * @param sequences The conversations.
 * @param tasks Number of tasks.
 */
export function sizesOf(sequences: readonly Ordered[], tasks: number): number[] {
  const sizes = new Array<number>(tasks).fill(0);
  for (const { task } of sequences) sizes[task]!++;
  return sizes;
}

/** Weights that a part is given, or that lie in a file of the run. */
async function weightsOf(
  part: TunePart,
  weights: string | readonly number[],
  run: Pick<PartContext, "folder" | "runId">,
): Promise<readonly number[]> {
  if (typeof weights !== "string") return weights;
  const found = (await readRecord<TaskWeights>(run, weights))?.lambda;
  if (found === undefined) throw new Error(`the part ${part.id} needs ${weights}, which is not there yet`);
  return found;
}

/**
 * Whose a part's state is: seeds that are added later move the part's folder, and the state stays the part's.
 *
 * @param part The part.
 * @param context The run.
 * @returns Run, part and seed in words.
 */
export function ownerOf(
  part: Pick<TunePart, "id" | "seed">,
  { runId = "", options: { seeds } }: { runId?: string | undefined; options: Pick<ResolvedOptions, "seeds"> },
): string {
  return `run ${runId}, ${withoutSeed(part.id, seeds, part.seed)}, seed ${part.seed}`;
}

/**
 * The passes a part makes over its sequences.
 *
 * @param part The part.
 * @param options The passes of the run, and what probes cost.
 * @returns Passes; a fraction ends within one.
 */
export function passesOf(
  part: TunePart,
  { epochs, tasks, large, mini }: Pick<ResolvedOptions, "epochs" | "tasks" | "large" | "mini">,
): number {
  if (part.withProbes === true) return epochs * (1 + probeCost({ large, mini, tasks: tasks.length }));
  return epochs * (part.passes ?? 1);
}

/**
 * The sequences a part is trained on.
 *
 * @param part The part.
 * @param prepared The dataset made ready.
 * @param options The sampling rates.
 * @returns Its sequences, task after task.
 */
export function sequencesOf(
  part: TunePart,
  prepared: Prepared,
  options: Pick<ResolvedOptions, "mini" | "large">,
): DatasetSequence[] {
  const { tasks, samples } = prepared.dataset;
  return tasks.flatMap(({ name }) => {
    const share = part.data[name];
    if (share === undefined) return [];
    const all = samples.train.get(name)!;
    const sequences = (drawn: readonly Sample[]) => drawn.map((sample) => prepared.sequences.get(sample)!);
    if (share === "all") return sequences(all);
    const seed = part.drawSeed ?? part.seed;
    const { large, mini } = drawSubsets(new Map([[name, all]]), { ...options, seed }).get(name)!;
    if (share !== "rest") return sequences(share === "large" ? large : mini);
    const known = new Set(mini);
    return sequences(large.filter((sample) => !known.has(sample)));
  });
}

/**
 * What a part validates while it is tuned: what its method asks for.
 *
 * @param part The part.
 * @param context The dataset, and how many sequences a forward pass takes.
 * @returns The validation questions of its tasks; undefined where the method asks for none.
 */
export function validationOf(
  part: TunePart,
  { prepared, options }: Pick<PartContext, "prepared" | "options">,
): Validation | undefined {
  const { validation } = methodById(part.weighting.method);
  if (validation === undefined) return undefined;
  const sequences = validationSequences(prepared, validation.questions, Object.keys(part.data));
  const passes = cutStep(sequences, options.microBatch);
  return { every: validation.every, work: dealStep(passes, options.tasks.length) };
}

/**
 * Makes the balancer of a part: its method weighs the tasks whose weight is not fixed, as if there were no others.
 *
 * @param part The part; the file of its weights, if it has one, is there.
 * @param sequences What it is tuned on.
 * @param context Where the run is, and the names of its tasks.
 * @returns A fresh balancer.
 */
export async function balancerOf(
  part: TunePart,
  sequences: readonly TrainSequence[],
  context: Pick<PartContext, "folder" | "runId" | "options">,
): Promise<Balancer> {
  const { tasks: names, fixed = {} } = context.options;
  const samples = new Array<number>(names.length).fill(0);
  const answerTokens = new Array<number>(names.length).fill(0);
  for (const { task, mask } of sequences) {
    samples[task]! += 1;
    for (const x of mask) answerTokens[task]! += x;
  }
  const quotas = await drawnBy(part, sequences, context);
  quotas?.forEach((quota, task) => {
    if (quota === 0) return;
    answerTokens[task] = answerTokens[task]! * quota / samples[task]!;
    samples[task] = quota;
  });
  const { method, weights: named } = part.weighting;
  const weights = named && await weightsOf(part, named, context);
  const seed = part.drawSeed ?? part.seed;
  return withFixedWeights(
    names.map((name) => Object.hasOwn(fixed, name) ? fixed[name] : undefined),
    (balanced) => {
      const pick = (list: readonly number[]) => balanced.map((i) => list[i]!);
      return methodById(method).balancer({
        tasks: balanced.length,
        seed,
        samples: pick(samples),
        answerTokens: pick(answerTokens),
        ...(weights && { weights: pick(weights) }),
      });
    },
  );
}

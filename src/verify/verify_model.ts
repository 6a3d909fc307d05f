/** The model of a stored case against it: logits, losses, gradients, steps of AdamW, greedy tokens. @module */
import type { Gpu } from "../gpu/gpu.ts";
import { loadCheckpoint } from "../lmm/checkpoint.ts";
import { encodeImages } from "../lmm/features.ts";
import { generate } from "../lmm/generate.ts";
import type { Lmm, LmmOptions } from "../lmm/lmm.ts";
import { memoryCheckpoint } from "../lmm/weight_names.ts";
import { type StepLog, Trainer } from "../lmm/trainer/trainer.ts";
import { forwardLogits } from "../lmm/logits.ts";
import { distance } from "../lmm/distance.ts";
import { type Quantity, quantity, widest } from "./measure.ts";
import { parameterErrors } from "./stored_parameters.ts";
import { type StoredCase, tensorOf } from "./stored_case.ts";

/**
 * The greatest errors that pass. PyTorch in float32 is 3e-7 (logits) and 9e-7 (gradients) from float64 on small cases; what
 * follows a step carries AdamW's division of small numbers by small numbers.
 */
export const TOLERANCES = {
  logits: 5e-6,
  "token losses": 2e-6,
  loss: 2e-6,
  gradients: 2e-5,
  "losses of all steps": 2e-5,
  "gradient norms": 2e-4,
  "parameters after a step": 1e-4,
  "parameters after ten steps": 1e-3,
  "greedy tokens": 0,
} as const;

/** Takes each quantity as soon as it is known. */
export type Report = (found: Quantity) => void;

/** Loads a case's model. */
export async function loadCase(
  gpu: Gpu,
  { files }: { files: ReadonlyMap<string, Uint8Array> },
  options: LmmOptions = {},
): Promise<Lmm> {
  const { config, weights } = await memoryCheckpoint(files);
  return await loadCheckpoint(gpu, config, weights, options);
}

/** The settings of a case's training. */
export function trainerSettings({ facts, rows }: StoredCase) {
  const steps = Math.max(1, facts.losses.length);
  return {
    tasks: rows.length,
    steps,
    learningRate: facts.lr,
    warmup: facts.warmup / steps,
    betas: facts.betas,
    weightDecay: facts.weightDecay,
    clip: facts.clip,
  };
}

/**
 * Checks the model of a case, quantity by quantity.
 *
 * @param gpu The device.
 * @param of The case.
 * @param report Takes what was found.
 * @param signal Stops between quantities.
 * @throws {InputError} If the checkpoint does not load, or a stored tensor is missing.
 */
export async function verifyModel(
  gpu: Gpu,
  of: StoredCase,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  const model = await loadCase(gpu, of);
  try {
    for (const found of await checkLogits(model, of)) report(found);
    signal?.throwIfAborted();
    report(await checkGreedy(model, of));
    signal?.throwIfAborted();
    await checkTraining(model, of, report, signal);
  } finally {
    model.destroy();
  }
}

/** Logits and the loss of every token. */
async function checkLogits(model: Lmm, of: StoredCase): Promise<Quantity[]> {
  const { rows, tensors, folder } = of;
  const file = `${folder}/case.safetensors`;
  const [, longest = 0] = tensors.get("ids")!.shape;
  const { vocabulary } = model;
  const z = tensorOf(tensors, file, "logits", [rows.length, longest, vocabulary]).values;
  const losses = tensorOf(tensors, file, "nll", [rows.length, longest - 1]).values;
  const found = await forwardLogits(model, rows);
  const total = rows.reduce((sum, { ids }) => sum + ids.length, 0);
  const expected = new Float32Array(total * vocabulary);
  const places: string[] = []; // of each token
  const nll: number[] = [], expectedNll: number[] = [], nllPlaces: string[] = [];
  rows.forEach(({ ids }, row) => {
    const first = places.length;
    const own = z.subarray(row * longest * vocabulary, (row * longest + ids.length) * vocabulary);
    expected.set(own, first * vocabulary);
    ids.forEach((id, i) => {
      places.push(`row ${row}, token ${i}`);
      if (i === 0) return;
      nll.push(tokenLoss(found.subarray((first + i - 1) * vocabulary, (first + i) * vocabulary), id));
      expectedNll.push(losses[row * (longest - 1) + i - 1]!);
      nllPlaces.push(`row ${row}, token ${i}`);
    });
  });
  const at = widest(found, expected);
  return [
    quantity("logits", [{
      error: distance(found, expected),
      where: at < 0 ? "" : `${places[Math.floor(at / vocabulary)]}, id ${at % vocabulary}`,
    }], TOLERANCES.logits),
    quantity(
      "token losses",
      [{ error: distance(nll, expectedNll), where: nllPlaces[widest(nll, expectedNll)] ?? "" }],
      TOLERANCES["token losses"],
    ),
  ];
}

/** −log p of a token, from the logits before it, in nats. */
function tokenLoss(logits: Float32Array, id: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return Math.log(logits.reduce((sum, z) => sum + Math.exp(z - most), 0)) + most - logits[id]!;
}

/** The likeliest tokens after each row, all rows together. */
async function checkGreedy(model: Lmm, { rows, facts }: StoredCase): Promise<Quantity> {
  const features = await encodeImages(model, rows.flatMap(({ images }) => images));
  let at = 0;
  const prompts = rows.map(({ ids, images }) => ({ ids, images: features.slice(at, at += images.length) }));
  const maxNewTokens = Math.max(1, ...facts.greedy.map(({ length }) => length));
  const found = await generate(model, prompts, { maxNewTokens, stops: [] });
  const parts = facts.greedy.map((expected, row) => {
    const own = found[row]!;
    const different = expected.flatMap((id, i) => id === own[i] ? [] : [i]);
    const [first = 0] = different;
    return {
      error: different.length,
      where: `row ${row}, token ${first}: expected ${expected[first]}, found ${own[first]}`,
    };
  });
  return quantity("greedy tokens", parts, TOLERANCES["greedy tokens"], "tokens");
}

/** Loss, gradients and the stored steps; the model is trained. */
async function checkTraining(
  model: Lmm,
  of: StoredCase,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  const { facts, rows, weights } = of;
  const { gpu, parameters } = model;
  const trainer = new Trainer(model, trainerSettings(of));
  try {
    trainer.train([rows], weights);
    const logs = await trainer.log();
    report(quantity("loss", [ratio(logs[0]!.loss, facts.loss, "the first step")], TOLERANCES.loss));
    const gradients = await parameters.gradients.read(gpu);
    report(quantity("gradients", parameterErrors(of, model, gradients, "grad."), TOLERANCES.gradients));
    if (facts.losses.length === 0) return;
    const compare = async (name: keyof typeof TOLERANCES, prefix: string) => {
      const values = await parameters.values.read(gpu);
      report(quantity(name, parameterErrors(of, model, values, prefix), TOLERANCES[name]));
    };
    await compare("parameters after a step", "after1.");
    for (let step = 1; step < facts.losses.length; step++) {
      signal?.throwIfAborted();
      trainer.train([rows], weights);
      logs.push(...await trainer.log());
    }
    const steps = (name: keyof typeof TOLERANCES, values: number[], of: (log: StepLog) => number) =>
      report(
        quantity(
          name,
          logs.map((log, i) => ratio(of(log), values[i]!, `step ${log.step}`)),
          TOLERANCES[name],
        ),
      );
    steps("losses of all steps", facts.losses, ({ loss }) => loss);
    steps("gradient norms", facts.gradNorms, ({ gradNorm }) => gradNorm);
    if (facts.losses.length === 10) await compare("parameters after ten steps", "after10.");
  } finally {
    trainer.destroy();
  }
}

function ratio(found: number, expected: number, where: string) {
  return { error: found === expected ? 0 : Math.abs(found - expected) / Math.abs(expected), where };
}

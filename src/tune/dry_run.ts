/**
 * What a run would take, found without running it: its parts, its longest pass, memory, disk, and time from some steps and
 * answers that are timed.
 *
 * @module
 */

import { join } from "@std/path";
import { tileCount } from "../data/images/picture.ts";
import { MODULE_NAMES } from "../lmm/layout.ts";
import type { ResolvedOptions } from "../run/records/run_info.ts";
import type { CheckpointFiles } from "../train/checkpoint_files.ts";
import type { TuneCallbacks } from "./callbacks.ts";
import type { Encoded } from "./data/encode.ts";
import type { RunNeed } from "./longest_check.ts";
import type { Ready, Setting } from "./set_up/read_all.ts";
import { type Measured, timeRun } from "./time_run.ts";
import type { AnswerWork, LongPass, PartWork, TrainWork } from "./work.ts";

/** What a run would do and take. */
export interface DryRun {
  /** Version of this form. */
  format: 1;
  /** What is still to be done, in order. */
  parts: DryPart[];
  /** Sums over the parts. */
  totals: { steps: number; conversations: number; tokens: number; questions: number };
  /** The pass that takes the most memory; null where nothing is trained, or the engine cannot tell. */
  longest: LongPass | null;
  /** Bytes of memory; null where the engine cannot tell. */
  memory: RunNeed | null;
  /** Bytes on the disk, estimates within some per cent. */
  disk: DryDisk;
  /** Seconds; null where no step could be timed. */
  time: DryTime | null;
  /** What the run would say before its first step. */
  notes: string[];
}

/** A part of the plan. */
export interface DryPart {
  /** Its id. */
  part: string;
  /** Optimiser steps; 0 where it does not train. */
  steps: number;
  /** Conversations it reads, repetitions counted. */
  conversations: number;
  /** Their tokens. */
  tokens: number;
  /** Tokens of its longest pass, without padding. */
  longest: number;
  /** Looks at validation questions while it trains, where none ends it early. */
  looks: number;
  /** Questions it asks, those of looks apart. */
  questions: number;
  /** Whether its model is kept. */
  keep: boolean;
  /** Seconds; null where no step could be timed. */
  seconds: number | null;
}

/** What a run writes. */
export interface DryDisk {
  /** Models that are kept. */
  checkpoints: number;
  /** What each takes. */
  checkpoint: number;
  /** The state of the training at hand, and that of its best step, where it is looked for; removed at its end. */
  state: number;
  /** Features or pixels of the images, which are removed at the run's end. */
  cache: number;
  /** The drawn benchmark; 0 for data of one's own, and where it is drawn already. */
  scenes: number;
  /** Metrics, answers, results and the report; a rough guess. */
  records: number;
  /** What stays. */
  kept: number;
  /** The most at one time. */
  most: number;
}

/** An estimate of time, and what it comes from. */
export interface DryTime {
  /** All of it. */
  seconds: number;
  /** Its ends if the machine is as busy as it was: what was measured, give or take its own spread and a quarter. */
  low: number;
  /** The other end. */
  high: number;
  /** Reading, checking, drawing: as it took here. */
  reading: number;
  /** Computing the images' inputs. */
  images: number;
  /** Training. */
  training: number;
  /** Looks at validation questions on the way. */
  validating: number;
  /** Answering. */
  answering: number;
  /** Loading the model anew for every part. */
  loading: number;
  /** Compiling kernels, once. */
  compiling: number;
  /** What was timed. */
  measured: Omit<Measured, "secondsOfTask" | "tileBytes" | "compiling">;
}

/** Bytes of a line of metrics and of an answer, and of a report with its pictures. */
const METRICS_LINE = 350, ANSWER = 140, REPORT = 3e6;

/**
 * Plans and times a run.
 *
 * @param setting What is known of the run.
 * @param ready The data, read; the model is trained a little here and is of no use afterwards.
 * @param seen Seconds that reading took, and the folder of scenes that were drawn for it.
 * @param callbacks Progress and interruption.
 * @returns What it takes.
 */
export async function measureRun(
  { resolved, checkpoint }: Pick<Setting, "resolved" | "checkpoint">,
  ready: Ready,
  seen: { reading: number; drawn: string | undefined },
  callbacks: TuneCallbacks,
): Promise<DryRun> {
  const { planned, encoded, run } = ready;
  const { work } = planned;
  const measured = await timeRun(resolved, checkpoint, ready, callbacks);
  const tiles = tilesOf(encoded);
  const secondsOf = ({ train, answer }: PartWork) =>
    measured === null ? null : (train?.tokens ?? 0) * measured.secondsAToken + lookSeconds(train, measured) +
      answerSeconds(answer, measured) +
      (train === undefined && answer === undefined ? 0 : ready.loading);
  const parts = work.map((one): DryPart => ({
    part: one.part.id,
    steps: one.train?.steps ?? 0,
    conversations: one.train?.conversations ?? 0,
    tokens: one.train?.tokens ?? 0,
    longest: Math.max(0, ...(one.train?.longest ?? []).map(({ tokens }) => tokens)),
    looks: one.train?.looks?.count ?? 0,
    questions: one.answer?.questions ?? 0,
    keep: one.part.kind === "tune" && one.part.keep,
    seconds: secondsOf(one),
  }));
  const sum = (of: (part: DryPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const totals = {
    steps: sum(({ steps }) => steps),
    conversations: sum(({ conversations }) => conversations),
    tokens: sum(({ tokens }) => tokens),
    questions: sum(({ questions }) => questions),
  };
  return {
    format: 1,
    parts,
    totals,
    longest: planned.longest ?? null,
    memory: planned.need ?? null,
    disk: await disk(parts, totals, resolved, checkpoint, ready, {
      tile: measured?.tileBytes ?? 0,
      tiles,
      drawn: seen.drawn,
    }),
    time: measured === null
      ? null
      : timeOf(work, measured, { tiles, reading: seen.reading, loading: ready.loading }),
    notes: run.notes,
  };
}

function answerSeconds(
  answer: AnswerWork | undefined,
  { secondsOfTask, secondsAQuestion }: Measured,
): number {
  return (answer?.tasks ?? []).reduce(
    (sum, { task, prompts }) => sum + prompts.length * (secondsOfTask.get(task) ?? secondsAQuestion),
    0,
  );
}

/** Time of a forward pass, as a part of a step's: about a third where all is trained, half with LoRA. */
const FORWARD = 0.5;

function lookSeconds(train: TrainWork | undefined, measured: Measured): number {
  if (train?.looks === undefined) return 0;
  const { count, tokens, answer } = train.looks;
  return count * (FORWARD * tokens * measured.secondsAToken + answerSeconds(answer, measured));
}

/** How far the speed of a whole run may be from that of a few steps on a machine that stays as busy. */
const MARGIN = 0.25;

function timeOf(
  work: readonly PartWork[],
  measured: Measured,
  { tiles, reading, loading: load }: { tiles: number; reading: number; loading: number },
): DryTime {
  const sum = (of: (one: PartWork) => number) => work.reduce((total, one) => total + of(one), 0);
  const training = sum(({ train }) => (train?.tokens ?? 0) * measured.secondsAToken);
  const validating = sum(({ train }) => lookSeconds(train, measured));
  const answering = sum(({ answer }) => answerSeconds(answer, measured));
  const loading = sum(({ train, answer }) => train === undefined && answer === undefined ? 0 : load);
  const images = tiles * measured.secondsATile;
  const { compiling } = measured;
  const seconds = reading + images + training + validating + answering + loading + compiling;
  const off = MARGIN + measured.spread / Math.sqrt(Math.max(1, measured.steps));
  const { secondsOfTask: _, tileBytes: __, compiling: ___, ...shown } = measured;
  return {
    seconds,
    low: seconds * (1 - Math.min(0.9, off)),
    high: seconds * (1 + off),
    reading,
    images,
    training,
    validating,
    answering,
    loading,
    compiling,
    measured: shown,
  };
}

/** Tiles of all images of the data. */
function tilesOf({ conversations, images, zeroShot }: Encoded): number {
  const known = new Map<string, number>();
  for (const [sample, { grids }] of conversations) {
    sample.images.forEach((path, i) => known.set(path, tileCount(grids[i]!)));
  }
  // Of the zero-shot tasks' images the prompts are known alone.
  for (const { questions } of zeroShot) {
    for (const { images: paths, tiles } of questions) {
      for (const path of paths) if (!known.has(path)) known.set(path, tiles / paths.length);
    }
  }
  return images.reduce((sum, path) => sum + (known.get(path) ?? 1), 0);
}

async function disk(
  parts: readonly DryPart[],
  totals: DryRun["totals"],
  { frozen, saveDtype }: ResolvedOptions,
  checkpoint: CheckpointFiles,
  { model }: Ready,
  { tiles, tile, drawn }: { tiles: number; tile: number; drawn: string | undefined },
): Promise<DryDisk> {
  const { parameters, lora } = model;
  const numbers = MODULE_NAMES.reduce((sum, name) => sum + parameters[name], 0);
  const whole = MODULE_NAMES.filter((name) => !frozen.includes(name) && !lora?.addedTo.has(name));
  const trained = whole.reduce((sum, name) => sum + parameters[name], lora?.parameters ?? 0);
  const base = checkpoint.weights.reduce((sum, { size }) => sum + size, 0);
  const companions = [...checkpoint.companions.values()].reduce((sum, { length }) => sum + length, 0);
  const saved = saveDtype === "base" && lora === undefined ? base / numbers * trained : 4 * trained;
  // With LoRA what was trained is saved alone.
  const one = saved + companions + (lora === undefined ? base * (1 - trained / numbers) : 0);
  const checkpoints = parts.filter(({ keep }) => keep).length * one;
  const states = parts.some(({ looks }) => looks > 0) ? 2 : 1;
  const state = parts.some(({ steps }) => steps > 0) ? states * 12 * trained : 0;
  const cache = parts.some(({ questions }) => questions > 0) ? (tiles + 1) * tile : 0;
  const scenes = drawn === undefined ? 0 : await folderBytes(drawn);
  const records = totals.steps * METRICS_LINE + totals.questions * ANSWER + REPORT;
  const kept = checkpoints + scenes + records;
  return { checkpoints, checkpoint: one, state, cache, scenes, records, kept, most: kept + state + cache };
}

async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    sum += isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
  }
  return sum;
}

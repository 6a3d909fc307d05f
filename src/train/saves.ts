/**
 * How a training is saved: what is on the disk to go on from, and when it is time to write it again.
 *
 * @module
 */

import { join } from "@std/path";
import { collect } from "../gpu/collect.ts";
import { removeIfThere } from "../run/files.ts";
import { type MetricsWriter, openMetrics } from "../run/metrics_log.ts";
import type { EngineTrainer } from "./engine.ts";
import { readState, writeState } from "./state_file.ts";

/** Name of the file, in a training's folder, from which it goes on when it was stopped. */
export const STATE_FILE = "state.bin";

/** Name of the file with a line a step. */
export const METRICS_FILE = "metrics.jsonl";

/** What is saved, and where. */
export interface SaveOptions {
  /** The training's folder. */
  folder: string;
  /** The run and the part that its files belong to; files of others are not believed. */
  owner?: string;
  /** Most work that a kill may cost, in seconds. */
  stateEverySeconds: number;
  /** Makes sure, before anything is written, that it is this process's to write; throws where it is not. */
  guard?: (() => Promise<void>) | undefined;
}

/**
 * Finds what an earlier sitting left, and restores the trainer from it.
 *
 * A state that is damaged or of another run or part, or whose lines of metrics.jsonl are not there as they were, is
 * not believed: the training begins again.
 *
 * @typeParam T What a line of metrics.jsonl holds.
 * @param options What is saved, and where.
 * @param trainer A fresh trainer.
 * @param note Told where it begins again.
 * @returns The lines up to the trainer's step, and where further ones go.
 */
export async function goOn<T>(
  { folder, owner = "", guard }: SaveOptions,
  trainer: EngineTrainer,
  note: (text: string) => void,
): Promise<MetricsWriter<T>> {
  const path = join(folder, STATE_FILE), metrics = join(folder, METRICS_FILE);
  const saved = await readState(path, owner);
  if (saved !== undefined) {
    const log = typeof saved === "string"
      ? undefined
      : await openMetrics<T>(metrics, saved.header.metrics, guard);
    if (typeof saved !== "string" && log !== undefined) {
      trainer.restore(saved.state);
      return log;
    }
    const what = typeof saved === "string"
      ? `${path} ${saved}`
      : `${metrics} is not as it was when ${path} was saved`;
    note(`${what}: this training begins again.`);
    await removeIfThere(path);
  }
  return (await openMetrics<T>(metrics, undefined, guard))!;
}

/** Keeps the time since the last save. */
export interface SaveClock {
  /** Whether it is time to look at the device: the steps queued since the last look may fill the time to a save. */
  wantsLook(step: number): boolean;
  /** Told after each look; whether it is time to save. */
  looked(step: number): boolean;
  /** Saves the state. */
  save(): Promise<void>;
}

/**
 * Watches the time between saves, so that a kill costs no more than `stateEverySeconds` of work, however long a step
 * takes. Steps are queued much faster than they are done: only a look, which waits for the device, tells how long they
 * take. Looks change no bit. Where saving itself takes long, as much time at least goes into training.
 *
 * @param options What is saved, and where.
 * @param trainer Whose state it is.
 * @param log The metrics that belong to it.
 * @param now Says what time it is, in seconds.
 * @returns The clock, as after a save.
 */
export function startSaveClock(
  { folder, owner = "", stateEverySeconds, guard }: SaveOptions,
  trainer: EngineTrainer,
  log: Pick<MetricsWriter<unknown>, "mark">,
  now: () => number = () => performance.now() / 1000,
): SaveClock {
  let saved = now(), took = 0;
  let look = { step: trainer.step, time: saved };
  let perStep: number | undefined;
  /** Whether this much work since the last save, and one step more, is too much to lose. */
  const tooMuch = (seconds: number) =>
    seconds >= Math.min(took, stateEverySeconds) && seconds + (perStep ?? 0) + took >= stateEverySeconds;
  return {
    // The first step tells how long the next ones will take.
    wantsLook: (step) => perStep === undefined || tooMuch(look.time - saved + (step - look.step) * perStep),
    looked(step) {
      const time = now();
      if (step > look.step) perStep = (time - look.time) / (step - look.step);
      look = { step, time };
      return tooMuch(time - saved);
    },
    async save() {
      const began = now();
      await guard?.();
      const metrics = await log.mark();
      await writeState(join(folder, STATE_FILE), await trainer.state(), {
        owner,
        step: trainer.step,
        metrics,
      });
      collect(); // the copies that a state passes through, each as large as itself
      saved = now();
      took = saved - began;
      look = { ...look, time: saved };
    },
  };
}

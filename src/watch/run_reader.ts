/**
 * Reads how a run stands from its folder, again and again; it writes nothing there and takes no lock.
 *
 * @module
 */

import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { isEarly } from "../run/early_files.ts";
import { claimName } from "../run/claims/claim_names.ts";
import { holdersIn } from "../run/claims/claims.ts";
import { Judge } from "../run/claims/judge.ts";
import { processesIn, type ProcessFacts } from "../run/claims/process_file.ts";
import { LOCK_FILE } from "../run/lock.ts";
import type { Part } from "../run/part.ts";
import { planRun } from "../run/plan.ts";
import type { MetricsLine } from "../run/records/metrics_line.ts";
import type { PartResult } from "../run/records/part_result.ts";
import { SIGN_OF_LIFE } from "../run/records/progress_line.ts";
import type { RunInfo } from "../run/records/run_info.ts";
import { inspectRecord, RUN_FILE } from "../run/run_files.ts";
import { readRunInfo } from "../run/run_info_file.ts";
import { pathKind } from "../data/images/path_kind.ts";
import { LineTail } from "./line_tail.ts";
import { LossCurves } from "./loss_curves.ts";
import { type Said, SaidSoFar, SILENCE } from "./said_so_far.ts";
import type { PartView, RunState, RunView } from "./run_view.ts";

/** A run that was not heard of for so long, in ms, is silent. */
const SILENT = 4 * SIGN_OF_LIFE * 1000;

/** Every so many-th look is at all parts; else it is at those that are open, up to a few that stay so. */
const THOROUGH = 20, NEAR = 3;

/** What is known of a part's file. */
type Looked = Pick<PartView, "state" | "scores" | "seconds">;

/** Reads one run's folder; what has not changed since is not read again. */
export class RunReader {
  readonly #folder: string;
  readonly #said: SaidSoFar;
  readonly #judge: Judge;
  readonly #parts = new Map<string, { stamp: string; looked: Looked }>();
  #run: { stamp: string; info?: RunInfo; plan: Part[]; error?: string } = { stamp: "", plan: [] };
  #looks = 0;
  #training: { part: string; tail: LineTail; curves: LossCurves } | undefined;

  /** @param folder The run's folder. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#said = new SaidSoFar(folder);
    this.#judge = new Judge(join(folder, LOCK_FILE));
  }

  /**
   * Looks at the run.
   *
   * @param now The time, in ms since 1970.
   * @returns How it stands. What cannot be read is said in it.
   */
  async look(now: number = Date.now()): Promise<RunView> {
    await this.#readRun();
    const { info, plan, error } = this.#run;
    const living = await this.#living();
    const said = await this.#hear(new Set(living.map(({ id }) => id)));
    const locked = living.length === 0
      ? await modifiedFile(join(this.#folder, LOCK_FILE))
      : Math.max(...living.map(({ started }) => Date.parse(started)));
    const parts = await this.#lookAtAll(plan);
    const state = info === undefined
      ? error !== undefined ? "unreadable" : locked === null ? "waiting" : "preparing"
      : stateOf(parts, locked, said, now);
    const going = state === "running" || state === "silent";
    if (going && living.length > 0) {
      const held = await holdersIn(this.#folder, this.#judge);
      for (const part of parts) {
        if (part.state !== "finished" && held.has(claimName(part.id))) part.state = "at hand";
      }
    } else if (going && (said.atParts || said.heard === null)) {
      // An older version carries out parts in the plan's order, and tells nothing, or only what it does.
      const at = parts.find(({ state }) => state !== "finished");
      if (at !== undefined) at.state = "at hand";
    }
    return {
      folder: this.#folder,
      state,
      heard: said.heard,
      error: error ?? (state === "failed" ? said.error : null),
      tasks: info?.resolved.tasks ?? [],
      methods: info?.resolved.methods ?? [],
      seeds: info?.resolved.seeds ?? [],
      began: info?.sittings[0]?.start ?? null,
      sittings: info?.sittings.length ?? 0,
      parts,
      doing: going ? said.doing : null,
      secondsLeft: going ? said.secondsLeft : null,
      losses: await this.#losses(parts),
      log: said.log,
    };
  }

  /** The processes that work on the run, and are not known to be dead. */
  async #living(): Promise<ProcessFacts[]> {
    const living: ProcessFacts[] = [];
    for (const process of await processesIn(join(this.#folder, LOCK_FILE))) {
      if ((await this.#judge.look(process.id)).state !== "dead") living.push(process);
    }
    return living;
  }

  async #hear(living: ReadonlySet<string>): Promise<Said> {
    try {
      return await this.#said.read(this.#run.info?.id, living);
    } catch (error) {
      if (error instanceof InputError) return SILENCE;
      throw error;
    }
  }

  async #readRun() {
    const stamp = await stampOf(join(this.#folder, RUN_FILE));
    if (stamp === this.#run.stamp) return;
    if (stamp === "") {
      this.#run = { stamp, plan: [] };
      return;
    }
    try {
      const info = await readRunInfo(this.#folder);
      this.#run = { stamp, plan: info === undefined ? [] : planRun(info.resolved), ...(info && { info }) };
    } catch (error) {
      this.#run = { stamp, plan: [], error: messageOf(error) };
    }
    this.#parts.clear();
  }

  /** What all parts left; one process carries them out in the plan's order, several nearly so. */
  async #lookAtAll(plan: readonly Part[]): Promise<PartView[]> {
    const thorough = this.#looks++ % THOROUGH === 0;
    const parts: PartView[] = [];
    let open = 0;
    for (const part of plan) {
      const known = this.#parts.get(part.file)?.looked;
      const passed = !thorough && (known?.state === "finished" || open >= NEAR);
      const looked = passed && known !== undefined ? known : await this.#lookAt(part);
      if (looked.state === "open") open++;
      parts.push({ id: part.id, kind: part.kind, ...looked });
    }
    return parts;
  }

  /** What a part left. */
  async #lookAt(part: Part): Promise<Looked> {
    const stamp = await stampOf(join(this.#folder, part.file));
    const before = this.#parts.get(part.file);
    if (before?.stamp === stamp) return before.looked;
    const looked = await this.#inspect(part);
    this.#parts.set(part.file, { stamp, looked });
    return looked;
  }

  async #inspect(part: Part): Promise<Looked> {
    const { info } = this.#run;
    const scores = info!.resolved.tasks.map(() => null);
    try {
      const found = await inspectRecord<Partial<PartResult>>(
        { folder: this.#folder, runId: info!.id },
        part.file,
      );
      if (found === undefined) return { state: "open", scores, seconds: null };
      if (found.fault !== undefined) return { state: "damaged", scores, seconds: null };
      const { scores: points = [], cost } = found.value;
      const known = new Map(Array.isArray(points) ? points.map(({ task, score }) => [task, score]) : []);
      return {
        state: "finished",
        scores: info!.resolved.tasks.map((task) => known.get(task) ?? null),
        seconds: cost === undefined ? null : cost.trainSeconds + cost.evaluateSeconds,
      };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { state: "damaged", scores, seconds: null };
    }
  }

  /** The curves of the training at hand, or of the last one. */
  async #losses(parts: readonly PartView[]): Promise<RunView["losses"]> {
    const trained = this.#run.plan.filter((part, i) => part.kind === "tune" && parts[i]!.state !== "open");
    const part =
      trained.find((part) => parts.some(({ id, state }) => id === part.id && state === "at hand")) ??
        trained.at(-1);
    if (part === undefined) return null;
    if (this.#training?.part !== part.id) {
      const tail = new LineTail(join(this.#folder, part.id, "metrics.jsonl"));
      this.#training = { part: part.id, tail, curves: new LossCurves() };
    }
    const training = this.#training;
    try {
      await training.tail.read(
        (text) => {
          const line = parsed(text);
          if (line !== undefined) training.curves.add(line);
        },
        () => training.curves = new LossCurves(),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    const points = training.curves.points();
    return points.length === 0 ? null : { part: part.id, step: training.curves.step, points };
  }
}

/** How it goes with a run whose run.json is there. */
function stateOf(parts: readonly PartView[], locked: number | null, said: Said, now: number): RunState {
  const whole = parts.length > 0 && parts.every(({ state }) => state === "finished");
  if (locked !== null) {
    if (said.end === "finished" && whole) return "finished";
    if (said.heard !== null && locked > said.heard) return "preparing"; // the next sitting, which has said nothing yet
    if (said.heard !== null && now - said.heard > SILENT) return "silent";
    return said.end === null ? "running" : "preparing";
  }
  if (said.end === "failed") return "failed";
  return whole && said.end !== "interrupted" ? "finished" : "stopped";
}

/**
 * Refuses what is neither the folder of a run nor may become one.
 *
 * @param folder The folder.
 * @param wait Whether it may be missing.
 * @throws {InputError} If it is missing, or no folder, or holds other things.
 */
export async function checkWatchable(folder: string, wait: boolean): Promise<void> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      if (wait) return;
      throw new InputError(
        `${folder}: expected the folder of a run, found no such folder. ` +
          "Name the run's --out, or give --wait where the run is yet to begin",
      );
    }
    if (error instanceof Deno.errors.NotADirectory) {
      const kind = pathKind(await Deno.stat(folder));
      throw new InputError(`${folder}: expected the folder of a run, found ${kind}. Name the run's --out`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new InputError(`${folder}: expected a folder that can be read, found one that may not be`);
    }
    throw error;
  }
  if (!names.includes(RUN_FILE) && !names.every(isEarly)) {
    throw new InputError(
      `${folder}: expected the folder of a run, found ${names.length} files in it, but no ${RUN_FILE}. ` +
        "Name the run's --out",
    );
  }
}

/** What changes when a file does; "" if there is none. */
async function stampOf(path: string): Promise<string> {
  const info = await statIfThere(path);
  return info === undefined ? "" : `${info.mtime?.getTime()} ${info.size} ${info.ino}`;
}

/** When a file was modified, in ms since 1970; null if there is none: older versions have a file as their lock. */
async function modifiedFile(path: string): Promise<number | null> {
  const info = await statIfThere(path);
  return info?.isFile === true ? info.mtime?.getTime() ?? 0 : null;
}

async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function parsed(text: string): MetricsLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<MetricsLine> | null;
    const whole = typeof line?.step === "number" && Array.isArray(line.taskLoss) &&
      Array.isArray(line.taskTokens);
    return whole ? line as MetricsLine : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

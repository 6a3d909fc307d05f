/** A small run by the fake engine, and folders as a kill leaves them. */

import { join } from "@std/path";
import type { TuneOptions } from "../../src/tune/options/settings.ts";
import { tune, type TuneCallbacks } from "../../src/tune/tune.ts";
import { fakeFolder } from "../tune/fake_data.ts";
import { type FakeEngine, fakeEngine } from "../train/fake_engine.ts";

/** Where runs can be made. */
export interface RunPlace {
  /** Where run folders go. */
  folder: string;
  /** Runs, or goes on where there is a run. */
  run(out: string, options?: TuneOptions, callbacks?: TuneCallbacks, engine?: FakeEngine): Promise<unknown>;
}

/** Gives data and a base to work with, in a temporary folder. */
export async function withRuns(work: (place: RunPlace) => Promise<void>): Promise<void> {
  const folder = await fakeFolder();
  const all: TuneOptions = {
    data: join(folder, "data"),
    checkpoint: join(folder, "base"),
    methods: ["ew", "cotbal"],
    batch: 4,
    epochs: 1,
    mini: 0.25,
    stateEverySeconds: 0,
  };
  try {
    await work({
      folder,
      run: (out, options = {}, callbacks = {}, engine = fakeEngine()) => {
        const place = { out: join(folder, out), resume: true, root: folder, versions: { cotbal: "0" } };
        return tune(engine, { ...all, ...options }, place, callbacks);
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Copies a folder as it is at this moment, times included: what a kill on another machine would leave. */
export function copyNow(from: string, to: string): void {
  copyAll(from, to);
  changeProcesses(to, () => null);
}

/** Shows that the processes of a copied folder are dead. */
export function killCopied(folder: string): void {
  changeProcesses(folder, (id) => {
    const life = `${folder}.${id}.life`; // which nobody holds
    Deno.writeTextFileSync(life, id);
    return life;
  });
}

function changeProcesses(folder: string, lifeOf: (id: string) => string | null): void {
  const lock = join(folder, "lock");
  for (const { name } of [...Deno.readDirSync(lock)]) {
    if (!name.startsWith("process-")) continue;
    const path = join(lock, name), facts = JSON.parse(Deno.readTextFileSync(path)) as { id: string };
    Deno.writeTextFileSync(path, JSON.stringify({ ...facts, life: lifeOf(facts.id) }));
  }
}

function copyAll(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (isDirectory) copyAll(source, copy);
    else {
      Deno.copyFileSync(source, copy);
      const { atime, mtime } = Deno.statSync(source);
      Deno.utimeSync(copy, atime!, mtime!);
    }
  }
}

/** An engine that calls back before the n-th step of a run. */
export function engineAt(step: number, then: () => void): FakeEngine {
  const engine = fakeEngine();
  engine.beforeStep = () => {
    if (engine.steps === step) then();
  };
  return engine;
}

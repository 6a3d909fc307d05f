/** Processes that a test makes up, as others see them from a run's folder. */

import { join } from "@std/path";
import { claimFile, claimName } from "../../../src/run/claims/claim_names.ts";

/** Gives the path of a folder that is not there yet. */
export async function inFolder(work: (run: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(join(folder, "run"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A process that is not this one. */
export interface Strange {
  /** Leaves a claim as the process would. */
  claim(work: string, number: number): Promise<void>;
  /** Has its file beat. */
  beat(): Promise<void>;
  /** Ends it as a kill would. */
  kill(): void;
}

/**
 * Leaves the file of a process in a run.
 *
 * @param run The run's folder.
 * @param options `killed`: whether it is of this machine, and dead; left out where it is of another one.
 */
export async function strange(
  run: string,
  { killed, started = "2026-01-01T00:00:00Z" }: { killed?: boolean; started?: string } = {},
): Promise<Strange> {
  const id = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  const lock = join(run, "lock");
  await Deno.mkdir(lock, { recursive: true });
  let life = "/nowhere/cotbal.life", file: Deno.FsFile | undefined;
  if (killed !== undefined) {
    life = join(run, `${id}.life`);
    await Deno.writeTextFile(life, id);
    if (!killed) {
      file = await Deno.open(life, { read: true, write: true });
      await file.lock(true);
    }
  }
  const holder = { host: "elsewhere", process: 7, started };
  let beats = 0;
  const beat = () =>
    Deno.writeTextFile(
      join(lock, `process-${id}.json`),
      JSON.stringify({ id, ...holder, alone: false, life, beat: String(beats++).padStart(9, "0") }) + "\n",
    );
  await beat();
  return {
    beat,
    claim: (work, number) =>
      Deno.writeTextFile(
        join(lock, claimFile(claimName(work), number)),
        JSON.stringify({ id, holder: { ...holder, since: started } }) + "\n",
      ),
    kill: () => file?.close(),
  };
}

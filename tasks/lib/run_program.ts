/**
 * Other programs: run to their end, or started to go on without this process.
 *
 * @module
 */

import { InputError } from "../../src/errors.ts";
import type { RunProgram } from "../../src/cluster/job_system.ts";

/**
 * Runs a program and waits for it.
 *
 * @throws {InputError} If it is not there, or may not be started.
 */
export const runProgram: RunProgram = async (program, args, stdin) => {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
    throw new InputError(
      `${program}: expected this program, found none that may be run. Slurm's commands are on a cluster's login node; ` +
        "without Slurm, --local shares a run among processes of this machine",
    );
  }
  if (stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
};

/**
 * Starts a Deno task that goes on when this process ends.
 *
 * @param args What `deno` is given.
 * @param log The file that its output is added to.
 * @param env What its environment has besides this process's.
 * @returns The number of its process.
 */
export async function startDetached(
  args: readonly string[],
  log: string,
  env: Record<string, string> = {},
): Promise<number> {
  // Deno itself cannot hand a file to a process as its output. The shell's number is the process's, as exec keeps it.
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" >>"$0" 2>&1', log, Deno.execPath(), ...args],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  return await Promise.resolve(child.pid);
}

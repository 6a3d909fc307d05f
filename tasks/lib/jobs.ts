/**
 * Several processes of this machine that share a run.
 *
 * @module
 */

import { Interrupted, RunError } from "../../src/errors.ts";
import { dividedCores } from "./driver_threads.ts";
import { lines } from "./lines.ts";
import { inPackage } from "./package.ts";

/** What the processes are. */
export interface Jobs {
  /** How many. */
  count: number;
  /** The run's folder. */
  out: string;
  /** Arguments of `deno task tune` for each, `--join` and `--adapter` apart. */
  args: readonly string[];
  /** How many adapters there are: each process takes the next one by its index. */
  adapters: number;
  /** Told what they say. */
  say: (text: string) => void;
  signal: AbortSignal;
}

/** What `deno task tune` may do; processes that share a run start no others. */
const RIGHTS = [
  "--v8-flags=--expose-gc",
  "--allow-read",
  "--allow-write",
  "--allow-env=DENO_WEBGPU_BACKEND,VK_DRIVER_FILES,XDG_RUNTIME_DIR",
  "--allow-sys=hostname,osRelease,systemMemoryInfo",
];

/**
 * Has processes share a run until it is finished. One that fails is missed, as the others go on; an interruption is handed
 * to all.
 *
 * @param jobs What they are.
 * @throws {Interrupted} If the signal fired, once all have saved their states.
 * @throws {RunError} If one failed.
 */
export async function shareRun({ count, out, args, adapters, say, signal }: Jobs): Promise<void> {
  const children = Array.from({ length: count }, (_, i) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", ...RIGHTS, inPackage("tasks/tune.ts"), ...args, "--join", out],
        ...(adapters > 1 ? ["--adapter", String(i % adapters)] : []),
      ],
      env: dividedCores(count),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      detached: true, // ctrl-C is handed on below, once
    }).spawn());
  const stop = () => {
    for (const child of children) {
      try {
        child.kill("SIGTERM");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has just ended
      }
    }
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const never = new AbortController().signal;
  const said = new Set<string>(); // all say the same of the data
  const hear = (job: number, line: string) => {
    if (line !== "" && !said.has(line)) say(`job ${job}: ${line}`);
    said.add(line);
  };
  try {
    const codes = await Promise.all(children.map(async (child, i) => {
      for await (const line of lines(child.stderr, never)) hear(i + 1, line);
      return (await child.status).code;
    }));
    if (signal.aborted) throw new Interrupted("interrupted");
    const failed = codes.flatMap((code, i) => code === 0 ? [] : `job ${i + 1} with exit code ${code}`);
    if (failed.length > 0) {
      throw new RunError(`expected all processes to end well, found ${failed.join(", ")}`);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

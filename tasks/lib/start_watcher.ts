/**
 * The watcher of a run, in a process of its own: it can read the run's folder and listen on loopback, and nothing else.
 *
 * @module
 */

import { InputError } from "../../src/errors.ts";
import { lines } from "./lines.ts";
import { inPackage } from "./package.ts";

/**
 * Starts a watcher that ends with this process, however that ends. Nothing it does holds up this process.
 *
 * @param folder The run's folder, which may be missing yet.
 * @param port The port; 0 for any that is free.
 * @param say Told what the watcher says later.
 * @returns Where the page is.
 * @throws {InputError} If it cannot be started: the port is in use, or processes may not be started.
 */
export async function startWatcher(
  folder: string,
  port: number,
  say: (text: string) => void,
): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt"],
      // In a list of paths a comma begins another one, and nothing escapes it.
      ...[folder.includes(",") ? "--allow-read" : `--allow-read=${folder}`, "--allow-net=127.0.0.1"],
      ...[inPackage("tasks/watch.ts"), folder, "--port", String(port), "--wait", "--until-stdin-ends"],
    ],
    stdin: "piped", // held open until this process ends
    stdout: "piped",
    stderr: "piped",
    detached: true, // ctrl-C is for the run, which may go on for a while to save its state
  });
  let child: Deno.ChildProcess;
  try {
    child = command.spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new InputError(
      "--watch: expected the right to start the watcher, found none. Start it yourself: " +
        `deno task watch ${folder} --wait`,
    );
  }
  child.unref();
  const never = new AbortController().signal;
  const said: string[] = [];
  let started = false;
  const heard = (async () => {
    for await (const line of lines(child.stderr, never)) {
      if (started) say(`watcher: ${line}`);
      else said.push(line);
    }
  })();
  heard.catch(() => {}); // a watcher that breaks is missed by nobody but its viewers
  for await (const url of lines(child.stdout, never)) {
    started = true;
    return url;
  }
  await heard;
  throw new InputError(
    `--watch: expected the watcher to start, found: ${said.join("; ").replace(/^error: /, "")}`,
  );
}

/** Gives back the right to start processes, where there is one. */
export async function giveUpStarting(): Promise<void> {
  await Deno.permissions.revoke({ name: "run" });
}

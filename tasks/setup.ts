/**
 * Makes sure that there is a WebGPU adapter, before the commands that need one.
 *
 * With an adapter it says nothing and takes a fraction of a second. Without one it installs Mesa's Vulkan drivers,
 * one of which runs on the CPU, where apt-get can be run without asking anybody (Linux, as root or with a
 * password-less sudo). COTBAL_NO_INSTALL=1 forbids that. Otherwise it says what to install and exits with 3.
 *
 * @module
 */

import { type AdapterSummary, installAdvice, prepareEnvironment, probeAdapter } from "./lib/adapter.ts";

const PACKAGE = "mesa-vulkan-drivers";
const NO_ADAPTER = 3; // exit code, as in lib/cli.ts; this file imports nothing that would have to be downloaded

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text + "\n"));
}

/** Runs a program to its end, its output on stderr. True when it could be started and left with 0. */
async function runs(program: string, args: string[], output: "inherit" | "null"): Promise<boolean> {
  try {
    const child = new Deno.Command(program, {
      args,
      stdin: "null",
      // The output of an installation is no result of ours: it must not end up in a pipe that reads stdout.
      stdout: output === "inherit" ? "piped" : "null",
      stderr: output,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    }).spawn();
    if (output === "inherit") await child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true });
    return (await child.status).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** The command line that runs apt-get with the rights to install, or why there is none. */
async function installer(): Promise<{ command: string[] } | { reason: string }> {
  if (Deno.env.get("COTBAL_NO_INSTALL") === "1") {
    return { reason: "COTBAL_NO_INSTALL=1 forbids installing one" };
  }
  if (Deno.build.os !== "linux") return { reason: "it can be installed automatically on Linux only" };
  if (!await runs("apt-get", ["--version"], "null")) {
    return { reason: "there is no apt-get to install one with" };
  }
  if (Deno.uid() === 0) return { command: ["apt-get"] };
  if (await runs("sudo", ["-n", "true"], "null")) return { command: ["sudo", "-n", "apt-get"] };
  return { reason: "installing one needs root, or sudo without a password" };
}

async function install(command: string[]): Promise<boolean> {
  const apt = (...args: string[]) => {
    const [program, ...rest] = [...command, "-q", "-o", "DPkg::Lock::Timeout=300", ...args];
    return runs(program!, rest, "inherit");
  };
  // A list of packages that cannot be refreshed may still be good enough to install from.
  if (!await apt("update")) say("setup: apt-get update failed; trying to install all the same");
  return await apt("install", "-y", "--no-install-recommends", PACKAGE);
}

function giveUp(reason: string): never {
  say(`setup: no WebGPU adapter was found, and ${reason}.`);
  for (const line of installAdvice(Deno.build.os)) say(line);
  say("Then run the same command again; `deno task doctor` shows what is found.");
  Deno.exit(NO_ADAPTER);
}

async function setup(): Promise<AdapterSummary> {
  const present = await probeAdapter();
  if (present) return present;
  const how = await installer();
  if ("reason" in how) giveUp(how.reason);
  say(`setup: no WebGPU adapter was found; installing ${PACKAGE}, whose software driver runs on the CPU.`);
  say("setup: (COTBAL_NO_INSTALL=1 forbids this)");
  const installed = await install(how.command);
  const found = await probeAdapter();
  if (found) {
    say(`setup: done, found ${found.description || found.vendor}`);
    return found;
  }
  giveUp(installed ? `installing ${PACKAGE} brought none` : `installing ${PACKAGE} failed (see above)`);
}

if (import.meta.main) {
  prepareEnvironment();
  await setup();
}

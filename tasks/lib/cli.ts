/**
 * What every command line shares: flags, exit codes, ctrl-C, progress.
 *
 * A command is a short file: describe the flags, then do the work with what was parsed.
 *
 * ```ts ignore
 * import { command, integer, list, main } from "./lib/cli.ts";
 *
 * const program = command("scenes", "Write the built-in benchmark to a folder.")
 *   .argument("<folder>", "where to write")
 *   .option("--seed <n>", "seed of the random numbers", integer(0), 0)
 *   .option("--tasks <names>", "tasks, separated by commas", list)
 *   .option("--json", "say what was written as JSON on stdout");
 *
 * await main(program, async (terminal) => {
 *   const [folder] = program.processedArgs; // string
 *   const options = program.opts(); // { seed: number; tasks?: string[]; json?: true }
 *   terminal.resume = `deno task scenes ${folder} --resume`; // said when it is interrupted or fails
 *   const progress = terminal.progress("drawing", 1000);
 *   for (let i = 0; i < 1000; i++) {
 *     terminal.signal.throwIfAborted(); // throws Interrupted after ctrl-C; pass the signal to src/
 *     progress.update(i + 1, "a few words");
 *   }
 *   progress.end("1,000 images"); // "drawing: 1,000 images · 12 s"
 *   if (options.json) terminal.json({ images: 1000 }); // stdout
 *   else terminal.print("1000"); // stdout; terminal.say, .heading, .warn go to stderr
 * });
 * ```
 *
 * A command whose model runs on the GPU passes `{ adapter: true }` as the third argument: without an adapter it
 * then stops with exit code 3 before it begins. Errors of src/errors.ts become exit codes by {@linkcode exitCode}.
 *
 * @module
 */

import { Command, CommanderError, InvalidArgumentError } from "commander";
import { bold, red } from "@std/fmt/colors";
import { AdapterError, InputError, Interrupted, RunError } from "../../src/errors.ts";
import { SPLITS } from "../../src/data/dataset/dataset_files.ts";
import type { GpuOptions } from "../../src/gpu/gpu.ts";
import { workDone } from "../../src/gpu/under_way.ts";
import type { Split } from "../../src/data/types.ts";
import { TUNE_SETTINGS } from "../../src/tune/options/settings.ts";
import { prepareEnvironment } from "./adapter.ts";
import { findAdapter, listAdapters, useAdapter } from "./adapters.ts";
import { Terminal } from "./terminal.ts";

export type { Progress, Terminal } from "./terminal.ts";
export { duration } from "./terminal.ts";

/** How a command may end. */
export const EXIT = {
  done: 0,
  failed: 1,
  input: 2,
  adapter: 3,
  /** `part` alone: the part was finished before. */
  finishedBefore: 4,
  /** `part` alone: another process has it. */
  claimed: 5,
  /** `part` alone: it needs parts that are not finished. */
  notReady: 6,
  interrupted: 130,
} as const;

const EXIT_HELP = `
Exit codes: 0 done, 1 the run failed, 2 wrong usage or bad input, 3 no WebGPU adapter,
            130 interrupted (the last line says how to resume).`;

/**
 * A command with the project's manners: help in colours on a terminal only, wrong usage on stderr.
 *
 * @param name The name of the task in deno.json.
 * @param description One sentence.
 * @returns The command, to which arguments and options are added.
 */
export function command(name: string, description: string): Command {
  return new Command()
    .name(`deno task ${name}`)
    .description(description)
    .exitOverride()
    .configureOutput({
      // Given here, because commander would otherwise ask for environment variables.
      getOutHasColors: () => hasColours(Deno.stdout),
      getErrHasColors: () => hasColours(Deno.stderr),
      outputError: (text, write) =>
        write(hasColours(Deno.stderr) ? text.replace(/^error:/, red("error:")) : text),
    })
    .configureHelp({ styleTitle: bold })
    .helpOption("-h, --help", "show this help")
    .showHelpAfterError(`(deno task ${name} --help lists the options)`)
    .addHelpText("after", EXIT_HELP);
}

/** Whether colours may be written to a stream. */
export function hasColours(stream: { isTerminal(): boolean }): boolean {
  return stream.isTerminal() && !Deno.noColor;
}

/**
 * A parser for an option that takes an integer.
 *
 * @param min The least value.
 * @param max The greatest value.
 * @returns The parser, for commander's `option` and `argument`.
 */
export function integer(min = -Infinity, max = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected an integer${range(min, max)}.`);
    }
    return value;
  };
}

/**
 * A parser for an option that takes a number.
 *
 * @param min The least value.
 * @param max The greatest value.
 * @returns The parser, for commander's `option` and `argument`.
 */
export function number(min = -Infinity, max = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a number${range(min, max)}.`);
    }
    return value;
  };
}

/** A parser of how a model is held on the device, for commander. */
export function storageType(text: string): "f32" | "f16" {
  if (text === "f32" || text === "f16") return text;
  throw new InvalidArgumentError("Expected f32 or f16.");
}

/** One of the ways in which trained parameters are saved, for commander. */
export function saveType(text: string): "f32" | "base" {
  if (text === "f32" || text === "base") return text;
  throw new InvalidArgumentError("Expected f32 or base.");
}

/** What `--whole-pictures` does, for commander. */
export const WHOLE_PICTURES = TUNE_SETTINGS.wholePictures.help;

/** What `--base` does, for commander. */
export const BASE =
  "the base of a LoRA adapter, where it does not lie where the adapter's adapter_config.json says";

/** What `--exif`, `--max-pixels`, `--image-folder` and `--skip-bad` do, for commander. */
export const EXIF = TUNE_SETTINGS.exif.help;
/** The same. */
export const PIXELS = TUNE_SETTINGS.maxPixels.help!;
/** The same. */
export const IMAGE_FOLDER = TUNE_SETTINGS.imageFolder.help;
/** The same. */
export const SKIP_BAD = TUNE_SETTINGS.skipBad.help;

/** A parser of a split's name, for commander. */
export function splitName(text: string): Split {
  const found = SPLITS.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Expected ${SPLITS.join(", ")}.`);
}

function range(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` of at least ${min}`;
  return max < Infinity ? ` of at most ${max}` : "";
}

/**
 * A parser for an option that takes names separated by commas.
 *
 * @param text What was given.
 * @returns The names, none of them empty.
 */
export function list(text: string): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("Expected one or more names, separated by commas.");
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InvalidArgumentError(`Expected every name once, found '${twice}' twice.`);
  }
  return names;
}

/**
 * The exit code that an error stands for.
 *
 * @param error What was thrown.
 * @returns The code.
 */
export function exitCode(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof InputError || error instanceof Deno.errors.NotCapable) return EXIT.input;
  if (error instanceof AdapterError) return EXIT.adapter;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.input;
  return EXIT.failed;
}

/**
 * Parses the arguments, does the work, and leaves with the exit code that fits how it ended.
 *
 * @param program The command with its arguments and options, see {@linkcode command}.
 * @param work The work; the parsed values are in `program.processedArgs` and `program.opts()`. It may return a code of
 * {@linkcode EXIT}.
 * @param options `adapter`: whether the command opens an adapter: it may be chosen by `--adapter` then; `needed`: whether to
 * stop at once where there is none, as is done if left out.
 * @returns Never.
 */
export async function main(
  program: Program,
  work: (terminal: Terminal) => Promise<number | void> | number | void,
  { adapter = false, needed = adapter }: { adapter?: boolean; needed?: boolean } = {},
): Promise<never> {
  prepareEnvironment();
  const controller = new AbortController();
  const terminal = new Terminal(controller.signal);
  try {
    if (adapter) {
      program.option("--adapter <which>", "index or name of an adapter that `deno task doctor` lists");
    }
    program.parse(Deno.args, { from: "user" });
    listen(controller, terminal);
    const { adapter: wanted } = program.opts() as { adapter?: string };
    if (adapter && wanted !== undefined) {
      terminal.adapter = wanted;
      terminal.gpu = await chooseAdapter(wanted);
    }
    if (needed) await needAdapter();
    const code = await work(terminal);
    terminal.clear();
    return await leave(code ?? EXIT.done);
  } catch (error) {
    terminal.clear();
    // The reader of our stdout has seen enough, as `head` does.
    if (error instanceof Deno.errors.BrokenPipe) return await leave(EXIT.done);
    const code = exitCode(error);
    tell(terminal, error, code);
    return await leave(code);
  }
}

/** Seconds that a device at work is waited for: one that hangs keeps nobody. */
const PATIENCE = 10;

/** Leaves when no device is at work, or after a while. */
async function leave(code: number): Promise<never> {
  await Promise.race([workDone(), new Promise((resolve) => setTimeout(resolve, 1000 * PATIENCE))]);
  Deno.exit(code);
}

/** What `main` needs of a command. */
interface Program {
  parse(args: readonly string[], options: { from: "user" }): unknown;
  option(flags: string, description: string): unknown;
  opts(): object;
}

/** Makes an adapter the one that is opened. */
async function chooseAdapter(wanted: string): Promise<GpuOptions> {
  const { driver, powerPreference } = findAdapter(wanted, await listAdapters());
  useAdapter({ driver, powerPreference });
  return { powerPreference };
}

/**
 * Stops where there is no adapter.
 *
 * @throws {AdapterError} If there is none.
 */
export async function needAdapter(): Promise<void> {
  if (await navigator.gpu?.requestAdapter()) return;
  throw new AdapterError("no WebGPU adapter was found; `deno task doctor` says what to install");
}

/**
 * The first signal asks the work to stop at a good place; another one, a second or more later, stops it once no device is
 * at work, and a third waits for none.
 */
function listen(controller: AbortController, terminal: Terminal): void {
  let last: number | undefined, leaving = false;
  const onSignal = () => {
    if (last === undefined) {
      last = performance.now();
      terminal.say("stopping at the next good place; ctrl-C again stops at once");
      controller.abort(new Interrupted("interrupted"));
    } else if (performance.now() - last > 1000) {
      // Not sooner: one ctrl-C arrives twice, from the terminal and from `deno task`.
      if (leaving) Deno.exit(EXIT.interrupted);
      terminal.clear();
      tell(terminal, controller.signal.reason, EXIT.interrupted);
      leaving = true;
      last = performance.now();
      leave(EXIT.interrupted);
    }
  };
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
}

function tell(terminal: Terminal, error: unknown, code: number): void {
  if (error instanceof CommanderError) return; // commander has said it already
  if (code === EXIT.interrupted) {
    terminal.say("interrupted");
  } else if (error instanceof InputError || error instanceof AdapterError || error instanceof RunError) {
    terminal.error(error.message);
    if (error.cause instanceof Error) terminal.say(`caused by: ${error.cause.message}`);
  } else if (error instanceof Deno.errors.NotCapable) {
    terminal.error(
      `expected what this task may do, found that more is asked of it: ${error.message}. A path below /dev, /proc or ` +
        "/sys needs all permissions: choose another",
    );
  } else {
    terminal.error(error instanceof Error ? error.stack ?? error.message : String(error));
  }
  const canResume = code === EXIT.interrupted || code === EXIT.failed;
  if (canResume && terminal.resume !== undefined) terminal.say(`to go on from here: ${terminal.resume}`);
}

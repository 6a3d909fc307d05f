/**
 * How deno.json starts a task's file, for those that start it without a shell.
 *
 * @module
 */

import configuration from "../../deno.json" with { type: "json" };
import { inPackage } from "./package.ts";

/** The path of this very executable, as a command of deno.json asks its shell for it. */
const ITSELF = "$(deno eval 'console.log(Deno.execPath())')";

/**
 * The arguments with which deno runs a task's file: flags of the engine, permissions, the file.
 *
 * @param task The task's name in deno.json.
 * @returns The arguments, to which the task's own are added.
 *
 * @example
 * ```ts
 * import { taskArgs } from "./task_args.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const args = taskArgs("watch");
 * assertEquals(args.slice(0, 2), ["run", "--allow-read"]);
 * assertEquals(args.at(-1)!.endsWith("watch.ts"), true);
 * ```
 */
export function taskArgs(task: keyof typeof configuration.tasks): string[] {
  const { command } = configuration.tasks[task];
  const args = command.slice(command.lastIndexOf("deno run ") + "deno ".length)
    .replaceAll(ITSELF, Deno.execPath()).split(" ");
  const file = args.pop()!;
  return [...args, inPackage(file)];
}

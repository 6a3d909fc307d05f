/**
 * The arguments of a command line that are settings.
 *
 * @module
 */

import type { Setting, Settings } from "../../src/settings.ts";

/**
 * Picks the arguments that give settings, to be given to another command.
 *
 * @param args All arguments.
 * @param settings The definition of the settings.
 * @param others Flags that are taken as well, with what follows them ("" for nothing).
 * @returns Those of the settings, with their values, in their order.
 *
 * @example
 * ```ts
 * import { settingArgs } from "./setting_args.ts";
 * import { TUNE_SETTINGS } from "../../src/tune/options/settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const args = ["runs/a", "--scale", "0.1", "--time", "1:00:00", "--methods=ew", "--dry-run"];
 * assertEquals(settingArgs(args, TUNE_SETTINGS), ["--scale", "0.1", "--methods=ew"]);
 * ```
 */
export function settingArgs<T>(
  args: readonly string[],
  settings: Settings<T>,
  others: readonly (readonly [name: string, takes: string])[] = [],
): string[] {
  const flags = (Object.values(settings) as Setting<unknown>[]).flatMap(({ flag }) => flag ? [flag] : []);
  const takes = new Map([...flags, ...others].map(([name, takes]) => [`--${name}`, takes !== ""]));
  const found: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [name, value] = args[i]!.split("=", 2);
    if (!takes.has(name!)) continue;
    found.push(args[i]!);
    if (takes.get(name!) && value === undefined) found.push(args[++i]!);
  }
  return found;
}

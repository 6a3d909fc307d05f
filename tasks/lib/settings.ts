/**
 * Settings as options of a command line: flags, help and parsers follow their definition.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import type { Setting, Settings } from "../../src/settings.ts";

/** What of a commander `Command` is needed here. */
interface Program {
  option(flags: string, description: string, parse?: (text: string) => unknown): unknown;
  opts(): object;
}

/** The name under which commander keeps a flag's value: "max-tokens" is `maxTokens`. */
function attribute(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Adds a flag for each setting that has one, in the order of the definition.
 *
 * @param program The command.
 * @param settings The definition.
 */
export function addSettings<T>(program: Program, settings: Settings<T>): void {
  for (const { flag, kind, help = "" } of Object.values(settings) as Setting<unknown>[]) {
    if (flag === undefined) continue;
    const [name, takes] = flag;
    if (takes === "") program.option(`--${name}`, help);
    else {
      program.option(`--${name} ${takes}`, help, (text) => {
        const value = kind.parse(text);
        if (value === undefined) throw new InvalidArgumentError(`Expected ${kind.expected}.`);
        return value;
      });
    }
  }
}

/**
 * The values that were given on the command line.
 *
 * @param program The command, parsed.
 * @param settings The definition.
 * @returns Those that were given, by the settings' names.
 */
export function givenSettings<T>(program: Program, settings: Settings<T>): Partial<T> {
  const options = program.opts() as Record<string, unknown>;
  const found: Partial<T> = {};
  for (const name of Object.keys(settings) as (keyof T)[]) {
    const { flag } = settings[name];
    const value = flag && options[attribute(flag[0])];
    if (value !== undefined) found[name] = value as NonNullable<T[keyof T]>;
  }
  return found;
}

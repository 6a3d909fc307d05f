/**
 * Settings as data: one definition from which a command's flag, its help, the check of its value and what a run
 * folder records follow.
 *
 * @module
 */

import { InputError } from "./errors.ts";

/** A kind of value: how it is written on a command line, and which values are good. */
export interface Kind<T> {
  /** What is expected, for messages: "a number above 0". */
  readonly expected: string;
  /**
   * Reads a value from text.
   *
   * @param text What was given.
   * @returns The value, or undefined if the text is none of this kind.
   */
  parse(text: string): T | undefined;
  /**
   * Whether a value can be used. Left out where a check of all settings together says more.
   *
   * @param value The value.
   */
  good?(value: T): boolean;
}

/** A setting. */
export interface Setting<T> {
  /** Its kind. */
  readonly kind: Kind<T>;
  /** Its name on the command line, without dashes, and what follows it: `["lr", "<rate>"]`. Left out: no flag. */
  readonly flag?: readonly [name: string, takes: string];
  /** What it is, with its default, for the help of a command. */
  readonly help?: string;
}

/** A definition of every member of `T`, in the order of the help. */
export type Settings<T> = { readonly [K in keyof T]-?: Setting<NonNullable<T[K]>> };

/** A number: finite, of at least `least`, or above it. */
function numberWhere(expected: string, good: (x: number) => boolean): Kind<number> {
  const finite = (x: number) => Number.isFinite(x) && good(x);
  return {
    expected,
    parse: (text) => {
      const value = Number(text);
      return text.trim() !== "" && finite(value) ? value : undefined;
    },
    good: finite,
  };
}

/** A number above 0. */
export const positive: Kind<number> = numberWhere("a number above 0", (x) => x > 0);

/** A number of 0 or more. */
export const notNegative: Kind<number> = numberWhere("a number of 0 or more", (x) => x >= 0);

/** A whole number of 1 or more. */
export const count: Kind<number> = numberWhere(
  "a whole number of 1 or more",
  (x) => Number.isInteger(x) && x >= 1,
);

/** A share above 0 and up to 1, as a number or as a fraction such as 1/8. */
export const share: Kind<number> = {
  expected: "a share above 0 and up to 1, such as 0.125 or 1/8",
  parse(text) {
    const [above, below, ...rest] = text.split("/").map((part) => part.trim() === "" ? NaN : Number(part));
    const value = below === undefined ? above! : above! / below;
    return rest.length === 0 && this.good!(value) ? value : undefined;
  },
  good: (x) => x > 0 && x <= 1,
};

/** Any text that is not empty: a name or a path, which something else checks. */
export const word: Kind<string> = { expected: "a name", parse: (text) => text === "" ? undefined : text };

/** True where the flag is given; it takes no value. */
export const given: Kind<boolean> = { expected: "nothing", parse: () => true };

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Kind<T> {
  const known = (text: string): text is T => (words as readonly string[]).includes(text);
  return {
    expected: words.length < 3 ? words.join(" or ") : `one of ${words.join(", ")}`,
    // A word that is unknown is told with all other settings, by its flag.
    parse: (text) => text as T,
    good: known,
  };
}

/** Different values of a kind, separated by commas. */
export function listOf<T extends string | number>(kind: Kind<T>, expected: string): Kind<T[]> {
  return {
    expected,
    parse(text) {
      const values = text.split(",").map((each) => each.trim()).filter((each) => each !== "").map(kind.parse);
      const known = values.filter((value) => value !== undefined);
      return known.length > 0 && known.length === values.length && new Set(known).size === known.length
        ? known
        : undefined;
    },
  };
}

/**
 * Checks values one by one.
 *
 * @param settings The definition.
 * @param values Some or all of its values; those left out are not looked at.
 * @throws {InputError} If a value is not good: names the flag, what it expects and what it found.
 *
 * @example
 * ```ts
 * import { checkSettings, count, positive } from "./settings.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const settings = { batch: { kind: count, flag: ["batch", "<n>"] }, rate: { kind: positive } } as const;
 * checkSettings(settings, { batch: 8 });
 * assertThrows(() => checkSettings(settings, { batch: 0.5 }), Error, "--batch: expected a whole number");
 * ```
 */
export function checkSettings<T>(settings: Settings<T>, values: Partial<T>): void {
  for (const name of Object.keys(settings) as (keyof T & string)[]) {
    const value = values[name];
    const { kind, flag } = settings[name];
    if (value === undefined || value === null || kind.good === undefined || kind.good(value)) continue;
    const called = flag === undefined ? name : `--${flag[0]}`;
    const found = typeof value === "string" ? JSON.stringify(value) : String(value);
    throw new InputError(`${called}: expected ${kind.expected}, found ${found}`);
  }
}

/**
 * The members of an object that a definition names.
 *
 * @param settings The definition.
 * @param values An object that has them all, and perhaps more.
 * @returns A new object of these alone.
 */
export function pick<T extends object>(settings: Settings<T>, values: T): T {
  const names = Object.keys(settings) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, values[name]])) as T;
}

/**
 * Numbers as a reader sees them. What is not a finite number is shown as {@linkcode MISSING}, never as NaN.
 *
 * @module
 */

/** Stands where there is no number. */
export const MISSING = "–";

/** A number that may be absent. */
export type Maybe = number | null | undefined;

/** @returns Whether there is a finite number. */
export function known(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * A number with fixed decimals and a true minus sign; a rounded zero has no sign.
 *
 * @param value The number.
 * @param digits Decimals.
 * @returns For example "−0.80", or {@linkcode MISSING}.
 */
export function fixed(value: Maybe, digits = 1): string {
  if (!known(value)) return MISSING;
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/**
 * A difference: like {@linkcode fixed}, with a plus sign where it is above zero.
 *
 * @param value The difference.
 * @param digits Decimals.
 * @returns For example "+1.2", or {@linkcode MISSING}.
 *
 * @example Signs
 * ```ts
 * import { signed } from "./numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([signed(1.25, 2), signed(-3), signed(-0.01), signed(NaN)], ["+1.25", "−3.0", "0.0", "–"]);
 * ```
 */
export function signed(value: Maybe, digits = 1): string {
  const text = fixed(value, digits);
  return known(value) && value > 0 && Number(text) !== 0 ? "+" + text : text;
}

/**
 * A mean with its spread, where it has one.
 *
 * @param mean The mean.
 * @param spread The spread; left out where it is not known.
 * @param digits Decimals.
 * @returns For example "57.3 ± 1.2".
 */
export function plusMinus(mean: Maybe, spread: Maybe, digits = 1): string {
  return known(mean) && known(spread)
    ? `${fixed(mean, digits)} ± ${fixed(spread, digits)}`
    : fixed(mean, digits);
}

/**
 * A difference with its spread, where it has one.
 *
 * @param mean The mean difference.
 * @param spread The spread; left out where it is not known.
 * @param digits Decimals.
 * @returns For example "+1.2 ± 0.8".
 */
export function signedPlusMinus(mean: Maybe, spread: Maybe, digits = 1): string {
  return known(mean) && known(spread)
    ? `${signed(mean, digits)} ± ${fixed(spread, digits)}`
    : signed(mean, digits);
}

/**
 * A number with the ends of its interval, where it has one.
 *
 * @param value The number.
 * @param ends The interval's ends; left out where they are not known.
 * @param show How a number is shown; {@linkcode fixed} unless given.
 * @returns For example "57.3 [54.0, 60.1]".
 *
 * @example A score and a difference
 * ```ts
 * import { signed, withEnds } from "./numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withEnds(57.31, { low: 54, high: 60.07 }), "57.3 [54.0, 60.1]");
 * assertEquals(withEnds(1.2, { low: -0.4, high: 2.8 }, signed), "+1.2 [−0.4, +2.8]");
 * ```
 */
export function withEnds(
  value: Maybe,
  ends: { low: Maybe; high: Maybe } | null | undefined,
  show: (value: Maybe) => string = fixed,
): string {
  if (!known(value) || !known(ends?.low) || !known(ends?.high)) return show(value);
  return `${show(value)} [${show(ends.low)}, ${show(ends.high)}]`;
}

/**
 * A p-value, with two digits that count.
 *
 * @param p From 0 to 1.
 * @returns For example "p = 0.034", "p < 0.001", or {@linkcode MISSING}.
 */
export function pValue(p: Maybe): string {
  if (!known(p)) return MISSING;
  return p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`;
}

/**
 * A whole number with thousands separated.
 *
 * @param value The number.
 * @returns For example "12,340".
 */
export function count(value: Maybe): string {
  if (!known(value)) return MISSING;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A large number in short.
 *
 * @param value The number.
 * @returns For example "1.25 M", "320 k", "87".
 */
export function short(value: Maybe): string {
  if (!known(value)) return MISSING;
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))} ${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}

/**
 * A number with three digits that count.
 *
 * @param value The number.
 * @returns For example "0.0123", "4.50", "127", "12,340".
 */
export function digits(value: Maybe): string {
  if (!known(value)) return MISSING;
  if (Math.abs(value) >= 99.95) return count(value);
  return value === 0 ? "0" : fixed(value, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) * 1.0005))));
}

/**
 * A size in memory.
 *
 * @param value Bytes.
 * @returns For example "12.5 MB", "320 kB", "87 B".
 */
export function bytes(value: Maybe): string {
  if (!known(value)) return MISSING;
  return Math.abs(value) < 1000 ? `${count(value)} B` : `${short(value)}B`;
}

/**
 * A length of time.
 *
 * @param seconds Seconds.
 * @returns For example "0.4 s", "58 s", "4 min 12 s", "2 h 05 min".
 */
export function duration(seconds: Maybe): string {
  if (!known(seconds)) return MISSING;
  if (seconds < 9.95) return `${fixed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/**
 * A count with its noun.
 *
 * @param n The count.
 * @param one The noun for one.
 * @param many The noun for any other count; `one` + "s" unless given.
 * @returns For example "1 seed", "3 seeds".
 */
export function plural(n: number, one: string, many = one + "s"): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * Names in a sentence.
 *
 * @param names The names, in order.
 * @returns For example "a, b and c".
 */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

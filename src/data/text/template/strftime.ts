/**
 * Dates as templates ask for them.
 *
 * @module
 */

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/**
 * A moment in words, as Python's strftime writes it in English.
 *
 * @param moment The moment; local time.
 * @param format Text with %Y, %y, %m, %d, %e, %b, %B, %a, %A, %H, %I, %M, %S, %p, %j and %%; what else follows a % stays.
 * @returns The text.
 *
 * @example A date as Llama 3's template has it
 * ```ts
 * import { strftime } from "./strftime.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(strftime(new Date(2026, 1, 3), "%d %b %Y"), "03 Feb 2026");
 * ```
 */
export function strftime(moment: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [year, month, day, hour] = [
    moment.getFullYear(),
    moment.getMonth(),
    moment.getDate(),
    moment.getHours(),
  ];
  const parts: Record<string, () => string> = {
    Y: () => String(year),
    y: () => two(year % 100),
    m: () => two(month + 1),
    d: () => two(day),
    e: () => String(day).padStart(2, " "),
    b: () => MONTHS[month]!.slice(0, 3),
    B: () => MONTHS[month]!,
    a: () => DAYS[moment.getDay()]!.slice(0, 3),
    A: () => DAYS[moment.getDay()]!,
    H: () => two(hour),
    I: () => two(hour % 12 === 0 ? 12 : hour % 12),
    M: () => two(moment.getMinutes()),
    S: () => two(moment.getSeconds()),
    p: () => hour < 12 ? "AM" : "PM",
    j: () => String(Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 0)) / 864e5)).padStart(3, "0"),
    "%": () => "%",
  };
  return format.replace(/%(.)/gs, (found, letter) => parts[letter]?.() ?? found);
}

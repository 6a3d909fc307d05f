/**
 * Where a report's summary image lies.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";

/** Its name beside report.html. */
export const SUMMARY = "summary.png";

/**
 * The summary image of a report.
 *
 * @param report The report's file.
 * @returns summary.png beside report.html; beside a report of another name, that name and summary.png.
 */
export function summaryFile(report: string): string {
  const name = basename(report).replace(/\.html?$/i, "");
  return join(dirname(report), name === "report" ? SUMMARY : `${name}-${SUMMARY}`);
}

// The README's section on the study, as its records have it.

import { join } from "@std/path";
import { type StudyFigures, studyFigures } from "../../src/study/figures.ts";
import { readRecords } from "../../src/study/run_study.ts";
import { ROOT } from "./_sources.ts";

const HEADING = "### Does balancing pay?";

/** The figures of the study, from the records of this repository. */
export async function today(): Promise<StudyFigures> {
  return studyFigures(await readRecords(join(ROOT, "data", "results", "study")));
}

/** The lines of the README's section that are there. */
export function sectionOf(page: readonly string[]): string[] {
  const [first, last] = placeOf(page);
  return page.slice(first + 2, last - 1);
}

/** The lines of a page with a section in place of the one it has. */
export function withStudySection(page: readonly string[], section: readonly string[]): string[] {
  const [first, last] = placeOf(page);
  return [...page.slice(0, first + 1), "", ...section, "", ...page.slice(last)];
}

/** The section's heading, and the next one. */
function placeOf(page: readonly string[]): [number, number] {
  const first = page.indexOf(HEADING);
  const last = page.findIndex((line, i) => i > first && line.startsWith("#"));
  if (first < 0 || last < 0) throw new Error(`README.md: expected the heading "${HEADING}" and one after it`);
  return [first, last];
}

/**
 * What to know before trusting weights, in sentences.
 *
 * @module
 */

import type { VectorTable } from "./table.ts";
import { WEIGHT_BAND } from "./temperature.ts";

/** A difficulty from here on leaves no room to tell tasks apart. */
const SATURATED = 0.95;

/** A mean contribution beyond this comes from dividing by a small own gain. The paper's largest is 1.67. */
const EXTREME = 3;

/** The highest temperature the paper tries. */
const HIGHEST = 2;

/**
 * Warns of values that are undefined or doubtful.
 *
 * @param names Names of the tasks.
 * @param vectors C_out, C_in and D, one a task.
 * @param said Indices of the tasks whose lack of an own gain is said already.
 * @param lower Which scores are better lower; none without it.
 * @returns One sentence for each.
 */
export function valueWarnings(
  names: readonly string[],
  vectors: Pick<VectorTable, "contributionOut" | "contributionIn" | "difficulty">,
  said: ReadonlySet<number>,
  lower: readonly boolean[] = [],
): string[] {
  const warnings: string[] = [];
  names.forEach((name, i) => {
    for (
      const [label, values] of [["C_out", vectors.contributionOut], ["C_in", vectors.contributionIn]] as const
    ) {
      const value = values[i]!;
      if (value === null && names.length > 1) {
        warnings.push(`${name}: ${label} is undefined; the task gets weight 1 in that part.`);
      } else if (value !== null && Math.abs(value) > EXTREME) {
        warnings.push(
          `${name}: ${label} is ${
            showNumber(value)
          }, which comes from dividing by a small own gain and is mostly noise; ` +
            `a least gain or more seeds would help.`,
        );
      }
    }
    const d = vectors.difficulty[i]!;
    if (d === null) {
      warnings.push(
        `${name}: the difficulty is undefined, since ${
          lower[i]
            ? "the mini subset's score is not above zero (or the large subset's not below its floor)"
            : "the large subset's score is not above zero (or its floor)"
        }; ` +
          `the task gets weight 1 in that part.`,
      );
    } else if (d >= SATURATED) {
      warnings.push(
        `${name}: the difficulty is ${showNumber(d)}: the mini subset teaches next to nothing${
          lower[i] ? " beside the large one" : ""
        }, so hard and starved tasks ` +
          `look the same; a larger mini subset would help.`,
      );
    } else if (d < 0 && !said.has(i)) {
      warnings.push(
        `${name}: the difficulty is ${showNumber(d)}: the mini subset scores better than the large one.`,
      );
    }
  });
  return warnings;
}

/**
 * Warns of weights outside the paper's band, and of a temperature that had to be extreme to keep them in it.
 *
 * @param names Names of the tasks.
 * @param lambda Their weights.
 * @param T The temperature.
 * @param auto Whether T was chosen so that the weights keep the band.
 * @returns One sentence for each.
 */
export function bandWarnings(
  names: readonly string[],
  lambda: readonly number[],
  T: number,
  auto: boolean,
): string[] {
  const warnings = names.flatMap((name, i) => {
    const w = lambda[i]!;
    if (w >= WEIGHT_BAND[0] - 1e-9 && w <= WEIGHT_BAND[1] + 1e-9) return [];
    return [
      `${name}: the weight ${showNumber(w)} is outside the band [${
        WEIGHT_BAND.join(", ")
      }]; a higher temperature would mend it.`,
    ];
  });
  if (auto && T > HIGHEST) {
    warnings.push(
      `the band [${WEIGHT_BAND.join(", ")}] needs the temperature ${
        showNumber(T)
      }, beyond the paper's highest (${HIGHEST}): ` +
        `one extreme value flattens all others.`,
    );
  }
  return warnings;
}

/**
 * Says that a weight is fixed.
 *
 * @param name Name of the task.
 * @param weight Its weight.
 * @param added Whether the table does not know the task.
 * @returns The sentence.
 */
export function fixedWarning(name: string, weight: number, added = false): string {
  const why = added ? "it is not in the table and was added; " : "";
  return `${name}: ${why}the weight is fixed at ${weight}, outside the balancing.`;
}

/**
 * Says that a task has no say in the score of its group.
 *
 * @param name Name of the task.
 * @param group Name of the group.
 * @param why Its score and what it lacks.
 * @returns The sentence.
 */
export function leftOutWarning(name: string, group: string, why: string): string {
  return `${name}: ${why}: it is left out of the score of its group ${group}.`;
}

/**
 * A number as warnings say it.
 *
 * @param x The number.
 * @returns It, with four significant digits at most.
 */
export function showNumber(x: number): string {
  return String(Number(x.toPrecision(4)));
}

/**
 * What noise did to the values, in sentences.
 *
 * @module
 */

import { fixedWarning, leftOutWarning, showNumber } from "../warnings.ts";
import type { NoiseMeasure } from "./measure.ts";
import { CLEAR } from "./measure.ts";
import type { PointTable } from "./points.ts";

/**
 * Names every value that was left undefined because of noise, and what else to know before trusting the weights.
 *
 * @param table The points.
 * @param measured What was measured.
 * @param temperature T as used.
 * @param least The lowest T that was allowed.
 * @returns One sentence for each.
 */
export function noiseWarnings(
  table: PointTable,
  measured: NoiseMeasure,
  temperature: number,
  least: number,
): string[] {
  const warnings: string[] = [];
  if (table.draws === 1) {
    warnings.push(
      "The probes were tuned once: standard errors know of the questions alone, not of the luck of subsets and order. " +
        "Three draws (--probe-seeds 3) or more would show it.",
    );
  }
  if (!table.blank) warnings.push("No model was asked with blank images: the difficulties count from 0.");
  const { mini, blank } = measured.joined;
  const error = (x: number) => Number.isFinite(x) ? showNumber(x) : "unknown (one question)";
  table.units.forEach(({ name: task }, j) => {
    for (const { j: member, own, error: of } of measured.leftOut[j]!) {
      warnings.push(leftOutWarning(
        table.tasks[member]!,
        task,
        `V(own + mini) is ${showNumber(own)} with a standard error of ${
          error(of)
        }, not above ${CLEAR} of them`,
      ));
    }
    if (table.units.length > 1 && measured.raw.every((row) => row[j] === null)) {
      warnings.push(
        `${task}: its own gain is ${showNumber(measured.ownGain[j]!)} points with a standard error of ` +
          `${error(measured.ownGainError[j]!)}, not above ${CLEAR} of them: ` +
          "the contributions into it are undefined and left out of the means.",
      );
    }
    if (measured.rawDifficulty[j] === null) {
      warnings.push(
        `${task}: with its own data it scores ${
          showNumber(measured.learnt[j]!)
        } points above blank images, with a ` +
          `standard error of ${
            error(measured.learntError[j]!)
          }, not above ${CLEAR} of them: its difficulty is undefined; the task gets weight 1 in that part.`,
      );
    } else if (blank !== undefined && mini[j]! < blank[j]!) {
      warnings.push(
        `${task}: V(mini) is ${showNumber(mini[j]!)}, below the ${showNumber(blank[j]!)} of blank images, ` +
          "and counts as that.",
      );
    }
  });
  for (const [task, weight] of Object.entries(table.fixed)) warnings.push(fixedWarning(task, weight));
  if (temperature > least) {
    warnings.push(
      `The temperature was raised from ${showNumber(least)} to ${showNumber(temperature)}, ` +
        "the lowest that keeps every weight in the band.",
    );
  }
  return warnings;
}

/**
 * Mixing weights, as asked for and as used.
 *
 * @module
 */

import { methodById } from "../../balance/methods/registry.ts";
import { mixQuotas, normalised, temperatureShares } from "../../data/draw/mix.ts";
import { InputError } from "../../errors.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import type { TuneOptions } from "./settings.ts";

/** What a run records of its mixing weights: nothing where tasks are drawn by their sizes. */
export type Mixing = Pick<ResolvedOptions, "mix" | "mixTemperature">;

/**
 * Checks mixing weights against the tasks and makes shares of them.
 *
 * @param options What the user asks.
 * @param tasks Names of the tasks.
 * @param sizes Training conversations of each.
 * @param methods Ids of the methods.
 * @param notes Gets a sentence on what is drawn.
 * @returns What is used.
 * @throws {InputError} If a task has no weight, a weight belongs to no task, or a share is too small to be drawn at all.
 */
export function mixing(
  { mix, mixTemperature }: Pick<TuneOptions, "mix" | "mixTemperature">,
  tasks: readonly string[],
  sizes: readonly number[],
  methods: readonly string[],
  notes: string[],
): Mixing {
  if (methods.some((id) => methodById(id).samples)) {
    notes.push(
      "Methods that draw tasks by their weights take as many steps as the others; their tokens all weigh 1.",
    );
  }
  if (mix === undefined && mixTemperature === undefined) return {};
  if (mix !== undefined) {
    const absent = tasks.find((task) => !Object.hasOwn(mix, task));
    const unknown = Object.keys(mix).find((task) => !tasks.includes(task));
    if (absent !== undefined || unknown !== undefined) {
      throw new InputError(
        `--mix: expected a weight for each of ${tasks.join(", ")}, found ` +
          `${absent !== undefined ? `none for ${absent}` : `one for ${unknown}`}`,
      );
    }
  }
  const shares = mix !== undefined
    ? normalised(tasks.map((task) => mix[task]!))
    : temperatureShares(sizes, mixTemperature!);
  const quotas = mixQuotas(sizes, shares, tasks);
  const total = sizes.reduce((a, b) => a + b, 0);
  const percent = (x: number) => `${(100 * x).toFixed(1)}%`;
  const each = tasks.map((task, i) =>
    `${task} ${percent(quotas[i]! / total)} for ${percent(sizes[i]! / total)} (${
      (quotas[i]! / sizes[i]!).toFixed(2)
    } times a pass)`
  );
  notes.push(
    `Tunings on all tasks draw ${
      each.join(", ")
    }. Their steps stay as many as without mixing weights. Probes, and models ` +
      "of a single task, are drawn by the sizes: contributions and difficulties compare subsets drawn at one rate.",
  );
  return {
    mix: Object.fromEntries(tasks.map((task, i) => [task, shares[i]!])),
    ...(mixTemperature !== undefined && { mixTemperature }),
  };
}

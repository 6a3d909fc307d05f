/**
 * Groups, fixed weights and kinds of probes, as asked for and as used.
 *
 * @module
 */

import { METHODS, methodsWithProbes } from "../../balance/methods/registry.ts";
import { balancedUnits } from "../../balance/cotbal/units.ts";
import { InputError } from "../../errors.ts";
import type { ResolvedOptions } from "../../run/records/run_info.ts";
import type { TuneOptions } from "./settings.ts";

/** What a run records of these: nothing where nothing but the paper's way was asked for. */
export type BalanceSettings = Pick<ResolvedOptions, "groups" | "fixed" | "probes">;

/**
 * Checks groups, fixed weights and the kind of probes against tasks and methods.
 *
 * @param options What the user asks.
 * @param tasks Names of the tasks.
 * @param methods Ids of the methods.
 * @param notes Gets a sentence for each thing worth knowing.
 * @returns What is used.
 * @throws {InputError} If a task is not there or stands in two places, no method of the run heeds what was asked, or
 * fewer than two tasks or groups are left to balance.
 */
export function balanceSettings(
  options: Pick<TuneOptions, keyof BalanceSettings>,
  tasks: readonly string[],
  methods: readonly string[],
  notes: string[],
): BalanceSettings {
  const { groups = {}, fixed = {}, probes = "full" } = options;
  const settings: BalanceSettings = {
    ...(Object.keys(groups).length > 0 && { groups }),
    ...(Object.keys(fixed).length > 0 && { fixed }),
    ...(probes !== "full" && { probes }),
  };
  const units = balancedUnits(tasks, settings);
  const probed = methodsWithProbes(methods);
  for (const name of ["groups", "probes"] as const) {
    if (settings[name] === undefined || probed.length > 0) continue;
    const heeding = METHODS.filter(({ needs }) => needs === "probes").map(({ id }) => id).join(", ");
    throw new InputError(
      `--${name}: expected a method with probes (${heeding}), found ${methods.join(", ")}`,
    );
  }
  if (probed.length > 0 && tasks.length > 1 && units.length < 2) {
    throw new InputError(
      `--methods ${probed[0]!.id}: expected two or more tasks or groups to balance, found ${units.length} ` +
        `beside --groups and --fixed (${units.map(({ name }) => name).join(", ") || "none"})`,
    );
  }
  for (const { name, tasks } of units) {
    if (Object.hasOwn(groups, name)) {
      notes.push(`${tasks.join(", ")} are balanced as one group, ${name}: one probe, one weight.`);
    }
  }
  for (const [name, weight] of Object.entries(fixed)) {
    notes.push(
      `${name} has the fixed weight ${weight} under every method, outside the balancing: no probe of its own` +
        `${
          probed.length > 0
            ? "; its rows of the validation tables repeat the scores without more of its data"
            : ""
        }.`,
    );
  }
  return settings;
}

/**
 * What is balanced: single tasks, and groups of tasks that share one weight.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** Tasks that are balanced as one. */
export interface Unit {
  /** Name of the group, or of its one task. */
  name: string;
  /** Its tasks, in the order of the run. */
  tasks: string[];
}

/**
 * The units that are balanced, in the order of their first tasks.
 *
 * @param tasks Names of the tasks.
 * @param settings Groups (name -> tasks), and tasks with fixed weights, which are in no unit.
 * @returns One unit a group, and one for each task that is in none.
 * @throws {InputError} If a name is not a task, stands in two places, or a weight is not above 0.
 *
 * @example
 * ```ts
 * import { balancedUnits } from "./units.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tasks = ["vqa", "chart", "gqa", "chat"];
 * assertEquals(balancedUnits(tasks, { groups: { questions: ["vqa", "gqa"] }, fixed: { chat: 1 } }), [
 *   { name: "questions", tasks: ["vqa", "gqa"] },
 *   { name: "chart", tasks: ["chart"] },
 * ]);
 * ```
 */
export function balancedUnits(
  tasks: readonly string[],
  { groups = {}, fixed = {} }: {
    groups?: Readonly<Record<string, readonly string[]>>;
    fixed?: Readonly<Record<string, number>>;
  },
): Unit[] {
  const known = (flag: string, name: string) => {
    if (!tasks.includes(name)) {
      throw new InputError(`${flag}: expected some of ${tasks.join(", ")}, found ${JSON.stringify(name)}`);
    }
  };
  for (const [name, weight] of Object.entries(fixed)) {
    known("--fixed", name);
    if (!(weight > 0) || !Number.isFinite(weight)) {
      throw new InputError(`--fixed: expected a weight above 0 for ${name}, found ${weight}`);
    }
  }
  const groupOf = new Map<string, string>();
  for (const [group, members] of Object.entries(groups)) {
    if (members.length === 0) {
      throw new InputError(`--groups: expected tasks in ${JSON.stringify(group)}, found none`);
    }
    for (const name of members) {
      known("--groups", name);
      if (groupOf.has(name)) {
        throw new InputError(
          `--groups: expected ${name} once, found it in ${groupOf.get(name)} and ${group}`,
        );
      }
      if (Object.hasOwn(fixed, name)) {
        throw new InputError(
          `--groups: expected tasks that are balanced, found ${name}, which --fixed names`,
        );
      }
      groupOf.set(name, group);
    }
  }
  const units = new Map<string, Unit>();
  for (const task of tasks) {
    if (Object.hasOwn(fixed, task)) continue;
    const name = groupOf.get(task) ?? task;
    if (!groupOf.has(task) && Object.hasOwn(groups, task)) {
      throw new InputError(
        `--groups: expected names that no other task has, found ${task}, a task outside that group`,
      );
    }
    const unit = units.get(name) ?? { name, tasks: [] };
    unit.tasks.push(task);
    units.set(name, unit);
  }
  return [...units.values()];
}

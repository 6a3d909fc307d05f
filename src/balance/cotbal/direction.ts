/**
 * Scores of which less is better: losses, error rates.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { difficulties } from "./difficulty.ts";

/**
 * The names of the tasks whose scores are better lower, checked.
 *
 * @param names The names, in any order.
 * @param tasks The table's tasks.
 * @param where Where the names come from, for messages.
 * @returns The names in the order of the tasks.
 * @throws {InputError} If a name is no task's, or there twice.
 *
 * @example
 * ```ts
 * import { checkLower } from "./direction.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(checkLower(["wer", "loss"], ["loss", "vqa", "wer"], "scores.json"), ["loss", "wer"]);
 * ```
 */
export function checkLower(names: readonly string[], tasks: readonly string[], where: string): string[] {
  for (const [k, name] of names.entries()) {
    if (!tasks.includes(name)) {
      throw new InputError(
        `${where}: expected names of the table's tasks (${tasks.join(", ")}), ` +
          `found ${JSON.stringify(name)}`,
      );
    }
    if (names.indexOf(name) !== k) {
      throw new InputError(`${where}: expected every name once, found ${name} again`);
    }
  }
  return tasks.filter((task) => names.includes(task));
}

/**
 * Scores so turned that higher is better: V, or −V where lower is better.
 *
 * Contributions (3) are made of differences alone, and the sign stands above and below the line: turning it changes no
 * contribution, only which own gains count as gains. Least gains stay positive numbers in the score's own units.
 *
 * @param scores V_j, one a task.
 * @param lower Which scores are better lower, one a task.
 * @returns ±V_j.
 *
 * @example
 * ```ts
 * import { turned } from "./direction.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(turned([40, 2.5], [false, true]), [40, -2.5]);
 * ```
 */
export function turned(scores: readonly number[], lower: readonly boolean[]): number[] {
  return scores.map((score, j) => lower[j] ? -score : score);
}

/**
 * Intra-task difficulty (6) for scores of either direction.
 *
 * ```
 * D[i] = 1 − V_i(mini) / V_i(i+mini)                        higher is better (6)
 * D[i] = 1 − V_i(i+mini) / V_i(mini)                        lower is better
 * D[i] = 1 − (f_i − V_i(mini)) / (f_i − V_i(i+mini))        lower is better, with a floor f_i
 * ```
 *
 * The paper only knows scores that are better higher. Equation (6) is a ratio, and a ratio needs a score whose zero
 * means "nothing": turning the sign, which is enough for (3), would make D negative where data help. Of a score e that
 * is better lower, such as a loss, 1/e is such a score (zero at an endless loss), and (6) of 1/e is the second line: the
 * share of the mini model's error that the large subset takes away, 0 where it takes nothing, 1 where no error is left.
 * Like (6) it does not change with the unit of the score. It is undefined where V_i(mini) is not above 0.
 *
 * A floor says where nothing is learnt: an error f_i, such as the untuned model's. How far a model gets below it,
 * f − e, is a score that is better higher and zero at the floor, and (6) of it is the third line, which is also what
 * turning the sign of everything gives. It is undefined where V_i(i+mini) is not below the floor; a V_i(mini) above the
 * floor counts as the floor.
 *
 * The second line is not on the scale of the first: the accuracies 80 and 90 give D = 0.11, the error rates 20 and 10,
 * which say the same, D = 0.5. With a floor both give the same: (floor 0, and floor 100) 0.11.
 *
 * @param mini V_i(mini), one score a task.
 * @param plus V_i(i+mini), one score a task.
 * @param lower Which scores are better lower, one a task.
 * @param floor f_i, one score a task.
 * @returns One difficulty a task; `null` where it is undefined.
 * @throws {InputError} If the numbers of scores differ.
 *
 * @example Two accuracies, a loss, a loss with its floor
 * ```ts
 * import { directedDifficulties } from "./direction.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(directedDifficulties([30, 2], [40, 0.5], [false, true]), [0.25, 0.75]);
 * assertEquals(directedDifficulties([30, 2], [40, 1], [false, true], [0, 3]), [0.25, 0.5]);
 * ```
 */
export function directedDifficulties(
  mini: readonly number[],
  plus: readonly number[],
  lower: readonly boolean[],
  floor?: readonly number[],
): (number | null)[] {
  if (floor !== undefined) {
    return difficulties(turned(mini, lower), turned(plus, lower), turned(floor, lower));
  }
  const swap = (a: readonly number[], b: readonly number[]) => a.map((score, i) => lower[i] ? b[i]! : score);
  return plus.length === mini.length
    ? difficulties(swap(mini, plus), swap(plus, mini))
    : difficulties(mini, plus);
}

/**
 * What to know about scores that are better lower, in sentences.
 *
 * @param tasks Names of the tasks that are balanced.
 * @param lower Which of their scores are better lower.
 * @param floor Whether they have floors.
 * @returns One sentence, where tasks of both directions stand side by side without floors; else none.
 */
export function directionWarnings(
  tasks: readonly string[],
  lower: readonly boolean[],
  floor: boolean,
): string[] {
  const down = tasks.filter((_, i) => lower[i]);
  if (floor || down.length === 0 || down.length === tasks.length) return [];
  return [
    `${
      down.join(", ")
    }: lower is better, and the difficulty is 1 − V(i+mini)/V(mini), the share of the error that ` +
    `is taken away; the other tasks' 1 − V(mini)/V(i+mini) is not on that scale. Floors put all on one.`,
  ];
}

/**
 * What a task scores by chance.
 *
 * @module
 */

import { ciderOfOthers } from "../metrics/cider.ts";
import { score, type ScoredItem } from "../metrics/score.ts";
import type { SceneTask } from "./templates.ts";

/** The score that chance gives. */
export interface ChanceScores {
  /** Points (0-100; CIDEr times 10) over all questions. */
  points: number;
  /** Points a template. Absent for CIDEr, which only a whole set has. */
  templates: Record<string, number>;
}

/**
 * The score of an answer drawn evenly from the answers that a template has: one over their number, known beforehand.
 * Where the answer is open (captions, boxes, whole signs) it is the score of a true answer to another question of
 * the set: the answers moved on by one, by two, and so on, at most 50 times, and averaged.
 *
 * @param task The task.
 * @param turns The questions and answers that are scored: a split of the task.
 * @returns The points of the whole set and of every template.
 *
 * @example Two sizes
 * ```ts
 * import { chanceScores } from "./chance.ts";
 * import { vqa } from "./tasks/vqa.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chanceScores(vqa, [{ answer: "small", template: "size-of-object" }]).points, 50);
 * ```
 */
export function chanceScores(
  task: SceneTask,
  turns: readonly { answer: string; template: string }[],
): ChanceScores {
  if (task.metric === "cider") return { points: byOthers(task, turns), templates: {} };
  const templates: Record<string, number> = {};
  let sum = 0;
  for (const { name, keys } of task.templates) {
    const own = turns.filter(({ template }) => template === name);
    if (own.length === 0) continue;
    const points = keys.length > 0 ? 100 / keys.length : byOthers(task, own);
    templates[name] = points;
    sum += points * own.length;
  }
  return { points: turns.length === 0 ? 0 : sum / turns.length, templates };
}

/** The mean score of the other questions' answers. */
function byOthers(task: SceneTask, turns: readonly { answer: string }[]): number {
  const n = turns.length;
  const rounds = Math.min(50, n - 1);
  let sum = 0;
  if (task.metric === "cider" && rounds > 0) {
    const shifts = Array.from({ length: rounds }, (_, k) => k + 1);
    for (const found of ciderOfOthers(turns.map(({ answer }) => answer), shifts)) sum += 10 * found;
    return sum / rounds;
  }
  for (let shift = 1; shift <= rounds; shift++) {
    const items: ScoredItem[] = turns.map(({ answer }, i) => ({
      prediction: turns[(i + shift) % n]!.answer,
      truth: answer,
    }));
    sum += score(task.metric, items).points;
  }
  return rounds < 1 ? 0 : sum / rounds;
}

/**
 * Regret: more weight to tasks that equal weights leave behind what they reach alone.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { constantWeights } from "../constant.ts";
import { meanOf } from "../search/trial.ts";
import { scoreEqual } from "./ew.ts";
import type { TaskWeights, WeightingMethod } from "./method.ts";
import { seedOfDraw, shareOfEvery } from "./plan_builder.ts";
import { byTask } from "./probes.ts";
import { tunedAlone } from "./stl.ts";

/** Where a run keeps what follows, in the folder of each seed and, of several together, above them. */
export const REGRET_FILE = "regret.json";

/** Points of regret that weigh as much as the task itself: ours. */
const POINTS = 10;

/** What a score may be off: the largest standard deviation that points between 0 and 100 can have. */
const LARGEST_DEVIATION = 50;

/** regret.json: the weights, and what they follow from. */
export interface RegretReport extends TaskWeights {
  /** A_j: validation score of the model of task j alone, in points, one a task; with several seeds their mean. */
  alone: number[];
  /** E_j: that of the model tuned on all tasks with equal weights. */
  together: number[];
  /** E'_j: that of a second such model; null where there is none, left out in files of before there was one. */
  again?: number[] | null;
  /** m_j: how far A_j must be above both to count. */
  margin: number[];
  /** r_j = max(0, A_j − max(E_j, E'_j) − m_j); with several seeds of the means of A_j and of max(E_j, E'_j). */
  regret: number[];
}

/** What was scored with one seed. */
export interface RegretTable {
  /** Names of the tasks. */
  tasks: string[];
  /** A_j, one a task; null where it was not scored. */
  alone: (number | null)[];
  /** E_j, one a task. */
  together: (number | null)[];
  /** E'_j, one a task; left out where equal weights were tuned once. Counts where every table has it. */
  again?: (number | null)[] | null;
  /** Validation questions, one number a task. */
  questions: number[];
}

/**
 * Regret: the further equal weights leave a task behind a model of its own, the more it weighs.
 *
 * ```
 * r_j = max(0, A_j − B_j − m_j)      B_j = max(E_j, E'_j)      m_j = 2 · √(2 · 50² / (n_j · S))
 * λ_j = N · f_j / Σ_i f_i            f_j = 1 + r_j / 10
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | A_j | validation score of the model of task j alone (STL's, shared with it), in points |
 * | E_j | that of the model tuned on all tasks with equal weights (EW's, shared with it) |
 * | E'_j | that of a second one, which reads the same samples in another order |
 * | n_j, S | validation questions of task j; seeds |
 * | m_j | two standard errors of the difference from the choice of questions, as large as points of 0 to 100 can make them |
 * | N | number of tasks |
 *
 * A task that tuning on all of them serves as well as tuning on it alone has no regret, whatever its score: hard tasks
 * stay as they are. Where no task has any, λ = 1, and the method is EW to the bit: it costs its measurements (N tunings
 * that read together what EW reads, a second EW, and N + 2 validations) and moves nothing. Ten points more count as much
 * as the task itself, so that λ_j / λ_i is at most 11: both numbers are ours, chosen before the method was run.
 *
 * m_j knows of the questions alone, not of what another training would do. A task that is learnt all at once, such as
 * reading in the built-in default mixture, may be learnt late by one EW and not by another: so there are two, and a task
 * is left behind where both leave it. Limits: both may have bad luck; several seeds show that (a run's regret.json above
 * its seeds', or several tables).
 *
 * Source: the excess over a reference model, clipped at 0, is what DoReMi (arXiv 2305.10429) gives weight to, there by
 * losses of documents, step by step in a small proxy; here by validation scores, once, with STL as the reference. Not
 * from CoTBal's paper.
 */
export const regret: WeightingMethod = {
  id: "regret",
  name: "Regret",
  text: "A task weighs the more, the further equal weights leave it behind a model of its own.",
  formula: "λ_j ∝ 1 + max(0, A_j − B_j − m_j) / 10",
  symbols:
    "A_j: validation score of task j tuned alone; B_j: the better one of two models on all tasks with equal weights; " +
    "m_j: two standard errors",
  source: "ours, after the excess of DoReMi, arXiv 2305.10429",
  needs: "own models",
  constant: true,
  look: { color: "purple", mark: "square", dash: "solid" },
  balancer({ weights }) {
    if (weights === undefined) throw new InputError("regret: expected weights, one a task, found none");
    return constantWeights(regret.id, weights);
  },
  measure(plan) {
    const { scores: together } = scoreEqual(plan);
    const again = plan.tune({
      folder: "probes/equal-again",
      data: shareOfEvery(plan.tasks, "all"),
      split: "val",
      drawSeed: seedOfDraw(plan, 2),
    });
    const alone = plan.tasks.map((task) => {
      const model = tunedAlone(plan, task);
      plan.tune({ ...model, keep: true });
      const folder = `probes/regret/${plan.folderOf(task)}`;
      return plan.score({ model: model.folder, folder, split: "val", tasks: [task] });
    });
    return plan.weigh({
      method: regret.id,
      folder: "probes/regret",
      scores: { alone: byTask(plan, alone), together, again },
      table: "regret-scores.json",
      weights: REGRET_FILE,
    });
  },
  weigh(tables): RegretReport {
    return regretWeights(tables as readonly RegretTable[]);
  },
};

/**
 * The weights of {@linkcode regret}.
 *
 * @param tables What was scored, a table a seed.
 * @returns The weights and what they follow from.
 * @throws {InputError} If there is no table, tables are of other tasks or questions, or a score is not a finite number.
 *
 * @example One of two tasks starves
 * ```ts
 * import { regretWeights } from "./regret.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = {
 *   tasks: ["vqa", "ocr"],
 *   alone: [60, 50],
 *   together: [65, 20],
 *   again: [63, 18],
 *   questions: [200, 200],
 * };
 * const { regret, lambda } = regretWeights([table]);
 * assertEquals(regret, [0, 20]); // 30 points, 10 of which may be the choice of questions
 * assertEquals(lambda, [0.5, 1.5]);
 * ```
 */
export function regretWeights(tables: readonly RegretTable[]): RegretReport {
  checkTables(tables);
  const { tasks, questions } = tables[0]!;
  const mean = (of: (table: RegretTable, j: number) => number) =>
    tasks.map((_, j) => meanOf(tables.map((table) => of(table, j))));
  const alone = mean((table, j) => table.alone[j]!);
  const together = mean((table, j) => table.together[j]!);
  const twice = tables.every(({ again }) => again);
  const again = twice ? mean((table, j) => table.again![j]!) : null;
  const best = mean((table, j) => Math.max(table.together[j]!, twice ? table.again![j]! : -Infinity));
  const margin = questions.map((n) => 2 * Math.sqrt(2 * LARGEST_DEVIATION ** 2 / (n * tables.length)));
  const regrets = tasks.map((_, j) => Math.max(0, alone[j]! - best[j]! - margin[j]!));
  const factors = regrets.map((r) => 1 + r / POINTS);
  const sum = factors.reduce((a, b) => a + b, 0);
  const lambda = factors.map((f) => tasks.length * f / sum);
  const warnings = [
    ...(twice || tables.every(({ again }) => !again) ? [] : [
      "regret: some seeds were scored with one tuning by equal weights and others with two; the first one counts for all.",
    ]),
    ...(regrets.some((r) => r > 0) ? [] : [
      "regret: no task does clearly better alone than on all tasks with equal weights, so all weights are 1: this is EW.",
    ]),
    ...([...alone, ...best].some((x) => x > 1) ? [] : [
      "regret: no score is above 1 of 100 points; shares, such as an accuracy of 0.62, have to be multiplied by 100.",
    ]),
  ];
  return { tasks: [...tasks], lambda, warnings, alone, together, again, margin, regret: regrets };
}

function checkTables(tables: readonly RegretTable[]): void {
  const first = tables[0];
  if (first === undefined) throw new InputError("regret: expected a table or more, found none");
  for (const [k, { tasks, alone, together, again, questions }] of tables.entries()) {
    const where = tables.length === 1 ? "regret" : `regret, table ${k + 1}`;
    if (tasks.join() !== first.tasks.join()) {
      throw new InputError(
        `${where}: expected the tasks ${first.tasks.join(", ")}, found ${tasks.join(", ")}`,
      );
    }
    for (const [j, task] of tasks.entries()) {
      const scores: [string, number | null | undefined][] = [
        ["alone", alone[j]],
        ["together", together[j]],
        ...(again ? [["again", again[j]] as [string, number | null | undefined]] : []),
      ];
      for (const [name, score] of scores) {
        if (Number.isFinite(score)) continue;
        throw new InputError(
          `${where}: expected a validation score of ${task}, ${name}, in points, found ${score ?? "none"}`,
        );
      }
      const n = questions[j];
      if (Number.isInteger(n) && n! > 0 && n === first.questions[j]) continue;
      throw new InputError(
        `${where}: expected how many questions of ${task} were asked, ` +
          `${k === 0 ? "an integer above 0" : `${first.questions[j]} as in the first table`}, found ${
            n ?? "none"
          }`,
      );
    }
  }
}

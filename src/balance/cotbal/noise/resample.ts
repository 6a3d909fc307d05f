/**
 * Scores as other questions and other draws might have given them: a bootstrap.
 *
 * @module
 */

import { Random } from "../../../random.ts";
import { drawLuck } from "./luck.ts";
import { balancedPoints, ownModels, type PointTable } from "./points.ts";

/** V of the probes: means of points. */
export interface ProbeScores {
  /** V_j(mini). */
  mini: number[];
  /** Row i: V_j(i+mini); the same row for the tasks of a group, V_j(mini) where the weight of i is fixed. */
  plus: number[][];
  /** V_j of the mini probe with blank images; undefined where it was not asked. */
  blank?: number[];
}

/**
 * The scores themselves: means over questions and draws.
 *
 * @param table The points.
 * @returns V.
 *
 * @example
 * ```ts
 * import { pointTable } from "./points.ts";
 * import { meanScores } from "./resample.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draw = { mini: [[0, 100]], plus: [[[100, 100]]] };
 * assertEquals(meanScores(pointTable(["vqa"], [draw])), { mini: [50], plus: [[100]] });
 * ```
 */
export function meanScores(table: PointTable): ProbeScores {
  return scoresOf(table, (j, x) => {
    const draws = table.columns[j]![x]!;
    return draws.reduce((sum, points) => sum + points.reduce((a, b) => a + b, 0) / points.length, 0) /
      draws.length;
  });
}

/**
 * Draws replicates of the scores.
 *
 * ```
 * V*_j(x) = mean over q* of s_j·q*(x)  +  move_jx
 * ```
 *
 * | symbol | meaning |
 * |---|---|
 * | q* | Q_j questions drawn with replacement, the same for every model x: their answers stay pairs |
 * | s_j·q(x) | points of question q by model x, mean over the n draws |
 * | move_jx | an error as the luck of n draws makes it, over all tasks and models at once, see {@linkcode drawLuck} |
 *
 * The first term is the bootstrap over questions (B. Efron, Ann. Stat. 7 (1979), 1-26). Draws are too few to be drawn
 * again; the second term has their variances and correlations instead, as all cells together tell them
 * ({@linkcode estimateLuck}). With one draw it is 0, and the replicates know of the questions alone.
 *
 * Points of CIDEr-D depend on word frequencies of the whole set: these are held as they are.
 *
 * @param table The points.
 * @param replicates How many.
 * @param seed Decides what is drawn. What is drawn for a task depends on its name, not on its place.
 * @returns One set of scores after the other.
 *
 * @example
 * ```ts
 * import { pointTable } from "./points.ts";
 * import { resampleScores } from "./resample.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draw = { mini: [[50, 50]], plus: [[[80, 80]]] };
 * assertEquals([...resampleScores(pointTable(["vqa"], [draw]), 2)].map(({ mini }) => mini), [[50], [50]]);
 * ```
 */
export function* resampleScores(
  table: PointTable,
  replicates: number,
  seed: number | string = "intervals",
): Generator<ProbeScores> {
  const n = table.draws;
  const root = new Random(seed);
  // Tasks with fixed weights tell nothing of the others', and nothing follows from their scores.
  const luck = drawLuck(balancedPoints(table), root.fork("draws"));
  const own = ownModels(table);
  const place = own.map((x, j) => x === 0 ? -1 : own.slice(0, j).filter((x) => x !== 0).length);
  const cells = table.columns.map((column) =>
    column.map((draws) =>
      Float64Array.from({ length: draws[0]!.length }, (_, q) => draws.reduce((sum, s) => sum + s[q]!, 0) / n)
    )
  );
  const questions = table.tasks.map((task) => root.fork(`task ${task}`));
  for (let b = 0; b < replicates; b++) {
    const drawn = cells.map((column, j) => {
      const Q = column[0]!.length;
      return Uint32Array.from({ length: Q }, () => questions[j]!.int(Q));
    });
    const moves = luck();
    yield scoresOf(table, (j, x) => {
      const points = cells[j]![x]!;
      const chosen = drawn[j]!;
      let sum = 0;
      for (let k = 0; k < chosen.length; k++) sum += points[chosen[k]!]!;
      return sum / chosen.length + (moves[place[j]!]?.[x] ?? 0);
    });
  }
}

function scoresOf(table: PointTable, of: (j: number, x: number) => number): ProbeScores {
  const tasks = table.tasks.map((_, j) => j);
  const row = (x: number) => tasks.map((j) => of(j, x));
  const models = [row(0), ...table.units.map((_, u) => row(1 + u))];
  return {
    mini: models[0]!,
    plus: ownModels(table).map((x) => [...models[x]!]),
    ...(table.blank && { blank: row(models.length) }),
  };
}

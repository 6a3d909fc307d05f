import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { cholesky, solveLower } from "../../../src/balance/search/cholesky.ts";
import { expectedImprovement, fitSurface } from "../../../src/balance/search/surface.ts";
import { InputError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";

const random = new Random("surface");
const draw = <T>(n: number, of: () => T): T[] => Array.from({ length: n }, of);

Deno.test("cholesky and solveLower solve symmetric systems, and pass over directions without variance", () => {
  const root = draw(5, () => draw(5, () => random.normal()));
  const matrix = root.map((a) => root.map((b) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)));
  const lower = cholesky(matrix);
  for (const [i, a] of lower.entries()) {
    for (const [j, b] of lower.entries()) {
      assertAlmostEquals(a.reduce((sum, x, k) => sum + x * b[k]!, 0), matrix[i]![j]!, 1e-9);
    }
  }
  const x = solveLower(lower, [1, 2, 3, 4, 5]);
  lower.forEach((row, i) => assertAlmostEquals(row.reduce((sum, v, k) => sum + v * x[k]!, 0), i + 1, 1e-9));
  assertEquals(cholesky([[1, 1], [1, 1]]), [[1, 0], [1, 0]]);
});

/** A smooth function with its highest point inside. */
const hill = (x: readonly number[]) => 6 - 8 * (x[0]! - 0.3) ** 2 - 5 * (x[1]! + 0.2) ** 2;

Deno.test("a surface follows a known function where scores are exact, and knows where it does not know", () => {
  const points = draw(30, () => draw(2, () => 2 * random.next() - 1));
  const surface = fitSurface(points, points.map(hill), 0.01);
  let worst = 0;
  for (let k = 0; k < 50; k++) {
    const x = draw(2, () => 1.6 * random.next() - 0.8);
    worst = Math.max(worst, Math.abs(surface.at(x).mean - hill(x)));
  }
  assert(worst < 0.8, `${worst}`);
  assert(surface.at([5, 5]).deviation > 5 * surface.at(points[0]!).deviation);
  const { mean } = surface.difference([0.3, -0.2], [-0.5, 0.5]);
  assertAlmostEquals(mean, hill([0.3, -0.2]) - hill([-0.5, 0.5]), 0.5);
});

Deno.test("a surface through noise is nearly flat, and the luckiest score is not believed", () => {
  let promised = 0, lucky = 0;
  for (let k = 0; k < 20; k++) {
    const points = draw(9, () => draw(6, () => random.normal() / 2));
    const values = draw(9, () => 2 * random.normal());
    const best = values.indexOf(Math.max(...values));
    const surface = fitSurface(points, values, 4);
    promised += surface.difference(points[best]!, points[0]!).mean / 20;
    lucky += (values[best]! - values[0]!) / 20;
  }
  assert(lucky > 2.5 && promised < lucky / 3, `${promised} of ${lucky}`);
});

Deno.test("more noise than the questions explain is found out", () => {
  const points = draw(25, () => draw(3, () => random.normal() / 2));
  const values = points.map(() => 2 * random.normal());
  // Told a deviation of 1, it meets one of 2; a function that wiggles so fast would be the other explanation.
  const { mean, deviation } = fitSurface(points, values, 1).at([0, 0, 0]);
  assert(Math.abs(mean) < 2 && deviation < 2, `${mean} ± ${deviation}`);
});

Deno.test("equal scores, exact ones and a single one give no trouble", () => {
  for (const values of [[0, 0, 0], [5, 5, 5], [1, 2, 3]]) {
    const surface = fitSurface([[0], [0.5], [1]], values, 0);
    assert(Number.isFinite(surface.at([0.2]).mean) && surface.improvement([0.2], 1) >= 0);
  }
  assertEquals(fitSurface([[0, 0]], [0], 0).at([1, 1]).mean, 0);
});

Deno.test("fitSurface refuses lists that do not fit", () => {
  assertThrows(() => fitSurface([], [], 1), InputError, "expected one score or more");
  assertThrows(() => fitSurface([[1]], [1, 2], 1), InputError, "found 2 and 1 points");
  assertThrows(() => fitSurface([[1]], [NaN], 1), InputError, "finite");
});

Deno.test("expected improvement is that of many draws", () => {
  for (const [mean, deviation, best] of [[0, 1, 0.5], [2, 0.5, 1], [-3, 2, 0]] as const) {
    let sum = 0;
    for (let k = 0; k < 20000; k++) sum += Math.max(0, mean + deviation * random.normal() - best);
    assertAlmostEquals(expectedImprovement({ mean, deviation }, best), sum / 20000, 0.03);
  }
  assertEquals(expectedImprovement({ mean: 0, deviation: 0 }, 1), 0);
});

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type ComparedWeights, probeError } from "../../../src/balance/compare/probe_error.ts";
import { InputError } from "../../../src/errors.ts";

const weights = (
  lambda: number[],
  difficulty: (number | null)[] = [0.5, 0.5, 0.5],
  contribution: (number | null)[][] = [[null, 1, 2], [3, null, 4], [5, 6, null]],
): ComparedWeights => ({ tasks: ["a", "b", "c"], lambda, difficulty, contribution });

Deno.test("probeError: means over seeds and cells, ranks seed by seed", () => {
  const error = probeError(
    [weights([0.5, 1, 1.5]), weights([1.5, 1, 0.5])],
    [weights([0.6, 1, 1.4]), weights([0.5, 1, 1.5])],
    { full: 200, cheap: 50 },
  );
  assertAlmostEquals(error.lambda.mean!, (0.1 + 0 + 0.1 + 1 + 0 + 1) / 6);
  assertEquals([error.lambda.largest, error.lambda.cells, error.lambda.oneSided], [1, 6, 0]);
  assertEquals(error.contribution, { mean: 0, largest: 0, cells: 12, oneSided: 0 });
  assertEquals(error.rankCorrelation, [1, -1]);
  assertEquals([error.meanRankCorrelation, error.fullBetweenSeeds, error.tokensSaved], [0, -1, 0.75]);
});

Deno.test("probeError leaves out what one side does not define, and counts it", () => {
  const hole = weights([1, 1, 1], [0.5, null, 0.5], [[null, null, 2], [3, null, 4], [5, 7, null]]);
  const error = probeError([weights([0.5, 1, 1.5], [0.4, 0.5, null])], [hole]);
  assertEquals([error.difficulty.cells, error.difficulty.oneSided], [1, 2]);
  assertAlmostEquals(error.difficulty.mean!, 0.1);
  assertEquals([error.contribution.cells, error.contribution.oneSided, error.contribution.mean], [5, 1, 0.2]);
  assertEquals([error.rankCorrelation, error.meanRankCorrelation], [[null], null]);
  assertEquals([error.fullBetweenSeeds, error.tokensSaved], [null, null]);
});

Deno.test("probeError says what does not fit", () => {
  const one = weights([1, 1, 1]);
  assertThrows(() => probeError([], []), InputError, "found 0 and 0");
  assertThrows(() => probeError([one], [one, one]), InputError, "found 1 and 2");
  assertThrows(() => probeError([one], [{ ...one, tasks: ["a", "c", "b"] }]), InputError, "found a, c, b");
  assertThrows(() => probeError([one], [one], { full: 0, cheap: 0 }), InputError, "above 0");
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { varianceOfMean, varianceOfSum } from "../../../../src/balance/cotbal/noise/variance.ts";
import { Random } from "../../../../src/random.ts";

Deno.test("one draw: the sample variance over Q", () => {
  assertAlmostEquals(varianceOfMean([[1, 2, 3, 6]]).total, 14 / 3 / 4);
});

Deno.test("one question says nothing of others", () => {
  assertEquals(varianceOfMean([[5]]).total, Infinity);
});

Deno.test("draws alike but for a shift: the variance of the shift over n, beside the questions'", () => {
  const { questions, draws, between, rest } = varianceOfMean([[0, 2, 4], [3, 5, 7], [6, 8, 10]]);
  assertAlmostEquals(between, 9 / 3);
  assertAlmostEquals(rest, 0);
  assertAlmostEquals(questions, 4 / 3);
  assertAlmostEquals(draws, 9 / 3);
});

Deno.test("the mean of many estimates is the variance of the mean", () => {
  const random = new Random("variance");
  const [Q, n, a, b, e] = [40, 4, 3, 2, 5];
  let [estimate, square] = [0, 0];
  const times = 3000;
  for (let k = 0; k < times; k++) {
    const ofQuestion = Array.from({ length: Q }, () => a * random.normal());
    const rows = Array.from({ length: n }, () => {
      const shift = b * random.normal();
      return ofQuestion.map((x) => x + shift + e * random.normal());
    });
    estimate += varianceOfMean(rows).total / times;
    square += (rows.flat().reduce((sum, x) => sum + x, 0) / (n * Q)) ** 2 / times;
  }
  const real = a * a / Q + b * b / n + e * e / (n * Q);
  assert(Math.abs(estimate / real - 1) < 0.05, `${estimate} and ${real}`);
  assert(Math.abs(square / real - 1) < 0.1, `${square} and ${real}`);
});

Deno.test("the variance of a sum over tasks: questions of their own, draws that they share", () => {
  const random = new Random("sum");
  const [n, shared, own, e] = [4, 2, 1, 5];
  const sizes = [40, 15];
  let [estimate, square] = [0, 0];
  const times = 1500;
  for (let k = 0; k < times; k++) {
    const luck = Array.from({ length: n }, () => shared * random.normal());
    const tasks = sizes.map((Q) => {
      const ofQuestion = Array.from({ length: Q }, () => 3 * random.normal());
      return luck.map((both) => {
        const shift = both + own * random.normal();
        return ofQuestion.map((x) => x + shift + e * random.normal());
      });
    });
    estimate += varianceOfSum(tasks).total / times;
    const means = tasks.map((rows) => rows.flat().reduce((sum, x) => sum + x, 0) / rows.flat().length);
    square += (means[0]! + means[1]!) ** 2 / times;
  }
  const questions = sizes.reduce((sum, Q) => sum + 9 / Q + e * e / (n * Q), 0);
  const real = questions + (4 * shared ** 2 + 2 * own ** 2) / n;
  assert(Math.abs(estimate / real - 1) < 0.05, `${estimate} and ${real}`);
  assert(Math.abs(square / real - 1) < 0.1, `${square} and ${real}`);
  assertEquals(varianceOfSum([[[1, 2, 3, 6]]]), varianceOfMean([[1, 2, 3, 6]]));
  assertEquals([varianceOfSum([]).total, varianceOfSum([[[5]], [[1, 2]]]).total], [0, Infinity]);
});

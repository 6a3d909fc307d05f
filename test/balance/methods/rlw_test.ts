import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { randomWeights } from "../../../src/balance/methods/rlw.ts";

Deno.test("randomWeights follow from seed and step, in any order", () => {
  const [a, b] = [randomWeights(4, 7), randomWeights(4, 7)];
  const forwards = [1, 2, 3, 500].map((step) => a.weights(step));
  const backwards = [500, 3, 2, 1].map((step) => b.weights(step)).reverse();
  assertEquals(forwards, backwards);
  assertNotEquals(forwards[0], forwards[1]);
  assertNotEquals(forwards[0], randomWeights(4, 8).weights(1));
});

Deno.test("randomWeights are a softmax of normal numbers: logs of their ratios have variance 2", () => {
  const rlw = randomWeights(3, 1);
  let sum = 0, squares = 0;
  const steps = 20_000;
  for (let step = 1; step <= steps; step++) {
    const [x, y, z] = rlw.weights(step);
    assertAlmostEquals(x! + y! + z!, 3, 1e-12);
    const d = Math.log(x! / y!); // of two numbers from N(0, 1)
    sum += d;
    squares += d * d;
  }
  assert(Math.abs(sum / steps) < 0.04, `${sum / steps}`);
  assert(Math.abs(squares / steps - 2) < 0.1, `${squares / steps}`);
});

Deno.test("randomWeights stay these numbers: a resumed run of another version draws the same", () => {
  const [first] = randomWeights(2, 1).weights(1);
  assertAlmostEquals(first!, GOLD, 1e-12);
});

const GOLD = 1.7809926283205044;

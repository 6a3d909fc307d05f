import { assertEquals, assertThrows } from "@std/assert";
import { constantWeights } from "../../src/balance/constant.ts";
import { equalWeights } from "../../src/balance/methods/ew.ts";
import { InputError } from "../../src/errors.ts";

Deno.test("equalWeights gives every task weight 1 in every step", () => {
  const ew = equalWeights(3);
  assertEquals([ew.name, ew.weights(1), ew.weights(1000)], ["ew", [1, 1, 1], [1, 1, 1]]);
});

Deno.test("constantWeights gives the same weights whatever it observes", () => {
  const cotbal = constantWeights("cotbal", [0.8, 1.2]);
  cotbal.observe({ step: 1, taskLoss: [null, 9], taskTokens: [0, 30] });
  assertEquals([cotbal.name, cotbal.weights(2)], ["cotbal", [0.8, 1.2]]);
});

Deno.test("constantWeights cannot be changed from outside", () => {
  const lambda = [0.8, 1.2];
  const cotbal = constantWeights("cotbal", lambda);
  lambda[0] = 7;
  cotbal.weights(1)[1] = 7;
  assertEquals(cotbal.weights(2), [0.8, 1.2]);
});

Deno.test("constantWeights refuses weights that cannot weight a loss", () => {
  assertThrows(
    () => constantWeights("x", [1, -1]),
    InputError,
    "x: weight of task 2: expected a number of 0 or more",
  );
  assertThrows(() => constantWeights("x", [NaN]), InputError, "found NaN");
  assertThrows(() => constantWeights("x", [1, Infinity]), InputError, "found Infinity");
  assertThrows(
    () => constantWeights("x", [0, 0]),
    InputError,
    "expected a weight above 0 for one task or more",
  );
  assertThrows(() => equalWeights(0), InputError, "found none");
});

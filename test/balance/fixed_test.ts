import { assertEquals } from "@std/assert";
import type { Balancer, StepObservation } from "../../src/balance/balancer.ts";
import { withFixedWeights } from "../../src/balance/fixed.ts";
import { equalWeights } from "../../src/balance/methods/ew.ts";
import { taskLevelMean } from "../../src/balance/methods/tla.ts";
import { assertBalancer } from "./methods/_contract.ts";

Deno.test("withFixedWeights is the method itself where no weight is fixed", () => {
  const own = equalWeights(2);
  assertEquals(withFixedWeights([undefined, undefined], () => own), own);
});

Deno.test("withFixedWeights keeps the contract of a balancer", () => {
  assertBalancer(
    () => withFixedWeights([undefined, 0.5, undefined], ({ length }) => taskLevelMean(length)),
    3,
  );
  assertBalancer(() => withFixedWeights([2], ({ length }) => equalWeights(length)), 1);
});

Deno.test("the method sees the balanced tasks alone", () => {
  const seen: StepObservation[] = [];
  const spy: Balancer = { name: "spy", weights: (step) => [step, 3], observe: (one) => seen.push(one) };
  const balancer = withFixedWeights([undefined, 0.5, undefined], (balanced) => {
    assertEquals(balanced, [0, 2]);
    return spy;
  });
  assertEquals(balancer.weights(7, [1, 2, 3]), [7, 0.5, 3]);
  assertEquals(balancer.weights(7), [7, 0.5, 3]);
  assertEquals(balancer.weights(7, [0, 2, 0]), [1, 0.5, 1]); // nothing to ask the method for
  balancer.observe({ step: 7, taskLoss: [1, 2, null], taskTokens: [4, 5, 0] });
  assertEquals(seen, [{ step: 7, taskLoss: [1, null], taskTokens: [4, 0] }]);
});

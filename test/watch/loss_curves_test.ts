import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { LossCurves } from "../../src/watch/loss_curves.ts";

Deno.test("however many steps: few points, and their mean is that of the steps", () => {
  const curves = new LossCurves();
  const steps = 12_345;
  let nats = 0, tokens = 0;
  for (let step = 1; step <= steps; step++) {
    const n = step % 3;
    curves.add({ step, taskLoss: [1 / step, 9], taskTokens: [n, 0] });
    nats += n / step;
    tokens += n;
  }
  const points = curves.points();
  assert(points.length > 40 && points.length <= 120, `${points.length}`);
  assertEquals([points.at(-1)!.step, curves.step], [steps, steps]);
  assert(points.every(({ loss }) => loss[1] === null));
  assert(points.every(({ step }, i) => i === 0 || step > points[i - 1]!.step));
  // All stretches but the last have as many tokens, to one or two.
  const mean = points.reduce((sum, { loss }) => sum + loss[0]!, 0) / points.length;
  assertAlmostEquals(mean, nats / tokens, 0.05 * mean);
});

Deno.test("a step that is told again adds nothing", () => {
  const curves = new LossCurves();
  for (const loss of [2, 7]) curves.add({ step: 1, taskLoss: [loss], taskTokens: [4] });
  assertEquals(curves.points(), [{ step: 1, loss: [2] }]);
});

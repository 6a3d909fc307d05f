/** What every balancer keeps to, whatever its method. */

import { assert, assertEquals } from "@std/assert";
import type { Balancer, StepObservation } from "../../../src/balance/balancer.ts";
import { Random } from "../../../src/random.ts";

/**
 * Steps of a believable training: losses fall, task after task stays away from some steps, and validation losses are
 * there every 20 steps; the first task's turn upwards in the end.
 */
export function observations(tasks: number, steps: number): StepObservation[] {
  const random = new Random("observations");
  return Array.from({ length: steps }, (_, k) => {
    const present = Array.from({ length: tasks }, (_, i) => tasks === 1 || (k + i) % (tasks + 1) !== 0);
    return {
      step: k + 1,
      taskLoss: present.map((here, i) => here ? (1 + i) * Math.exp(-k / 90) + 0.1 * random.next() : null),
      taskTokens: present.map((here, i) => here ? 10 + 5 * i + random.int(20) : 0),
      ...(k % 20 === 0 &&
        {
          validationLoss: present.map((_, i) =>
            (1 + i) * Math.exp(-k / (60 + 20 * i)) + (i === 0 ? k / 500 : 0)
          ),
        }),
    };
  });
}

/** Weights that a loss can be weighted by: one a task, finite, 0 or more, above 0 for a task that is present. */
export function assertWeights(
  weights: readonly number[],
  taskTokens: readonly number[],
  where: string,
): void {
  assertEquals(weights.length, taskTokens.length, where);
  for (const weight of weights) assert(weight >= 0 && Number.isFinite(weight), `${where}: ${weights}`);
  assert(weights.some((weight, i) => weight > 0 && taskTokens[i]! > 0), `${where}: ${weights}`);
}

/** Asks a fresh balancer for the weights of every step; it learns of the steps every `late` steps, as in a run. */
export function weightsOfSteps(
  balancer: Balancer,
  steps: readonly StepObservation[],
  late: number,
): number[][] {
  return steps.map(({ step, taskTokens }, k) => {
    const weights = balancer.weights(step, taskTokens);
    if (step % late === 0) { for (const seen of steps.slice(k + 1 - late, k + 1)) balancer.observe(seen); }
    return weights;
  });
}

/**
 * Asserts what the training loop relies on.
 *
 * @param make Makes a fresh balancer, the same one every time.
 * @param tasks Number of tasks.
 */
export function assertBalancer(make: () => Balancer, tasks: number): void {
  const steps = observations(tasks, 240);

  const late = weightsOfSteps(make(), steps, 20);
  late.forEach((weights, k) => assertWeights(weights, steps[k]!.taskTokens, `step ${k + 1}`));
  assertEquals(weightsOfSteps(make(), steps, 20), late, "two balancers of one context differ");

  // A resumed run observes all steps of its past at once, and asks only for the steps to come.
  const last = steps.at(-1)!;
  const next = (balancer: Balancer) => balancer.weights(last.step + 1, last.taskTokens);
  const asked = make();
  weightsOfSteps(asked, steps, 20);
  const atOnce = make();
  for (const seen of steps) atOnce.observe(seen);
  const oneByOne = make();
  weightsOfSteps(oneByOne, steps, 1);
  assertEquals(next(atOnce), next(asked), "weights depend on when they were asked for");
  assertEquals(next(oneByOne), next(asked), "weights depend on how late steps are observed");
  assertEquals(next(asked), next(asked), "weights change by asking");

  // A step in which no task was present, and a task that never was.
  const gap = make();
  const away: StepObservation = {
    step: 100,
    taskLoss: steps[0]!.taskLoss.map(() => null),
    taskTokens: steps[0]!.taskTokens.map(() => 0),
  };
  for (const seen of steps) gap.observe(seen.step === 100 ? away : seen);
  const without = make();
  for (const seen of steps) if (seen.step !== 100) without.observe(seen);
  assertEquals(next(gap), next(without), "an absent task leaves a trace");
  if (tasks > 1) {
    const never = make();
    const lacking = steps.map(({ step, taskLoss, taskTokens }) => ({
      step,
      taskLoss: taskLoss.map((loss, i) => i === 0 ? null : loss ?? 1),
      taskTokens: taskTokens.map((n, i) => i === 0 ? 0 : n || 10),
    }));
    weightsOfSteps(never, lacking, 20).forEach((weights, k) =>
      assertWeights(weights, lacking[k]!.taskTokens, `without task 1, step ${k + 1}`)
    );
  }

  // What is handed over is the receiver's.
  const kept = make();
  for (const seen of steps) {
    const [taskLoss, taskTokens] = [[...seen.taskLoss], [...seen.taskTokens]];
    const validationLoss = seen.validationLoss && [...seen.validationLoss];
    kept.observe({ step: seen.step, taskLoss, taskTokens, ...(validationLoss && { validationLoss }) });
    taskLoss.fill(99);
    taskTokens.fill(99);
    validationLoss?.fill(99);
  }
  next(kept).fill(99);
  assertEquals(next(kept), next(asked), "a balancer shares its lists");
}

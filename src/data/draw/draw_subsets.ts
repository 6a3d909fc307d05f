/**
 * The small and the large subset of every task, for the probes.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { Random } from "../../random.ts";
import type { Sample } from "../types.ts";

/** The rates at which every task is sampled. */
export interface SubsetRates {
  /** The part of a task's conversations that its large subset holds: above 0, at most 1. */
  large: number;
  /** The part that its mini subset holds: above 0, at most `large`. */
  mini: number;
  /** Another seed draws other conversations. */
  seed: number | string;
}

/** The subsets of one task. */
export interface Subsets {
  /** In file order. */
  large: Sample[];
  /** In file order; every one of them is in `large` too. */
  mini: Sample[];
}

/**
 * Draws the two subsets of every task by whole conversations: the mini subset from inside the large one, both rates
 * the same for all tasks. What is drawn from a task depends on its name, its size and the seed alone, so leaving
 * a task out changes nothing for the others.
 *
 * Source: CoTBal (arXiv 2403.04343), whose defaults are a mini of 1/32 and a large of everything or 1/4.
 *
 * @param tasks The training samples of every task.
 * @param rates The two rates and the seed.
 * @returns The subsets of every task, in the same order.
 * @throws {InputError} If a rate is out of range or a task is too small for its mini subset.
 *
 * @example A quarter, and an eighth inside of it
 * ```ts
 * import { drawSubsets } from "../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = Array.from({ length: 80 }, (_, i) => ({
 *   id: `${i}`,
 *   task: "vqa",
 *   images: [],
 *   turns: [{ question: "?", answer: "!" }],
 *   file: "vqa_train.json",
 * }));
 * const { large, mini } = drawSubsets(new Map([["vqa", samples]]), { large: 1 / 4, mini: 1 / 8, seed: 0 }).get("vqa")!;
 * assertEquals([large.length, mini.length], [20, 10]);
 * assertEquals(mini.every((sample) => large.includes(sample)), true);
 * ```
 */
export function drawSubsets(tasks: ReadonlyMap<string, Sample[]>, rates: SubsetRates): Map<string, Subsets> {
  const { large, mini } = rates;
  for (const [name, rate] of [["large", large], ["mini", mini]] as const) {
    if (!(rate > 0 && rate <= 1)) {
      throw new InputError(
        `the rate of the ${name} subset: expected a number above 0 and at most 1, found ${rate}`,
      );
    }
  }
  if (mini > large) {
    throw new InputError(
      `the rate of the mini subset: expected at most that of the large one, ${large}, found ${mini}; ` +
        "mini subsets are drawn from inside the large ones",
    );
  }
  const random = new Random(rates.seed);
  const subsets = new Map<string, Subsets>();
  for (const [task, samples] of tasks) {
    const count = { large: Math.round(large * samples.length), mini: Math.round(mini * samples.length) };
    if (count.mini < 1) {
      const { length } = samples;
      throw new InputError(
        `${samples[0]?.file ?? "the dataset"}, task ${task}: expected at least ${
          Math.ceil(0.5 / mini)
        } training ` +
          `conversations for a mini subset at the rate ${mini}, found ${length}; ` +
          (length === 0
            ? "leave the task out"
            : `add some, or raise the rate to ${(1 / length).toPrecision(3)}`),
      );
    }
    const order = random.fork(`subset/${task}`).shuffle(Array.from(samples, (_, index) => index));
    const take = (n: number) => order.slice(0, n).sort((a, b) => a - b).map((index) => samples[index]!);
    subsets.set(task, { large: take(count.large), mini: take(count.mini) });
  }
  return subsets;
}
